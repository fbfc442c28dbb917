#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support.h"

namespace earshot::store {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class LookBack : public StoreTest {
 protected:
  void SetUp() override {
    commit_one(*store, fetch_of("a", {keep("a", "1", {"brand"}, 1), keep("a", "2", {"complaints"}, 2),
                                      keep("a", "3", {"brand", "complaints"}, 3), keep("a", "4", {}, 4)}));
    commit_one(*store, fetch_of("b", {keep("b", "5", {"brand"}, 5), keep("b", "6", {}, 6)}));
  }
  static Candidate keep(std::string_view source, std::string_view item, const std::vector<std::string>& topics,
                        int hour) {
    return candidate_of(mention_of(source, item, {}, topics, noon + hours{hour}), "");
  }
  std::vector<std::string> find(const MentionQuery& query) const { return ids_of(store->mentions(query)->mentions); }
};

TEST_F(LookBack, NewestFirstByTimeTopicAndSource) {
  MentionQuery query;
  EXPECT_THAT(find(query), ElementsAre("b-5", "a-3", "a-2", "a-1"));
  query.topic = "brand";
  EXPECT_THAT(find(query), ElementsAre("b-5", "a-3", "a-1"));
  query.source = "a";
  EXPECT_THAT(find(query), ElementsAre("a-3", "a-1"));
  query.topic = "";
  EXPECT_THAT(find(query), ElementsAre("a-3", "a-2", "a-1"));
  query.oldest_first = true;
  EXPECT_THAT(find(query), ElementsAre("a-1", "a-2", "a-3"));
  query.source = "nobody";
  EXPECT_THAT(find(query), IsEmpty());
}

TEST_F(LookBack, UnmatchedOnesAreApart) {
  MentionQuery query;
  query.unmatched = true;
  EXPECT_THAT(find(query), ElementsAre("b-6", "a-4"));
  query.source = "a";
  EXPECT_THAT(find(query), ElementsAre("a-4"));
  query.topic = "brand";
  EXPECT_FALSE(store->mentions(query));
}

TEST_F(LookBack, TheRangeIsHalfOpen) {
  MentionQuery query;
  query.since = noon + hours{2};
  query.until = noon + hours{5};
  EXPECT_THAT(find(query), ElementsAre("a-3", "a-2"));
  query.topic = "complaints";
  query.since = noon + hours{3};
  EXPECT_THAT(find(query), ElementsAre("a-3"));
  query.until = query.since;
  EXPECT_THAT(find(query), IsEmpty());
}

TEST_F(LookBack, PagesJoinWithoutGapOrRepeat) {
  for (const bool oldest_first : {false, true})
    for (const char* topic : {"", "brand"}) {
      MentionQuery query;
      query.topic = topic;
      query.oldest_first = oldest_first;
      const auto whole = find(query);
      query.limit = 1;
      std::vector<std::string> joined;
      for (int i = 0; i < 10; ++i) {
        const auto page = store->mentions(query);
        ASSERT_OK(page);
        for (const Mention& mention : page->mentions) joined.push_back(mention.id);
        query.cursor = page->next;
        if (page->next.empty()) break;
      }
      EXPECT_EQ(joined, whole);
    }
  MentionQuery query;
  query.cursor = "nonsense";
  EXPECT_FALSE(store->mentions(query));
  query.cursor = std::string(32, 'z');
  EXPECT_FALSE(store->mentions(query));
}

TEST_F(LookBack, IdsByTheirBeginning) {
  EXPECT_THAT(*store->ids("a-", 10), ElementsAre("a-1", "a-2", "a-3", "a-4"));
  EXPECT_THAT(*store->ids("", 2), ElementsAre("a-1", "a-2"));
  EXPECT_THAT(*store->ids("z", 2), IsEmpty());
  EXPECT_FALSE(*store->mention("a"));
  EXPECT_FALSE(*store->trail("nobody"));
}

TEST_F(LookBack, EveryFieldOfAMentionComesBack) {
  Mention m = mention_of("c", "full", "https://x.example/a?b=c");
  m.site = "x.example";
  m.item.summary = "<p>s</p>";
  m.item.summary_text = "s";
  m.item.author = "A. Uthor";
  m.item.language = "nl-BE";
  m.language = "nl";
  m.language_confidence = 97;
  m.item.comments = "https://x.example/c";
  m.item.published = noon - hours{3};
  m.item.updated = noon - hours{2};
  m.item.categories = {{"t", "s", "l"}};
  m.item.enclosures = {{"https://x/e", "audio/mpeg", 12345678901ULL}};
  m.item.engagement = {{"likes", 17.5}};
  m.severity = Severity::critical;
  m.labels = {{"team", "pr"}, {"kind", "owned"}};
  m.matches = {{"brand", {{"acme", "title", {1, 2}}, {"bank", "content", {30, 40}}}}, {"empty", {}}};
  m.snippet = "… Acme …";
  m.snippet_hits = {{4, 8}};
  m.title_hits = {{0, 5}, {6, 7}};
  commit_one(*store, fetch_of("c", {candidate_of(m, "")}));
  const Mention k = **store->mention(m.id);
  EXPECT_EQ(k.site, m.site);
  EXPECT_EQ(k.canonical_url, m.canonical_url);
  EXPECT_EQ(k.item.url, m.item.url);
  EXPECT_EQ(k.item.summary, m.item.summary);
  EXPECT_EQ(k.item.summary_text, m.item.summary_text);
  EXPECT_EQ(k.item.content_text, m.item.content_text);
  EXPECT_EQ(k.item.author, m.item.author);
  EXPECT_EQ(k.item.language, m.item.language);
  EXPECT_EQ(k.language, m.language);
  EXPECT_EQ(k.language_confidence, m.language_confidence);
  EXPECT_EQ(k.item.comments, m.item.comments);
  EXPECT_EQ(k.item.published, m.item.published);
  EXPECT_EQ(k.item.updated, m.item.updated);
  ASSERT_THAT(k.item.categories, SizeIs(1));
  EXPECT_EQ(k.item.categories[0].label, "l");
  ASSERT_THAT(k.item.enclosures, SizeIs(1));
  EXPECT_EQ(k.item.enclosures[0].length, 12345678901ULL);
  ASSERT_THAT(k.item.engagement, SizeIs(1));
  EXPECT_EQ(k.item.engagement[0].value, 17.5);
  EXPECT_EQ(k.seen, m.seen);
  EXPECT_EQ(k.severity, Severity::critical);
  EXPECT_EQ(k.labels, m.labels);
  ASSERT_THAT(k.matches, SizeIs(2));
  ASSERT_THAT(k.matches[0].hits, SizeIs(2));
  EXPECT_EQ(k.matches[0].hits[1].term, "bank");
  EXPECT_EQ(k.matches[0].hits[1].field, "content");
  EXPECT_EQ(k.matches[0].hits[1].span.end, 40U);
  EXPECT_EQ(k.snippet, m.snippet);
  ASSERT_THAT(k.snippet_hits, SizeIs(1));
  EXPECT_EQ(k.snippet_hits[0].start, 4U);
  ASSERT_THAT(k.title_hits, SizeIs(2));
  EXPECT_EQ(k.title_hits[1].end, 7U);
}

using Sources = StoreTest;

TEST_F(Sources, AreKeptByNameAndListedByDueTime) {
  SourceState state;
  state.name = "b";
  state.next_due = noon;
  state.failures = 3;
  state.last_error = "timed out";
  state.first_poll = noon - days{3};
  state.last_new = noon - days{1};
  state.moved = {"https://old/", "https://new/", 2};
  state.health = std::string("\0health", 7);
  state.gone = true;
  state.title = "B";
  state.pace = std::string(1, '\0');
  for (int i = 0; i < 40; ++i) state.validators.push_back({"u" + std::to_string(i), "e", ""});
  ASSERT_OK(store->put_source(state));
  state = {};
  state.name = "a";
  state.next_due = from_ms(-5);
  ASSERT_OK(store->put_source(state));
  EXPECT_FALSE(store->put_source({}));
  reopen();
  std::vector<std::pair<std::string, Time>> all;
  ASSERT_OK(store->each_source([&all](std::string_view name, Time due) { all.emplace_back(name, due); }));
  using P = std::pair<std::string, Time>;
  EXPECT_THAT(all, ElementsAre(P{"a", from_ms(-5)}, P{"b", noon}));
  const auto b = store->source("b");
  ASSERT_OK(b);
  ASSERT_TRUE(*b);
  EXPECT_EQ((*b)->failures, 3U);
  EXPECT_EQ((*b)->last_error, "timed out");
  EXPECT_EQ((*b)->first_poll, noon - days{3});
  EXPECT_EQ((*b)->last_new, noon - days{1});
  EXPECT_FALSE((*b)->last_success);
  EXPECT_TRUE((*b)->gone);
  EXPECT_EQ((*b)->pace, std::string(1, '\0'));
  ASSERT_THAT((*b)->validators, SizeIs(max_validators));
  EXPECT_EQ((*b)->validators.back().url, "u39");
  ASSERT_OK(store->forget_source("b"));
  EXPECT_FALSE(*store->source("b"));
  EXPECT_FALSE(*store->source("nobody"));
}

}  // namespace
}  // namespace earshot::store
