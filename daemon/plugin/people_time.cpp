#include "plugin/people_time.h"

#include <fmt/format.h>
#include <unicode/locid.h>
#include <unicode/smpdtfmt.h>
#include <unicode/timezone.h>
#include <unicode/unistr.h>

#include <utility>

namespace earshot::host {
namespace {

// What people call the zone: CET, MEZ, EDT. A locale knows only the abbreviations its own region uses and writes GMT+1
// for the others, so the language's own word goes first, and then what English speakers on that side of the world say.
icu::UnicodeString abbreviation(const icu::TimeZone& zone, bool daylight, const icu::Locale& language) {
  icu::UnicodeString found, first;
  for (const icu::Locale& locale :
       {language, icu::Locale{"en_GB"}, icu::Locale{"en_US"}, icu::Locale{"en_AU"}, icu::Locale{"en_IN"}}) {
    zone.getDisplayName(static_cast<UBool>(daylight), icu::TimeZone::SHORT, locale, found);
    if (first.isEmpty()) first = found;
    if (!found.startsWith(u"GMT") && !found.startsWith(u"UTC")) return found;
  }
  return first;
}

}  // namespace

// All const after it was made; ICU's format() works on a clone of its calendar, so one object serves all threads.
struct PeopleTime::Format {
  icu::SimpleDateFormat format;
  std::unique_ptr<icu::TimeZone> zone;
  icu::UnicodeString standard, daylight;
};

PeopleTime::PeopleTime(std::unique_ptr<const Format> format) : format_(std::move(format)) {}
PeopleTime::PeopleTime(PeopleTime&&) noexcept = default;
PeopleTime& PeopleTime::operator=(PeopleTime&&) noexcept = default;
PeopleTime::~PeopleTime() = default;

Result<PeopleTime> PeopleTime::create(std::string_view zone, std::string_view language) {
  const auto name = icu::UnicodeString::fromUTF8({zone.data(), static_cast<std::int32_t>(zone.size())});
  std::unique_ptr<icu::TimeZone> found{icu::TimeZone::createTimeZone(name)};
  // ICU answers an unknown zone with Etc/Unknown, which is GMT in disguise.
  if (*found == icu::TimeZone::getUnknown())
    return fail(fmt::format("\"{}\" is no time zone; take an IANA name such as Europe/Amsterdam", zone));
  UErrorCode error = U_ZERO_ERROR;
  // One order for all languages: day, month, year cannot be misread where the month is a word, and 24 hours need no
  // a.m. or p.m. Only the words are translated.
  const icu::Locale locale{std::string{language}.c_str()};
  icu::SimpleDateFormat format{"EEE d MMM y HH:mm", locale, error};
  if (U_FAILURE(error)) return fail(fmt::format("dates in the language \"{}\": {}", language, u_errorName(error)));
  format.setTimeZone(*found);
  auto standard = abbreviation(*found, false, locale), daylight = abbreviation(*found, true, locale);
  return PeopleTime{
      std::make_unique<const Format>(Format{format, std::move(found), std::move(standard), std::move(daylight)})};
}

std::string PeopleTime::operator()(Time t) const {
  const auto date = static_cast<UDate>(to_ms(t));
  icu::UnicodeString text;
  format_->format.format(date, text);
  std::int32_t raw = 0, saving = 0;
  UErrorCode error = U_ZERO_ERROR;
  format_->zone->getOffset(date, false, raw, saving, error);
  text.append(u' ').append(saving != 0 ? format_->daylight : format_->standard);
  std::string out;
  text.toUTF8String(out);
  return out;
}

}  // namespace earshot::host
