#include "common/source/date_names.h"

#include <unicode/dtfmtsym.h>
#include <unicode/normalizer2.h>
#include <unicode/timezone.h>
#include <unicode/uchar.h>

#include <algorithm>
#include <map>
#include <memory>

#include "common/text/space.h"
#include "common/text/utf8.h"

namespace earshot::source {
namespace {

// Nearly every feed writes these; they need no table of all languages.
constexpr std::string_view english_months[] = {"jan", "feb", "mar", "apr", "may", "jun",
                                               "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::string_view english_days[] = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};

// What people write and Unicode's tables do not have.
struct Extra {
  std::string_view word;
  DateName name;
};
constexpr Extra extras[] = {
    {"mar", {3, 2}},        {"mrz", {3, -1}},  {"maerz", {3, -1}},  {"jaenner", {1, -1}}, {"mrt", {3, -1}},
    {"jui", {6, -1}},       {"fev", {2, -1}},  {"aou", {8, -1}},    {"mart", {3, -1}},    {"marts", {3, -1}},
    {"setiembre", {9, -1}}, {"set", {9, -1}},  {"maujus", {5, -1}}, {"sept", {9, -1}},    {"mierc", {-1, 3}},
    {"mie", {-1, 3}},       {"nd", {-1, 0}},   {"ndz", {-1, 0}},    {"szo", {-1, 6}},     {"нояб", {11, -1}},
    {"сент", {9, -1}},      {"окт", {10, -1}}, {"ιουλ", {7, -1}},   {"ιουν", {6, -1}},
};

// The languages whose names of months and days are known, those that more feeds are written in first: where two
// languages mean different months by a word ("listopad"), the first one is heard.
constexpr const char* languages[] = {"en",      "de", "fr", "es",    "it", "pt", "nl", "pl", "ru",      "ja", "zh",
                                     "zh_Hant", "tr", "cs", "sv",    "da", "nb", "fi", "hu", "el",      "ro", "uk",
                                     "bg",      "sk", "ca", "id",    "ms", "vi", "hr", "sr", "sr_Latn", "sl", "lt",
                                     "lv",      "et", "ar", "ar_SY", "he", "fa", "hi", "th", "eu",      "gl", "is",
                                     "ga",      "cy", "af", "mk",    "sq", "be", "ka", "hy", "az",      "kk", "ko"};

struct Zone {
  std::string_view name;
  int minutes;
};

// Minutes east of UTC. Where a name means several zones, the one most feeds mean.
constexpr Zone zones[] = {
    {"gmt", 0},     {"utc", 0},        {"ut", 0},         {"z", 0},           {"wet", 0},        {"zulu", 0},
    {"uct", 0},     {"est", -300},     {"edt", -240},     {"et", -300},       {"cst", -360},     {"cdt", -300},
    {"ct", -360},   {"mst", -420},     {"mdt", -360},     {"mt", -420},       {"pst", -480},     {"pdt", -420},
    {"pt", -480},   {"ast", -240},     {"adt", -180},     {"at", -240},       {"nst", -210},     {"ndt", -150},
    {"akst", -540}, {"akdt", -480},    {"hst", -600},     {"hast", -600},     {"brt", -180},     {"brst", -120},
    {"art", -180},  {"clt", -240},     {"clst", -180},    {"bst", 60},        {"west", 60},      {"cet", 60},
    {"cest", 120},  {"met", 60},       {"mest", 120},     {"mez", 60},        {"mesz", 120},     {"eet", 120},
    {"eest", 180},  {"sast", 120},     {"cat", 120},      {"msk", 180},       {"msd", 240},      {"eat", 180},
    {"trt", 180},   {"gst", 240},      {"pkt", 300},      {"ist", 330},       {"npt", 345},      {"ict", 420},
    {"wib", 420},   {"hkt", 480},      {"sgt", 480},      {"awst", 480},      {"pht", 480},      {"kst", 540},
    {"jst", 540},   {"acst", 570},     {"acdt", 630},     {"aest", 600},      {"aedt", 660},     {"nzst", 720},
    {"nzdt", 780},  {"eastern", -300}, {"central", -360}, {"mountain", -420}, {"pacific", -480},
};

using Names = std::map<std::string, DateName, std::less<>>;

void add_names(Names& names, const icu::UnicodeString* list, std::int32_t n, int DateName::*kind, int first) {
  for (std::int32_t i = first; i < n; ++i) {
    std::string name;
    list[i].toUTF8String(name);
    std::string word = plain_word(name);
    word = word.substr(0, word.find_first_of(".- '"));
    const bool short_sign = list[i].countChar32() < 2;  // the Japanese and Arabic ones of a single letter
    if (word.empty() || short_sign || text::is_digit(word[0])) continue;
    int& value = names.try_emplace(std::move(word)).first->second.*kind;
    if (value < 0) value = i + (kind == &DateName::month ? 1 : -1);
  }
}

// Months and days of all languages, from Unicode's tables.
Names all_names() {
  using Symbols = icu::DateFormatSymbols;
  Names names;
  for (const Extra& e : extras) names.emplace(e.word, e.name);
  for (const char* language : languages) {
    UErrorCode status = U_ZERO_ERROR;
    const Symbols symbols(icu::Locale(language), "gregorian", status);
    if (U_FAILURE(status)) continue;
    for (const auto context : {Symbols::FORMAT, Symbols::STANDALONE})
      for (const auto width : {Symbols::WIDE, Symbols::ABBREVIATED, Symbols::SHORT}) {
        std::int32_t n = 0;
        const icu::UnicodeString* list = symbols.getWeekdays(n, context, width);  // from 1, Sunday
        add_names(names, list, n, &DateName::weekday, 1);
        if (width == Symbols::SHORT) continue;  // days alone have short names
        list = symbols.getMonths(n, context, width);
        add_names(names, list, n, &DateName::month, 0);
      }
  }
  return names;
}

// Three letters, or more that go on as a name may; "" where there are fewer.
DateName english(std::string_view word) {
  const std::string_view front = word.substr(0, 3);
  DateName name;
  if (const auto* m = std::ranges::find(english_months, front); m != std::end(english_months))
    name.month = static_cast<int>(m - english_months) + 1;
  if (const auto* d = std::ranges::find(english_days, front); d != std::end(english_days))
    name.weekday = static_cast<int>(d - english_days);
  return name;
}

}  // namespace

std::string plain_word(std::string_view utf8) {
  std::string out;
  out.reserve(utf8.size());
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* nfkd = nullptr;
  for (std::size_t i = 0; i < utf8.size();) {
    if (static_cast<unsigned char>(utf8[i]) < 0x80) {
      out.push_back(text::lower(utf8[i++]));
      continue;
    }
    const text::Decoded c = text::decode_utf8(utf8, i);
    i += c.length;
    auto base = static_cast<UChar32>(c.value);
    if (base < 0xAC00 || base > 0xD7A3) {  // Hangul syllables stay whole
      if (!nfkd) nfkd = icu::Normalizer2::getNFKDInstance(status);
      icu::UnicodeString parts;
      if (U_SUCCESS(status) && nfkd->getDecomposition(base, parts)) base = parts.char32At(0);
    }
    switch (u_charType(base)) {
      case U_NON_SPACING_MARK:
      case U_FORMAT_CHAR: continue;  // accents; marks of direction, which some servers put between the parts
      case U_SPACE_SEPARATOR: base = ' '; break;
      case U_DASH_PUNCTUATION: base = '-'; break;
      case U_DECIMAL_DIGIT_NUMBER: base = '0' + u_charDigitValue(base); break;
      case U_OTHER_PUNCTUATION:
        if (base >= 0x80) base = ',';
        break;
      default: break;
    }
    text::append_utf8(out, static_cast<char32_t>(u_tolower(base)));
  }
  return out;
}

DateName name_of(std::string_view word) {
  if (word == "mar") return extras[0].name;
  if (word.size() == 3)
    if (const DateName name = english(word); !name.none()) return name;
  static const Names names = all_names();
  // "ноя" and "Σεπτ" are neither the whole name nor the abbreviation of the tables.
  if (const auto found = names.lower_bound(word); found != names.end() && found->first.starts_with(word))
    if (found->first == word || word.size() >= 3) return found->second;
  return word.size() > 3 ? english(word) : DateName{};
}

std::optional<int> zone_of(std::string_view word) {
  for (const Zone& z : zones)
    if (z.name == word) return z.minutes;
  return std::nullopt;
}

std::optional<int> zone_of_region(std::string_view region, double local_ms) {
  const std::unique_ptr<icu::TimeZone> zone(icu::TimeZone::createTimeZone(
      icu::UnicodeString::fromUTF8({region.data(), static_cast<std::int32_t>(region.size())})));
  if (*zone == icu::TimeZone::getUnknown()) return std::nullopt;
  std::int32_t raw = 0, daylight = 0;
  UErrorCode status = U_ZERO_ERROR;
  zone->getOffset(local_ms, true, raw, daylight, status);
  if (U_FAILURE(status)) return std::nullopt;
  return (raw + daylight) / 60'000;
}

}  // namespace earshot::source
