#include "core/schedule/robots.h"

#include <gtest/gtest.h>

#include <random>

namespace earshot::schedule {
namespace {

bool may(std::string_view text, std::string_view target) { return Robots::parse(text, "earshot").allows(target); }

TEST(Robots, TheGroupThatNamesUsCountsElseThatForAll) {
  const char* text =
      "User-agent: *\nDisallow: /all\n\nUser-agent: Other\nDisallow: /\n\nUSER-AGENT: EarShot/2.0\nDisallow: /us\n";
  EXPECT_FALSE(may(text, "/us"));
  EXPECT_TRUE(may(text, "/all"));
  EXPECT_FALSE(Robots::parse(text, "somebody").allows("/all"));
  EXPECT_FALSE(Robots::parse(text, "other").allows("/x"));
  EXPECT_TRUE(may("User-agent: earshotter\nDisallow: /", "/x"));  // another product
}

TEST(Robots, GroupsOfOneNameAreOneAndMayHaveSeveralNames) {
  const char* text =
      "user-agent: a\nuser-agent: earshot\ndisallow: /1\nuser-agent: b\ndisallow: /2\nuser-agent: earshot\ndisallow: "
      "/3";
  EXPECT_FALSE(may(text, "/1"));
  EXPECT_TRUE(may(text, "/2"));
  EXPECT_FALSE(may(text, "/3"));
}

TEST(Robots, AGroupWithoutRulesForbidsNothing) {
  EXPECT_TRUE(may("User-agent: *\nDisallow: /\n\nUser-agent: earshot\nDisallow:\n", "/x"));
}

TEST(Robots, TheLongestMatchDecidesAndAllowAmongEquals) {
  const char* text = "user-agent: *\ndisallow: /a\nallow: /a/b\ndisallow: /a/b/c\nallow: /same\ndisallow: /same\n";
  EXPECT_FALSE(may(text, "/a/x"));
  EXPECT_TRUE(may(text, "/a/b"));
  EXPECT_FALSE(may(text, "/a/b/cd"));
  EXPECT_TRUE(may(text, "/same"));
  EXPECT_TRUE(may(text, "/other"));
  EXPECT_TRUE(may("user-agent: *\ndisallow: /", "/robots.txt"));
}

TEST(Robots, StarsAndDollars) {
  const auto forbids = [](const char* pattern, const char* target) {
    return !may("user-agent: *\ndisallow: " + std::string(pattern), target);
  };
  EXPECT_TRUE(forbids("/*.gif$", "/x/y.gif"));
  EXPECT_FALSE(forbids("/*.gif$", "/x/y.gif?z"));
  EXPECT_TRUE(forbids("/*.gif", "/x/y.gif?z"));
  EXPECT_TRUE(forbids("/a*b*c", "/a--b--c--"));
  EXPECT_FALSE(forbids("/a*b*c", "/a--c--b"));
  EXPECT_TRUE(forbids("/a*$", "/abc"));
  EXPECT_TRUE(forbids("/x*x$", "/xx"));
  EXPECT_FALSE(forbids("/x*x$", "/x"));
  EXPECT_TRUE(forbids("/end$", "/end"));
  EXPECT_FALSE(forbids("/end$", "/ends"));
  EXPECT_TRUE(forbids("*", "/anything"));
}

TEST(Robots, EscapesThatMeanTheSameAreTheSame) {
  EXPECT_FALSE(may("user-agent: *\ndisallow: /caf\xC3\xA9", "/caf%c3%a9"));
  EXPECT_FALSE(may("user-agent: *\ndisallow: /%7Eann", "/~ann"));
  EXPECT_FALSE(may("user-agent: *\ndisallow: /~ann", "/%7eann"));
  EXPECT_TRUE(may("user-agent: *\ndisallow: /a/b", "/a%2Fb"));  // a reserved character stays apart
}

TEST(Robots, LinesOfAllKinds) {
  EXPECT_FALSE(may("\xEF\xBB\xBFUser-agent: *\r\nDisallow: /x # why\r\n", "/x"));
  EXPECT_FALSE(may("user-agent:*\rdisallow:/x\r", "/x"));
  EXPECT_FALSE(may("user-agent: *\nsitemap: http://x/\ncrawl-delay: 5\nnonsense\n\n\ndisallow: /x", "/x"));
  EXPECT_TRUE(may("disallow: /x\n", "/x"));  // in no group
  EXPECT_TRUE(may("", "/x"));
}

TEST(Robots, WithoutAText) {
  for (const unsigned status : {400U, 401U, 403U, 404U, 410U, 429U})
    EXPECT_TRUE(Robots::without_text(status).allows("/x"));
  for (const unsigned status : {0U, 500U, 503U}) EXPECT_FALSE(Robots::without_text(status).allows("/x"));
}

// The plain definition, with every way to spend a star tried out.
bool slow(std::string_view pattern, std::string_view path) {
  if (pattern.empty()) return true;
  if (pattern == "$") return path.empty();
  if (pattern[0] == '*') return slow(pattern.substr(1), path) || (!path.empty() && slow(pattern, path.substr(1)));
  return !path.empty() && pattern[0] == path[0] && slow(pattern.substr(1), path.substr(1));
}

TEST(Robots, MatchesAsTheDefinitionDoes) {
  std::mt19937 random(1);
  const auto text = [&](std::string_view from, std::size_t most) {
    std::string out = "/";
    for (std::size_t n = random() % most; n > 0; --n) out += from[random() % from.size()];
    return out;
  };
  for (int i = 0; i < 20'000; ++i) {
    const std::string pattern = text("ab*", 7) + (random() % 3 == 0 ? "$" : ""), path = text("ab", 8);
    ASSERT_EQ(!may("user-agent: *\ndisallow: " + pattern, path), slow(pattern, path)) << pattern << ' ' << path;
  }
}

// Rules made to be dear, as many as are read, against a long path: in the time of a page's fetch.
TEST(Robots, HostileRulesEndSoon) {
  std::string text = "user-agent: *\n";
  while (text.size() < 600'000) text += "disallow: /*a*a*a*a*a*a*ab\n";
  EXPECT_TRUE(may(text, "/" + std::string(8000, 'a')));
}

}  // namespace
}  // namespace earshot::schedule
