#include "core/query/chars.h"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/uniset.h>
#include <unicode/unistr.h>
#include <unicode/uscript.h>

#include <algorithm>
#include <array>
#include <memory>

namespace earshot::query {
namespace {

const icu::Normalizer2& normalizer(const icu::Normalizer2* (*get)(UErrorCode&)) {
  UErrorCode status = U_ZERO_ERROR;
  return *get(status);  // ICU's data is linked in: this cannot fail short of a broken installation
}
const icu::Normalizer2& nfkc_casefold() { return normalizer(&icu::Normalizer2::getNFKCCasefoldInstance); }
const icu::Normalizer2& nfc() { return normalizer(&icu::Normalizer2::getNFCInstance); }
const icu::Normalizer2& nfd() { return normalizer(&icu::Normalizer2::getNFDInstance); }

UScriptCode script(char32_t c) {
  UErrorCode status = U_ZERO_ERROR;
  return uscript_getScript(static_cast<UChar32>(c), &status);
}

bool general_mark(char32_t c) {
  return (c >= 0x300 && c <= 0x36F && c != 0x345) || (c >= 0x1AB0 && c <= 0x1AFF) || (c >= 0x1DC0 && c <= 0x1DFF) ||
         (c >= 0x20D0 && c <= 0x20FF);
}

// Vowel points and Quranic signs that everyday Hebrew and Arabic leave out; with them go hamza and madda on a carrier.
bool optional_point(char32_t c) {
  return (c >= 0x591 && c <= 0x5BD) || c == 0x5BF || c == 0x5C1 || c == 0x5C2 || c == 0x5C4 || c == 0x5C5 ||
         c == 0x5C7 || (c >= 0x610 && c <= 0x61A) || (c >= 0x64B && c <= 0x65F) || c == 0x670 ||
         (c >= 0x6D6 && c <= 0x6DC) || (c >= 0x6DF && c <= 0x6E4) || c == 0x6E7 || c == 0x6E8 ||
         (c >= 0x6EA && c <= 0x6ED) || (c >= 0x8D3 && c <= 0x8FF && c != 0x8E2) || c == 0x640;
}

// Letters that no decomposition takes apart but that are typed, by people without the key for them, as these.
const char32_t* plain_letters(char32_t c) {
  switch (c) {
    case 0xF8: return U"o";    // ø
    case 0x111: return U"d";   // đ
    case 0xF0: return U"d";    // ð
    case 0x127: return U"h";   // ħ
    case 0x131: return U"i";   // ı: with it I, İ, i and ı are one, whatever the text's language
    case 0x142: return U"l";   // ł
    case 0x167: return U"t";   // ŧ
    case 0xE6: return U"ae";   // æ
    case 0x153: return U"oe";  // œ
    case 0xFE: return U"th";   // þ
    case 0x649: return U"ي";   // ى alef maksura
    case 0x6CC: return U"ي";   // ی Persian yeh
    case 0x6A9: return U"ك";   // ک Persian kaf
    case 0x671: return U"ا";   // ٱ alef wasla
    case 0x629: return U"ه";   // ة teh marbuta
    default: return nullptr;
  }
}

bool keeps_marks(UScriptCode base, char32_t letter, char32_t mark) {
  if (base == USCRIPT_LATIN || base == USCRIPT_GREEK || base == USCRIPT_COMMON || base == USCRIPT_INHERITED)
    return false;
  // й and ї are letters of their own; ё is written е more often than not; stress marks are for dictionaries.
  if (base == USCRIPT_CYRILLIC) return (mark == 0x306 || mark == 0x308) && letter != 0x435;
  return true;
}

Class letter_class(char32_t c) {
  switch (script(c)) {
    case USCRIPT_HAN:
    case USCRIPT_HIRAGANA:
    case USCRIPT_BOPOMOFO:
    case USCRIPT_YI: return Class::unit;
    case USCRIPT_KATAKANA: return Class::katakana;
    case USCRIPT_HANGUL: return Class::hangul;
    case USCRIPT_THAI:
    case USCRIPT_LAO:
    case USCRIPT_KHMER:
    case USCRIPT_MYANMAR: return Class::cluster;
    default: return c == 0x30FC || c == 0xFF70 ? Class::katakana : Class::word;  // ー has no script of its own
  }
}

bool emoji(char32_t c) {
  const auto u = static_cast<UChar32>(c);
  if (u_hasBinaryProperty(u, UCHAR_REGIONAL_INDICATOR)) return true;
  if (c >= 0x1F3FB && c <= 0x1F3FF) return true;
  return u_hasBinaryProperty(u, UCHAR_EXTENDED_PICTOGRAPHIC) && u_charType(u) != U_UNASSIGNED &&
         (c >= 0x2600 || u_hasBinaryProperty(u, UCHAR_EMOJI_PRESENTATION));
}

// Class of a code point that is already folded.
Class class_of(char32_t c) {
  const auto u = static_cast<UChar32>(c);
  if (emoji(c)) return Class::emoji;
  if (c == '_') return Class::word;
  if (c == 0x3007) return Class::unit;  // 〇
  const auto category = U_MASK(u_charType(u));
  if (category & (U_GC_MN_MASK | U_GC_MC_MASK | U_GC_ME_MASK)) return Class::extend;
  if (category & (U_GC_L_MASK | U_GC_N_MASK)) return letter_class(c);
  return Class::separator;
}

// What a character that folds to many folds to is added to `expansions`.
CharInfo make_info(char32_t c, std::u32string& expansions) {
  const auto u = static_cast<UChar32>(c);
  const auto pack = [](char32_t to, Class kind, std::uint32_t flags) {
    return CharInfo{static_cast<std::uint32_t>(to) | flags |
                    (static_cast<std::uint32_t>(kind) << CharInfo::kClassShift)};
  };
  if (c >= 0xD800 && c <= 0xDFFF) return pack(0xFFFD, Class::separator, 0);
  // White space first: some of it is default-ignorable or would normalise to a plain space. U+200B separates words.
  if (u_isUWhiteSpace(u) || c == 0x200B) return pack(' ', Class::separator, CharInfo::kSpace);
  if (c == 0x2120 || c == 0x2122) return pack(c, Class::separator, 0);  // ℠ ™ are no letters of the name they follow
  if (c == 0x2018 || c == 0x2019 || c == 0x2BC || c == 0xFF07) return pack('\'', Class::separator, 0);
  if (c == 0x2BB || optional_point(c)) return pack(c, Class::ignored, 0);  // ʻokina
  if (u_hasBinaryProperty(u, UCHAR_DEFAULT_IGNORABLE_CODE_POINT)) return pack(c, Class::ignored, 0);
  if (emoji(c)) return pack(c, Class::emoji, 0);

  char32_t folded[kMaxFolded];
  const int n = fold_segment(&c, 1, folded);
  std::uint32_t flags = nfkc_casefold().hasBoundaryBefore(u) ? 0 : CharInfo::kJoins;
  if (general_mark(c)) return pack(c, Class::extend, CharInfo::kJoins | CharInfo::kDroppable);
  if (n == 0) return pack(c, Class::ignored, flags);
  const Class kind = class_of(folded[0]);
  if (n > 1) {  // at most 18, of U+FDFA; a page has room for far more than 256 times that
    const auto where = static_cast<char32_t>(expansions.size()) << 5 | static_cast<char32_t>(n);
    expansions.append(folded, static_cast<std::size_t>(n));
    return pack(where, kind, flags | CharInfo::kMany);
  }
  if (script(folded[0]) == USCRIPT_LATIN || folded[0] < 0x80) flags |= CharInfo::kLatin;
  return pack(folded[0], kind, flags);
}

}  // namespace

std::array<std::atomic<const CharPage*>, 0x1100> char_pages{};

const CharPage& make_char_page(char32_t c) {
  auto fresh = std::make_unique<CharPage>();
  for (char32_t i = 0; i < 256; ++i) fresh->info[i] = make_info((c & ~char32_t{0xFF}) | i, fresh->expansions);
  const CharPage* there = nullptr;
  if (char_pages[c >> 8].compare_exchange_strong(there, fresh.get(), std::memory_order_acq_rel))
    return *fresh.release();
  return *there;
}

int fold_segment(const char32_t* segment, int n, char32_t* out) {
  UErrorCode status = U_ZERO_ERROR;
  const auto text = icu::UnicodeString::fromUTF32(reinterpret_cast<const UChar32*>(segment), n);
  icu::UnicodeString folded = nfd().normalize(nfkc_casefold().normalize(text, status), status);
  icu::UnicodeString plain;
  char32_t base = 0;
  for (std::int32_t i = 0; i < folded.length(); i = folded.moveIndex32(i, 1)) {
    const auto c = static_cast<char32_t>(folded.char32At(i));
    if (optional_point(c)) continue;
    if (general_mark(c) && (base == 0 || !keeps_marks(script(base), base, c))) continue;
    if (!(U_GET_GC_MASK(static_cast<UChar32>(c)) & U_GC_M_MASK)) base = c;
    plain.append(static_cast<UChar32>(c));
  }
  plain = nfc().normalize(plain, status);
  int made = 0;
  for (std::int32_t i = 0; i < plain.length() && made < kMaxFolded - 2; i = plain.moveIndex32(i, 1)) {
    const auto c = static_cast<char32_t>(plain.char32At(i));
    if (const std::int32_t digit = u_charDigitValue(static_cast<UChar32>(c));
        digit >= 0 && u_charType(static_cast<UChar32>(c)) == U_DECIMAL_DIGIT_NUMBER) {
      out[made++] = static_cast<char32_t>('0' + digit);
    } else if (const char32_t* letters = plain_letters(c)) {
      while (*letters) out[made++] = *letters++;
    } else {
      out[made++] = c;
    }
  }
  return made;
}

int fold_many(char32_t c, char32_t* out) {
  const char32_t where = char_info(c).cp();
  const std::u32string& from = char_pages[c >> 8].load(std::memory_order_acquire)->expansions;
  return static_cast<int>(from.copy(out, where & 31, where >> 5));
}

Decoded decode_before(std::string_view text, std::size_t at) {
  const std::size_t reach = std::min<std::size_t>(at, 4);
  const auto* s = reinterpret_cast<const std::uint8_t*>(text.data()) + (at - reach);
  auto i = static_cast<std::int32_t>(reach);
  UChar32 c = 0;
  U8_PREV(s, 0, i, c);
  if (c < 0) return {kIllFormed, 1};
  return {static_cast<char32_t>(c), static_cast<std::uint32_t>(reach) - static_cast<std::uint32_t>(i)};
}

bool cluster_begins(char32_t before, char32_t next) {
  // เ แ โ ใ ไ are written before the consonant they follow in speech; Lao likewise.
  if ((before >= 0xE40 && before <= 0xE44) || (before >= 0xEC0 && before <= 0xEC4)) return false;
  if (before == 0x17D2 || before == 0x1039) return false;  // coeng, virama: the next consonant is subjoined
  if (next == 0xE30 || next == 0xE32 || next == 0xE33 || next == 0xE45 || next == 0xEB0 || next == 0xEB2 ||
      next == 0xEB3)
    return false;  // vowels written after
  return char_info(next).kind() != Class::extend;
}

bool is_josa(std::string_view rest) {
  // Case, topic and plural particles with their common combinations; sorted by bytes.
  static constexpr auto kJosa = std::to_array<std::string_view>(
      {"가",     "같은",   "같이",   "과",     "과는",   "과도",   "과의",   "까지",     "까지도", "께",     "께서",
       "나",     "는",     "다",     "대로",   "도",     "들",     "들과",   "들도",     "들로",   "들만",   "들에",
       "들에게", "들은",   "들을",   "들의",   "들이",   "라",     "라고",   "라는",     "라도",   "란",     "랑",
       "로",     "로는",   "로도",   "로부터", "로서",   "로써",   "로의",   "를",       "마다",   "마저",   "만",
       "만의",   "만이",   "밖에",   "보다",   "보다는", "부터",   "뿐",     "뿐만",     "뿐이",   "에",     "에게",
       "에게는", "에게서", "에는",   "에도",   "에서",   "에서는", "에서도", "에서의",   "에선",   "엔",     "와",
       "와는",   "와도",   "와의",   "요",     "으로",   "으로는", "으로도", "으로부터", "으로서", "으로써", "은",
       "을",     "의",     "이",     "이나",   "이다",   "이라",   "이라고", "이라는",   "이라도", "이란",   "이랑",
       "이며",   "이지만", "입니다", "조차",   "처럼",   "처럼은", "치고",   "하고",     "한테",   "한테서"});
  static_assert(std::ranges::is_sorted(kJosa));
  return std::ranges::binary_search(kJosa, rest);
}

}  // namespace earshot::query
