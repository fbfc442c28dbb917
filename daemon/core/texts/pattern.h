// One text as an ICU message pattern: "{n, plural, one {# reply} other {# replies}}"
// (unicode-org.github.io/icu/userguide/format_parse/messages). Arguments have names; what they may be is plain text and
// numbers, with `plural`, `selectordinal`, `select` and `number`, and no other of ICU's forms.
#pragma once

#include <concepts>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>
#include <variant>
#include <vector>

namespace earshot::texts {

// An argument that a text knows. A name that ends in "_" stands for all that begin with it.
struct Argument {
  std::string_view name;
  bool number = false;
};

// What is wrong with a pattern, for people, and at which byte of it.
struct Problem {
  std::string message;
  std::size_t offset = 0;
};

// A text, or a number; up to 2^53 numbers are exact.
class Value {
 public:
  Value(std::string text) : value_(std::move(text)) {}         // NOLINT(google-explicit-*)
  Value(std::string_view text) : value_(std::string(text)) {}  // NOLINT(google-explicit-*)
  Value(const char* text) : value_(std::string(text)) {}       // NOLINT(google-explicit-*)
  template <class Number>
  requires std::integral<Number> || std::floating_point<Number> Value(Number n)
      : value_(static_cast<double>(n)) {}  // NOLINT(google-explicit-*)

  const std::string* text() const { return std::get_if<std::string>(&value_); }
  double number() const { return std::get<double>(value_); }

 private:
  std::variant<std::string, double> value_;
};

// By name. What a text does not use may be there as well; what is missing counts as empty.
using Values = std::vector<std::pair<std::string, Value>>;

// May be used by one thread at a time.
class Pattern {
 public:
  // Numbers and plurals are those of `language` (en nl de fr es).
  static tl::expected<Pattern, Problem> parse(std::string_view text, std::string_view language,
                                              std::span<const Argument> known);
  Pattern(Pattern&&) noexcept;
  Pattern& operator=(Pattern&&) noexcept;
  ~Pattern();

  // " · " and line ends part a text into pieces. A piece whose arguments are all empty is left out, its words and all:
  // "{where} · by {author}" says nothing of an author where there is none.
  std::string operator()(const Values& values) const;

  // The names of those it uses, in order, each once a piece.
  std::vector<std::string> arguments() const;

 private:
  struct Piece;
  Pattern();
  std::vector<Piece> pieces_;
};

}  // namespace earshot::texts
