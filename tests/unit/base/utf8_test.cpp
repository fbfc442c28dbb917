#include "core/utf8.h"

#include <gtest/gtest.h>

#include <string>

namespace earshot {
namespace {

using namespace std::string_literals;

const std::string kReplacement = "\xEF\xBF\xBD";

TEST(Utf8, AcceptsTheEdgesOfEveryLength) {
  for (const std::string& good :
       {""s, "plain"s, "\0"s, "\x7F"s, "\xC2\x80"s, "\xDF\xBF"s, "\xE0\xA0\x80"s, "\xED\x9F\xBF"s, "\xEE\x80\x80"s,
        "\xEF\xBF\xBF"s, "\xF0\x90\x80\x80"s, "\xF4\x8F\xBF\xBF"s})
    EXPECT_TRUE(is_valid_utf8(good)) << testing::PrintToString(good);
}

TEST(Utf8, RefusesOverlongSurrogateAndTooLarge) {
  for (const std::string& bad :
       {"\x80"s, "\xBF"s, "\xC0\x80"s, "\xC1\xBF"s, "\xE0\x9F\xBF"s, "\xED\xA0\x80"s, "\xED\xBF\xBF"s,
        "\xF0\x8F\xBF\xBF"s, "\xF4\x90\x80\x80"s, "\xF5\x80\x80\x80"s, "\xFF"s, "\xC2"s, "\xE2\x82"s, "\xF0\x9F\x98"s})
    EXPECT_FALSE(is_valid_utf8(bad)) << testing::PrintToString(bad);
}

// The fast path looks at 32 and 8 bytes at once: a bad byte must be found wherever it stands.
TEST(Utf8, FindsABadByteAtEveryPlace) {
  for (std::size_t size = 1; size < 100; ++size)
    for (std::size_t at = 0; at < size; ++at) {
      std::string text(size, 'a');
      text[at] = '\xFF';
      EXPECT_EQ(valid_utf8_prefix(text), at) << size;
    }
}

TEST(Utf8, ReplacesMaximalIllFormedPartsByOneEach) {
  EXPECT_EQ(to_valid_utf8("ok \xE2\x82\xAC"), "ok \xE2\x82\xAC");
  EXPECT_EQ(to_valid_utf8("a\xFFz"), "a" + kReplacement + "z");
  EXPECT_EQ(to_valid_utf8("a\xE2\x82z"), "a" + kReplacement + "z");   // a cut character is one part
  EXPECT_EQ(to_valid_utf8("\xF0\x9F\x98"), kReplacement);             // also at the end
  EXPECT_EQ(to_valid_utf8("\xC0\x80"), kReplacement + kReplacement);  // neither byte can begin anything
  EXPECT_EQ(to_valid_utf8("\xED\xA0\x80"), kReplacement + kReplacement + kReplacement);
  EXPECT_EQ(to_valid_utf8("\xF0\x80\x80\x41"), kReplacement + kReplacement + kReplacement + "A");  // table 3-8
  EXPECT_EQ(to_valid_utf8("\xE1\x80\xE2\xF0\x91\x92\xF1\xBF\x41"),                                 // table 3-11
            kReplacement + kReplacement + kReplacement + kReplacement + "A");
}

TEST(Utf8, WhateverComesInGoesOutWellFormed) {
  std::uint64_t seed = 1;
  for (int round = 0; round < 2000; ++round) {
    std::string text;
    for (int i = 0; i < 40; ++i) {
      seed = seed * 6364136223846793005U + 1442695040888963407U;
      text.push_back(static_cast<char>(seed >> (56 - (round & 1))));
    }
    const std::string clean = to_valid_utf8(text);
    EXPECT_TRUE(is_valid_utf8(clean));
    EXPECT_EQ(to_valid_utf8(clean), clean);
  }
}

TEST(Utf8, CutsBetweenCharacters) {
  const std::string euro = "\xE2\x82\xAC";
  EXPECT_EQ(cut_utf8("abc", 5), "abc");
  EXPECT_EQ(cut_utf8("abc", 2), "ab");
  EXPECT_EQ(cut_utf8("abc", 0), "");
  EXPECT_EQ(cut_utf8("a" + euro, 3), "a");
  EXPECT_EQ(cut_utf8("a" + euro, 4), "a" + euro);
  EXPECT_EQ(cut_utf8(euro + euro, 4), euro);
  EXPECT_EQ(cut_utf8("\xF0\x9F\x98\x80", 3), "");
  EXPECT_EQ(cut_utf8("\x80\x80\x80\x80\x80\x80", 5).size(), 5U);  // not text at all: no search without end
}

}  // namespace
}  // namespace earshot
