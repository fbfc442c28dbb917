// The small parts: sizes, times, names that are near, scalars.
#include "core/config/words.h"

#include <gtest/gtest.h>

#include <array>

#include "core/config/formats.h"
#include "core/config/suggest.h"

namespace earshot::config {
namespace {

TEST(Formats, Sizes) {
  EXPECT_EQ(parse_size("4096"), 4096U);
  EXPECT_EQ(parse_size("16MiB"), 16U << 20);
  EXPECT_EQ(parse_size("500 kB"), 500'000U);
  EXPECT_EQ(parse_size("2K"), 2000U);
  EXPECT_EQ(parse_size("3Gi"), 3ULL << 30);
  EXPECT_EQ(parse_size("1B"), 1U);
  for (const char* bad : {"", "MB", "-1", "1.5MB", "1 MiBs", "1mb", "99999999999999999999", "9000000TB", "1  kB"})
    EXPECT_FALSE(parse_size(bad)) << bad;
}

TEST(Formats, TimesOfDayAndDays) {
  EXPECT_EQ(parse_minute("00:00"), 0);
  EXPECT_EQ(parse_minute("9:05"), 545);
  EXPECT_EQ(parse_minute("23:59"), 1439);
  for (const char* bad : {"", ":00", "24:00", "12:60", "12:5", "012:00", "-1:00", "12:+5"})
    EXPECT_FALSE(parse_minute(bad)) << bad;
  EXPECT_EQ(parse_day("Sun"), 0U);
  EXPECT_EQ(parse_day("wednesday"), 3U);
  EXPECT_FALSE(parse_day("wednes"));
  EXPECT_EQ(parse_at("fri-mon 08:00")->days, 0b1100011);
  EXPECT_EQ(parse_at("sat,sun 08:00")->days, 0b1000001);
  for (const char* bad : {" 08:00", "mon- 08:00", "mon,x 08:00", "mon", "08:00 mon"})
    EXPECT_FALSE(parse_at(bad)) << bad;
}

TEST(Formats, Times) {
  EXPECT_EQ(rfc3339(*parse_time("2026-12-01")), "2026-12-01T00:00:00Z");
  EXPECT_EQ(rfc3339(*parse_time("2026-12-01T09:00Z")), "2026-12-01T09:00:00Z");
  EXPECT_EQ(rfc3339(*parse_time("2026-12-01 09:00:30.5-05:30")), "2026-12-01T14:30:30Z");
  for (const char* bad : {"2026-02-29", "2026-12-01T25:00Z", "2026-12-01T09:00", "tomorrow", "2026-12-01T09:00Zx"})
    EXPECT_FALSE(parse_time(bad)) << bad;
}

TEST(Suggest, Nearest) {
  const std::array<std::string_view, 4> names{"interval", "name", "labels", "max_size"};
  EXPECT_EQ(nearest("intervall", names), "interval");
  EXPECT_EQ(nearest("nmae", names), "name");  // neighbours swapped
  EXPECT_EQ(nearest("LABELS", names), "labels");
  EXPECT_EQ(nearest("max-size", names), "max_size");
  EXPECT_EQ(nearest("xyz", names), std::nullopt);
  EXPECT_EQ(nearest("", names), std::nullopt);
  EXPECT_EQ(nearest(std::string(1000, 'a'), names), std::nullopt);
  EXPECT_EQ(hint("xyz", names), "; known: interval, name, labels and max_size");
}

TEST(Words, ScalarsByYaml12) {
  for (const char* text :
       {"yes", "no", "on", "19:00", "1:30", "1.2.3", "e5", ".", "-", "+", "1e", "0xZZ", "1_000", "tRUE", "", "0b1"})
    EXPECT_EQ(written(text), Written::text) << text;
  for (const char* text : {"0", "-5", "+12", "12345678901234567890"})
    EXPECT_EQ(written(text), Written::integer) << text;
  for (const char* text : {"1.5", ".5", "5.", "1e5", "-1.5E-3"}) EXPECT_EQ(written(text), Written::number) << text;
  for (const char* text : {"007", "0x1F", "0o17", ".inf", "-.inf", ".nan"})
    EXPECT_EQ(written(text), Written::odd_number) << text;
  EXPECT_EQ(written("True"), Written::boolean);
}

TEST(Words, ShownIsShortAndOnOneLine) {
  EXPECT_EQ(shown("a\nb"), "\"a b\"");
  std::string accents;
  for (int i = 0; i < 100; ++i) accents += "é";
  EXPECT_EQ(shown("x" + accents).size(), 1 + 59 + 3 + 1);  // cut before half a character
}

TEST(Problems, Format) {
  EXPECT_EQ(format({{"a.yaml", 3, 7}, Gravity::error, "no", "query\n  ^"}), "a.yaml:3:7: error: no\n  query\n    ^");
  EXPECT_EQ(format({{"a.yaml", 0, 0}, Gravity::warning, "hm", ""}), "a.yaml: warning: hm");
}

}  // namespace
}  // namespace earshot::config
