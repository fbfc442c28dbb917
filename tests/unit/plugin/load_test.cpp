// Shared objects: which are loaded, from where, and what the refusal of the others says.
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "plugin/catalogue.h"
#include "plugin/trust.h"
#include "script.h"

namespace earshot::host::test {
namespace {

namespace fs = std::filesystem;

const fs::path kFixtures = FIXTURES;

class LoadTest : public testing::Test {
 protected:
  LoadTest() {
    std::string name = (fs::temp_directory_path() / "earshot-plugins-XXXXXX").string();
    dir_ = ::mkdtemp(name.data());
    dir_ = fs::canonical(dir_);
  }
  ~LoadTest() override { fs::remove_all(dir_); }

  fs::path put(const std::string& fixture, const fs::path& as) const {
    fs::create_directories((dir_ / as).parent_path());
    fs::copy_file(kFixtures / fixture, dir_ / as);
    ::chmod((dir_ / as).c_str(), 0644);
    return dir_ / as;
  }
  // The error without the path it begins with.
  static std::string error(const fs::path& path) {
    const auto plugin = Plugin::load(path);
    if (plugin) return "loaded";
    const std::string prefix = path.string() + ": ";
    return plugin.error().message.starts_with(prefix) ? plugin.error().message.substr(prefix.size())
                                                      : plugin.error().message;
  }

  fs::path dir_;
};

TEST_F(LoadTest, AGoodOneIsLoadedAndCalled) {
  const auto plugin = Plugin::load(put("good.so", "good.so"));
  ASSERT_TRUE(plugin) << plugin.error().message;
  EXPECT_EQ((*plugin)->name(), "good");
  EXPECT_EQ((*plugin)->kind(), Kind::sink);
  EXPECT_EQ((*plugin)->path(), dir_ / "good.so");
  const auto sink = SinkInstance::create(*plugin, "pr", "{}");
  ASSERT_TRUE(sink);
  EXPECT_EQ((*sink)->request({}, {}, 1, {})->url, "https://hook.example/");
}

TEST_F(LoadTest, AnInstanceOutlivesTheCatalogueItCameFrom) {
  put("good.so", "good.so");
  std::unique_ptr<SinkInstance> sink;
  {
    const std::vector<fs::path> dirs{dir_};
    sink = *SinkInstance::create(*Catalogue::scan(dirs).find(Kind::sink, "good"), "pr", "{}");
  }
  EXPECT_TRUE(sink->request({}, {}, 1, {}));
}

TEST_F(LoadTest, WhatIsNoPluginIsRefusedWithItsReason) {
  std::ofstream(dir_ / "text.so") << "not a shared object\n";
  EXPECT_EQ(error(dir_ / "text.so"), "cannot be loaded: file too short");
  std::ofstream(dir_ / "text.so") << std::string(5000, 'x');
  EXPECT_EQ(error(dir_ / "text.so"), "cannot be loaded: invalid ELF header");
  EXPECT_EQ(error(put("no_symbol.so", "a.so")), "is no Earshot plugin: it does not export earshot_plugin_v1");
  EXPECT_EQ(error(put("missing_symbol.so", "b.so")), "cannot be loaded: undefined symbol: earshot_nobody_has_this");
  EXPECT_EQ(error(put("function_not_table.so", "c.so")), "earshot_plugin_v1 is no table but something else");
  EXPECT_EQ(error(put("lying_size.so", "d.so")), "its table says size 4096 and has 16 bytes");
  EXPECT_NE(error(put("borrowed_table.so", "e.so")).find("which it depends on"), std::string::npos);
  EXPECT_EQ(error(dir_ / "none.so"), "No such file or directory");
  EXPECT_EQ(error(dir_), "is no file");
}

TEST_F(LoadTest, AFileThatOthersCanWriteIsRefused) {
  const fs::path file = put("good.so", "good.so");
  ::chmod(file.c_str(), 0666);
  EXPECT_EQ(error(file), "not loaded, because others than the owner can write to " + file.string() +
                             "; mend it with: chmod go-w " + file.string());
  ::chmod(file.c_str(), 0664);
  EXPECT_NE(error(file), "loaded");
  ::chmod(file.c_str(), 0755);
  EXPECT_EQ(error(file), "loaded");
}

TEST_F(LoadTest, ADirectoryThatOthersCanWriteIsRefusedAnywhereAbove) {
  const fs::path file = put("good.so", "a/b/good.so");
  for (const char* folder : {"a", "a/b"}) {
    ::chmod((dir_ / folder).c_str(), 0777);
    EXPECT_NE(error(file).find("can write to " + (dir_ / folder).string() + ";"), std::string::npos);
    ::chmod((dir_ / folder).c_str(), 01777);  // sticky, as /tmp: others cannot replace what is ours
    EXPECT_EQ(error(file), "loaded");
    ::chmod((dir_ / folder).c_str(), 0755);
  }
}

TEST_F(LoadTest, ALinkIsJudgedByWhereItLeads) {
  const fs::path file = put("good.so", "open/good.so");
  ::chmod((dir_ / "open").c_str(), 0777);
  fs::create_directory(dir_ / "closed");
  fs::create_symlink(file, dir_ / "closed" / "link.so");
  EXPECT_NE(error(dir_ / "closed" / "link.so").find("can write to " + (dir_ / "open").string()), std::string::npos);
}

TEST_F(LoadTest, AFileOfSomebodyElseIsRefused) {
  const fs::path file = put("good.so", "good.so");
  if (::chown(file.c_str(), 65534, 65534) != 0) GTEST_SKIP() << "only root can give files away";
  EXPECT_EQ(error(file), "not loaded, because " + file.string() +
                             " belongs to user 65534, who is neither root nor the user that runs Earshot; mend it "
                             "with: chown root " +
                             file.string());
}

TEST_F(LoadTest, OneBadPluginDoesNotSpoilTheOthers) {
  put("good.so", "sinks/good.so");
  put("no_symbol.so", "sinks/bad.so");
  put("good.so", "again.so");
  std::ofstream(dir_ / "notes.txt") << "ignored";
  const std::vector<fs::path> dirs{dir_, dir_ / "not-there"};
  const Catalogue catalogue = Catalogue::scan(dirs);
  ASSERT_EQ(catalogue.plugins().size(), 1U);
  EXPECT_EQ(catalogue.plugins()[0]->path(), dir_ / "again.so");  // the first one found stays
  ASSERT_EQ(catalogue.problems().size(), 3U);
  EXPECT_NE(catalogue.problems()[0].find("bad.so: is no Earshot plugin"), std::string::npos);
  EXPECT_NE(catalogue.problems()[1].find("sinks/good.so: not used, because"), std::string::npos);
  EXPECT_EQ(catalogue.problems()[2], (dir_ / "not-there").string() + ": No such file or directory");

  EXPECT_TRUE(catalogue.find(Kind::sink, "good"));
  const auto wrong = catalogue.find(Kind::sink, "god");
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().message, "no sink plugin \"god\"; did you mean \"good\"?");
  EXPECT_EQ(catalogue.find(Kind::sink, "xyz").error().message, "no sink plugin \"xyz\"; known: good");
  EXPECT_EQ(catalogue.find(Kind::source, "good").error().message, "no source plugin \"good\": none is installed");
}

TEST_F(LoadTest, ThePathOfTheEnvironmentGoesBeforeAll) {
  ::setenv("EARSHOT_PLUGIN_PATH", "/a::/b", 1);
  EXPECT_EQ(default_plugin_dirs(), (std::vector<fs::path>{"/a", "/b"}));
  ::unsetenv("EARSHOT_PLUGIN_PATH");
  // This program lies in <prefix>/tests/unit/plugin: beside it there is nothing installed.
  EXPECT_EQ(default_plugin_dirs(),
            std::vector<fs::path>{fs::canonical("/proc/self/exe").parent_path().parent_path() / "plugins"});
}

}  // namespace
}  // namespace earshot::host::test
