// The golden runner must fail where it should: a test that cannot fail tests nothing.
#include <gtest/gtest.h>
#include <stdlib.h>

#include <earshot/plugin.hpp>
#include <filesystem>
#include <fstream>

#include "cases/case.h"

namespace earshot::cases {
namespace {

namespace fs = std::filesystem;
namespace face = earshot::plugin;

int calls = 0;  // what a plugin must not have

// Gives the document as one item's title; fails on "bad"; counts on "counting".
struct Echo final : face::Source {
  static std::unique_ptr<face::Source> create(const face::Config&, face::Failure&) { return std::make_unique<Echo>(); }
  void begin(const face::Call&, face::SourceOut&, face::Failure&) override {}
  void response(const face::Call& call, const face::Response& r, face::SourceOut& out, face::Failure& f) override {
    if (r.body == "bad") return f("no such document");
    const std::string counted = std::string{r.body} + std::to_string(++calls);
    auto item = face::sized<earshot_item>();
    item.id = face::str("1");
    item.title = face::str(r.body == "counting" ? std::string_view{counted} : r.body);
    item.url = face::str(r.url);
    item.author = face::str(r.header("content-type").value_or(""));
    item.published = call.now;
    out.item(item);
  }
};

constexpr face::Info kInfo{"echo", "1", "", R"({"type":"object"})", "", 0};
constexpr earshot_plugin kEcho = face::source_table<&Echo::create>(kInfo);

class JudgeTest : public testing::Test {
 protected:
  JudgeTest() {
    std::string name = (fs::temp_directory_path() / "earshot-cases-XXXXXX").string();
    dir_ = ::mkdtemp(name.data());
  }
  ~JudgeTest() override { fs::remove_all(dir_); }
  void write(const char* name, const std::string& text) const { std::ofstream(dir_ / name) << text; }
  std::string verdict(Mode mode = Mode::check) const { return judge(dir_, *host::Plugin::from_table(kEcho), mode); }
  std::string read(const char* name) const { return *read_file(dir_ / name); }

  fs::path dir_;
};

TEST_F(JudgeTest, WithoutExpectationItFailsAndUpdateWritesIt) {
  write("input.txt", "hello");
  write("args", "--url https://example.com/a --content-type \"text/xml; charset=x\"\n");
  EXPECT_EQ(verdict(), "expected.json:\n  is not there\n");
  EXPECT_EQ(verdict(Mode::update), "");
  EXPECT_EQ(verdict(), "");
  const std::string written = read("expected.json");
  for (const char* part : {"\"title\": \"hello\"", "\"url\": \"https://example.com/a\"",
                           "\"author\": \"text/xml; charset=x\"", "\"published\": \"2026-11-23T21:10:00Z\""})
    EXPECT_NE(written.find(part), std::string::npos) << part;
  write("input.txt", "changed");
  EXPECT_NE(verdict().find("items[0].title:\n    expected \"hello\"\n    got      \"changed\""), std::string::npos);
}

TEST_F(JudgeTest, AnExpectedErrorMustHappen) {
  write("input.txt", "bad");
  EXPECT_EQ(verdict(), "it fails: case: no such document\n");
  write("expected_error", "no such document\n");
  EXPECT_EQ(verdict(), "");
  write("expected_error", "another\n");
  EXPECT_NE(verdict().find("expected an error with: another"), std::string::npos);
  write("expected_error", "\n");
  EXPECT_EQ(verdict(), "expected_error is empty: it must hold a part of the error\n");
  write("input.txt", "fine");
  EXPECT_EQ(verdict(), "it succeeds, and expected_error says that it must fail\n");
}

TEST_F(JudgeTest, AnUpdateNeverMakesAnErrorOfWhatWorked) {
  write("input.txt", "fine");
  EXPECT_EQ(verdict(Mode::update), "");
  write("input.txt", "bad");
  EXPECT_EQ(verdict(Mode::update), "it fails: case: no such document\n");
  EXPECT_FALSE(fs::exists(dir_ / "expected_error"));
}

TEST_F(JudgeTest, APluginThatRemembersIsFoundOut) {
  write("input.txt", "counting");
  EXPECT_EQ(verdict(Mode::update),
            "two runs with the same input differ: the plugin keeps something between instances\n");
}

TEST_F(JudgeTest, WhatIsWrittenWrongIsAnError) {
  write("input.txt", "hello");
  write("case.json", R"({"nwo":"2026-11-23T21:10:00Z"})");
  EXPECT_NE(verdict().find("unknown member \"nwo\""), std::string::npos);
  write("case.json", R"({"now":"yesterday"})");
  EXPECT_NE(verdict().find("\"now\" must be an RFC 3339 date"), std::string::npos);
  write("case.json", R"({"now":5})");
  EXPECT_NE(verdict().find("case.json: "), std::string::npos);
  write("case.json", "{}");
  write("args", "--url");
  EXPECT_NE(verdict().find("--url has no value"), std::string::npos);
  write("args", "");
  write("input.xml", "second");
  EXPECT_NE(verdict().find("more than one input"), std::string::npos);
}

}  // namespace
}  // namespace earshot::cases
