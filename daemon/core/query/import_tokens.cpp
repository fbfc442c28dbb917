// Another tool's query in tokens: words, phrases, brackets and operators as that tool spells them.
#include <algorithm>
#include <charconv>
#include <optional>

#include "core/query/import_dialect.h"

namespace earshot::query {
namespace {

constexpr bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string lower(std::string_view s) {
  std::string out(s);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return out;
}

std::optional<int> number_in(std::string_view s) {
  int n = 0;
  const auto [end, error] = std::from_chars(s.data(), s.data() + s.size(), n);
  if (error != std::errc{} || end != s.data() + s.size() || n < 0) return std::nullopt;
  return n;
}

// Bytes of the quotation mark that `s` begins with, 0 for none. Word processors make “ ” „ of ".
std::size_t quote(std::string_view s) {
  if (s.starts_with('"')) return 1;
  return s.starts_with("“") || s.starts_with("”") || s.starts_with("„") ? 3 : 0;
}

class Cutter {
 public:
  Cutter(const DialectRules& rules, std::string_view text, std::vector<Problem>& problems)
      : rules_(rules), text_(text), problems_(problems) {}

  std::vector<ForeignToken> run() {
    while (at_ < text_.size()) {
      if (is_space(text_[at_])) {
        ++at_;
      } else if (rest().starts_with("<<<")) {
        const std::size_t end = text_.find(">>>", at_);
        at_ = end == std::string_view::npos ? text_.size() : end + 3;
      } else {
        next();
      }
    }
    return std::move(out_);
  }

 private:
  std::string_view rest() const { return text_.substr(at_); }

  ForeignToken& add(ForeignToken::Kind kind, std::size_t start) {
    out_.push_back({.kind = kind, .offset = start, .length = at_ - start});
    return out_.back();
  }

  void next() {
    const std::size_t start = at_;
    const char c = text_[at_];
    if (c == '(') return ++at_, void(add(ForeignToken::open, start));
    if (c == ')') return ++at_, tail(add(ForeignToken::close, start));
    if (c == '|' && rules_.pipe_is_or) {
      while (rest().starts_with('|')) ++at_;
      return void(add(ForeignToken::either, start));
    }
    if ((c == '-' || c == '!') && at_ + 1 < text_.size() && !is_space(text_[at_ + 1]))
      return ++at_, void(add(ForeignToken::without, start));
    if (c == '{' && rules_.braces_exact) return quoted(start, {});
    while (rest().starts_with('+')) ++at_;
    const auto plus = static_cast<int>(at_ - start);
    if (at_ == text_.size() || (plus > 0 && ends_word(rest()) && quote(rest()) == 0)) {  // + alone
      add(ForeignToken::leaf, start).text = text_.substr(start, at_ - start);
      return;
    }
    if (quote(rest()) > 0)
      quoted(start, {});
    else
      word(start);
    if (plus > 0 && !out_.empty() && out_.back().kind == ForeignToken::leaf) out_.back().plus = plus;
  }

  // ~n and ^n directly after a phrase or a group.
  void tail(ForeignToken& token) {
    for (const char mark : {'~', '^'}) {
      if (!rest().starts_with(mark)) continue;
      std::size_t stop = at_ + 1;
      while (stop < text_.size() && is_digit(text_[stop])) ++stop;
      const auto n = number_in(text_.substr(at_ + 1, stop - at_ - 1));
      if (!n) continue;
      at_ = stop;
      token.length = at_ - token.offset;
      if (mark == '~')
        token.number = *n;
      else
        token.boost = true;
    }
  }

  void quoted(std::size_t start, std::string field) {
    const bool brace = text_[at_] == '{';
    const std::size_t from = at_ + (brace ? 1 : quote(rest()));
    std::size_t end = from;
    while (end < text_.size() && (brace ? text_[end] != '}' : quote(text_.substr(end)) == 0)) ++end;
    if (end == text_.size()) {
      problems_.push_back({at_, 1, "this quotation mark or brace is not closed"});
      at_ = text_.size();
      return;
    }
    at_ = end + (brace ? 1 : quote(text_.substr(end)));
    ForeignToken& t = add(ForeignToken::leaf, start);
    t.text = text_.substr(from, end - from);
    t.field = std::move(field);
    t.phrase = true;
    t.exact = brace;
    tail(t);
  }

  static bool ends_word(std::string_view rest) {
    return is_space(rest[0]) || rest[0] == '(' || rest[0] == ')' || quote(rest) > 0;
  }

  void word(std::size_t start) {
    const std::size_t begin = at_;
    do ++at_;
    while (at_ < text_.size() && !ends_word(rest()));
    const std::string_view w = text_.substr(begin, at_ - begin);
    if (operation(start, w)) return;
    const std::string small = lower(w);
    const std::size_t colon = w.find(':');
    const bool field =
        colon != std::string_view::npos && colon > 0 &&
        std::ranges::all_of(w.substr(0, colon),
                            [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }) &&
        !w.substr(colon).starts_with("://");
    if (field) return in_field(start, small.substr(0, colon), begin + colon + 1);
    if (rest().starts_with('(') && small == "sentence") {
      ++at_;
      add(ForeignToken::open, start).text = small;
      return;
    }
    ForeignToken& t = add(ForeignToken::leaf, start);
    t.text = w;
    const std::size_t hat = t.text.rfind('^');
    if (rules_.boosts && hat != std::string::npos && hat > 0 && number_in(std::string_view(t.text).substr(hat + 1))) {
      t.text.erase(hat);
      t.boost = true;
    }
  }

  // name:value, name:"value", name:(group), name:[1 TO 5]; some write a space after the colon.
  void in_field(std::size_t start, std::string name, std::size_t from) {
    while (at_ == from && at_ < text_.size() && is_space(text_[at_])) from = ++at_;
    if (from == at_ && rest().starts_with('(')) {
      ++at_;
      add(ForeignToken::open, start).text = std::move(name);
      return;
    }
    if (from == at_ && quote(rest()) > 0) return quoted(start, std::move(name));
    if (text_.substr(from).starts_with('[')) {
      const std::size_t end = text_.find(']', from);
      if (end != std::string_view::npos) at_ = end + 1;
    } else {
      while (at_ < text_.size() && !ends_word(rest())) ++at_;
    }
    ForeignToken& t = add(ForeignToken::leaf, start);
    t.text = text_.substr(from, at_ - from);
    t.field = std::move(name);
  }

  // Whether the word is an operator; then it is added.
  bool operation(std::size_t start, std::string_view w) {
    const std::string small = lower(w);
    const auto spelled = [&](std::string_view upper) {
      return w == upper || (rules_.any_case && small == lower(upper));
    };
    const auto near = [&](int n, bool ordered) {
      ForeignToken& t = add(ForeignToken::near, start);
      t.number = n;
      t.ordered = ordered;
      return true;
    };
    if (spelled("AND") || w == "&&") return add(ForeignToken::both, start), true;
    if (spelled("OR") || w == "||") return add(ForeignToken::either, start), true;
    if (spelled("NOT")) return add(ForeignToken::without, start), true;
    if (rules_.near > 0 && (spelled("NEAR") || spelled("ONEAR"))) return near(rules_.near, small == "onear");
    if (rules_.sentence_joins && spelled("SENTENCE") && !rest().starts_with('(')) {
      add(ForeignToken::near, start).sentence = true;
      return true;
    }
    if (rules_.around && w == "AROUND" && rest().starts_with('(')) {
      const std::size_t close = text_.find(')', at_);
      const auto n = close == std::string_view::npos ? std::nullopt : number_in(text_.substr(at_ + 1, close - at_ - 1));
      if (!n) return false;
      at_ = close + 1;
      return near(*n, false);
    }
    const std::size_t slash = small.find('/');
    if (slash == std::string::npos) return false;
    const std::string name = small.substr(0, slash);
    std::string digits = small.substr(slash + 1);
    const bool forward = digits.ends_with('f');  // Brandwatch: in this order
    if (forward) digits.pop_back();
    const auto n = number_in(digits);
    if (!n || (name != "near" && name != "onear") || !(rules_.any_case || w.substr(0, slash) != name)) return false;
    return near(*n, forward || name == "onear");
  }

  const DialectRules& rules_;
  std::string_view text_;
  std::vector<Problem>& problems_;
  std::size_t at_ = 0;
  std::vector<ForeignToken> out_;
};

}  // namespace

std::vector<ForeignToken> cut(const DialectRules& rules, std::string_view text, std::vector<Problem>& problems) {
  return Cutter(rules, text, problems).run();
}

}  // namespace earshot::query
