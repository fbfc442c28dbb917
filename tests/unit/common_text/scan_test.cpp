// What looks at many bytes in a step, beside the obvious way of doing it, over random texts of every length around a
// step.
#include "common/text/scan.h"

#include <gtest/gtest.h>

#include <iterator>
#include <random>
#include <string>
#include <string_view>

#include "common/text/html_text.h"
#include "common/text/nfc.h"
#include "common/text/space.h"
#include "common/text/utf8.h"

namespace earshot::text {
namespace {

constexpr std::string_view good[] = {"a",          "B",      "word",
                                     " ",          "  ",     "\t",
                                     "\n",         "<",      "&",
                                     ">",          "\"",     "é",
                                     "ü",          "ñ",      "©",
                                     "\u00A0",     "\u0085", "“",
                                     "”",          "’",      "–",
                                     "…",          "\u2000", "\u2001",
                                     "\u2002",     "\u2009", "\u200B",
                                     "\u2028",     "\u2029", "\u202F",
                                     "\u205F",     "\u3000", "€",
                                     "₂",          "Ж",      "Ω",
                                     "\u0387",     "中",     "文",
                                     "か",         "\u3099", "\u1680",
                                     "한",         "\u1100", "\u1161",
                                     "ไ",          "न",      "\u093C",
                                     "\uFB1D",     "😀",      "𝔸",
                                     "\U0001D15E", "\u0301", "e",
                                     "\u0340",     "\u212B", "plain words of sixteen bytes and more "};
constexpr std::string_view bad[] = {"\x80",
                                    "\xBF",
                                    "\xC0\xAF",
                                    "\xC1\xBF",
                                    "\xC2",
                                    "\xE0\x80\x80",
                                    "\xE0\x9F\xBF",
                                    "\xE2\x80",
                                    "\xE2",
                                    "\xED\xA0\x80",
                                    "\xED\xBF\xBF",
                                    "\xF0\x80\x80\x80",
                                    "\xF0\x8F\xBF\xBF",
                                    "\xF0\x9F\x98",
                                    "\xF4\x90\x80\x80",
                                    "\xF5\x80\x80\x80",
                                    "\xFF",
                                    "\xFE"};

class Texts {
 public:
  std::string next(bool damaged) {
    std::string s;
    const auto n = random_() % 40;
    for (unsigned i = 0; i < n; ++i) s += good[random_() % std::size(good)];
    if (damaged) s.insert(random_() % (s.size() + 1), bad[random_() % std::size(bad)]);
    return s;
  }
  std::mt19937& random() { return random_; }

 private:
  std::mt19937 random_{42};
};

// Table 3-7 of Unicode 15.0 as it is printed.
std::size_t first_ill_formed(std::string_view s) {
  struct Row {
    unsigned first_low, first_high, second_low, second_high, length;
  };
  static constexpr Row rows[] = {{0x00, 0x7F, 0, 0, 1},       {0xC2, 0xDF, 0x80, 0xBF, 2}, {0xE0, 0xE0, 0xA0, 0xBF, 3},
                                 {0xE1, 0xEC, 0x80, 0xBF, 3}, {0xED, 0xED, 0x80, 0x9F, 3}, {0xEE, 0xEF, 0x80, 0xBF, 3},
                                 {0xF0, 0xF0, 0x90, 0xBF, 4}, {0xF1, 0xF3, 0x80, 0xBF, 4}, {0xF4, 0xF4, 0x80, 0x8F, 4}};
  const auto byte = [&](std::size_t i) { return i < s.size() ? static_cast<unsigned char>(s[i]) : 0u; };
  for (std::size_t i = 0; i < s.size();) {
    unsigned length = 0;
    for (const Row& r : rows) {
      if (byte(i) < r.first_low || byte(i) > r.first_high) continue;
      bool fits = r.length == 1 || (byte(i + 1) >= r.second_low && byte(i + 1) <= r.second_high);
      for (unsigned k = 2; k < r.length; ++k) fits = fits && byte(i + k) >= 0x80 && byte(i + k) <= 0xBF;
      if (fits) length = r.length;
    }
    if (length == 0) return i;
    i += length;
  }
  return s.size();
}

TEST(Scan, FindsTheFirstOfASet) {
  Texts texts;
  for (int round = 0; round < 20'000; ++round) {
    const std::string s = texts.next(true);
    const std::size_t from = texts.random()() % (s.size() + 1);
    const auto slow = [&](const char* set) { return std::min(s.find_first_of(set, from), s.size()); };
    ASSERT_EQ((find_any<'<', '&'>(s, from)), slow("<&"));
    ASSERT_EQ((find_any<'\xE2'>(s, from)), slow("\xE2"));
    ASSERT_EQ(find_control(s, from), std::min(s.find_first_of("\x01\x08\r\x0B\x1F\x7F", from), s.size()));
  }
  EXPECT_EQ(find_control("a long enough text\twith\n\rcontrols"), 24u);
  EXPECT_EQ(find_control("\x7F"), 0u);
}

TEST(Scan, IllFormedUtf8IsFoundWhereItIs) {
  Texts texts;
  for (int round = 0; round < 60'000; ++round) {
    const std::string s = texts.next(round % 3 != 0);
    ASSERT_EQ(valid_prefix(s), first_ill_formed(s)) << s;
    // Cut anywhere, also inside a character.
    const std::string_view cut = std::string_view(s).substr(0, texts.random()() % (s.size() + 1));
    ASSERT_EQ(valid_prefix(cut), first_ill_formed(cut)) << cut;
  }
}

TEST(Scan, BlanksFoldAsOneByOne) {
  Texts texts;
  for (int round = 0; round < 60'000; ++round) {
    const std::string s = texts.next(false);
    std::string slow = fold_space(s);
    to_nfc(slow);
    ASSERT_EQ(plain_text(s), slow) << s;
  }
}

// A text with a letter and its accent behind it is never taken for NFC, so that ICU sees it all.
TEST(Scan, WhatIsTakenForNfcIsNfc) {
  Texts texts;
  for (int round = 0; round < 60'000; ++round) {
    const std::string s = texts.next(false) + " ";
    if (!is_nfc(s)) continue;
    std::string whole = s + "e\u0301";
    to_nfc(whole);
    ASSERT_EQ(whole, s + "é") << s;
  }
}

}  // namespace
}  // namespace earshot::text
