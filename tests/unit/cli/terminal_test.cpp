#include "cli/terminal.h"

#include <gtest/gtest.h>

#include <vector>

namespace earshot::cli {
namespace {

const Terminal kPlain;
const Terminal kColour{.is_terminal = true, .colour = true, .width = 80};

TEST(Printable, LeavesNothingThatDrivesTheTerminal) {
  EXPECT_EQ(printable("a\x1b[31mred\a\n b\tc"), "a[31mred  b c");
  EXPECT_EQ(printable("evil\u202e txt.exe\u2066"), "evil txt.exe");
  EXPECT_EQ(printable("half \xe2\x82"), "half \ufffd");
}

TEST(Clipped, CountsColumnsAndCutsNoCharacter) {
  EXPECT_EQ(clipped("storing", 7), "storing");
  EXPECT_EQ(clipped("storing!", 7), "storin…");
  EXPECT_EQ(clipped("新支店のお知らせ", 7), "新支店…");        // two columns each
  EXPECT_EQ(clipped("e\u0301e\u0301e\u0301", 2), "e\u0301…");  // a mark takes none and stays with its letter
  EXPECT_EQ(clipped("abc", 1), "…");
  EXPECT_EQ(clipped("abc", 0), "");
}

TEST(Highlighted, MarksHitsOnlyWhereThereIsColour) {
  const std::vector<Span> hits{{0, 4}, {9, 13}};
  EXPECT_EQ(highlighted("Acme and acme", hits, kPlain), "Acme and acme");
  EXPECT_EQ(highlighted("Acme and acme", hits, kColour), "\x1b[1;33mAcme\x1b[0m and \x1b[1;33macme\x1b[0m");
  EXPECT_EQ(highlighted("short", std::vector<Span>{{2, 90}}, kColour), "short");  // a hit that lies is passed over
}

TEST(Table, AlignsByColumnsNotBytes) {
  const std::vector<std::vector<std::string>> rows{{"A", "B"}, {"新", "1"}, {"abc", "2"}};
  EXPECT_EQ(table(rows, kPlain), "A    B\n新   1\nabc  2\n");
}

}  // namespace
}  // namespace earshot::cli
