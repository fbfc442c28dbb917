#include "core/route/zone.h"

#include <unicode/basictz.h>
#include <unicode/timezone.h>
#include <unicode/tztrans.h>

#include <utility>

namespace earshot::route {
namespace {

using std::chrono::floor;

UDate udate(Time at) { return static_cast<UDate>(to_ms(at)); }
Time from_udate(UDate at) { return from_ms(static_cast<std::int64_t>(at)); }

}  // namespace

struct Zone::Rules {
  std::unique_ptr<icu::BasicTimeZone> zone;

  // Offset from UTC at an instant.
  Duration offset(Time at) const {
    std::int32_t raw = 0, saving = 0;
    UErrorCode error = U_ZERO_ERROR;
    zone->getOffset(udate(at), false, raw, saving, error);
    return Duration{raw + saving};
  }
};

Zone::Zone(std::unique_ptr<const Rules> rules) : rules_(std::move(rules)) {}
Zone::Zone(Zone&&) noexcept = default;
Zone& Zone::operator=(Zone&&) noexcept = default;
Zone::~Zone() = default;

Result<Zone> Zone::open(const std::string& name) {
  std::unique_ptr<icu::TimeZone> zone(icu::TimeZone::createTimeZone(icu::UnicodeString::fromUTF8(name)));
  auto* basic = dynamic_cast<icu::BasicTimeZone*>(zone.get());
  if (!basic || *zone == icu::TimeZone::getUnknown())
    return fail("there is no time zone \"" + name + "\": it is to be a name such as Europe/Amsterdam or UTC");
  static_cast<void>(zone.release());
  auto rules = std::make_unique<Rules>();
  rules->zone.reset(basic);
  return Zone(std::move(rules));
}

WallTime Zone::wall(Time at) const {
  const std::chrono::local_time<Duration> local{at.time_since_epoch() + rules_->offset(at)};
  const auto day = floor<std::chrono::days>(local);
  return {day, static_cast<std::uint16_t>(floor<std::chrono::minutes>(local - day).count())};
}

Time Zone::instant(std::chrono::local_days day, int minute) const {
  const Duration local = day.time_since_epoch() + Duration{std::chrono::minutes{minute}};
  std::int32_t raw = 0, saving = 0;
  UErrorCode error = U_ZERO_ERROR;
  // A time that comes twice: the first. One that is skipped: a moment before the jump, from where the jump is found.
  rules_->zone->getOffsetFromLocal(static_cast<UDate>(local.count()), UCAL_TZ_LOCAL_LATTER, UCAL_TZ_LOCAL_FORMER, raw,
                                   saving, error);
  const Time at{local - Duration{raw + saving}};
  if (at.time_since_epoch() + rules_->offset(at) == local) return at;
  icu::TimeZoneTransition jump;
  if (rules_->zone->getNextTransition(udate(at), false, jump)) return from_udate(jump.getTime());
  return at;
}

}  // namespace earshot::route
