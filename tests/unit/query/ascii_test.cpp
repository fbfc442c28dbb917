// The two ways to look at a block of text, beside each other.
#include "core/query/ascii.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace earshot::query {
namespace {

void same(const std::string& bytes, std::size_t n) {
  AsciiBlock fast, plain;
  look(bytes.data(), n, fast);
  std::string padded = bytes.substr(0, n);
  padded.resize(kBlock);
  look_plainly(padded.data(), plain);
  ASSERT_EQ(fast.word, plain.word);
  ASSERT_EQ(fast.beyond, plain.beyond);
  ASSERT_EQ(std::string(fast.folded.data(), kBlock), std::string(plain.folded.data(), kBlock));
}

TEST(Ascii, EveryByteAtEveryPlace) {
  for (int c = 0; c < 256; ++c)
    for (std::size_t i = 0; i < kBlock; ++i) {
      std::string bytes(kBlock, c % 2 == 0 ? ' ' : 'a');
      bytes[i] = static_cast<char>(c);
      same(bytes, kBlock);
    }
}

TEST(Ascii, RandomBlocksOfEveryLength) {
  std::mt19937 random(1);
  for (int round = 0; round < 20'000; ++round) {
    std::string bytes(kBlock, '\0');
    for (char& c : bytes) c = static_cast<char>(random() % (round % 2 == 0 ? 256 : 128));
    same(bytes, random() % (kBlock + 1));
  }
}

TEST(Ascii, LettersDigitsAndTheUnderscoreAreWords) {
  AsciiBlock block;
  const std::string text = "Ab_9 @[`{/:Z";
  look(text.data(), text.size(), block);
  EXPECT_EQ(block.word, 0b1000'0000'1111u);
  EXPECT_EQ(std::string(block.folded.data(), text.size()), "ab_9 @[`{/:z");
  EXPECT_EQ(block.beyond, 0u);
}

}  // namespace
}  // namespace earshot::query
