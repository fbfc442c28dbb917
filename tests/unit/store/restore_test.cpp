#include "store/restore.h"

#include <gmock/gmock.h>

#include <fstream>

#include "store/inbox.h"
#include "support.h"

namespace earshot::store {
namespace {

using testing::HasSubstr;
namespace fs = std::filesystem;

class Restore : public StoreTest {
 protected:
  void SetUp() override {
    commit_one(*store, fetch_of("wire", {candidate_of(mention_of("wire", "1"))}));
    ASSERT_OK(store->backup(copy));
    commit_one(*store, fetch_of("wire", {candidate_of(mention_of("wire", "2"))}));
  }
  std::size_t mentions() const { return store->mentions({})->mentions.size(); }
  fs::path where = folder.path() / "store", copy = folder.path() / "copy";
};

TEST_F(Restore, PutsTheBackupInPlaceAndTheOldStoreAside) {
  store.reset();
  const auto aside = restore(copy, where, noon);
  ASSERT_OK(aside);
  store = open_or_die(where);
  EXPECT_EQ(mentions(), 1U);
  EXPECT_EQ(store->stats().owed, 1U);
  store = open_or_die(*aside);
  EXPECT_EQ(mentions(), 2U);
  store = open_or_die(copy, {.create = false, .read_only = true});
  EXPECT_EQ(mentions(), 1U) << "the backup itself stays as it was";
}

TEST_F(Restore, IntoNothingAlsoAfterAnInterruptedOne) {
  store.reset();
  fs::remove_all(where);
  fs::create_directory(where.string() + ".restoring");
  std::ofstream(where.string() + ".restoring/000001.sst") << "half of a file";
  const auto aside = restore(copy, where, noon);
  ASSERT_OK(aside);
  EXPECT_TRUE(aside->empty());
  EXPECT_FALSE(fs::exists(where.string() + ".restoring"));
  store = open_or_die(where);
  EXPECT_EQ(mentions(), 1U);
}

TEST_F(Restore, NotUnderARunningDaemon) {
  const auto refused = restore(copy, where, noon);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("already running"));
  EXPECT_EQ(mentions(), 2U);
}

TEST_F(Restore, NotOfWhatIsNoSoundBackup) {
  store.reset();
  EXPECT_FALSE(restore(folder.path() / "nothing", where, noon));
  for (const auto& file : fs::directory_iterator(copy))
    if (file.path().filename().string().starts_with("MANIFEST")) std::ofstream(file.path()) << "spoilt";
  const auto refused = restore(copy, where, noon);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("this backup cannot be used"));
  store = open_or_die(where);
  EXPECT_EQ(mentions(), 2U) << "what was there is untouched";
}

TEST_F(Restore, OverADamagedStore) {
  store.reset();
  for (const auto& file : fs::directory_iterator(where))
    if (file.path().filename().string().starts_with("MANIFEST")) std::ofstream(file.path()) << "spoilt";
  EXPECT_FALSE(Store::open(where));
  ASSERT_OK(restore(copy, where, noon));
  store = open_or_die(where);
  EXPECT_EQ(mentions(), 1U);
}

}  // namespace
}  // namespace earshot::store
