#include "core/query/import_dialect.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace earshot::query {
namespace {

using F = ForeignField;

// The operators each suite is commonly known by; what is not listed is reported as lost.
constexpr auto kMeltwater = std::to_array<F>({{"title", F::text, "title"},
                                              {"ingress", F::text, "summary"},
                                              {"url", F::text, "url"},
                                              {"author", F::author, ""},
                                              {"language", F::value, "lang"},
                                              {"source", F::value, "source"},
                                              {"hashtag", F::hashtag, ""},
                                              {"from", F::author, ""}});
constexpr auto kTalkwalker = std::to_array<F>({{"title", F::text, "title"},
                                               {"content", F::text, "body"},
                                               {"url", F::text, "url"},
                                               {"author", F::author, ""},
                                               {"lang", F::value, "lang"},
                                               {"site", F::value, "site"},
                                               {"domain", F::value, "domain"},
                                               {"domainurl", F::value, "domain"},
                                               {"blog", F::value, "site"},
                                               {"hashtag", F::hashtag, ""},
                                               {"tag", F::value, "tag"},
                                               {"followers", F::at_least, "followers"},
                                               {"likes", F::at_least, "likes"}});
constexpr auto kBrandwatch = std::to_array<F>({{"title", F::text, "title"},
                                               {"url", F::text, "url"},
                                               {"links", F::text, "url"},
                                               {"site", F::value, "site"},
                                               {"author", F::author, ""},
                                               {"language", F::value, "lang"},
                                               {"at_mentions", F::handle, ""},
                                               {"hashtags", F::hashtag, ""},
                                               {"raw", F::exact, ""},
                                               {"authorfollowers", F::at_least, "followers"}});
constexpr auto kX = std::to_array<F>({{"from", F::author, ""},
                                      {"to", F::handle, ""},
                                      {"lang", F::value, "lang"},
                                      {"url", F::text, "url"},
                                      {"min_likes", F::at_least, "likes"},
                                      {"min_faves", F::at_least, "likes"},
                                      {"min_reposts", F::at_least, "reposts"},
                                      {"min_retweets", F::at_least, "reposts"},
                                      {"min_replies", F::at_least, "replies"},
                                      {"since", F::since, ""},
                                      {"until", F::until, ""}});
constexpr auto kGoogle = std::to_array<F>({{"site", F::value, "site"},
                                           {"intitle", F::text, "title"},
                                           {"allintitle", F::whole_title, "title"},
                                           {"inurl", F::text, "url"},
                                           {"intext", F::text, "body"},
                                           {"after", F::since, ""},
                                           {"before", F::until, ""}});

constexpr bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

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

class Cutter {
 public:
  Cutter(const DialectRules& rules, std::string_view text, std::vector<Problem>& problems)
      : rules_(rules), text_(text), problems_(problems) {}

  std::vector<ForeignToken> run() {
    while (at_ < text_.size()) {
      if (is_space(text_[at_])) {
        ++at_;
      } else if (text_.substr(at_).starts_with("<<<")) {
        const std::size_t end = text_.find(">>>", at_);
        at_ = end == std::string_view::npos ? text_.size() : end + 3;
      } else {
        next();
      }
    }
    return std::move(out_);
  }

 private:
  ForeignToken& add(ForeignToken::Kind kind, std::size_t start) {
    out_.push_back({kind, start, at_ - start, {}, {}});
    return out_.back();
  }

  void next() {
    const std::size_t start = at_;
    const char c = text_[at_];
    if (c == '(') return ++at_, void(add(ForeignToken::open, start));
    if (c == ')') return ++at_, void(add(ForeignToken::close, start));
    if (c == '|' && rules_.pipe_is_or) {
      while (at_ < text_.size() && text_[at_] == '|') ++at_;
      return void(add(ForeignToken::either, start));
    }
    if (c == '-' && at_ + 1 < text_.size() && !is_space(text_[at_ + 1]))
      return ++at_, void(add(ForeignToken::without, start));
    if (c == '{' && rules_.braces_exact) return quoted(start, '}', {});
    if (c == '"') return quoted(start, '"', {});
    word(start);
  }

  void quoted(std::size_t start, char close, std::string field) {
    const std::size_t end = text_.find(close, at_ + 1);
    if (end == std::string_view::npos) {
      problems_.push_back({at_, 1, "this quotation mark or brace is not closed"});
      at_ = text_.size();
      return;
    }
    std::string inside(text_.substr(at_ + 1, end - at_ - 1));
    at_ = end + 1;
    int near = 0;
    if (at_ + 1 < text_.size() && text_[at_] == '~') {  // "a b"~5: the words within 5 of each other
      std::size_t stop = at_ + 1;
      while (stop < text_.size() && text_[stop] >= '0' && text_[stop] <= '9') ++stop;
      near = number_in(text_.substr(at_ + 1, stop - at_ - 1)).value_or(0);
      at_ = stop;
    }
    ForeignToken& t = add(ForeignToken::leaf, start);
    t.text = std::move(inside);
    t.field = std::move(field);
    t.phrase = true;
    t.exact = close == '}';
    t.number = near;
  }

  void word(std::size_t start) {
    while (at_ < text_.size() && !is_space(text_[at_]) && text_[at_] != '(' && text_[at_] != ')' && text_[at_] != '"')
      ++at_;
    const std::string_view w = text_.substr(start, at_ - start);
    const std::string small = lower(w);
    const std::string_view op = rules_.any_case ? std::string_view(small) : w;
    const auto spelled = [&](std::string_view upper) {
      return op == upper || (rules_.any_case && small == lower(upper));
    };
    if (spelled("AND") || w == "&&") return void(add(ForeignToken::both, start));
    if (spelled("OR") || w == "||") return void(add(ForeignToken::either, start));
    if (spelled("NOT")) return void(add(ForeignToken::without, start));
    if (rules_.near > 0 && (spelled("NEAR") || spelled("ONEAR"))) {
      ForeignToken& t = add(ForeignToken::near, start);
      t.number = rules_.near;
      t.ordered = small == "onear";
      return;
    }
    if (rules_.around && w == "AROUND" && at_ < text_.size() && text_[at_] == '(') {
      const std::size_t close = text_.find(')', at_);
      const auto n = close == std::string_view::npos ? std::nullopt : number_in(text_.substr(at_ + 1, close - at_ - 1));
      if (n) {
        at_ = close + 1;
        add(ForeignToken::near, start).number = *n;
        return;
      }
    }
    if (const std::size_t slash = small.find('/'); slash != std::string::npos) {
      const std::string name = small.substr(0, slash);
      std::string digits = small.substr(slash + 1);
      const bool forward = digits.ends_with('f');  // Brandwatch: in this order
      if (forward) digits.pop_back();
      const auto n = number_in(digits);
      if (n && (name == "near" || name == "onear") && (rules_.any_case || (w[0] >= 'A' && w[0] <= 'Z'))) {
        ForeignToken& t = add(ForeignToken::near, start);
        t.number = *n;
        t.ordered = forward || name == "onear";
        return;
      }
    }
    const std::size_t colon = w.find(':');
    const bool field =
        colon != std::string_view::npos && colon > 0 &&
        std::ranges::all_of(w.substr(0, colon),
                            [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }) &&
        !w.substr(colon).starts_with("://");
    const bool bracket = at_ < text_.size() && text_[at_] == '(';
    if (bracket && ((field && colon + 1 == w.size()) || small == "sentence")) {
      ++at_;
      add(ForeignToken::open, start).text = field ? small.substr(0, colon) : small;
      return;
    }
    if (field && colon + 1 == w.size() && at_ < text_.size() && text_[at_] == '"')
      return quoted(start, '"', small.substr(0, colon));
    if (field && text_.substr(start + colon + 1).starts_with('[')) {  // [10 TO 500]
      const std::size_t end = text_.find(']', start);
      if (end != std::string_view::npos) at_ = end + 1;
    }
    ForeignToken& t = add(ForeignToken::leaf, start);
    const std::string_view whole = text_.substr(start, at_ - start);
    t.field = field ? small.substr(0, colon) : std::string();
    t.text = whole.substr(field ? colon + 1 : 0);
  }

  const DialectRules& rules_;
  std::string_view text_;
  std::vector<Problem>& problems_;
  std::size_t at_ = 0;
  std::vector<ForeignToken> out_;
};

bool good(const std::string& query) { return parse(query).has_value(); }

// A word or phrase of theirs in our spelling.
Converted plain(const DialectRules& rules, const ForeignToken& t) {
  Converted out;
  std::string text = t.text;
  if (t.exact) return {fmt::format("=\"{}\"", text), {}};
  if (t.phrase && t.number > 0) {
    const std::size_t space = text.find(' ');
    if (space != std::string::npos && text.find(' ', space + 1) == std::string::npos)
      return {fmt::format("({} NEAR/{} {})", text.substr(0, space), std::min(t.number, 50), text.substr(space + 1)),
              {}};
    out.losses.push_back(fmt::format("\"…\"~{} of more than two words is read as the phrase", t.number));
  }
  if (t.phrase) {
    if (text.find(" * ") != std::string::npos) {
      out.losses.emplace_back(
          "a * for a whole word has no counterpart: the parts around it are asked for near each other");
      std::string near;
      std::size_t words = 0;
      for (std::size_t at = 0; at < text.size();) {
        std::size_t end = text.find(" * ", at);
        const std::string part = text.substr(at, end == std::string::npos ? end : end - at);
        near += fmt::format("{}\"{}\"", near.empty() ? "" : " ONEAR/1 ", part);
        ++words;
        at = end == std::string::npos ? text.size() : end + 3;
      }
      out.query = words > 1 ? fmt::format("({})", near) : near;
      return out;
    }
    out.query = fmt::format("\"{}\"", text);
    return out;
  }
  if (text.starts_with('+')) {
    out.query = fmt::format("=\"{}\"", text.substr(1));
    return out;
  }
  if (text.starts_with('~')) {
    out.losses.emplace_back("synonyms (~) have no counterpart: the word alone is looked for");
    text.erase(0, 1);
  }
  if (text.starts_with('*')) {
    out.losses.emplace_back("a * at the beginning of a word has no counterpart: it is left out");
    text.erase(0, text.find_first_not_of('*') == std::string::npos ? text.size() : text.find_first_not_of('*'));
  }
  out.query = text;
  if (!good(out.query) && text.ends_with('*')) {
    while (text.ends_with('*')) text.pop_back();
    out.losses.emplace_back("a * needs 3 letters before it: it is left out");
    out.query = text;
  }
  if (!good(out.query)) out.query = fmt::format("\"{}\"", text);
  if (!good(out.query)) {
    out.losses.push_back(fmt::format("{} has nothing that {} texts could be searched for", t.text, rules.name));
    out.query.clear();
  }
  return out;
}

std::string with_quotes(const ForeignToken& t) {
  return t.phrase || t.text.find_first_of(" \t") != std::string::npos ? fmt::format("\"{}\"", t.text) : t.text;
}

Converted in_field(const DialectRules& rules, const ForeignField& field, const ForeignToken& t) {
  const auto checked = [&](std::string query) {
    if (good(query)) return Converted{std::move(query), {}};
    return Converted{{}, {fmt::format("{}:{} has no counterpart and is left out", t.field, t.text)}};
  };
  switch (field.means) {
    case F::text: {
      Converted inner = plain(rules, t);
      if (!inner.query.empty()) inner.query = fmt::format("{}:{}", field.ours, inner.query);
      return inner;
    }
    case F::value: return checked(fmt::format("{}:{}", field.ours, with_quotes(t)));
    case F::author: {
      std::string name = with_quotes(t);
      if (name.starts_with('@')) name.erase(0, 1);
      return checked(fmt::format("author:{}", name));
    }
    case F::handle: return checked(fmt::format("{}{}", t.text.starts_with('@') ? "" : "@", t.text));
    case F::hashtag: return checked(fmt::format("{}{}", t.text.starts_with('#') ? "" : "#", t.text));
    case F::exact: return checked(fmt::format("=\"{}\"", t.text));
    case F::since: return checked(fmt::format("published:>={}", t.text));
    case F::until: return checked(fmt::format("published:<{}", t.text));
    case F::at_least: {
      std::string_view n = t.text;
      if (n.starts_with('[') && n.ends_with(']')) {
        const std::size_t to = n.find(" TO ");
        if (to != std::string_view::npos)
          return checked(fmt::format("({}:>={} {}:<={})", field.ours, n.substr(1, to - 1), field.ours,
                                     n.substr(to + 4, n.size() - to - 5)));
      }
      for (const char* op : {">=", "<=", ">", "<", "="})
        if (n.starts_with(op)) return checked(fmt::format("{}:{}", field.ours, n));
      return checked(fmt::format("{}:>={}", field.ours, n));
    }
    case F::whole_title: {
      Converted inner = checked(fmt::format("title:{}", with_quotes(t)));
      inner.losses.emplace_back(
          "allintitle: is carried over for the word directly after it; put the others in title:( )");
      return inner;
    }
  }
  return {};
}

const ForeignField* known(const DialectRules& rules, std::string_view theirs) {
  const auto found = std::ranges::find(rules.fields, theirs, &ForeignField::theirs);
  return found == rules.fields.end() ? nullptr : &*found;
}

}  // namespace

const DialectRules& rules_of(Dialect dialect) {
  static const std::array<DialectRules, 5> all{{
      // NEAR alone: no more than 4 words between (Meltwater's help, "How to master Boolean search", 2 of 3).
      {"Meltwater", true, false, false, false, false, 4, kMeltwater},
      {"Talkwalker", true, false, false, false, false, 0, kTalkwalker},
      {"Brandwatch", false, false, true, false, false, 0, kBrandwatch},
      {"X", false, false, false, false, false, 0, kX},
      {"Google", false, true, false, true, true, 0, kGoogle},
  }};
  return all[static_cast<std::size_t>(dialect)];
}

std::vector<ForeignToken> cut(const DialectRules& rules, std::string_view text, std::vector<Problem>& problems) {
  return Cutter(rules, text, problems).run();
}

Converted convert(const DialectRules& rules, const ForeignToken& t) {
  if (t.field.empty()) return plain(rules, t);
  if (const ForeignField* field = known(rules, t.field)) return in_field(rules, *field, t);
  return {{}, {fmt::format("{}:{} has no counterpart and is left out", t.field, t.text)}};
}

std::string_view group_field(const DialectRules& rules, std::string_view theirs) {
  if (theirs == "sentence") return "SENTENCE";
  const ForeignField* field = known(rules, theirs);
  if (field == nullptr) return {};
  if (field->means == F::text || field->means == F::value || field->means == F::whole_title) return field->ours;
  if (field->means == F::author) return "author";
  return {};
}

}  // namespace earshot::query
