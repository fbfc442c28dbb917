// The C++ face of the contract (plugin.hpp), through the host: what an author writes is what the host gets.
#include <gtest/gtest.h>

#include <earshot/plugin.hpp>
#include <stdexcept>

#include "plugin/sink.h"
#include "plugin/source.h"

namespace earshot::host {
namespace {

namespace face = earshot::plugin;

class Lines final : public face::Source {
 public:
  explicit Lines(std::string settings) : settings_(std::move(settings)) {}

  static std::unique_ptr<face::Source> create(const face::Config& config, face::Failure& failure) {
    if (config.settings == "{}") failure("\"url\" is missing");
    if (config.settings == "null") return nullptr;
    if (config.settings == "throw") throw std::invalid_argument("settings");
    return std::make_unique<Lines>(std::string{config.settings});
  }

  void begin(const face::Call& call, face::SourceOut& out, face::Failure&) override {
    face::Request request;
    request.url = settings_;
    request.headers = {{"X-State", std::string{call.state}}};
    request.flags = EARSHOT_REQUEST_CONDITIONAL;
    request.tag = 5;
    EXPECT_TRUE(out.request(request));
  }

  void response(const face::Call&, const face::Response& response, face::SourceOut& out,
                face::Failure& failure) override {
    if (response.body == "throw") throw std::runtime_error("out of order");
    if (response.body == "strange") throw 7;
    if (response.body.empty()) return failure("nothing there");
    auto item = face::sized<earshot_item>();
    item.id = face::str(response.body);
    item.author = face::str(response.header("x-author").value_or("nobody"));
    EXPECT_TRUE(out.item(item));
    auto feed = face::sized<earshot_feed>();
    feed.type = face::str("lines");
    out.feed(feed);
    out.state("seen");
    out.warning("short");
  }

 private:
  std::string settings_;
};

constexpr face::Info kLines{"lines", "1.2", "One line an item", R"({"type":"object"})", "- {type: lines}", 0};
constexpr earshot_plugin kLinesTable = face::source_table<&Lines::create>(kLines);

Result<std::unique_ptr<SourceInstance>> lines(std::string_view settings) {
  return SourceInstance::create(*Plugin::from_table(kLinesTable), "blog", settings);
}

TEST(Face, ASourceGivesWhatItWrites) {
  const auto source = lines("https://example.com/");
  ASSERT_TRUE(source) << source.error().message;
  const auto begun = (*source)->begin({{}, 1, "cursor"});
  ASSERT_TRUE(begun);
  EXPECT_EQ(begun->requests.at(0).url, "https://example.com/");
  EXPECT_EQ(begun->requests[0].headers.at(0).second, "cursor");
  EXPECT_TRUE(begun->requests[0].conditional());
  const auto round = (*source)->response({}, {200, 5, {}, {{"X-Author", "Anna"}}, "first"});
  ASSERT_TRUE(round) << round.error().message;
  EXPECT_EQ(round->items.at(0).id, "first");
  EXPECT_EQ(round->items[0].author, "Anna");
  EXPECT_EQ(round->items[0].published, std::nullopt);
  EXPECT_EQ(round->feed->type, "lines");
  EXPECT_EQ(round->state, "seen");
  EXPECT_EQ(round->warnings, std::vector<std::string>{"short"});
}

TEST(Face, NoExceptionCrosses) {
  const auto source = *lines("https://example.com/");
  const auto of = [&](std::string_view body) {
    const auto round = source->response({}, {200, 0, {}, {}, body});
    return round ? "succeeded" : round.error().message;
  };
  EXPECT_EQ(of("throw"), "blog: out of order");
  EXPECT_EQ(of("strange"), "blog: unknown exception");
  EXPECT_EQ(of(""), "blog: nothing there");
  EXPECT_EQ(of("fine"), "succeeded");
  EXPECT_FALSE(source->quarantined());
  EXPECT_EQ(lines("{}").error().message, "blog: \"url\" is missing");
  EXPECT_EQ(lines("null").error().message, "blog: the plugin could not be created");
  EXPECT_EQ(lines("throw").error().message, "blog: settings");
}

class Hook final : public face::Sink {
 public:
  static std::unique_ptr<face::Sink> create(const face::Config&, face::Failure&) { return std::make_unique<Hook>(); }
  face::Request request(const face::Call&, const earshot_alert& alert, face::Failure& failure) override {
    if (alert.n_mentions == 0) failure("nothing to say");
    return {{}, "https://hook.example/", {}, std::string{face::view(alert.channel)}, 0, 0};
  }
  face::Outcome outcome(const face::Call&, const earshot_alert&, const face::Response& response,
                        face::Failure&) override {
    return {EARSHOT_RETRY, 2'000, std::string{response.body}, "id"};
  }
};

constexpr face::Info kHook{"hook", "1.0", "A hook", R"({"type":"object"})", "", 0};

TEST(Face, ASinkGivesWhatItReturns) {
  static constexpr earshot_plugin kTable = face::sink_table<&Hook::create>(kHook);
  const auto sink = *SinkInstance::create(*Plugin::from_table(kTable), "pr", "{}");
  Alert alert;
  alert.channel = "pr";
  EXPECT_EQ(sink->request({}, alert, 1, {}).error().message, "pr: nothing to say");
  alert.mentions.emplace_back();
  const auto request = sink->request({}, alert, 1, {});
  ASSERT_TRUE(request);
  EXPECT_EQ(request->method + request->body, "POSTpr");
  const auto outcome = sink->outcome({}, alert, 1, {}, {429, 0, {}, {}, "slow down"});
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->result, Outcome::Result::retry);
  EXPECT_EQ(outcome->retry_after, Duration{2'000});
  EXPECT_EQ(outcome->reason + outcome->remote_id, "slow downid");
}

}  // namespace
}  // namespace earshot::host
