#include "store/inbox.h"

#include <gtest/gtest.h>

#include <fstream>

#include "support.h"

namespace earshot::store {
namespace {

TEST(Inbox, ALetterIsThereUntilItIsTaken) {
  const TempFolder folder;
  EXPECT_TRUE(letters(folder.path()).empty());
  ASSERT_OK(drop_letter(folder.path(), {"b", "second"}));
  ASSERT_OK(drop_letter(folder.path(), {"a", "first"}));
  ASSERT_OK(drop_letter(folder.path(), {"a", "first, again"}));
  const auto found = letters(folder.path());
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].name, "a");
  EXPECT_EQ(found[0].text, "first, again");
  EXPECT_EQ(found[1].text, "second");
  EXPECT_TRUE(letter_waits(folder.path(), "a"));
  ASSERT_OK(take_letter(folder.path(), "a"));
  ASSERT_OK(take_letter(folder.path(), "a"));
  EXPECT_FALSE(letter_waits(folder.path(), "a"));
  EXPECT_EQ(letters(folder.path()).size(), 1u);
}

TEST(Inbox, ANameLeavesTheFolderNever) {
  const TempFolder folder;
  for (const char* bad : {"", "../x", "a/b", ".", "A", "a.b"})
    EXPECT_FALSE(drop_letter(folder.path(), {bad, "x"})) << bad;
}

TEST(Inbox, WhatIsNoLetterIsLeftAlone) {
  const TempFolder folder;
  ASSERT_OK(drop_letter(folder.path(), {"a", "x"}));
  std::ofstream(folder.path() / "inbox" / "note.txt") << "hello";
  std::ofstream(folder.path() / "inbox" / ".half") << "half a letter";
  std::ofstream(folder.path() / "inbox" / "large.letter") << std::string(kMaxLetter + 1, 'x');
  std::filesystem::create_symlink("/etc/passwd", folder.path() / "inbox" / "link.letter");
  const auto found = letters(folder.path());
  ASSERT_EQ(found.size(), 3u);
  EXPECT_EQ(found[0].text, "x");
  EXPECT_EQ(found[1].name, "large");
  EXPECT_EQ(found[1].text, "");
  EXPECT_EQ(found[2].text, "") << "a link is not followed";
}

TEST(Inbox, SaysWhatIsInTheWay) {
  const auto dropped = drop_letter("/nonexistent/store", {"a", "x"});
  ASSERT_FALSE(dropped);
  EXPECT_NE(dropped.error().message.find("/nonexistent/store"), std::string::npos);
}

}  // namespace
}  // namespace earshot::store
