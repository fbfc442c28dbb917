#include "core/mention/make.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace earshot::mention {
namespace {

using namespace std::chrono_literals;

const Time kSeen = from_ms(1'795'000'000'000);

TEST(MentionId, NeverChangesItsMeaning) {
  // Stored mentions are found by these: if this test fails, the change is wrong, not the test.
  EXPECT_EQ(mention_id("company-blog", "tag:acme.example,2026:1"), "72jet5cmh7werwze");
  EXPECT_EQ(mention_id("", ""), "mv6nx4wj007pnh2b");
}

TEST(MentionId, HasTheFormThatIsPromised) {
  std::set<std::string> ids;
  for (int i = 0; i < 10'000; ++i) {
    const std::string id = mention_id("source", std::to_string(i));
    ASSERT_THAT(id, testing::MatchesRegex("[0-9a-hjkmnp-tv-z]{16}")) << id;
    ids.insert(id);
  }
  EXPECT_EQ(ids.size(), 10'000u);
}

TEST(MentionId, TellsSourceAndItemApart) {
  EXPECT_NE(mention_id("a", "bc"), mention_id("ab", "c"));
  EXPECT_NE(mention_id("a", ""), mention_id("", "a"));
}

TEST(ItemKey, FallsBackFromIdToUrlToText) {
  Item item;
  EXPECT_EQ(item_key(item), "");
  item.title = "Acme opens";
  const std::string by_text = item_key(item);
  EXPECT_TRUE(by_text.starts_with("xxh3:")) << by_text;
  item.content = "x";
  EXPECT_NE(item_key(item), by_text);
  item.url = "https://acme.example/a?utm_source=x";
  EXPECT_EQ(item_key(item), item.url);
  item.id = "1";
  EXPECT_EQ(item_key(item), "1");
}

TEST(Make, TwoEntriesWithOneUrlStayTwo) {
  Item first, second;
  first.id = "1";
  second.id = "2";
  first.url = second.url = "https://acme.example/live";
  const Mention a = make(std::move(first), {"blog", {}}, kSeen);
  const Mention b = make(std::move(second), {"blog", {}}, kSeen);
  EXPECT_NE(a.id, b.id);
  EXPECT_EQ(a.canonical_url, b.canonical_url);
}

TEST(Make, FillsWhatTheSourceLeftOut) {
  Item item;
  item.id = "1";
  item.url = "https://www.acme.example/a?utm_source=feed";
  item.title = "Acme";
  item.summary = "<p>Acme &amp; Sons</p><p>open</p>";
  item.content = "<b>Acme</b>";
  item.content_text = "as the plugin said";
  const Mention made = make(std::move(item), {"blog", {{"kind", "owned"}}}, kSeen);
  EXPECT_EQ(made.source, "blog");
  EXPECT_EQ(made.site, "acme.example");
  EXPECT_EQ(made.canonical_url, "https://acme.example/a");
  EXPECT_EQ(made.item.url, "https://www.acme.example/a?utm_source=feed");
  EXPECT_EQ(made.item.summary_text, "Acme & Sons\nopen");
  EXPECT_EQ(made.item.content_text, "as the plugin said");
  EXPECT_EQ(made.seen, kSeen);
  EXPECT_EQ(made.labels, (Labels{{"kind", "owned"}}));
  EXPECT_EQ(made.id, mention_id("blog", "1"));
}

TEST(Make, DatesThatCannotBeAreUnknown) {
  const auto kept = [](std::optional<Time> published, std::optional<Time> updated) {
    Item item;
    item.published = published;
    item.updated = updated;
    return make(std::move(item), {"blog", {}}, kSeen).item.published;
  };
  EXPECT_EQ(kept(kSeen - 1h, {}), kSeen - 1h);
  EXPECT_EQ(kept(kSeen + 23h, {}), kSeen + 23h);  // a time zone mistaken
  EXPECT_EQ(kept(kSeen + 25h, {}), std::nullopt);
  EXPECT_EQ(kept(from_ms(0), {}), std::nullopt);
  EXPECT_EQ(kept({}, kSeen - 2h), kSeen - 2h);
  EXPECT_EQ(kept(kSeen + 48h, kSeen - 2h), kSeen - 2h);
  EXPECT_EQ(kept(Time::max(), Time::max()), std::nullopt);
}

}  // namespace
}  // namespace earshot::mention
