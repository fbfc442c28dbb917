// Items and feeds come out of a plugin whole, mended, or not at all.
#include <cmath>
#include <cstring>
#include <limits>

#include "core/utf8.h"
#include "script.h"

namespace earshot::host::test {
namespace {

using testing::Test;

class ItemsTest : public ScriptTest {
 protected:
  // The round of a plugin that gives this one item.
  static Result<Round> of(const earshot_item& item, const Limits& limits = {}) {
    return round([&](const earshot_source_out& out) { out.item(out.ctx, &item); }, limits);
  }
  static earshot_item item(std::string_view id = "1") {
    auto out = earshot::plugin::sized<earshot_item>();
    out.id = str(id);
    return out;
  }
};

TEST_F(ItemsTest, EveryFieldArrives) {
  earshot_item in = item("tag:1");
  in.url = str("https://example.com/1");
  in.title = str("Title \xE2\x82\xAC");
  in.summary = str("<p>summary</p>");
  in.content = str("<p>content</p>");
  in.summary_text = str("summary");
  in.content_text = str("content");
  in.author = str("Anna");
  in.language = str("nl");
  in.comments = str("http://example.com/1#c");
  in.published = 1'000;
  in.updated = -2'000;
  const earshot_category categories[] = {{str("a"), str("urn:s"), str("A")}, {{}, {}, str("only label")}, {{}, {}, {}}};
  in.categories = categories;
  in.n_categories = 3;
  const earshot_enclosure enclosures[] = {{str("https://example.com/a.mp3"), str("audio/mpeg"), 5}};
  in.enclosures = enclosures;
  in.n_enclosures = 1;
  const earshot_number engagement[] = {{str("likes"), 3}};
  in.engagement = engagement;
  in.n_engagement = 1;

  const auto result = of(in);
  ASSERT_TRUE(result) << result.error().message;
  ASSERT_EQ(result->items.size(), 1U);
  EXPECT_TRUE(result->warnings.empty());
  const Item& out = result->items.front();
  EXPECT_EQ(out.id, "tag:1");
  EXPECT_EQ(out.url, "https://example.com/1");
  EXPECT_EQ(out.title, "Title \xE2\x82\xAC");
  EXPECT_EQ(out.summary, "<p>summary</p>");
  EXPECT_EQ(out.content, "<p>content</p>");
  EXPECT_EQ(out.summary_text, "summary");
  EXPECT_EQ(out.content_text, "content");
  EXPECT_EQ(out.author, "Anna");
  EXPECT_EQ(out.language, "nl");
  EXPECT_EQ(out.comments, "http://example.com/1#c");
  EXPECT_EQ(out.published, from_ms(1'000));
  EXPECT_EQ(out.updated, from_ms(-2'000));
  ASSERT_EQ(out.categories.size(), 2U);
  EXPECT_EQ(out.categories[0].scheme, "urn:s");
  EXPECT_EQ(out.categories[1].label, "only label");
  ASSERT_EQ(out.enclosures.size(), 1U);
  EXPECT_EQ(out.enclosures[0].length, 5U);
  ASSERT_EQ(out.engagement.size(), 1U);
  EXPECT_EQ(out.engagement[0].value, 3);
}

TEST_F(ItemsTest, AnOlderItemIsShorterAndIsReadNoFurther) {
  earshot_item whole = item();
  whole.title = str("old");
  whole.published = 5'000;
  for (const std::size_t size : {offsetof(earshot_item, comments), offsetof(earshot_item, updated),
                                 offsetof(earshot_item, published), offsetof(earshot_item, summary)}) {
    whole.size = static_cast<std::uint32_t>(size);
    const std::unique_ptr<unsigned char[]> bytes{new unsigned char[size]};
    std::memcpy(bytes.get(), &whole, size);
    const auto result = of(*reinterpret_cast<const earshot_item*>(bytes.get()));
    ASSERT_TRUE(result) << result.error().message;
    ASSERT_EQ(result->items.size(), 1U);
    EXPECT_EQ(result->items[0].title, "old");
    EXPECT_EQ(result->items[0].published.has_value(), size > offsetof(earshot_item, published)) << size;
    EXPECT_EQ(result->items[0].updated, std::nullopt);
  }
}

TEST_F(ItemsTest, ANewerItemIsLonger) {
  struct Newer {
    earshot_item known = item();
    char unheard_of[100] = {};
  } newer;
  newer.known.size = sizeof newer;
  ASSERT_TRUE(of(newer.known));
  newer.known.size = UINT32_MAX;  // a lie; nothing behind what the host knows is read
  ASSERT_TRUE(of(newer.known));
  EXPECT_EQ(of(newer.known)->items.size(), 1U);
}

TEST_F(ItemsTest, ASizeOfNothingFailsTheCall) {
  for (const std::uint32_t size : {0U, 3U}) {
    earshot_item in = item();
    in.size = size;
    EXPECT_EQ(error(of(in)), "name: the plugin scripted breaks its contract: source_begin hands over item of size " +
                                 std::to_string(size) + "; set `size` to sizeof(earshot_item)");
  }
  // Too short for an id or a URL: no item, and no reading beyond.
  earshot_item in = item();
  in.size = 8;
  const auto result = of(in);
  ASSERT_TRUE(result);
  EXPECT_TRUE(result->items.empty());
  EXPECT_EQ(result->warnings, std::vector<std::string>{"an item without id and URL was left out"});
}

TEST_F(ItemsTest, NullWithALengthFailsTheCall) {
  earshot_item in = item();
  in.title = {nullptr, 7};
  EXPECT_EQ(
      error(of(in)),
      "name: the plugin scripted breaks its contract: source_begin hands over item 1: title as null with a length "
      "of 7");
  in = item();
  in.n_categories = 2;
  EXPECT_NE(error(of(in)).find("item 1: categories as null with a length of 2"), std::string::npos);
  in = item();
  in.content = {"x", SIZE_MAX};
  EXPECT_NE(error(of(in)).find("item 1: content with the impossible length of"), std::string::npos);
  const earshot_category categories[] = {{{nullptr, 1}, {}, {}}};
  in = item();
  in.categories = categories;
  in.n_categories = 1;
  EXPECT_NE(error(of(in)).find("item 1: category as null with a length of 1"), std::string::npos);
  EXPECT_NE(error(round([](const earshot_source_out& out) { out.item(out.ctx, nullptr); })).find("a null item"),
            std::string::npos);
}

TEST_F(ItemsTest, IllFormedTextIsMendedWithAWarning) {
  earshot_item in = item();
  in.title = str("caf\xE9 ok");
  const auto result = of(in);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->items[0].title, "caf\xEF\xBF\xBD ok");
  EXPECT_EQ(result->warnings,
            std::vector<std::string>{"item 1: title is not UTF-8; the ill-formed bytes were replaced"});
}

TEST_F(ItemsTest, AnIdBeginsNoLineOfItsOwnInAWarning) {
  earshot_item in = item("1\n2026-01-01 error forged\x1b[2J");
  in.title = str("caf\xE9");
  const auto result = of(in);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->warnings, std::vector<std::string>{"item 1 2026-01-01 error forged [2J: title is not UTF-8; the "
                                                       "ill-formed bytes were replaced"});
}

TEST_F(ItemsTest, OverlongTextIsCutBetweenCharacters) {
  Limits limits;
  limits.title = 10;
  limits.content = 20;
  earshot_item in = item();
  in.title = str("123456789\xE2\x82\xAC");
  in.content = str("text <a href='https://example.com/very/long'>x</a>");
  const auto result = of(in, limits);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->items[0].title, "123456789");
  EXPECT_EQ(result->items[0].content, "text ");  // not inside a tag
  EXPECT_EQ(result->warnings, (std::vector<std::string>{"item 1: title is longer than 10 bytes and was cut",
                                                        "item 1: content is longer than 20 bytes and was cut"}));
}

// What is replaced grows to three times its size: the limit holds all the same.
TEST_F(ItemsTest, MendedTextKeepsTheLimit) {
  Limits limits;
  limits.title = 10;
  earshot_item in = item();
  in.title = str("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF");
  const auto result = of(in, limits);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->items[0].title.size(), 9U);
  EXPECT_TRUE(is_valid_utf8(result->items[0].title));
}

TEST_F(ItemsTest, OnlyHttpUrlsArriveAndTheIdStandsIn) {
  for (const char* bad : {"javascript:alert(1)", "/relative", "ftp://example.com/", "https://", "https:///path",
                          "https://exa mple.com/", "https://example.com/\n", "file:///etc/passwd", "//example.com/"}) {
    earshot_item in = item();
    in.url = str(bad);
    const auto result = of(in);
    ASSERT_TRUE(result);
    ASSERT_EQ(result->items.size(), 1U);
    EXPECT_EQ(result->items[0].url, "") << bad;
    EXPECT_EQ(result->warnings.size(), 1U);
    in.id = {};
    EXPECT_TRUE(of(in)->items.empty()) << bad;
  }
  earshot_item in = item("");
  in.url = str("HTTPS://example.com/1");
  EXPECT_EQ(of(in)->items.at(0).id, "HTTPS://example.com/1");
}

TEST_F(ItemsTest, HalfAUrlIsNoUrl) {
  Limits limits;
  limits.url = 30;
  earshot_item in = item();
  in.url = str("https://example.com/0123456789012345678901234567890");
  const auto result = of(in, limits);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->items[0].url, "");
  EXPECT_EQ(result->warnings, std::vector<std::string>{"item 1: url is longer than 30 bytes and was left out"});
}

TEST_F(ItemsTest, ListsAreCappedAndOnlySaneNumbersArrive) {
  Limits limits;
  limits.list = 2;
  const earshot_category categories[] = {{str("a"), {}, {}}, {str("b"), {}, {}}, {str("c"), {}, {}}};
  const earshot_number engagement[] = {{str("nan"), std::nan("")}, {{}, 1}};
  const earshot_enclosure enclosures[] = {{str("data:text/html,x"), {}, 0}};
  earshot_item in = item();
  in.categories = categories;
  in.n_categories = 3;
  in.engagement = engagement;
  in.n_engagement = 2;
  in.enclosures = enclosures;
  in.n_enclosures = 1;
  in.published = std::numeric_limits<std::int64_t>::max();
  const auto result = of(in, limits);
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->items[0].categories.size(), 2U);
  EXPECT_TRUE(result->items[0].engagement.empty());
  EXPECT_TRUE(result->items[0].enclosures.empty());
  EXPECT_EQ(result->items[0].published, std::nullopt);
  EXPECT_EQ(result->warnings.size(), 5U);
}

// An array that claims to have more entries than anybody could hold is read no further than the limit.
TEST_F(ItemsTest, AnArrayThatLiesAboutItsLengthIsReadToTheLimit) {
  Limits limits;
  limits.list = 3;
  const earshot_category categories[] = {{str("a"), {}, {}}, {str("b"), {}, {}}, {str("c"), {}, {}}};
  earshot_item in = item();
  in.categories = categories;
  in.n_categories = std::size_t{1} << 40;
  const auto result = of(in, limits);
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->items[0].categories.size(), 3U);
}

TEST_F(ItemsTest, TheRoundIsCapped) {
  Limits limits;
  limits.items = 3;
  int taken = 0, full = 0;
  const auto result = round(
      [&](const earshot_source_out& out) {
        for (int i = 0; i < 10; ++i) {
          const earshot_item in = item("same");
          (out.item(out.ctx, &in) == EARSHOT_OK ? taken : full) += 1;
        }
      },
      limits);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->items.size(), 3U);
  EXPECT_EQ(taken, 3);
  EXPECT_EQ(full, 7);
  EXPECT_EQ(result->warnings.size(), 1U);

  limits.items = 1'000;
  limits.round = 1'000;
  const std::string long_text(400, 'x');
  const auto by_bytes = round(
      [&](const earshot_source_out& out) {
        for (int i = 0; i < 10; ++i) {
          earshot_item in = item("same");
          in.content = str(long_text);
          out.item(out.ctx, &in);
        }
      },
      limits);
  ASSERT_TRUE(by_bytes);
  EXPECT_EQ(by_bytes->items.size(), 3U);
}

TEST_F(ItemsTest, WarningsAreCappedAndCounted) {
  Limits limits;
  limits.warnings = 2;
  limits.warning = 8;
  const auto result = round(
      [&](const earshot_source_out& out) {
        for (int i = 0; i < 5; ++i) out.warning(out.ctx, "line\nbreak", 10);
      },
      limits);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->warnings, (std::vector<std::string>{"line bre", "line bre", "and 3 more warnings"}));
}

TEST_F(ItemsTest, AFeedSaysWhatItIsOnce) {
  auto in = earshot::plugin::sized<earshot_feed>();
  in.type = str("rss");
  in.title = str("News");
  in.link = str("mailto:x@example.com");
  in.hub = str("https://hub.example/");
  in.ttl_s = 60;
  in.skip_hours = 0xFFFFFFFF;
  in.skip_days = 0xFFFFFFFF;
  in.updated = 5'000;
  in.update_base = -5'000;
  const auto result = round([&](const earshot_source_out& out) { out.feed(out.ctx, &in); });
  ASSERT_TRUE(result && result->feed);
  EXPECT_EQ(result->feed->type, "rss");
  EXPECT_EQ(result->feed->link, "");
  EXPECT_EQ(result->feed->hub, "https://hub.example/");
  EXPECT_EQ(result->feed->ttl_s, 60U);
  EXPECT_EQ(result->feed->skip_hours, 0xFFFFFFU);
  EXPECT_EQ(result->feed->skip_days, 0x7FU);
  EXPECT_EQ(result->feed->updated, from_ms(5'000));
  EXPECT_EQ(result->feed->update_base, from_ms(-5'000));
  EXPECT_EQ(error(round([&](const earshot_source_out& out) {
              out.feed(out.ctx, &in);
              out.feed(out.ctx, &in);
            })),
            "name: the plugin scripted breaks its contract: source_begin says twice in one call what the feed is");
}

TEST_F(ItemsTest, AFeedWithoutAnUpdateBaseHasNone) {
  auto in = earshot::plugin::sized<earshot_feed>();
  in.ttl_s = 60;
  const auto base = [&] {
    const auto result = round([&](const earshot_source_out& out) { out.feed(out.ctx, &in); });
    return result && result->feed && result->feed->ttl_s == 60 ? result->feed->update_base : from_ms(1);
  };
  EXPECT_EQ(base(), std::nullopt);
  for (const std::int64_t beyond : {INT64_MAX, INT64_MIN + 1}) {
    in.update_base = beyond;
    EXPECT_EQ(base(), std::nullopt);
  }
  in.update_base = 0;
  EXPECT_EQ(base(), from_ms(0));
  in.size = offsetof(earshot_feed, update_base);  // a plugin of minor 1: the epoch is not meant
  EXPECT_EQ(base(), std::nullopt);
}

TEST_F(ItemsTest, AStateIsOpaqueAndCapped) {
  const std::string bytes{"\0\xFF\x80", 3};
  const auto result = round([&](const earshot_source_out& out) { out.state(out.ctx, bytes.data(), bytes.size()); });
  ASSERT_TRUE(result);
  EXPECT_EQ(result->state, bytes);
  const auto emptied = round([&](const earshot_source_out& out) { out.state(out.ctx, nullptr, 0); });
  ASSERT_TRUE(emptied);
  EXPECT_EQ(emptied->state, "");
  const std::string large((64 << 10) + 1, 's');
  EXPECT_EQ(error(round([&](const earshot_source_out& out) { out.state(out.ctx, large.data(), large.size()); })),
            "name: the plugin scripted breaks its contract: source_begin hands over a state of 65537 bytes; 65536 are "
            "allowed");
}

}  // namespace
}  // namespace earshot::host::test
