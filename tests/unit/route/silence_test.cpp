#include "core/route/silence.h"

#include <gtest/gtest.h>

namespace earshot::route {
namespace {

using namespace std::chrono_literals;

TEST(Silence, HoldsFromItsBeginningToItsEnd) {
  const Silence silence{"s-1", "acme", "Ann", "our campaign", from_ms(1000), from_ms(2000)};
  EXPECT_FALSE(silence.holds(from_ms(999)));
  EXPECT_TRUE(silence.holds(from_ms(1000)));
  EXPECT_TRUE(silence.holds(from_ms(1999)));
  EXPECT_FALSE(silence.holds(from_ms(2000)));
}

TEST(Silence, ComesBackFromItsBytes) {
  const Silence silence{"s-1", "\"acme\" OR ünïcode", "Ann", "our \"campaign\"", from_ms(1000), from_ms(2000)};
  const auto back = decode_silence(encode(silence));
  ASSERT_TRUE(back);
  EXPECT_EQ(back->id, silence.id);
  EXPECT_EQ(back->query, silence.query);
  EXPECT_EQ(back->by, silence.by);
  EXPECT_EQ(back->why, silence.why);
  EXPECT_EQ(back->from, silence.from);
  EXPECT_EQ(back->until, silence.until);
}

TEST(Silence, RefusesWhatIsNone) {
  for (const char* bad : {"", "{}", "null", "[", R"({"id":"","query":"a","by":"","why":"","from":1,"until":2})",
                          R"({"id":"s","query":"a","by":"","why":"","from":"1","until":2})"})
    EXPECT_FALSE(decode_silence(bad)) << bad;
}

}  // namespace
}  // namespace earshot::route
