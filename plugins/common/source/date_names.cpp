#include "common/source/date_names.h"

#include <unicode/normalizer2.h>
#include <unicode/timezone.h>
#include <unicode/uchar.h>

#include <memory>

#include "common/text/space.h"
#include "common/text/utf8.h"

namespace earshot::source {
namespace {

struct Stem {
  std::string_view stem;
  int value;
};

// The front of a month's name, without accents. The longer stem stands before the one it contains.
constexpr Stem months[] = {
    {"jan", 1},
    {"feb", 2},
    {"marras", 11},
    {"mar", 3},
    {"apr", 4},
    {"may", 5},
    {"jun", 6},
    {"jul", 7},
    {"aug", 8},
    {"sep", 9},
    {"oct", 10},
    {"nov", 11},
    {"dec", 12},  // English, and what others
                  // share with it
    {"mrz", 3},
    {"maerz", 3},
    {"mai", 5},
    {"okt", 10},
    {"dez", 12},
    {"jaen", 1},  // German
    {"mrt", 3},
    {"maart", 3},
    {"mei", 5},  // Dutch
    {"fev", 2},
    {"avr", 4},
    {"juin", 6},
    {"juil", 7},
    {"aout", 8},  // French
    {"ene", 1},
    {"abr", 4},
    {"ago", 8},
    {"set", 9},
    {"dic", 12},  // Spanish
    {"out", 10},  // Portuguese
    {"gen", 1},
    {"mag", 5},
    {"giu", 6},
    {"lug", 7},
    {"ott", 10},  // Italian
    {"maj", 5},
    {"des", 12},   // Scandinavian
    {"szept", 9},  // Hungarian
    {"ian", 1},
    {"iun", 6},
    {"iul", 7},  // Romanian
    {"sty", 1},
    {"lut", 2},
    {"kwi", 4},
    {"cze", 6},
    {"lip", 7},
    {"sie", 8},
    {"wrz", 9},
    {"paz", 10},
    {"lis", 11},
    {"gru", 12},  // Polish
    {"led", 1},
    {"uno", 2},
    {"brez", 3},
    {"dub", 4},
    {"kve", 5},
    {"cervenec", 7},
    {"cervence", 7},
    {"cerv", 6},
    {"srp", 8},
    {"zar", 9},
    {"rij", 10},
    {"pros", 12},  // Czech
    {"tammi", 1},
    {"helmi", 2},
    {"maalis", 3},
    {"huhti", 4},
    {"touko", 5},
    {"kesa", 6},
    {"heina", 7},
    {"elo", 8},
    {"syys", 9},
    {"loka", 10},
    {"joulu", 12},  // Finnish
    {"oca", 1},
    {"sub", 2},
    {"nis", 4},
    {"haz", 6},
    {"tem", 7},
    {"eyl", 9},
    {"eki", 10},
    {"kas", 11},
    {"ara", 12},  // Turkish
    {"янв", 1},
    {"фев", 2},
    {"мар", 3},
    {"апр", 4},
    {"маи", 5},
    {"мая", 5},
    {"июн", 6},
    {"июл", 7},
    {"авг", 8},
    {"сен", 9},
    {"окт", 10},
    {"ноя", 11},
    {"дек", 12},  // Russian
    {"січ", 1},
    {"січ", 1},
    {"лют", 2},
    {"бер", 3},
    {"кві", 4},
    {"тра", 5},
    {"чер", 6},
    {"лип", 7},
    {"сер", 8},
    {"вер", 9},
    {"жов", 10},
    {"лис", 11},
    {"гру", 12},  // Ukrainian
    {"ιαν", 1},
    {"φεβ", 2},
    {"μαρ", 3},
    {"απρ", 4},
    {"μαι", 5},
    {"ιουν", 6},
    {"ιουλ", 7},
    {"αυγ", 8},
    {"σεπ", 9},
    {"οκτ", 10},
    {"νοε", 11},
    {"δεκ", 12},  // Greek
};

// Whole words or fronts of three letters; enough to tell 03/04 from 04/03, other languages' days are passed over.
constexpr Stem weekdays[] = {
    {"sun", 0}, {"mon", 1}, {"tue", 2}, {"wed", 3}, {"thu", 4}, {"fri", 5}, {"sat", 6}, {"dim", 0},
    {"lun", 1}, {"mer", 3}, {"jeu", 4}, {"ven", 5}, {"sam", 6}, {"dom", 0}, {"mie", 3}, {"jue", 4},
    {"vie", 5}, {"sab", 6}, {"son", 0}, {"die", 2}, {"mit", 3}, {"don", 4}, {"fre", 5}, {"zon", 0},
    {"maa", 1}, {"din", 2}, {"woe", 3}, {"vri", 5}, {"zat", 6},
};

// Minutes east of UTC. Where a name means several zones, the one most feeds mean.
constexpr Stem zones[] = {
    {"gmt", 0},    {"utc", 0},     {"ut", 0},     {"z", 0},       {"wet", 0},     {"zulu", 0},   {"uct", 0},
    {"est", -300}, {"edt", -240},  {"et", -300},  {"cst", -360},  {"cdt", -300},  {"ct", -360},  {"mst", -420},
    {"mdt", -360}, {"mt", -420},   {"pst", -480}, {"pdt", -420},  {"pt", -480},   {"ast", -240}, {"adt", -180},
    {"at", -240},  {"nst", -210},  {"ndt", -150}, {"akst", -540}, {"akdt", -480}, {"hst", -600}, {"hast", -600},
    {"brt", -180}, {"brst", -120}, {"art", -180}, {"clt", -240},  {"clst", -180}, {"bst", 60},   {"west", 60},
    {"cet", 60},   {"cest", 120},  {"met", 60},   {"mest", 120},  {"mez", 60},    {"mesz", 120}, {"eet", 120},
    {"eest", 180}, {"sast", 120},  {"cat", 120},  {"msk", 180},   {"msd", 240},   {"eat", 180},  {"trt", 180},
    {"gst", 240},  {"pkt", 300},   {"ist", 330},  {"npt", 345},   {"ict", 420},   {"wib", 420},  {"hkt", 480},
    {"sgt", 480},  {"awst", 480},  {"pht", 480},  {"kst", 540},   {"jst", 540},   {"acst", 570}, {"acdt", 630},
    {"aest", 600}, {"aedt", 660},  {"nzst", 720}, {"nzdt", 780},
};

}  // namespace

std::string plain_word(std::string_view utf8) {
  std::string out;
  out.reserve(utf8.size());
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* nfd = nullptr;
  for (std::size_t i = 0; i < utf8.size();) {
    if (static_cast<unsigned char>(utf8[i]) < 0x80) {
      out.push_back(text::lower(utf8[i++]));
      continue;
    }
    const text::Decoded c = text::decode_utf8(utf8, i);
    i += c.length;
    auto base = static_cast<UChar32>(c.value);
    if (u_charType(base) == U_NON_SPACING_MARK) continue;
    if (base < 0xAC00) {  // Hangul syllables stay whole
      if (!nfd) nfd = icu::Normalizer2::getNFDInstance(status);
      icu::UnicodeString parts;
      if (U_SUCCESS(status) && nfd->getDecomposition(base, parts)) base = parts.char32At(0);
    }
    text::append_utf8(out, static_cast<char32_t>(u_tolower(base)));
  }
  return out;
}

int month_of(std::string_view word) {
  for (const Stem& m : months)
    if (word.starts_with(m.stem)) return m.value;
  return 0;
}

int weekday_of(std::string_view word) {
  for (const Stem& d : weekdays)
    if (word.starts_with(d.stem)) return d.value;
  return -1;
}

std::optional<int> zone_of(std::string_view word) {
  for (const Stem& z : zones)
    if (z.stem == word) return z.value;
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
