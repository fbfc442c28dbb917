#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rocksdb/db.h>

#include "store/keys.h"
#include "store/tuning.h"
#include "support.h"

namespace earshot::store {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class Sweep : public StoreTest {
 protected:
  void keep(std::string_view item, const std::vector<std::string>& topics, Time seen) {
    commit_one(*store, fetch_of("blog", {candidate_of(mention_of("blog", item, {}, topics, seen))}, seen));
  }
  Swept sweep(Time now, std::size_t budget = 1000) {
    const auto swept = store->sweep(retention, now, budget);
    EXPECT_TRUE(swept) << swept.error().message;
    return swept ? *swept : Swept{};
  }
  // Rows of a column, counted underneath.
  std::size_t rows(const std::string& column) {
    store.reset();
    const std::string path = (folder.path() / "store").string();
    const Tuning tuning({.read_only = true});
    std::vector<rocksdb::ColumnFamilyDescriptor> columns;
    for (std::size_t i = 0; i < keys::columns; ++i) {
      const auto at = static_cast<keys::Column>(i);
      columns.emplace_back(keys::name(at), tuning.column(at, std::make_shared<ExpiryDays>()));
    }
    std::vector<rocksdb::ColumnFamilyHandle*> handles;
    rocksdb::DB* raw = nullptr;
    EXPECT_TRUE(rocksdb::DB::OpenForReadOnly(tuning.db, path, columns, &handles, &raw).ok());
    const std::unique_ptr<rocksdb::DB> db(raw);
    std::size_t count = 0;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (columns[i].name != column) continue;
      const std::unique_ptr<rocksdb::Iterator> all(db->NewIterator({}, handles[i]));
      for (all->SeekToFirst(); all->Valid(); all->Next()) ++count;
    }
    for (rocksdb::ColumnFamilyHandle* handle : handles) db->DestroyColumnFamilyHandle(handle);
    reopen();
    return count;
  }
  Retention retention;
};

TEST_F(Sweep, DropsByAgeAndClassTogetherWithEveryRow) {
  keep("old", {"brand", "complaints"}, noon - days{401});
  keep("kept", {"brand"}, noon - days{399});
  keep("dull", {}, noon - days{31});
  keep("dull2", {}, noon - days{29});
  commit_one(*store, fetch_of("planet", {candidate_of(mention_of("planet", "1"))}, noon));
  const Swept swept = sweep(noon);
  EXPECT_EQ(swept.mentions, 2U);
  EXPECT_FALSE(swept.more);
  EXPECT_FALSE(*store->mention("blog-old"));
  EXPECT_TRUE(*store->mention("blog-kept"));
  EXPECT_FALSE(*store->mention("blog-dull"));
  EXPECT_TRUE(*store->mention("blog-dull2"));
  EXPECT_THAT(*store->ids("blog-", 10), ElementsAre("blog-dull2", "blog-kept"));
  MentionQuery query;
  query.topic = "complaints";
  EXPECT_THAT(store->mentions(query)->mentions, IsEmpty());
  EXPECT_EQ(rows("mentions"), 3U);
  EXPECT_EQ(rows("trail"), 3U);
  EXPECT_EQ(rows("index"), 5U);  // blog-kept and planet-1: source and topic; blog-dull2: source
  // What was swept is still known, and its alert still owed.
  EXPECT_EQ(commit_one(*store, fetch_of("blog", {candidate_of(mention_of("blog", "old"))})).at(0).outcome,
            Outcome::known);
  EXPECT_EQ(store->pending()->at(0).count, 5U);
}

TEST_F(Sweep, IsBoundedAndGoesOnWhereItStopped) {
  for (int i = 0; i < 25; ++i) keep(std::to_string(i), {}, noon - days{40} + minutes{i});
  int calls = 0;
  std::size_t gone = 0;
  for (bool more = true; more && calls < 100; ++calls) {
    const Swept swept = sweep(noon, 10);
    EXPECT_LE(swept.mentions, 10U);
    gone += swept.mentions;
    more = swept.more;
    if (calls == 1) reopen();
  }
  EXPECT_EQ(gone, 25U);
  EXPECT_LE(calls, 4);
  EXPECT_EQ(rows("mentions"), 0U);
  EXPECT_EQ(rows("trail"), 0U);
}

TEST_F(Sweep, SightingsAndDeliveriesGoWithTheirMention) {
  commit_one(*store, fetch_of("a", {candidate_of(mention_of("a", "1", "https://x/1", {"brand"}, noon))}));
  commit_one(*store, fetch_of("b", {candidate_of(mention_of("b", "1", "https://x/1"))}));
  const Settlement settlement{"pr", 1, noon, Delivered{}};
  ASSERT_OK(store->settle({&settlement, 1}));
  EXPECT_EQ(rows("trail"), 3U);
  EXPECT_EQ(sweep(noon + days{91}).deliveries, 1U);
  EXPECT_THAT((*store->trail("a-1"))->deliveries, IsEmpty());
  EXPECT_EQ(sweep(noon + days{401}).mentions, 1U);
  EXPECT_EQ(rows("trail"), 0U);
  // A later sighting of what has gone leaves nothing behind.
  const auto fates = commit_one(*store, fetch_of("c", {candidate_of(mention_of("c", "1", "https://x/1"))}));
  EXPECT_EQ(fates.at(0).outcome, Outcome::merged);
  EXPECT_EQ(rows("trail"), 0U);
}

TEST_F(Sweep, DeadLettersAndCountersAge) {
  keep("1", {}, noon);
  keep("2", {}, noon + days{50});
  const std::vector<Settlement> settlements{{"pr", 1, noon, Undeliverable{"no"}},
                                            {"pr", 2, noon + days{50}, Undeliverable{"no"}}};
  ASSERT_OK(store->settle(settlements));
  EXPECT_EQ(sweep(noon + days{91}).dead_letters, 1U);
  EXPECT_THAT(*store->dead_letters("", 10), SizeIs(1));
  EXPECT_EQ(store->stats().dead, 1U);
  sweep(noon + days{1110});
  const Day day = std::chrono::floor<days>(noon);
  EXPECT_THAT(*store->counters(day, day), IsEmpty());
  EXPECT_THAT(*store->counters(day + days{50}, day + days{50}), Not(IsEmpty()));
}

TEST_F(Sweep, FingerprintsGoOnlyWhenTheirSourceNoLongerListsThem) {
  commit_one(*store, fetch_of("a", {candidate_of(mention_of("a", "gone", "https://x/gone")),
                                    candidate_of(mention_of("a", "listed", "https://x/listed"))}));
  Fetch fetch = fetch_of("a", {}, noon + days{300});
  fetch.still_listed = {{"listed", "https://x/listed", 0}};
  commit_one(*store, fetch);
  sweep(noon + days{407});
  ASSERT_OK(store->compact());
  EXPECT_EQ(rows("seen"), 2U);
  sweep(noon + days{410});
  ASSERT_OK(store->compact());
  EXPECT_EQ(rows("seen"), 1U);
  EXPECT_EQ(rows("links"), 1U);
  const std::vector<ItemRef> items{{"gone", 0}, {"listed", 0}};
  const auto known = store->look("a", items, noon + days{410});
  EXPECT_FALSE((*known)[0].known);
  EXPECT_TRUE((*known)[1].known);
}

}  // namespace
}  // namespace earshot::store
