// A disk that fills up, and bytes that rot: real ones.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mount.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <functional>
#include <vector>

#include "support.h"

namespace earshot::store {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::SizeIs;

class SmallDisk : public ::testing::Test {
 protected:
  void SetUp() override {
    if (::mount("tmpfs", folder.path().c_str(), "tmpfs", 0, "size=24m") != 0)
      GTEST_SKIP() << "no small disk to fill: mounting a tmpfs is not permitted here (" << std::strerror(errno) << ")";
    mounted = true;
  }
  void TearDown() override {
    if (mounted) {
      EXPECT_EQ(::umount2(folder.path().c_str(), MNT_DETACH), 0);
    }
  }
  TempFolder folder;
  bool mounted = false;
};

// Texts that do not compress.
std::string noise(std::size_t size, std::uint32_t seed) {
  std::string text(size, '\0');
  for (char& c : text) {
    seed = seed * 1664525 + 1013904223;
    c = static_cast<char>(seed >> 24);
  }
  return text;
}

TEST_F(SmallDisk, AFullDiskStopsWritingLosesNothingAndGoesOnWhenThereIsRoom) {
  const auto path = folder.path() / "store";
  auto store = open_or_die(path);
  std::ofstream(folder.path() / "ballast") << noise(14 << 20, 1);
  std::vector<std::string> acknowledged;
  std::string refused;
  for (std::uint32_t i = 0; i < 3000 && refused.empty(); ++i) {
    Mention mention = mention_of("blog", std::to_string(i), {}, {"brand"}, noon + Duration{i});
    mention.item.content = noise(20'000, i);
    const Fetch fetch = fetch_of("blog", {candidate_of(mention)});
    const auto committed = store->commit({&fetch, 1});
    if (committed) {
      acknowledged.push_back(mention.id);
      EXPECT_FALSE(store->trouble());
    } else {
      refused = committed.error().message;
    }
  }
  EXPECT_THAT(refused, HasSubstr("is full"));
  EXPECT_THAT(refused, HasSubstr("Make room"));
  ASSERT_FALSE(acknowledged.empty());
  ASSERT_TRUE(store->trouble());
  EXPECT_EQ(store->trouble()->message, refused);
  // Reading goes on, and what failed left nothing behind.
  for (const std::string& id : acknowledged) EXPECT_TRUE(*store->mention(id)) << id;
  EXPECT_EQ(store->pending()->at(0).count, acknowledged.size());
  EXPECT_THAT(*store->peek("pr", 10'000), SizeIs(acknowledged.size()));
  const Fetch later = fetch_of("later", {candidate_of(mention_of("later", "1"))});
  EXPECT_FALSE(store->commit({&later, 1}));

  std::filesystem::remove(folder.path() / "ballast");
  ASSERT_OK(store->resume());
  EXPECT_FALSE(store->trouble());
  ASSERT_OK(store->commit({&later, 1}));
  for (int round = 0; round < 2; ++round) {
    for (const std::string& id : acknowledged) EXPECT_TRUE(*store->mention(id)) << id;
    EXPECT_TRUE(*store->mention("later-1"));
    EXPECT_EQ(store->pending()->at(0).count, acknowledged.size() + 1);
    store.reset();
    store = open_or_die(path);
  }
}

TEST_F(SmallDisk, AFullDiskAtOpeningSaysSo) {
  std::ofstream(folder.path() / "ballast") << noise(24 << 20, 1);
  const auto store = Store::open(folder.path() / "store");
  ASSERT_FALSE(store);
  EXPECT_THAT(store.error().message, AnyOf(HasSubstr("is full"), HasSubstr("Make room")));
}

TEST_F(SmallDisk, AReadOnlyDiskSaysSo) {
  const auto path = folder.path() / "store";
  {
    const auto store = open_or_die(path);
    commit_one(*store, fetch_of("blog", {candidate_of(mention_of("blog", "1"))}));
  }
  ASSERT_EQ(::mount(nullptr, folder.path().c_str(), nullptr, MS_REMOUNT | MS_RDONLY, nullptr), 0)
      << std::strerror(errno);
  const auto refused = Store::open(path);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("read-only"));
  // Looking is possible.
  const auto reader = Store::open(path, {.read_only = true});
  ASSERT_OK(reader);
  EXPECT_TRUE(*(*reader)->mention("blog-1"));
}

class Rot : public StoreTest {
 protected:
  void fill(int from, int to) {
    for (int i = from; i < to; ++i) {
      Mention mention = mention_of("blog", std::to_string(i), {}, {"brand"}, noon + Duration{i});
      mention.item.content = noise(2000, static_cast<std::uint32_t>(i));
      commit_one(*store, fetch_of("blog", {candidate_of(mention)}));
    }
  }
  std::filesystem::path largest(std::string_view what) const {
    std::filesystem::path found;
    std::uintmax_t size = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder.path() / "store"))
      if (entry.path().filename().string().find(what) != std::string::npos && entry.file_size() >= size) {
        found = entry.path();
        size = entry.file_size();
      }
    return found;
  }
  static void flip(const std::filesystem::path& file, double where) {
    std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
    const auto at = static_cast<std::streamoff>(static_cast<double>(std::filesystem::file_size(file)) * where);
    stream.seekg(at);
    const int byte = stream.get();
    stream.seekp(at);
    stream.put(static_cast<char>(byte ^ 0x40));
    ASSERT_TRUE(stream.good());
  }
};

TEST_F(Rot, ADamagedLogStopsTheOpeningAndSalvageGivesUpTheRest) {
  fill(0, 50);
  store.reset();
  flip(largest(".log"), 0.5);
  const auto refused = Store::open(folder.path() / "store");
  ASSERT_FALSE(refused) << "it opened as if nothing was lost";
  EXPECT_THAT(refused.error().message, HasSubstr("damaged"));
  EXPECT_THAT(refused.error().message, HasSubstr("copy"));
  EXPECT_THAT(refused.error().message, HasSubstr("salvage"));
  store = open_or_die(folder.path() / "store", {.salvage = true});
  const std::size_t kept = store->mentions({.limit = 100})->mentions.size();
  EXPECT_GT(kept, 10U);
  EXPECT_LT(kept, 45U);
  // What is left is whole: each mention with its alert.
  EXPECT_THAT(*store->peek("pr", 100), SizeIs(kept));
  fill(50, 60);
  reopen();
  EXPECT_EQ(store->mentions({.limit = 100})->mentions.size(), kept + 10);
}

TEST_F(Rot, AHalfWrittenEndOfTheLogIsWhatACrashLeavesAndOpens) {
  fill(0, 20);
  store.reset();
  const auto log = largest(".log");
  std::filesystem::resize_file(log, std::filesystem::file_size(log) - 7);
  store = open_or_die(folder.path() / "store");
  EXPECT_EQ(store->mentions({.limit = 100})->mentions.size(), 19U);
}

TEST_F(Rot, ADamagedManifestStopsTheOpening) {
  fill(0, 5);
  ASSERT_OK(store->compact());
  store.reset();
  flip(largest("MANIFEST"), 0.6);
  const auto refused = Store::open(folder.path() / "store");
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("damaged"));
  EXPECT_THAT(refused.error().message, HasSubstr("backup"));
}

TEST_F(Rot, ALostFileStopsTheOpening) {
  fill(0, 50);
  ASSERT_OK(store->compact());
  store.reset();
  std::filesystem::remove(largest(".sst"));
  const auto refused = Store::open(folder.path() / "store");
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("damaged"));
}

TEST_F(Rot, ADamagedTableIsNeverReadAsIfItWereWhole) {
  fill(0, 200);
  ASSERT_OK(store->compact());
  store.reset();
  flip(largest(".sst"), 0.4);
  auto opened = Store::open(folder.path() / "store");
  if (!opened) {
    EXPECT_THAT(opened.error().message, HasSubstr("damaged"));
    return;
  }
  const auto page = (*opened)->mentions({.limit = 1000});
  ASSERT_FALSE(page);
  EXPECT_THAT(page.error().message, HasSubstr("damaged"));
  EXPECT_THAT(page.error().message, HasSubstr("backup"));
}

}  // namespace
}  // namespace earshot::store
