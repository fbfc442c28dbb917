#include "core/query/accents.h"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include "core/query/chars.h"
#include "core/query/fold.h"

namespace earshot::query {
namespace {

constexpr char32_t kDotAbove = 0x307;

bool wildcard(char32_t c) { return c == char32_t{kAnyChar} || c == char32_t{kAnyRest}; }

std::string letters(std::string_view text, bool pattern) {
  UErrorCode status = U_ZERO_ERROR;
  const auto folded = icu::Normalizer2::getNFKCCasefoldInstance(status)->normalize(
      icu::UnicodeString::fromUTF8({text.data(), static_cast<std::int32_t>(text.size())}), status);
  std::string out;
  char32_t before = 0;
  const auto put = [&](char32_t c) {
    char bytes[4];
    out.append(bytes, static_cast<std::size_t>(encode(c, bytes)));
    before = c;
  };
  for (std::int32_t i = 0; i < folded.length(); i = folded.moveIndex32(i, 1)) {
    auto c = static_cast<char32_t>(folded.char32At(i));
    if (pattern && wildcard(c)) {
      put(c);
      continue;
    }
    const Class kind = char_info(c).kind();
    if (kind == Class::ignored || (before == 'i' && c == kDotAbove)) continue;  // İ is i and a dot
    if (kind == Class::separator || kind == Class::emoji) {
      if (!out.empty() && before != ' ') put(' ');
      continue;
    }
    if (c == 0x131) c = 'i';  // ı
    const auto u = static_cast<UChar32>(c);
    if (u_charType(u) == U_DECIMAL_DIGIT_NUMBER) c = static_cast<char32_t>('0' + u_charDigitValue(u));
    put(c);
  }
  return out;
}

std::size_t after_letter(std::string_view text, std::size_t at) {
  do at += decode(text, at).length;
  while (at < text.size() && char_info(decode(text, at).cp).kind() == Class::extend);
  return at;
}

Class kind_at(std::string_view text, std::size_t at) { return char_info(decode(text, at).cp).kind(); }

}  // namespace

std::string accent_pattern(std::string_view term) { return letters(term, true); }

bool has_accents(std::string_view term) {
  std::string folded = fold_pattern(term), kept = accent_pattern(term);
  for (std::string* form : {&folded, &kept}) std::erase_if(*form, [](char c) { return is_separator(c); });
  return folded != kept;
}

bool same_accents(std::string_view pattern, std::string_view raw) {
  const std::string folded = letters(raw, false);
  const std::string_view text = folded;
  std::size_t at = 0;
  for (const char want : pattern) {
    // Where words begin and end was seen to when the folded term was found; only a particle may be left of one.
    if (want == ' ') {
      while (at < text.size() && kind_at(text, at) == Class::hangul) at += decode(text, at).length;
      continue;
    }
    if (want == kAnyRest) {
      const bool spaceless = at > 0 && (kind_at(text, at - decode_before(text, at).length) == Class::unit ||
                                        kind_at(text, at - decode_before(text, at).length) == Class::cluster);
      while (!spaceless && at < text.size() && text[at] != ' ') ++at;
      continue;
    }
    while (at < text.size() && text[at] == ' ') ++at;
    if (at == text.size()) return false;
    if (want == kAnyChar)
      at = after_letter(text, at);
    else if (text[at++] != want)
      return false;
  }
  while (at < text.size() && text[at] == ' ') ++at;
  return at == text.size();
}

}  // namespace earshot::query
