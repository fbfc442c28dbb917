#include "core/time.h"

#include <gtest/gtest.h>

namespace earshot {
namespace {

TEST(Time, PrintsRfc3339InUtc) {
  EXPECT_EQ(rfc3339(from_ms(0)), "1970-01-01T00:00:00Z");
  EXPECT_EQ(rfc3339(from_ms(951'782'400'999)), "2000-02-29T00:00:00Z");
  EXPECT_EQ(rfc3339(from_ms(-1)), "1969-12-31T23:59:59Z");
}

TEST(Time, ReadsRfc3339) {
  EXPECT_EQ(parse_rfc3339("1970-01-01T00:00:00Z"), from_ms(0));
  EXPECT_EQ(parse_rfc3339("2026-11-23T22:10:00+01:00"), parse_rfc3339("2026-11-23T21:10:00Z"));
  EXPECT_EQ(parse_rfc3339("2026-11-23t16:40:00.123456789-04:30"), parse_rfc3339("2026-11-23 21:10:00.123z"));
  EXPECT_EQ(parse_rfc3339("1996-12-31T23:59:60Z"), parse_rfc3339("1996-12-31T23:59:59Z"));
  for (const Time t :
       {from_ms(0), from_ms(-62'135'596'800'000), from_ms(253'402'300'799'000), from_ms(951'782'400'000)})
    EXPECT_EQ(parse_rfc3339(rfc3339(t)), t);
}

TEST(Time, RefusesWhatIsNoRfc3339) {
  for (const char* bad :
       {"", "2026", "2026-11-23", "2026-11-23T21:10:00", "2026-11-23T21:10Z", "2026-02-29T00:00:00Z",
        "2026-13-01T00:00:00Z", "2026-11-23T24:00:00Z", "2026-11-23T21:60:00Z", "2026-11-23T21:10:61Z",
        "2026-11-23T21:10:00.Z", "2026-11-23T21:10:00+0100", "2026-11-23T21:10:00+24:00", "2026-11-23T21:10:00Z ",
        " 2026-11-23T21:10:00Z", "+026-11-23T21:10:00Z", "2026-1-23T21:10:00Z"})
    EXPECT_FALSE(parse_rfc3339(bad)) << bad;
}

TEST(Time, ReadsDurations) {
  EXPECT_EQ(parse_duration("90s"), Duration{90'000});
  EXPECT_EQ(parse_duration("15m"), Duration{900'000});
  EXPECT_EQ(parse_duration("7d"), Duration{604'800'000});
  EXPECT_EQ(parse_duration("250ms"), Duration{250});
  EXPECT_EQ(parse_duration("0s"), Duration{0});
}

TEST(Time, RefusesWhatIsNoDuration) {
  for (const char* bad : {"", "5", "m", "-5m", "5 m", "5min", "1.5h", "99999999999999999999d", "9223372036854775807w"})
    EXPECT_FALSE(parse_duration(bad)) << bad;
}

TEST(Time, FormatsInTheLargestWholeUnit) {
  EXPECT_EQ(format_duration(Duration{90'000}), "90s");
  EXPECT_EQ(format_duration(Duration{21'600'000}), "6h");
  EXPECT_EQ(format_duration(Duration{0}), "0s");
  EXPECT_EQ(format_duration(Duration{1'001}), "1001ms");
}

}  // namespace
}  // namespace earshot
