#include "core/schedule/http_cache.h"

#include <gtest/gtest.h>

#include <array>
#include <random>
#include <string>
#include <vector>

namespace earshot::schedule {
namespace {

using namespace std::chrono_literals;
using Headers = std::vector<HeaderView>;

const Time kNow = from_ms(784'111'777'000);  // Sun, 06 Nov 1994 08:49:37 GMT

TEST(HttpDate, ReadsTheThreeForms) {
  for (const char* text : {"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT",
                           "Sun Nov  6 08:49:37 1994", "sun, 06 nov 1994 08:49:37 gmt"})
    EXPECT_EQ(parse_http_date(text, kNow), kNow) << text;
}

TEST(HttpDate, PutsTwoDigitYearsNearNow) {
  EXPECT_EQ(parse_http_date("Sunday, 06-Nov-94 08:49:37 GMT", from_ms(1'795'000'000'000)), kNow);  // seen from 2026
  const auto soon = parse_http_date("Friday, 06-Nov-26 08:49:37 GMT", from_ms(1'700'000'000'000));
  EXPECT_EQ(soon, from_ms(1'793'954'977'000));
}

TEST(HttpDate, RefusesTheRest) {
  for (const char* bad :
       {"", "0", "-1", "now", "Sun, 06 Nov 1994", "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:49:37 GMT",
        "Sun, 06 Nov 1994 08:49:37 PST", "Sun, 06 Nov 1994 08:49:37 GMT tomorrow", "Sun, 06 Nov 99999 08:49:37 GMT",
        "Thu, 01 Jan 1970 00:00:00 +0100"})
    EXPECT_FALSE(parse_http_date(bad, kNow)) << bad;
  EXPECT_FALSE(parse_http_date(std::string(1'000'000, 'S'), kNow));
}

TEST(ServerWord, MaxAgeCountsOverExpires) {
  const Headers headers{{"Expires", "Sun, 06 Nov 1994 09:49:37 GMT"}, {"Cache-Control", "public, Max-Age=600"}};
  EXPECT_EQ(server_word(headers, kNow).fresh_for, 10min);
}

TEST(ServerWord, AgeIsTakenOff) {
  EXPECT_EQ(server_word(Headers{{"cache-control", "max-age=600"}, {"age", "200"}}, kNow).fresh_for, 400s);
  EXPECT_FALSE(server_word(Headers{{"cache-control", "max-age=600"}, {"age", "700"}}, kNow).fresh_for);
  EXPECT_EQ(server_word(Headers{{"cache-control", "max-age=600"}, {"age", "young"}}, kNow).fresh_for, 10min);
}

TEST(ServerWord, ExpiresCountsFromTheServersOwnDate) {
  const Headers headers{{"Expires", "Tue, 01 Jan 2030 01:00:00 GMT"}, {"Date", "Tue, 01 Jan 2030 00:00:00 GMT"}};
  EXPECT_EQ(server_word(headers, kNow).fresh_for, 1h);
  EXPECT_EQ(server_word(Headers{{"Expires", "Sun, 06 Nov 1994 09:49:37 GMT"}}, kNow).fresh_for, 1h);
  EXPECT_FALSE(server_word(Headers{{"Expires", "0"}}, kNow).fresh_for);
  EXPECT_FALSE(server_word(Headers{{"Expires", "Sat, 05 Nov 1994 09:49:37 GMT"}}, kNow).fresh_for);
}

TEST(ServerWord, NoCacheAndZeroSayNothing) {
  for (const char* value : {"no-cache, max-age=600", "no-store", "max-age=0", "private", "s-maxage=600", "max-age",
                            "max-age=", "max-age=-5", "max-age=1.5", "x-max-age=600"})
    EXPECT_FALSE(server_word(Headers{{"Cache-Control", value}}, kNow).fresh_for) << value;
}

TEST(ServerWord, TakesTheLeastOfContradictions) {
  const Headers headers{{"Cache-Control", "max-age=600, max-age=\"60\""}, {"Cache-Control", "max-age=900"}};
  EXPECT_EQ(server_word(headers, kNow).fresh_for, 1min);
}

TEST(ServerWord, HugeNumbersAreLargeNotWrong) {
  const Headers headers{{"Cache-Control", "max-age=99999999999999999999999"}, {"Retry-After", "99999999999999999999"}};
  EXPECT_EQ(server_word(headers, kNow).fresh_for, std::chrono::seconds{2'147'483'648});
  EXPECT_EQ(server_word(headers, kNow).retry_after, std::chrono::seconds{2'147'483'648});
}

TEST(ServerWord, RetryAfterInSecondsAndAsADate) {
  EXPECT_EQ(server_word(Headers{{"retry-after", " 120 "}}, kNow).retry_after, 2min);
  EXPECT_EQ(server_word(Headers{{"Retry-After", "Sun, 06 Nov 1994 08:59:37 GMT"}}, kNow).retry_after, 10min);
  EXPECT_EQ(server_word(Headers{{"Retry-After", "Sun, 06 Nov 1994 07:59:37 GMT"}}, kNow).retry_after, 0s);
  EXPECT_FALSE(server_word(Headers{{"Retry-After", "soon"}}, kNow).retry_after);
  EXPECT_EQ(server_word(Headers{{"Retry-After", "5"}, {"Retry-After", "60"}}, kNow).retry_after, 1min);
}

TEST(ServerWord, SurvivesAnyBytes) {
  std::mt19937 random(11);
  constexpr std::string_view alphabet = "max-age=,; \"0123456789ExpiresGMTSunNov:\x80\xff";
  for (int round = 0; round < 20'000; ++round) {
    std::string value;
    for (auto n = random() % 40; n > 0; --n) value += alphabet[random() % alphabet.size()];
    for (const char* name : {"cache-control", "expires", "age", "date", "retry-after"}) {
      const ServerWord word = server_word(std::array{HeaderView{name, value}}, kNow);
      ASSERT_GT(word.fresh_for.value_or(1s), 0s) << value;
      ASSERT_GE(word.retry_after.value_or(0s), 0s) << value;
    }
  }
}

}  // namespace
}  // namespace earshot::schedule
