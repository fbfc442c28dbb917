// Drives a sink as the host does: the built .so, through the C table alone. And alerts that own their strings.
#pragma once

#include <earshot/plugin.h>

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace earshot::test {

using Pairs = std::vector<std::pair<std::string, std::string>>;

struct Posted {
  bool ok = false;
  std::string error, method, url, body;
  Pairs headers;
  std::vector<std::string> warnings;
  std::uint64_t tag = 0;
  std::string header(std::string_view name) const;  // exactly that name; empty when absent
};

struct Judged {
  bool ok = false;
  std::string error, reason, remote_id, state;
  std::uint32_t result = 0;
  std::int64_t retry_after_ms = 0;
};

struct TestMention {
  std::string id = "m1", source = "reg", site = "theregister.com", url = "https://www.theregister.com/2026/11/23/acme",
              title = "Acme Bank app is down again", snippet = "Customers of Acme Bank report that the app crashes.",
              author = "Jane Doe", language = "en", when = "Mon 23 Nov 2026 21:10 CET";
  std::vector<earshot_span> hits{{13, 22}}, title_hits{{0, 9}};
  std::vector<std::string> topics{"complaints"};
  Pairs labels{{"team", "care"}};
  std::vector<std::pair<std::string, double>> engagement{{"likes", 1204}, {"replies", 12}};
  std::int64_t published = 1795551000000, seen = 1795551060000;
  std::uint32_t severity = EARSHOT_SEVERITY_HIGH;
};

struct TestAlert {
  std::uint32_t kind = EARSHOT_ALERT_MENTION, severity = EARSHOT_SEVERITY_HIGH, attempt = 1;
  std::string delivery_id = "d-1", channel = "pr", headline, text, language = "en";
  std::string state;  // what the outcome of the last try left
  std::int64_t created = 1795551060000;
  std::vector<TestMention> mentions{1};
  std::uint64_t total = 1;
  std::string story, edits, thread, standing, note;
  Pairs actions{{"I take it", "https://earshot.example.com/a/1/take"},
                {"Not relevant", "https://earshot.example.com/a/1/no"}};
};

// The C structs over a TestAlert, valid as long as both live.
class AlertView {
 public:
  explicit AlertView(const TestAlert& alert);
  const earshot_alert* operator&() const { return &alert_; }
  const earshot_alert& get() const { return alert_; }

 private:
  earshot_alert alert_{};
  std::deque<earshot_mention> mentions_;
  std::vector<const earshot_mention*> pointers_;
  std::deque<std::vector<earshot_str>> strings_;
  std::deque<std::vector<earshot_pair>> pairs_;
  std::deque<std::vector<earshot_number>> numbers_;
  std::deque<std::string> said_;  // as the host says it, in the alert's language
  std::vector<earshot_str> more_;
};

// One alert of every kind that the host sends, as a team would see it.
std::vector<TestAlert> alerts_of_every_kind();

class SinkUnderTest {
 public:
  // Loads EARSHOT_SINK_DIR/<name>.so; throws std::runtime_error when it cannot.
  explicit SinkUnderTest(const std::string& name);
  SinkUnderTest(const SinkUnderTest&) = delete;
  SinkUnderTest& operator=(const SinkUnderTest&) = delete;
  ~SinkUnderTest();

  // Empty when the settings were taken, else what was said against them.
  std::string create(std::string_view settings);
  Posted request(const TestAlert& alert, std::int64_t now = 1795551070000) const;
  Judged outcome(const TestAlert& alert, std::uint32_t status, std::string_view body, const Pairs& headers = {},
                 std::int64_t now = 1795551070000, std::uint64_t tag = 0) const;
  const earshot_plugin& table() const { return *table_; }

 private:
  void* library_ = nullptr;
  const earshot_plugin* table_ = nullptr;
  void* instance_ = nullptr;
};

// The names of all built sinks.
std::vector<std::string> sink_names();

}  // namespace earshot::test
