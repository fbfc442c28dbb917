// Every way an opening can fail has its sentence.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rocksdb/db.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <fstream>
#include <future>
#include <thread>

#include "store/keys.h"
#include "support.h"

namespace earshot::store {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class Open : public ::testing::Test {
 protected:
  std::string refusal(const Options& options = {}) const {
    auto store = Store::open(path, options);
    return store ? "opened" : store.error().message;
  }
  TempFolder folder;
  std::filesystem::path path = folder.path() / "deep" / "store";
};

TEST_F(Open, MakesTheFolderForItsOwnerOnly) {
  open_or_die(path);
  const auto mode = std::filesystem::status(path).permissions();
  EXPECT_EQ(mode & (std::filesystem::perms::group_all | std::filesystem::perms::others_all),
            std::filesystem::perms::none);
}

TEST_F(Open, WithoutLeaveToCreateThereMustBeOne) {
  EXPECT_THAT(refusal({.create = false}), HasSubstr("there is no store in"));
  EXPECT_THAT(refusal({.read_only = true}), HasSubstr("there is no store in"));
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST_F(Open, ASecondProcessIsToldWhoRuns) {
  const auto store = open_or_die(path);
  const std::string pid = std::to_string(::getpid());
  EXPECT_THAT(refusal(), HasSubstr("already running (pid " + pid + ")"));
  // Another process sees the same.
  std::array<int, 2> pipe{};
  ASSERT_EQ(::pipe(pipe.data()), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const std::string said = refusal();
    const ssize_t written = ::write(pipe[1], said.data(), said.size());
    ::_exit(written > 0 ? 0 : 1);
  }
  ::close(pipe[1]);
  std::array<char, 512> text{};
  const ssize_t size = ::read(pipe[0], text.data(), text.size());
  ::close(pipe[0]);
  ::waitpid(child, nullptr, 0);
  ASSERT_GT(size, 0);
  EXPECT_THAT(std::string(text.data(), static_cast<std::size_t>(size)), HasSubstr("already running (pid " + pid + ")"));
}

TEST_F(Open, WithPatienceItWaitsForTheOtherToBeDone) {
  auto store = open_or_die(path);
  std::promise<void> begins;
  auto second = std::async(std::launch::async, [&] {
    begins.set_value();
    return refusal({.patience = std::chrono::minutes(1)});
  });
  begins.get_future().wait();
  store.reset();
  EXPECT_EQ(second.get(), "opened");
}

TEST_F(Open, TheLockGoesWithItsHolder) {
  open_or_die(path);
  open_or_die(path);
}

TEST_F(Open, AFileInTheWayAndAFolderOfOthers) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path) << "in the way";
  EXPECT_THAT(refusal(), HasSubstr(path.string()));
  if (::geteuid() == 0) GTEST_SKIP() << "root may write everywhere: permissions cannot be tested";
  std::filesystem::permissions(path.parent_path(), std::filesystem::perms::owner_read);
  EXPECT_THAT(refusal(), AllOf(HasSubstr("Permission denied"), HasSubstr("needs to own that folder")));
}

// Opens the database underneath, as another program would.
void underneath(const std::filesystem::path& path, const std::function<void(rocksdb::DB&)>& change) {
  std::vector<std::string> names;
  ASSERT_TRUE(rocksdb::DB::ListColumnFamilies({}, path.string(), &names).ok());
  std::vector<rocksdb::ColumnFamilyDescriptor> columns;
  for (const std::string& name : names) columns.emplace_back(name, rocksdb::ColumnFamilyOptions{});
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* raw = nullptr;
  ASSERT_TRUE(rocksdb::DB::Open({}, path.string(), columns, &handles, &raw).ok());
  const std::unique_ptr<rocksdb::DB> db(raw);
  change(*db);
  for (rocksdb::ColumnFamilyHandle* handle : handles) db->DestroyColumnFamilyHandle(handle);
}

TEST_F(Open, RefusesWhatANewerEarshotWrote) {
  open_or_die(path);
  underneath(path, [](rocksdb::DB& db) {
    std::string version;
    keys::put(version, keys::schema + 1);
    db.Put({}, std::string(keys::schema_key), version);
  });
  EXPECT_THAT(refusal(),
              AllOf(HasSubstr("newer Earshot (schema 2, this one knows 1)"), HasSubstr("Install that version")));
  EXPECT_THAT(refusal({.read_only = true}), HasSubstr("newer Earshot"));
}

TEST_F(Open, RefusesColumnsItDoesNotKnow) {
  open_or_die(path);
  underneath(path, [](rocksdb::DB& db) {
    rocksdb::ColumnFamilyHandle* handle = nullptr;
    ASSERT_TRUE(db.CreateColumnFamily({}, "stories2", &handle).ok());
    db.DestroyColumnFamilyHandle(handle);
  });
  EXPECT_THAT(refusal(), AllOf(HasSubstr("newer Earshot"), HasSubstr("'stories2'")));
}

TEST_F(Open, ReadsBesideAWorkingDaemon) {
  const auto writer = open_or_die(path);
  std::atomic<int> stored{0};
  std::atomic<bool> stop{false};
  std::thread daemon([&] {
    for (int i = 0; !stop; ++i) {
      Mention mention = mention_of("blog", std::to_string(i), {}, {"brand"}, noon + Duration{i});
      mention.item.content = std::string(20'000, static_cast<char>('a' + i % 26));  // files must come and go meanwhile
      if (commit_one(*writer, fetch_of("blog", {candidate_of(mention)})).empty()) return;
      stored = i + 1;
    }
  });
  while (stored == 0) std::this_thread::yield();
  int last = 0;
  for (int round = 0; round < 15; ++round) {
    const int before = stored;
    const auto reader = Store::open(path, {.read_only = true});
    ASSERT_OK(reader);
    const auto page = (*reader)->mentions({});
    ASSERT_OK(page);
    ASSERT_FALSE(page->mentions.empty());
    // All that was acknowledged before the opening is there, and it is a moment of the writer's life, without gaps.
    const int newest = std::stoi(page->mentions.front().item.id);
    EXPECT_GE(newest, before - 1);
    for (std::size_t i = 0; i < page->mentions.size(); ++i)
      EXPECT_EQ(std::stoi(page->mentions[i].item.id), newest - static_cast<int>(i));
    EXPECT_EQ((*reader)->pending()->at(0).count, static_cast<std::uint64_t>(newest + 1));
    EXPECT_FALSE((*reader)->commit({}));
    EXPECT_FALSE((*reader)->settle({}));
    EXPECT_FALSE((*reader)->sweep({}, noon));
    last = newest;
  }
  stop = true;
  daemon.join();
  EXPECT_GT(last, 0);
}

TEST_F(Open, ABackupMadeWhileWorkingOpensAsAStore) {
  const auto store = open_or_die(path);
  commit_one(*store, fetch_of("blog", {candidate_of(mention_of("blog", "1"))}));
  const auto copy = folder.path() / "copy";
  ASSERT_OK(store->backup(copy));
  EXPECT_FALSE(store->backup(copy)) << "it exists";
  commit_one(*store, fetch_of("blog", {candidate_of(mention_of("blog", "2"))}));
  const auto restored = open_or_die(copy);
  EXPECT_TRUE(*restored->mention("blog-1"));
  EXPECT_FALSE(*restored->mention("blog-2"));
  EXPECT_THAT(*restored->peek("pr", 10), SizeIs(1));
}

}  // namespace
}  // namespace earshot::store
