#include "core/texts/pattern.h"

#include <fmt/format.h>
#include <unicode/messagepattern.h>
#include <unicode/msgfmt.h>

#include <algorithm>
#include <optional>

namespace earshot::texts {
namespace {

constexpr std::string_view kSeparator = " · ";

std::string utf8(const icu::UnicodeString& text) {
  std::string out;
  return text.toUTF8String(out);
}

icu::UnicodeString utf16(std::string_view text) {
  return icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())));
}

// ICU counts UTF-16 units of the pattern.
std::size_t byte_of(const icu::UnicodeString& pattern, std::int32_t unit) {
  return utf8(pattern.tempSubString(0, std::clamp(unit, 0, pattern.length()))).size();
}

const Argument* find(std::span<const Argument> known, std::string_view name) {
  const auto found = std::ranges::find_if(known, [&](const Argument& a) {
    return a.name.ends_with('_') ? name.starts_with(a.name) && name.size() > a.name.size() : name == a.name;
  });
  return found == known.end() ? nullptr : &*found;
}

std::string listed(std::span<const Argument> known) {
  if (known.empty()) return "this text has no arguments";
  std::string out = "this text knows ";
  for (const Argument& a : known)
    out += fmt::format("{}{{{}{}}}", &a == &known.front() ? "" : " ", a.name, a.name.ends_with('_') ? "…" : "");
  return out;
}

std::string trouble(UErrorCode error) {
  switch (error) {
    case U_UNMATCHED_BRACES: return "a \"{\" here has no \"}\"";
    case U_DEFAULT_KEYWORD_MISSING: return "plural and select need a last branch \"other {…}\"";
    case U_INDEX_OUTOFBOUNDS_ERROR: return "too long or too deeply nested";
    default:
      return "this is not understood; an argument looks like {name} or {n, plural, one {# thing} other {# things}}, "
             "and "
             "\"'{'\" is a brace";
  }
}

// Names and forms of all arguments, those in branches too.
class Checker {
 public:
  Checker(const icu::MessagePattern& pattern, std::span<const Argument> known) : pattern_(pattern), known_(known) {}

  std::optional<Problem> first_problem() const {
    for (std::int32_t i = 0; i < pattern_.countParts(); ++i) {
      if (pattern_.getPartType(i) != UMSGPAT_PART_TYPE_ARG_START) continue;
      if (std::string wrong = wrong_with(i); !wrong.empty())
        return Problem{std::move(wrong), byte_of(pattern_.getPatternString(), pattern_.getPatternIndex(i + 1))};
    }
    return std::nullopt;
  }

 private:
  std::string text(std::int32_t part) const { return utf8(pattern_.getSubstring(pattern_.getPart(part)).trim()); }

  std::string wrong_with(std::int32_t start) const {
    const std::string name = text(start + 1);
    const Argument* argument = find(known_, name);
    if (!argument) return fmt::format("there is no {{{}}} here; {}", name, listed(known_));
    switch (pattern_.getPart(start).getArgType()) {
      case UMSGPAT_ARG_TYPE_NONE: return {};
      case UMSGPAT_ARG_TYPE_SELECT:
        return argument->number ? fmt::format("{{{}}} is a number: use plural, not select", name) : "";
      case UMSGPAT_ARG_TYPE_PLURAL:
      case UMSGPAT_ARG_TYPE_SELECTORDINAL:
        return argument->number ? "" : fmt::format("{{{}}} is a text: use select, not plural", name);
      case UMSGPAT_ARG_TYPE_SIMPLE: {
        const bool styled = pattern_.getPartType(start + 3) == UMSGPAT_PART_TYPE_ARG_STYLE;
        if (argument->number && text(start + 2) == "number" && (!styled || text(start + 3) == "integer")) return {};
        break;
      }
      default: break;
    }
    return fmt::format("{{{}}} can only be written as it is, or with plural, select or number", name);
  }

  const icu::MessagePattern& pattern_;
  std::span<const Argument> known_;
};

// Where the pattern may be parted: outside of arguments.
std::vector<bool> outside(const icu::MessagePattern& pattern) {
  std::vector<bool> out(static_cast<std::size_t>(pattern.getPatternString().length()), true);
  for (std::int32_t i = 0; i < pattern.countParts(); ++i) {
    if (pattern.getPartType(i) != UMSGPAT_PART_TYPE_ARG_START) continue;
    const std::int32_t limit = pattern.getLimitPartIndex(i);
    std::fill(out.begin() + pattern.getPatternIndex(i), out.begin() + pattern.getPart(limit).getLimit(), false);
    i = limit;
  }
  return out;
}

std::vector<std::string> names(const icu::MessagePattern& pattern) {
  std::vector<std::string> out;
  for (std::int32_t i = 0; i < pattern.countParts(); ++i)
    if (pattern.getPartType(i) == UMSGPAT_PART_TYPE_ARG_NAME)
      if (std::string name = utf8(pattern.getSubstring(pattern.getPart(i))); std::ranges::find(out, name) == out.end())
        out.push_back(std::move(name));
  return out;
}

}  // namespace

struct Pattern::Piece {
  bool new_line;                   // begins one
  std::vector<std::string> names;  // of its arguments
  std::unique_ptr<icu::MessageFormat> format;
  std::string words{};  // said already, where there are no arguments

  // Empty when it has nothing to say.
  std::string say(const Values& values) const;
};

std::string Pattern::Piece::say(const Values& values) const {
  if (!format) return words;
  std::vector<icu::UnicodeString> keys;
  std::vector<icu::Formattable> arguments;
  bool empty = !names.empty();
  for (const std::string& name : names) {
    const auto given = std::ranges::find(values, name, &Values::value_type::first);
    const std::string* text = given == values.end() ? nullptr : given->second.text();
    keys.push_back(utf16(name));
    if (given == values.end() || text)
      arguments.emplace_back(text ? utf16(*text) : icu::UnicodeString());
    else
      arguments.emplace_back(given->second.number());
    empty = empty && (given == values.end() || (text && text->empty()));
  }
  if (empty) return {};
  UErrorCode error = U_ZERO_ERROR;
  icu::UnicodeString out;
  format->format(keys.data(), arguments.data(), static_cast<std::int32_t>(keys.size()), out, error);
  return U_FAILURE(error) ? std::string() : utf8(out.trim());
}

Pattern::Pattern() = default;
Pattern::Pattern(Pattern&&) noexcept = default;
Pattern& Pattern::operator=(Pattern&&) noexcept = default;
Pattern::~Pattern() = default;

tl::expected<Pattern, Problem> Pattern::parse(std::string_view text, std::string_view language,
                                              std::span<const Argument> known) {
  UErrorCode error = U_ZERO_ERROR;
  UParseError where{};
  const icu::UnicodeString whole = utf16(text);
  const icu::MessagePattern pattern(whole, &where, error);
  const auto refused = [&](Problem problem) {
    problem.offset = std::min(problem.offset, text.size());  // each ill-formed byte was counted as a U+FFFD of three
    return tl::unexpected(std::move(problem));
  };
  if (U_FAILURE(error)) return refused({trouble(error), byte_of(whole, where.offset)});
  if (auto problem = Checker(pattern, known).first_problem()) return refused(*std::move(problem));

  Pattern out;
  const std::vector<bool> free = outside(pattern);
  const icu::UnicodeString separator = utf16(kSeparator);
  const icu::Locale locale(std::string(language).c_str());
  bool new_line = false;
  const auto add = [&](std::int32_t from, std::int32_t to) {
    const icu::UnicodeString piece = whole.tempSubString(from, to - from);
    const icu::MessagePattern parsed(piece, nullptr, error);
    Piece made{new_line, names(parsed), std::make_unique<icu::MessageFormat>(piece, locale, error)};
    if (U_SUCCESS(error) && made.names.empty()) {
      made.words = made.say({});
      made.format.reset();
    }
    out.pieces_.push_back(std::move(made));
  };
  std::int32_t from = 0;
  for (std::int32_t at = 0; at < whole.length(); ++at) {
    if (!free[static_cast<std::size_t>(at)]) continue;
    const bool line = whole[at] == u'\n';
    if (!line && whole.compare(at, separator.length(), separator) != 0) continue;
    add(from, at);
    new_line = line;
    from = at + (line ? 1 : separator.length());
    at = from - 1;
  }
  add(from, whole.length());
  if (U_FAILURE(error)) return refused({trouble(error), 0});
  return out;
}

std::string Pattern::operator()(const Values& values) const {
  std::string out;
  bool line_ends = false;
  for (const Piece& piece : pieces_) {
    line_ends = line_ends || piece.new_line;
    const std::string said = piece.say(values);
    if (said.empty()) continue;
    if (!out.empty()) out += line_ends ? std::string_view("\n") : kSeparator;
    line_ends = false;
    out += said;
  }
  return out;
}

std::vector<std::string> Pattern::arguments() const {
  std::vector<std::string> out;
  for (const Piece& piece : pieces_) out.insert(out.end(), piece.names.begin(), piece.names.end());
  return out;
}

}  // namespace earshot::texts
