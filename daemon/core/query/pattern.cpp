#include "core/query/pattern.h"

#include "core/query/chars.h"

namespace earshot::query {
namespace {

bool ascii_word(char c) { return static_cast<unsigned char>(c) < 0x80 && !is_separator(c); }

// End of the word that goes on at `at`: the next separator.
std::uint32_t rest_of_word(std::string_view text, std::uint32_t at) {
  while (at < text.size() && !is_separator(text[at])) ++at;
  return at;
}

// After the letter at `at` and the marks on it.
std::uint32_t after_letter(std::string_view text, std::uint32_t at) {
  at += decode(text, at).length;
  while (at < text.size() && static_cast<unsigned char>(text[at]) >= 0x80) {
    const Decoded mark = decode(text, at);
    if (char_info(mark.cp).kind() != Class::extend) break;
    at += mark.length;
  }
  return at;
}

// Where the word really ends for a pattern that used up its letters at `at`: here, or after a Korean particle.
std::optional<std::uint32_t> after_word(std::string_view text, std::uint32_t at) {
  if (at >= text.size() || is_separator(text[at]) || word_ends(text, at)) return at;
  if (ascii_word(text[at - 1])) return std::nullopt;
  if (char_info(decode_before(text, at).cp).kind() != Class::hangul) return std::nullopt;
  const std::uint32_t end = rest_of_word(text, at);
  if (!is_josa(text.substr(at, end - at))) return std::nullopt;
  return end;
}

}  // namespace

bool word_ends(std::string_view text, std::uint32_t end) {
  if (end >= text.size() || is_separator(text[end])) return true;
  if (ascii_word(text[end - 1]) || ascii_word(text[end])) return false;  // other kinds have a separator between
  const char32_t before = decode_before(text, end).cp;
  const char32_t next = decode(text, end).cp;
  switch (char_info(before).kind()) {
    case Class::unit: return char_info(next).kind() == Class::unit;
    case Class::cluster: return char_info(next).kind() == Class::cluster && cluster_begins(before, next);
    case Class::extend: {  // a mark on a unit or cluster
      const Class kind = char_info(next).kind();
      return kind == Class::unit || (kind == Class::cluster && cluster_begins(before, next));
    }
    default: return false;
  }
}

bool spaceless(std::string_view text) {
  for (std::size_t at = text.size(); at > 0;) {
    const Decoded d = decode_before(text, at);
    const Class kind = char_info(d.cp).kind();
    if (kind != Class::extend) return kind == Class::unit || kind == Class::cluster;
    at -= d.length;
  }
  return false;
}

std::string_view unmarked(std::string_view pattern) {
  if (!pattern.empty() && is_mark(pattern[0])) pattern.remove_prefix(1);
  return pattern;
}

std::optional<std::uint32_t> match_pattern(std::string_view pattern, std::string_view text, std::uint32_t start) {
  if (pattern.size() != unmarked(pattern).size()) {
    if (start == 0 || text[start - 1] != pattern[0]) return std::nullopt;
    pattern.remove_prefix(1);
  }
  std::uint32_t at = start;
  std::uint32_t end = start;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const char want = pattern[i];
    if (want == kAnyRest) {
      if (at == start || !spaceless(text.substr(start, at - start))) at = rest_of_word(text, at);
    } else if (want == kAnyChar) {
      if (at >= text.size() || is_separator(text[at])) return std::nullopt;
      at = after_letter(text, at);
    } else if (is_separator(want)) {
      const auto word_end = after_word(text, at);
      if (!word_end) return std::nullopt;
      at = *word_end;
      if (at >= text.size() || !is_separator(text[at]) || text[at] == kFieldEdge) return std::nullopt;
      if (is_mark(want) && text[at] != want) return std::nullopt;
      ++at;
    } else {
      if (at >= text.size() || text[at] != want) return std::nullopt;
      ++at;
    }
    end = at;
  }
  if (!after_word(text, end)) return std::nullopt;
  return end;
}

}  // namespace earshot::query
