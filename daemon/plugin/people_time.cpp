#include "plugin/people_time.h"

#include <fmt/format.h>
#include <unicode/locid.h>
#include <unicode/smpdtfmt.h>
#include <unicode/timezone.h>
#include <unicode/unistr.h>

#include <utility>

namespace earshot::host {

// ICU's format() is const and works on a clone of its calendar, so one object serves all threads.
struct PeopleTime::Format {
  icu::SimpleDateFormat format;
};

PeopleTime::PeopleTime(std::unique_ptr<const Format> format) : format_(std::move(format)) {}
PeopleTime::PeopleTime(PeopleTime&&) noexcept = default;
PeopleTime& PeopleTime::operator=(PeopleTime&&) noexcept = default;
PeopleTime::~PeopleTime() = default;

Result<PeopleTime> PeopleTime::create(std::string_view zone, std::string_view language) {
  const auto name = icu::UnicodeString::fromUTF8({zone.data(), static_cast<std::int32_t>(zone.size())});
  const std::unique_ptr<icu::TimeZone> found{icu::TimeZone::createTimeZone(name)};
  // ICU answers an unknown zone with Etc/Unknown, which is GMT in disguise.
  if (*found == icu::TimeZone::getUnknown())
    return fail(fmt::format("\"{}\" is no time zone; take an IANA name such as Europe/Amsterdam", zone));
  UErrorCode error = U_ZERO_ERROR;
  // One order for all languages: day, month, year cannot be misread where the month is a word, and 24 hours need no
  // a.m. or p.m. Only the words are translated.
  const icu::Locale locale{std::string{language}.c_str()};
  auto format = std::make_unique<Format>(Format{icu::SimpleDateFormat{"EEE d MMM y HH:mm z", locale, error}});
  if (U_FAILURE(error)) return fail(fmt::format("dates in the language \"{}\": {}", language, u_errorName(error)));
  format->format.setTimeZone(*found);
  return PeopleTime{std::move(format)};
}

std::string PeopleTime::operator()(Time t) const {
  icu::UnicodeString text;
  format_->format.format(static_cast<UDate>(to_ms(t)), text);
  std::string out;
  text.toUTF8String(out);
  return out;
}

}  // namespace earshot::host
