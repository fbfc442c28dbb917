// What of a plugin's table is accepted, and what the refusal says.
#include <cstring>
#include <functional>

#include "script.h"

namespace earshot::host::test {
namespace {

std::string load_error(const earshot_plugin& table) {
  const auto plugin = Plugin::from_table(table, "test");
  return plugin ? "loaded" : plugin.error().message;
}

TEST(Table, IsCopied) {
  std::string name = "scripted", schema = R"({"type":"object"})";
  earshot_plugin table = source_table();
  table.name = str(name);
  table.config_schema = str(schema);
  const auto plugin = Plugin::from_table(table);
  ASSERT_TRUE(plugin);
  name.assign(8, 'x');
  schema.assign(schema.size(), 'x');
  table = {};
  EXPECT_EQ((*plugin)->name(), "scripted");
  EXPECT_EQ((*plugin)->schema(), R"({"type":"object"})");
  EXPECT_EQ((*plugin)->kind(), Kind::source);
  EXPECT_TRUE((*plugin)->can(EARSHOT_STREAMS));
  EXPECT_FALSE((*plugin)->can(EARSHOT_NEEDS_FILES));
  EXPECT_NE((*plugin)->table().source_begin, nullptr);
}

TEST(Table, KeepsTheRates) {
  std::vector<earshot_rate> rates{{1, 1000}, {20, 60'000}};
  earshot_plugin table = sink_table();
  table.rates = rates.data();
  table.n_rates = rates.size();
  const auto plugin = Plugin::from_table(table);
  ASSERT_TRUE(plugin);
  rates.assign(2, {});
  ASSERT_EQ((*plugin)->rates().size(), 2U);
  EXPECT_EQ((*plugin)->rates()[1].count, 20U);
  table.size = offsetof(earshot_plugin, rates);  // minor 0 had none: whatever stands behind it is not read
  EXPECT_TRUE((*Plugin::from_table(table))->rates().empty());
  table.size = sizeof table;
  table.rates = nullptr;
  EXPECT_EQ(load_error(table), "test: its table says 2 rates; give none, or at most 8");
  rates = {{0, 1000}};
  table.rates = rates.data();
  table.n_rates = 1;
  EXPECT_EQ(load_error(table), "test: one of its rates allows nothing");
}

// A plugin built against a contract that ended earlier: not a byte behind its end is read (AddressSanitizer looks on).
TEST(Table, OfAnOlderContractIsShorter) {
  earshot_plugin whole = source_table(0);
  whole.size = offsetof(earshot_plugin, source_frame);
  const std::unique_ptr<unsigned char[]> bytes{new unsigned char[whole.size]};
  std::memcpy(bytes.get(), &whole, whole.size);
  const auto plugin = Plugin::from_table(*reinterpret_cast<const earshot_plugin*>(bytes.get()));
  ASSERT_TRUE(plugin) << plugin.error().message;
  EXPECT_EQ((*plugin)->table().source_frame, nullptr);
  EXPECT_EQ((*plugin)->table().sink_outcome, nullptr);
}

TEST(Table, OfANewerContractIsLonger) {
  struct Newer {
    earshot_plugin known = source_table();
    void* unheard_of = &known;
  } newer;
  newer.known.size = sizeof newer;
  EXPECT_EQ(load_error(newer.known), "loaded");
  newer.known.needs_minor = EARSHOT_ABI_MINOR + 1;
  EXPECT_EQ(
      load_error(newer.known),
      "test: it needs plugin ABI 1.4 and this Earshot has 1.3: update Earshot, or install an older version of the "
      "plugin");
}

TEST(Table, WithoutAUsableSizeIsRefused) {
  for (const std::uint32_t size : {0U, 4U, 16U, 104U}) {
    earshot_plugin table = source_table();
    table.size = size;
    EXPECT_EQ(load_error(table),
              "test: its table says size " + std::to_string(size) + "; set `size` to sizeof(earshot_plugin)");
  }
}

TEST(Table, NamesTheMissingFunction) {
  const auto without = [](earshot_plugin table, auto member) {
    table.*member = nullptr;
    return load_error(table);
  };
  const earshot_plugin source = source_table(), sink = sink_table();
  EXPECT_EQ(without(source, &earshot_plugin::create), "test: its table has no create, which every source needs");
  EXPECT_EQ(without(sink, &earshot_plugin::destroy), "test: its table has no destroy, which every sink needs");
  EXPECT_EQ(without(source, &earshot_plugin::source_begin),
            "test: its table has no source_begin, which every source needs");
  EXPECT_EQ(without(source, &earshot_plugin::source_response),
            "test: its table has no source_response, which every source needs");
  EXPECT_EQ(without(source, &earshot_plugin::source_frame),
            "test: its table has no source_frame, which every streaming source needs");
  EXPECT_EQ(without(sink, &earshot_plugin::sink_request),
            "test: its table has no sink_request, which every sink needs");
  EXPECT_EQ(without(sink, &earshot_plugin::sink_outcome), "loaded");
  EXPECT_EQ(without(source_table(0), &earshot_plugin::source_frame), "loaded");
}

TEST(Table, RefusesWhatBreaksTheContract) {
  const auto with = [](const std::function<void(earshot_plugin&)>& change) {
    earshot_plugin table = source_table();
    change(table);
    return load_error(table);
  };
  const std::string long_text(2000, 'a');
  EXPECT_EQ(with([](auto& t) { t.kind = 3; }), "test: its kind 3 is neither EARSHOT_SOURCE nor EARSHOT_SINK");
  EXPECT_EQ(with([](auto& t) { t.capabilities |= 1U << 9; }),
            "test: it asks for capabilities that this Earshot does not have (bits 0x200): update Earshot");
  for (const char* name : {"", "Feed", "9gag", "a_b", "a b", "a\nb", "-a", "\xC3\xA9"})
    EXPECT_NE(with([&](auto& t) { t.name = str(name); }).find("must be lower-case letters"), std::string::npos) << name;
  EXPECT_EQ(with([&](auto& t) { t.name = str(long_text); }), "test: its name has 2000 bytes; 64 are allowed");
  EXPECT_EQ(with([](auto& t) { t.version = {nullptr, 3}; }), "test: its version is null with a length of 3");
  EXPECT_EQ(with([](auto& t) { t.summary = str("bad \xFF"); }), "test: its summary is not UTF-8");
  EXPECT_EQ(with([](auto& t) { t.summary = str("two\nlines"); }),
            "test: its version and summary must be one line each");
  EXPECT_EQ(with([](auto& t) { t.config_schema = str("{"); }),
            "test: its config_schema cannot be used: it is no JSON: incomplete JSON");
  EXPECT_EQ(
      with([](auto& t) { t.config_schema = str(R"({"type":"object","requird":[]})"); }),
      "test: its config_schema cannot be used: /requird is a keyword that is not known; did you mean \"required\"?");
  for (const char* schema : {"{}", R"({"type":"string"})"})
    EXPECT_EQ(with([&](auto& t) { t.config_schema = str(schema); }),
              "test: its config_schema must be a JSON Schema that says {\"type\": \"object\"}")
        << schema;
}

}  // namespace
}  // namespace earshot::host::test
