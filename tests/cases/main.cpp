// One test for every folder plugins/<sources|sinks>/<name>/testdata/<case>, run against the plugin as it is built.
//   cases [--update] PLUGINS_SOURCE_FOLDER PLUGINS_BUILD_FOLDER [GoogleTest's options]
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <vector>

#include "cases/case.h"

namespace {

namespace fs = std::filesystem;
using namespace earshot;

class CaseTest : public testing::Test {
 public:
  CaseTest(fs::path folder, fs::path plugin, cases::Mode mode)
      : folder_(std::move(folder)), plugin_(std::move(plugin)), mode_(mode) {}

  void TestBody() override {
    // Loaded once for all its cases, as in the daemon.
    static std::map<fs::path, Result<std::shared_ptr<const host::Plugin>>> loaded;
    auto found = loaded.find(plugin_);
    if (found == loaded.end()) found = loaded.emplace(plugin_, host::Plugin::load(plugin_)).first;
    ASSERT_TRUE(found->second) << found->second.error().message;
    const std::string wrong = cases::judge(folder_, *found->second, mode_);
    if (!wrong.empty())
      ADD_FAILURE() << folder_.string() << "\n" << wrong << "  if this is right now, run again with --update";
  }

 private:
  fs::path folder_, plugin_;
  cases::Mode mode_;
};

std::vector<fs::path> folders(const fs::path& parent) {
  std::vector<fs::path> out;
  if (!fs::is_directory(parent)) return out;
  for (const auto& entry : fs::directory_iterator(parent))
    if (entry.is_directory()) out.push_back(entry.path());
  std::ranges::sort(out);
  return out;
}

}  // namespace

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  std::vector<fs::path> roots;
  auto mode = cases::Mode::check;
  for (int i = 1; i < argc; ++i)
    if (std::string_view{argv[i]} == "--update")
      mode = cases::Mode::update;
    else
      roots.emplace_back(argv[i]);
  if (roots.size() != 2) {
    fmt::print(stderr, "usage: {} [--update] PLUGINS_SOURCE_FOLDER PLUGINS_BUILD_FOLDER\n", argv[0]);
    return 2;
  }
  for (const char* kind : {"sources", "sinks"})
    for (const fs::path& plugin : folders(roots[0] / kind))
      for (const fs::path& folder : folders(plugin / "testdata")) {
        const fs::path built = roots[1] / kind / (plugin.filename().string() + ".so");
        testing::RegisterTest(fmt::format("{}/{}", kind, plugin.filename().string()).c_str(), folder.filename().c_str(),
                              nullptr, nullptr, __FILE__, __LINE__,
                              [=]() -> testing::Test* { return new CaseTest(folder, built, mode); });
      }
  return RUN_ALL_TESTS();
}
