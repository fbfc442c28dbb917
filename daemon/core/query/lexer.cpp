#include "core/query/lexer.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

namespace earshot::query {
namespace {

struct NamedField {
  std::string_view name;
  FieldName field;
};

constexpr auto kFields = std::to_array<NamedField>({
    {"title", {FieldName::text, field::title}},
    {"summary", {FieldName::text, field::summary}},
    {"content", {FieldName::text, field::content}},
    {"body", {FieldName::text, field::body}},
    {"author", {FieldName::text, field::author}},
    {"url", {FieldName::text, field::url}},
    {"site", {FieldName::value, 0, ValueField::site}},
    {"domain", {FieldName::value, 0, ValueField::domain}},
    {"lang", {FieldName::value, 0, ValueField::lang}},
    {"source", {FieldName::value, 0, ValueField::source}},
    {"type", {FieldName::value, 0, ValueField::type}},
    {"tag", {FieldName::value, 0, ValueField::tag}},
    {"label", {FieldName::value, 0, ValueField::label}},
    {"likes", {FieldName::number}},
    {"reposts", {FieldName::number}},
    {"replies", {FieldName::number}},
    {"points", {FieldName::number}},
    {"followers", {FieldName::number}},
    {"score", {FieldName::number}},
    {"views", {FieldName::number}},
    {"published", {FieldName::time, 0, ValueField::site, TimeField::published}},
    {"seen", {FieldName::time, 0, ValueField::site, TimeField::seen}},
    {"within", {FieldName::time, 0, ValueField::site, TimeField::within}},
});

constexpr bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
constexpr bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Quotation marks as word processors make them, with what closes them.
struct Quote {
  std::string_view open;
  std::array<std::string_view, 2> close;
};
constexpr auto kQuotes =
    std::to_array<Quote>({{"\"", {"\"", ""}}, {"“", {"”", "“"}}, {"„", {"“", "”"}}, {"«", {"»", ""}}});

class Lexer {
 public:
  Lexer(std::string_view text, std::vector<Problem>& problems) : text_(text), problems_(problems) {}

  std::vector<Token> run() {
    while (at_ < text_.size()) {
      const std::size_t start = at_;
      const TokenKind kind = next();
      if (kind == TokenKind::space && !tokens_.empty() && tokens_.back().kind == TokenKind::space)
        tokens_.back().place.end = static_cast<std::uint32_t>(at_);
      else
        tokens_.push_back({kind, {static_cast<std::uint32_t>(start), static_cast<std::uint32_t>(at_)}});
    }
    return std::move(tokens_);
  }

 private:
  bool starts(std::string_view what) const { return text_.substr(at_).starts_with(what); }
  char peek(std::size_t by = 0) const { return at_ + by < text_.size() ? text_[at_ + by] : '\0'; }

  void problem(std::size_t offset, std::size_t length, std::string message) {
    problems_.push_back({offset, length, std::move(message)});
  }

  TokenKind next() {
    if (const auto n = space(); n > 0) {
      at_ += n;
      return TokenKind::space;
    }
    if (starts("<<<")) return comment();
    if (peek() == '(') return ++at_, TokenKind::open;
    if (peek() == ')') return ++at_, TokenKind::close;
    if (peek() == '=' && quote_at(at_ + 1)) return ++at_, quoted(TokenKind::exact);
    if (quote_at(at_)) return quoted(TokenKind::phrase);
    if (peek() == '`')
      return delimited('`', TokenKind::literal, "a backtick ` opens a literal that no second one closes");
    if (peek() == '/') return regex();
    if (starts("@{")) return topic();
    if (peek() == '-' || starts("−")) return minus();
    return word();
  }

  std::size_t space() const {
    std::size_t n = 0;
    while (at_ + n < text_.size()) {
      if (is_space(text_[at_ + n]))
        ++n;
      else if (text_.substr(at_ + n).starts_with("\xC2\xA0"))  // no-break space, as pasted from web pages
        n += 2;
      else if (text_.substr(at_ + n).starts_with("\xE3\x80\x80"))  // ideographic space
        n += 3;
      else
        break;
    }
    return n;
  }

  TokenKind comment() {
    const std::size_t end = text_.find(">>>", at_ + 3);
    if (end == std::string_view::npos) {
      problem(at_, 3, "this comment is not closed: end it with >>>");
      at_ = text_.size();
    } else {
      at_ = end + 3;
    }
    return TokenKind::space;
  }

  const Quote* quote_at(std::size_t at) const {
    for (const Quote& quote : kQuotes)
      if (text_.substr(std::min(at, text_.size())).starts_with(quote.open)) return &quote;
    return nullptr;
  }

  TokenKind quoted(TokenKind kind) {
    const Quote& quote = *quote_at(at_);
    const std::size_t start = at_;
    at_ += quote.open.size();
    std::size_t end = std::string_view::npos, length = 0;
    for (const std::string_view close : quote.close) {
      if (close.empty()) continue;
      if (const std::size_t found = text_.find(close, at_); found < end) end = found, length = close.size();
    }
    if (end == std::string_view::npos) {
      problem(start, quote.open.size(), "this quotation mark is not closed: add one at the end of the phrase");
      at_ = text_.size();
    } else {
      at_ = end + length;
    }
    return kind;
  }

  TokenKind delimited(char mark, TokenKind kind, const char* unclosed) {
    const std::size_t end = text_.find(mark, at_ + 1);
    if (end == std::string_view::npos) {
      problem(at_, 1, unclosed);
      at_ = text_.size();
    } else {
      at_ = end + 1;
    }
    return kind;
  }

  TokenKind regex() {
    std::size_t i = at_ + 1;
    while (i < text_.size() && text_[i] != '/' && text_[i] != '\n')
      i += text_[i] == '\\' && i + 1 < text_.size() ? 2 : 1;
    if (i >= text_.size() || text_[i] != '/') {
      problem(at_, 1,
              "this / opens a regular expression that no second / closes; to look for a slash, use backticks: `/`");
      at_ = text_.size();
      return TokenKind::regex;
    }
    at_ = i + 1;
    while (is_letter(peek())) ++at_;
    return TokenKind::regex;
  }

  TokenKind topic() {
    const std::size_t end = text_.find_first_of("}\n", at_);
    if (end == std::string_view::npos || text_[end] != '}') {
      problem(at_, 2, "this @{ is not closed: write @{name of a topic}");
      at_ = text_.size();
    } else {
      at_ = end + 1;
    }
    return TokenKind::topic;
  }

  TokenKind minus() {
    const std::size_t n = peek() == '-' ? 1 : 3;
    at_ += n;
    if (at_ >= text_.size() || space() > 0 || peek() == ')' || peek() == '-') {
      problem(at_ - n, n, "a dash alone says nothing: put it directly before what must not occur, as in -word");
      while (peek() == '-') ++at_;
      return TokenKind::space;
    }
    return TokenKind::minus;
  }

  bool word_char(std::size_t i) const {
    const char c = text_[i];
    if (is_space(c) || c == '(' || c == ')' || c == '"' || c == '`') return false;
    if (text_.substr(i).starts_with("\xC2\xA0") || text_.substr(i).starts_with("\xE3\x80\x80")) return false;
    for (const Quote& quote : kQuotes)
      if (text_.substr(i).starts_with(quote.open) || text_.substr(i).starts_with(quote.close[0])) return false;
    return !text_.substr(i).starts_with("<<<");
  }

  static bool digits(std::string_view s) { return !s.empty() && std::ranges::all_of(s, is_digit); }

  TokenKind word() {
    const std::size_t start = at_;
    while (at_ < text_.size() && word_char(at_)) ++at_;
    if (at_ == start) {  // a closing quote that nothing opened
      ++at_;
      while (at_ < text_.size() && (static_cast<unsigned char>(text_[at_]) & 0xC0) == 0x80) ++at_;
      problem(start, at_ - start, "this quotation mark closes a phrase that nothing opened");
      return TokenKind::space;
    }
    const std::string_view w = text_.substr(start, at_ - start);
    if (w == "AND") return TokenKind::both;
    if (w == "OR") return TokenKind::either;
    if (w == "NOT") return TokenKind::without;
    if (w == "SENTENCE" && peek() == '(') return TokenKind::sentence;
    if (w == "NEAR" || w == "ONEAR") {
      problem(start, w.size(), fmt::format("say how many words may stand between: {}/5", w));
      return w == "NEAR" ? TokenKind::near : TokenKind::onear;
    }
    if (w.starts_with("NEAR/")) return TokenKind::near;
    if (w.starts_with("ONEAR/")) return TokenKind::onear;
    return field_or_word(start, w);
  }

  // name:… is a field; the colon of 12:30 or a:b inside a longer word is not.
  TokenKind field_or_word(std::size_t start, std::string_view w) {
    const std::size_t colon = w.find(':');
    if (colon == std::string_view::npos || colon == 0) return TokenKind::word;
    const std::string_view before = w.substr(0, colon);
    if (before.starts_with("atleast/")) {
      at_ = start + colon + 1;
      return TokenKind::at_least;
    }
    if (!std::ranges::all_of(before, [](char c) { return is_letter(c) || c == '_'; })) return TokenKind::word;
    if (!tokens_.empty() && tokens_.back().kind == TokenKind::field) return TokenKind::word;  // its value
    const auto named = field_named(before);
    if (!named) {
      if (w.substr(colon).starts_with("://"))
        problem(start, w.size(),
                fmt::format("to look for an address in the text, put it in backticks: `{}`; for items whose own "
                            "address it is, url:\"{}\"",
                            w, w.substr(colon + 3)));
      else
        problem(start, colon + 1,
                fmt::format("there is no field {}: the fields are title body summary content author url site domain "
                            "lang source type tag label, likes reposts replies points followers score views, published "
                            "seen within. If it is text to look for, put it in quotes",
                            before));
      return TokenKind::word;
    }
    if (named->kind == FieldName::number || named->kind == FieldName::time) return TokenKind::compare;
    at_ = start + colon + 1;
    if (at_ >= text_.size() || space() > 0 || peek() == ')')
      problem(start, colon + 1,
              fmt::format("{} needs a value directly after the colon, as in {}example", w.substr(0, colon + 1),
                          w.substr(0, colon + 1)));
    return TokenKind::field;
  }

  std::string_view text_;
  std::vector<Problem>& problems_;
  std::size_t at_ = 0;
  std::vector<Token> tokens_;
};

}  // namespace

std::optional<FieldName> field_named(std::string_view name) {
  for (const NamedField& f : kFields)
    if (f.name == name) return f.field;
  return std::nullopt;
}

const char* name(ValueField field) {
  static constexpr std::array names{"site", "domain", "lang", "source", "type", "tag", "label"};
  return names[static_cast<std::size_t>(field)];
}

std::vector<Token> tokenize(std::string_view text, std::vector<Problem>& problems) {
  return Lexer(text, problems).run();
}

}  // namespace earshot::query
