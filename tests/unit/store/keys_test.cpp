// The layout on disk: what an archive written today must still be found by. A failure here means a new schema number.
#include "store/keys.h"

#include <gtest/gtest.h>

#include <limits>

namespace earshot::store::keys {
namespace {

std::string hex(std::string_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const char byte : bytes) {
    text += digits[static_cast<unsigned char>(byte) >> 4];
    text += digits[static_cast<unsigned char>(byte) & 15];
  }
  return text;
}

TEST(Keys, AreLaidOutAsWritten) {
  EXPECT_EQ(schema, 1U);
  EXPECT_EQ(hex(seen(1, 2)), "00000000000000010000000000000002");
  EXPECT_EQ(hex(value(Seen{20717, 7, true})), "50ed0000000701");
  EXPECT_EQ(hex(value(Link{20717, false, 5, "ab"})), "50ed0000000000000000056162");
  EXPECT_EQ(hex(mention(Kind::matched, {from_ms(1), 3})), "6d80000000000000010000000000000003");
  EXPECT_EQ(hex(topic_row(9)), "740000000000000009");
  EXPECT_EQ(hex(source_row(9, Kind::unmatched)), "73000000000000000975");
  EXPECT_EQ(hex(trail("ab")), "616200");
  EXPECT_EQ(hex(sighting("a", 1, 2)), "61007300000000000000010000000000000002");
  EXPECT_EQ(hex(trail_delivery("a", 1)), "6100640000000000000001");
  EXPECT_EQ(hex(trail_account("a")), "610072");
  EXPECT_EQ(hex(trail_kin("a")), "610079");
  EXPECT_EQ(hex(trail_member("a", {from_ms(1), 3})), "61007a80000000000000010000000000000003");
  EXPECT_EQ(hex(band(258)), "620000000000000102");
  EXPECT_EQ(hex(delivery("pr", 258)), "000270720000000000000102");
  EXPECT_EQ(hex(arrived(from_ms(-1), 1)), "7fffffffffffffff0000000000000001");
  EXPECT_EQ(hex(counter(20717, "x")), "800050ed78");
  EXPECT_EQ(hex(counter_value(258)), "0201000000000000");
  const Fingerprinter fingerprint{42};
  EXPECT_EQ(fingerprint.of("acme"), Fingerprinter{42}.of("acme"));
  EXPECT_NE(fingerprint.of("acme"), Fingerprinter{43}.of("acme"));
  EXPECT_EQ(fingerprint.of_url("https://a/").size(), 16U);
}

TEST(Keys, ByteOrderIsTheOrderOfTimeAndNumber) {
  std::string before;
  for (const std::int64_t ms : {std::numeric_limits<std::int64_t>::min(), std::int64_t{-1}, std::int64_t{0},
                                std::int64_t{1}, std::int64_t{256}, std::numeric_limits<std::int64_t>::max()}) {
    std::string key;
    put(key, from_ms(ms));
    EXPECT_LT(before, key);
    before = key;
    std::string_view rest = key;
    EXPECT_EQ(take<Time>(rest), from_ms(ms));
  }
  EXPECT_LT(delivery("pr", 255), delivery("pr", 256));
  EXPECT_LT(counter(-1, "z"), counter(0, "a"));
}

TEST(Keys, WhatIsTooShortIsRefused) {
  const std::string whole = value(Link{1, true, 2, "id"});
  for (std::size_t size = 0; size <= 11; ++size)
    EXPECT_FALSE(read_link(std::string_view(whole).substr(0, size))) << size;
  EXPECT_TRUE(read_link(whole));
  for (std::size_t size = 0; size < 7; ++size) EXPECT_FALSE(read_seen(std::string(size, 'x'))) << size;
  EXPECT_FALSE(read_place(std::string(15, 'x')));
  EXPECT_FALSE(read_kind("m"));
  EXPECT_FALSE(read_kind(std::string(17, 'x')));
  EXPECT_FALSE(read_delivery(""));
  EXPECT_FALSE(read_delivery(std::string("\xff\xff", 2) + "pr12345678"));
  EXPECT_FALSE(read_counter("abc", "12345678"));
  EXPECT_FALSE(read_counter("abcd", "1234567"));
}

TEST(Keys, AfterAPrefixComesNothingThatBeginsWithIt) {
  EXPECT_EQ(after("a"), "b");
  EXPECT_EQ(after(std::string("a\xff", 2)), "b");
  EXPECT_EQ(after("\xff\xff"), "");
  EXPECT_EQ(after(""), "");
}

TEST(Keys, DaysOutOfRangeAreClamped) {
  EXPECT_EQ(day_of(from_ms(0)), 0);
  EXPECT_EQ(day_of(from_ms(-1)), 0);
  EXPECT_EQ(day_of(from_ms(86'400'000)), 1);
  EXPECT_EQ(day_of(Time{std::chrono::days{100'000}}), 65535);
}

}  // namespace
}  // namespace earshot::store::keys
