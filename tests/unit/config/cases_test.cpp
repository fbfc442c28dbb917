// Golden cases: cases/<name>/*.yaml in, expected.txt out. To add a test, add a folder; EARSHOT_UPDATE=1 writes its
// expected.txt, to be read before it is committed.
#include <gtest/gtest.h>

#include <cstdlib>

#include "unit/config/support.h"

namespace earshot::config {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> cases() {
  std::vector<std::string> out;
  for (const auto& entry : fs::directory_iterator(fs::path(CONFIG_TESTS) / "cases"))
    out.push_back(entry.path().filename());
  std::ranges::sort(out);
  return out;
}

class Cases : public testing::TestWithParam<std::string> {};

TEST_P(Cases, SaysWhatIsExpected) {
  const fs::path folder = fs::path(CONFIG_TESTS) / "cases" / GetParam();
  std::vector<File> files{{"earshot.yaml", read_file(folder / "earshot.yaml")}};
  if (fs::exists(folder / "sources.d")) {
    for (const auto& entry : fs::directory_iterator(folder / "sources.d"))
      files.push_back({"sources.d/" + entry.path().filename().string(), read_file(entry.path())});
    std::ranges::sort(files.begin() + 1, files.end(), {}, &File::name);
  }
  const Loaded loaded = load(files, plugins(), secret);
  const std::string got = printed(loaded.problems);
  if (std::getenv("EARSHOT_UPDATE")) std::ofstream(folder / "expected.txt") << got;
  EXPECT_EQ(got, read_file(folder / "expected.txt"));
  for (const auto& [name, value] : secrets())  // a port of four digits may well stand elsewhere
    EXPECT_TRUE(value.size() <= 4 || got.find(value) == std::string::npos) << "the value of " << name << " is shown";
}

INSTANTIATE_TEST_SUITE_P(All, Cases, testing::ValuesIn(cases()), [](const auto& param) {
  std::string name = param.param;
  std::ranges::replace_if(
      name, [](unsigned char c) { return !std::isalnum(c); }, '_');
  return name;
});

}  // namespace
}  // namespace earshot::config
