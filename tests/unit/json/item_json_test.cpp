#include "core/json/item_json.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace earshot {
namespace {

Item full() {
  Item item;
  item.id = "tag:example.com,2026:1";
  item.url = "https://example.com/1";
  item.title = "A \"quoted\" title\twith \xE2\x82\xAC";
  item.summary = "<p>short</p>";
  item.content = "<p>long</p>";
  item.summary_text = "short";
  item.content_text = "long";
  item.author = "Anna";
  item.language = "nl";
  item.comments = "https://example.com/1#comments";
  item.published = parse_rfc3339("2026-11-23T21:10:00Z");
  item.updated = parse_rfc3339("2026-11-24T00:00:00Z");
  item.categories = {{"bank", "", ""}, {"", "", "only a label"}};
  item.enclosures = {{"https://example.com/a.mp3", "audio/mpeg", 123'456'789'012}, {"https://example.com/b", "", 0}};
  item.engagement = {{"likes", 3}, {"score", 0.5}};
  return item;
}

std::string text_of(const Item& item, ItemText text = ItemText::markup) {
  std::string out;
  append_json(out, item, text);
  return out;
}

TEST(ItemJson, IsExactlyTheDocumentedShape) {
  EXPECT_EQ(text_of(full()),
            R"({"id":"tag:example.com,2026:1","url":"https://example.com/1","title":"A \"quoted\" title\twith )"
            "\xE2\x82\xAC"
            R"(","summary":"<p>short</p>","content":"<p>long</p>","author":"Anna","published":"2026-11-23T21:10:00Z",)"
            R"("updated":"2026-11-24T00:00:00Z","categories":["bank","only a label"],"language":"nl",)"
            R"("enclosures":[{"url":"https://example.com/a.mp3","type":"audio/mpeg","length":123456789012},)"
            R"({"url":"https://example.com/b"}],"comments":"https://example.com/1#comments",)"
            R"("engagement":{"likes":3,"score":0.5}})");
}

TEST(ItemJson, LeavesOutWhatIsAbsent) {
  EXPECT_EQ(text_of({}), "{}");
  std::string feed;
  append_json(feed, FeedInfo{});
  EXPECT_EQ(feed, "{}");
}

TEST(ItemJson, WritesWhatAFeedSaysOfItself) {
  FeedInfo feed;
  feed.type = "rss";
  feed.version = "2.0";
  feed.title = "News";
  feed.ttl_s = 3600;
  feed.update_base = from_ms(1'800'000);
  feed.updated = from_ms(0);
  feed.skip_hours = 1U << 0 | 1U << 23;
  feed.skip_days = 1U << 6;
  std::string out;
  append_json(out, feed);
  EXPECT_EQ(out, R"({"type":"rss","version":"2.0","title":"News","ttl_s":3600,"update_base":"1970-01-01T00:30:00Z",)"
                 R"("updated":"1970-01-01T00:00:00Z","skip_hours":[0,23],"skip_days":[6]})");
}

TEST(ItemJson, ReadsBackWhatItWrote) {
  const Result<Item> read = item_from_json(text_of(full(), ItemText::all));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(text_of(*read, ItemText::all), text_of(full(), ItemText::all));
}

// Long strings cross the serializer's buffer, controls must be escaped.
TEST(ItemJson, EscapesAnyTextOfAnyLength) {
  for (const std::size_t size : {0U, 1U, 4094U, 4095U, 4096U, 4097U, 100'000U}) {
    std::string text(size, 'x');
    for (std::size_t i = 0; i < size; i += 7) text[i] = static_cast<char>(i % 0x20);
    std::string out;
    append_json(out, text);
    EXPECT_EQ(boost::json::parse(out).as_string(), text) << size;
  }
}

TEST(ItemJson, AWrongTypeIsAnErrorThatNamesTheMember) {
  const auto error_of = [](const char* json) {
    const auto read = item_from_json(json);
    return read ? std::string{"read"} : read.error().message;
  };
  EXPECT_EQ(error_of(R"({"title":5})"), "\"title\" must be a string");
  EXPECT_EQ(error_of(R"({"published":"yesterday"})"),
            "\"published\" must be an RFC 3339 date such as 2026-11-23T21:10:00Z");
  EXPECT_EQ(error_of(R"({"categories":[5]})"), "\"categories\" must be an array of strings or objects");
  EXPECT_EQ(error_of(R"({"enclosures":[{"url":"https://x/","length":-1}]})"), "\"length\" must be a number of bytes");
  EXPECT_EQ(error_of(R"({"engagement":{"likes":"3"}})"), "\"engagement\" must be an object of numbers");
  EXPECT_EQ(error_of("[]"), "an item must be a JSON object");
  EXPECT_EQ(error_of("{"), "no JSON: incomplete JSON");
  EXPECT_EQ(error_of(R"({"title":null,"unknown":[1]})"), "read");
}

TEST(Pretty, IndentsByTwo) {
  EXPECT_EQ(
      pretty(boost::json::parse(R"({"a":[1,{"b":"x"}],"c":{},"d":[],"e":1.5})")),
      "{\n  \"a\": [\n    1,\n    {\n      \"b\": \"x\"\n    }\n  ],\n  \"c\": {},\n  \"d\": [],\n  \"e\": 1.5\n}\n");
}

}  // namespace
}  // namespace earshot
