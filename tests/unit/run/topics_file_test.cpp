#include "run/topics_file.h"

#include <gtest/gtest.h>

#include <fstream>

#include "run/rules.h"

namespace earshot::run {
namespace {

namespace fs = std::filesystem;

class TopicsFile : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(testing::TempDir()) / testing::UnitTest::GetInstance()->current_test_info()->name();
    fs::remove_all(folder_);
    fs::create_directories(folder_);
    file_ = folder_ / "topics.compiled";
    add("brand", "acme*");
    add("city", "北京");
  }
  void TearDown() override { fs::remove_all(folder_); }

  void add(const std::string& name, const std::string& query) {
    config::Topic topic;
    topic.name = name;
    topic.query = query;
    config_.topics.push_back(topic);
  }
  // Whether the rules, made with the file as it is, were taken from it; they must do their work either way.
  bool from_file() {
    const auto rules = make_rules(config_, file_);
    EXPECT_TRUE(rules);
    query::Document document;
    document.content = "Acmebank: outage in 北京大学";
    query::Scratch scratch;
    EXPECT_EQ((*rules)->set.match(document, scratch).size(), 2u);
    return (*rules)->set.stats().from_cache;
  }

  config::Config config_;
  fs::path folder_, file_;
};

TEST_F(TopicsFile, SavesTheNextStartTheCompiling) {
  EXPECT_FALSE(from_file());
  ASSERT_TRUE(fs::exists(file_));
  EXPECT_TRUE(from_file());
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()), 1);
}

TEST_F(TopicsFile, IsWrittenAnewWhereTopicsChanged) {
  from_file();
  config_.topics[0].query = "acmeb*";
  EXPECT_FALSE(from_file());
  EXPECT_TRUE(from_file());
}

TEST_F(TopicsFile, IgnoresAndMendsADamagedFile) {
  from_file();
  fs::resize_file(file_, fs::file_size(file_) / 2);
  EXPECT_FALSE(from_file());
  EXPECT_TRUE(from_file());
  std::ofstream(file_, std::ios::trunc) << "not ours";
  EXPECT_FALSE(from_file());
  EXPECT_TRUE(from_file());
}

TEST_F(TopicsFile, GoesOnWithoutAPlaceToWrite) {
  file_ = folder_ / "missing" / "topics.compiled";
  EXPECT_FALSE(from_file());
  EXPECT_FALSE(from_file());
}

}  // namespace
}  // namespace earshot::run
