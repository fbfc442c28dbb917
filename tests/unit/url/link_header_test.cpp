#include "core/url/link_header.h"

#include <gtest/gtest.h>

namespace earshot::url {
namespace {

TEST(LinkHeader, FindsARelationAmongLinks) {
  const char* header = R"(<https://hub.example/>; rel="hub", <https://a.example/f,1>; title="x, y; z"; rel=self)";
  EXPECT_EQ(link_target(header, "hub"), "https://hub.example/");
  EXPECT_EQ(link_target(header, "self"), "https://a.example/f,1");
  EXPECT_EQ(link_target(header, "next"), std::nullopt);
}

TEST(LinkHeader, ComparesWithoutCaseAndReadsSeveralRelationsOfOneLink) {
  EXPECT_EQ(link_target("<a>;REL=\"Self  ALTERNATE\"", "alternate"), "a");
  EXPECT_EQ(link_target("<a> ; rel = hub", "hub"), "a");
}

TEST(LinkHeader, TheFirstRelCountsAndAnAnchorSpeaksOfSomethingElse) {
  EXPECT_EQ(link_target("<a>; rel=x; rel=hub", "hub"), std::nullopt);
  EXPECT_EQ(link_target("<a>; anchor=\"/other\"; rel=hub, <b>; rel=hub", "hub"), "b");
}

TEST(LinkHeader, PassesOverWhatIsIllFormed) {
  EXPECT_EQ(link_target("a; rel=hub, <b>; rel=hub", "hub"), "b");
  for (const char* bad :
       {"", ",", "<", "<a", "<a>;", "<a>;rel", "<a>;rel=", "<a>;rel=\"hub", ";;;", "<a>;\\", "<a>;=\"\\"})
    EXPECT_NE(link_target(bad, "self"), "b") << bad;
  EXPECT_EQ(link_target("<a>;rel=\"hub", "hub"), "a");  // a quote that is never closed
}

}  // namespace
}  // namespace earshot::url
