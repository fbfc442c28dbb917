#include "common/source/date.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>
#include <fstream>
#include <initializer_list>
#include <random>
#include <string>

#include "common/source/date_parts.h"

namespace earshot::source {
namespace {

using namespace std::chrono;

// "2004-07-11T17:00:00Z", with milliseconds where there are any; "-" for what is no date.
std::string read(std::string_view text) {
  const auto t = parse_date(text);
  if (!t) return "-";
  const sys_time<milliseconds> at{milliseconds{*t}};
  const auto day = floor<days>(at);
  const year_month_day ymd{day};
  const hh_mm_ss time{at - day};
  char out[40];
  std::snprintf(out, sizeof out, "%04d-%02u-%02uT%02d:%02d:%02d", static_cast<int>(ymd.year()),
                static_cast<unsigned>(ymd.month()), static_cast<unsigned>(ymd.day()),
                static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                static_cast<int>(time.seconds().count()));
  std::string s = out;
  if (const auto ms = time.subseconds().count()) {
    std::snprintf(out, sizeof out, ".%03d", static_cast<int>(ms));
    s += out;
  }
  return s.append("Z");
}

// Every line of dates.txt.
TEST(Dates, MeanWhatTheTableSays) {
  std::ifstream table(EARSHOT_TEST_DATA "/dates.txt");
  std::size_t rows = 0;
  for (std::string line; std::getline(table, line);) {
    if (line.empty() || line.starts_with('#')) continue;
    const std::size_t arrow = line.rfind(" => ");
    ASSERT_NE(arrow, std::string::npos) << line;
    EXPECT_EQ(read(line.substr(0, arrow)), line.substr(arrow + 4)) << line;
    ++rows;
  }
  EXPECT_GT(rows, 400U) << "dates.txt was not read";
}

TEST(Dates, MayHaveBlanksAround) {
  EXPECT_EQ(read("  2011-07-19T06:42:17Z \n"), "2011-07-19T06:42:17Z");
  EXPECT_EQ(read("\u200e19\u200e.\u200e07\u200e.\u200e2011"), "2011-07-19T00:00:00Z") << "marks of direction";
  EXPECT_EQ(read("2011\u00a0\u2013\u00a007"), "-");
  EXPECT_EQ(read(""), "-");
  EXPECT_EQ(read("   "), "-");
}

TEST(Dates, HostileTextIsNoDate) {
  EXPECT_FALSE(parse_date(std::string(1'000'000, '1')));
  EXPECT_FALSE(parse_date(std::string(90, '9')));
  EXPECT_FALSE(parse_date("99999999999999999999-99-99T99:99:99+99:99"));
}

// The quick reading beside the patient one: a remark in brackets, which means nothing, is beyond the quick one.
TEST(Dates, PlainSpellingsMeanTheSameReadQuicklyOrPatiently) {
  std::mt19937 random(20261123);
  const auto pick = [&](std::initializer_list<const char*> all) { return std::data(all)[random() % all.size()]; };
  for (int round = 0; round < 40'000; ++round) {
    const auto n = [&](unsigned least, unsigned most) {
      return least + static_cast<unsigned>(random() % (most - least + 1));
    };
    char text[64];
    if (round % 2) {
      std::snprintf(text, sizeof text, "%04u-%02u-%02uT%02u:%02u:%02u%s", n(1965, 2040), n(0, 13), n(0, 32), n(0, 25),
                    n(0, 61), n(0, 61),
                    pick({"Z", "+00:00", "-05:00", "+05:30", "+12:59", "-00:00", "+14:00", "", "z"}));
    } else {
      std::snprintf(text, sizeof text, n(0, 3) ? "%s %02u %s %04u %02u:%02u:%02u%s" : "%s %u %s %04u %02u:%02u:%02u%s",
                    pick({"Mon,", "Tue,", "Wed,", "Sun,", "Sat,", "mon,"}), n(0, 32),
                    pick({"Jan", "Feb", "Sep", "Dec", "May"}), n(1965, 2040), n(0, 25), n(0, 61), n(0, 61),
                    pick({" GMT", " +0000", " -0000", " +0530", " -0800", " +1259", " EST", " Z", " +1400", ""}));
    }
    const std::string patient = std::string(text) + " (so they say)";
    if (read(patient) != "-") {
      ASSERT_EQ(read(text), read(patient)) << text;
    }
    if (const auto quick = plain_date(text)) {
      ASSERT_EQ(read(text), read(patient)) << text;
    }
  }
}

}  // namespace
}  // namespace earshot::source
