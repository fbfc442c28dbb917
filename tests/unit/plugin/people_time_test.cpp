#include "plugin/people_time.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace earshot::host {
namespace {

std::string shown(std::string_view zone, std::string_view language, std::string_view instant) {
  const auto format = PeopleTime::create(zone, language);
  return format ? (*format)(*parse_rfc3339(instant)) : format.error().message;
}

TEST(PeopleTime, IsInTheTeamsZoneAndLanguage) {
  EXPECT_EQ(shown("Europe/Amsterdam", "en", "2026-11-23T20:10:00Z"), "Mon 23 Nov 2026 21:10 CET");
  EXPECT_EQ(shown("Europe/Amsterdam", "en", "2026-06-23T20:10:00Z"), "Tue 23 Jun 2026 22:10 CEST");
  EXPECT_EQ(shown("UTC", "en", "2026-11-23T20:10:00Z"), "Mon 23 Nov 2026 20:10 UTC");
  EXPECT_EQ(shown("Europe/Berlin", "de", "2026-03-02T20:10:00Z"), "Mo. 2 März 2026 21:10 MEZ");
  EXPECT_EQ(shown("Europe/Amsterdam", "nl", "2026-11-23T20:10:00Z"), "ma 23 nov 2026 21:10 CET");
  EXPECT_EQ(shown("America/New_York", "en", "2026-07-01T20:10:00Z"), "Wed 1 Jul 2026 16:10 EDT");
  EXPECT_EQ(shown("Europe/London", "fr", "2026-07-01T20:10:00Z"), "mer. 1 juil. 2026 21:10 BST");
  EXPECT_EQ(shown("Asia/Kathmandu", "es", "2026-07-01T20:10:00Z"), "jue 2 jul 2026 01:55 GMT+5:45");
}

TEST(PeopleTime, TurnsWithTheClock) {
  EXPECT_EQ(shown("Europe/Amsterdam", "en", "2026-10-25T00:30:00Z"), "Sun 25 Oct 2026 02:30 CEST");
  EXPECT_EQ(shown("Europe/Amsterdam", "en", "2026-10-25T01:30:00Z"), "Sun 25 Oct 2026 02:30 CET");
}

TEST(PeopleTime, AnUnknownZoneIsAnError) {
  EXPECT_EQ(shown("Europe/Amsterdamn", "en", "2026-11-23T20:10:00Z"),
            "\"Europe/Amsterdamn\" is no time zone; take an IANA name such as Europe/Amsterdam");
  EXPECT_FALSE(PeopleTime::create("", "en"));
}

TEST(PeopleTime, IsSharedBetweenThreads) {
  const auto format = PeopleTime::create("Europe/Amsterdam", "en");
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      const std::string first = (*format)(from_ms(t * 3'600'000));
      for (int i = 0; i < 500; ++i) EXPECT_EQ((*format)(from_ms(t * 3'600'000)), first);
    });
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace earshot::host
