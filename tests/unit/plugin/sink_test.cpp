// Alerts as a sink reads them, and what it may answer.
#include <stdexcept>

#include "script.h"

namespace earshot::host::test {
namespace {

class SinkTest : public ScriptTest {
 protected:
  static Alert alert() {
    Mention m;
    m.id = "m1";
    m.source = "hn";
    m.site = "example.com";
    m.item.url = "https://example.com/1";
    m.item.title = "Acme is down";
    m.item.author = "anna";
    m.item.published = from_ms(5'000);
    m.item.engagement = {{"likes", 3}};
    m.seen = from_ms(6'000);
    m.severity = Severity::high;
    m.labels = {{"team", "pr"}};
    m.matches = {{"brand", {}}, {"outage", {}}};
    m.snippet = "they say Acme is down";
    m.snippet_hits = {{9, 13}};
    m.title_hits = {{0, 4}};
    Alert out;
    out.kind = AlertKind::story;
    out.severity = Severity::critical;
    out.delivery_id = "d-1";
    out.channel = "pr";
    out.headline = "Two mentions";
    out.text = "a\nb";
    out.created = from_ms(7'000);
    out.mentions = {m, Mention{}};
    out.mentions[1].id = "m2";
    out.mentions[1].seen = from_ms(8'000);
    out.total = 12;
    out.actions = {{"Open", "https://example.com/open"}};
    return out;
  }
  static std::int32_t give(const earshot_sink_out* out, std::string_view url) {
    earshot_request request{};
    request.size = sizeof request;
    request.url = str(url);
    request.body = str("{}");
    return out->request(out->ctx, &request);
  }
  static Result<Outcome> outcome_of(const earshot_outcome& given) {
    script().outcome = [&](auto, auto, auto, const earshot_sink_out* out) { return out->outcome(out->ctx, &given); };
    return sink()->outcome({}, alert(), 1, {}, {200, 0, {}, {}, {}});
  }
  static earshot_outcome outcome(std::uint32_t result) {
    earshot_outcome out{};
    out.size = sizeof out;
    out.result = result;
    return out;
  }
};

TEST_F(SinkTest, EveryFieldOfAnAlertArrives) {
  script().request = [](const earshot_call* call, const earshot_alert* a, const earshot_sink_out* out) {
    EXPECT_EQ(call->now, 9'000);
    EXPECT_EQ(a->size, sizeof *a);
    EXPECT_EQ(a->kind, std::uint32_t{EARSHOT_ALERT_STORY});
    EXPECT_EQ(a->severity, std::uint32_t{EARSHOT_SEVERITY_CRITICAL});
    EXPECT_EQ(a->attempt, 3U);
    EXPECT_EQ(text(a->delivery_id) + text(a->channel), "d-1pr");
    EXPECT_EQ(text(a->headline) + text(a->text), "Two mentionsa\nb");
    EXPECT_EQ(a->created, 7'000);
    EXPECT_EQ(a->total, 12U);
    EXPECT_EQ(a->n_actions, 1U);
    EXPECT_EQ(text(a->actions[0].name) + text(a->actions[0].value), "Openhttps://example.com/open");
    EXPECT_EQ(text(a->language), "nl");
    EXPECT_EQ(a->n_mentions, 2U);
    const earshot_mention& m = *a->mentions[0];
    EXPECT_EQ(m.size, sizeof m);
    EXPECT_EQ(m.severity, std::uint32_t{EARSHOT_SEVERITY_HIGH});
    EXPECT_EQ(text(m.id) + text(m.source) + text(m.site), "m1hnexample.com");
    EXPECT_EQ(text(m.url) + text(m.title) + text(m.author), "https://example.com/1Acme is downanna");
    EXPECT_EQ(text(m.snippet).substr(m.hits[0].start, m.hits[0].end - m.hits[0].start), "Acme");
    EXPECT_EQ(m.n_title_hits, 1U);
    EXPECT_EQ(text(m.when), "at 5000");
    EXPECT_EQ(m.published, 5'000);
    EXPECT_EQ(m.seen, 6'000);
    EXPECT_EQ(m.n_topics, 2U);
    EXPECT_EQ(text(m.topics[1]), "outage");
    EXPECT_EQ(text(m.labels[0].name) + text(m.labels[0].value), "teampr");
    EXPECT_EQ(text(m.engagement[0].name), "likes");
    const earshot_mention& bare = *a->mentions[1];
    EXPECT_EQ(bare.published, EARSHOT_NO_TIME);
    EXPECT_EQ(text(bare.when), "at 8000");
    EXPECT_EQ(bare.title.data, nullptr);
    EXPECT_EQ(bare.n_hits, 0U);
    return give(out, "https://hook.example/");
  };
  const AlertContext context{[](Time t) { return "at " + std::to_string(to_ms(t)); }, texts::Texts::shipped("nl")};
  const auto request = sink()->request({from_ms(9'000), 1, {}}, alert(), 3, context);
  ASSERT_TRUE(request) << request.error().message;
  EXPECT_EQ(request->method, "POST");
}

TEST_F(SinkTest, HitsAscendDoNotOverlapAndLieInTheText) {
  script().request = [](const earshot_call*, const earshot_alert* a, const earshot_sink_out* out) {
    const earshot_mention& m = *a->mentions[0];
    EXPECT_EQ(m.n_hits, 2U);
    EXPECT_EQ(m.hits[0].start, 0U);
    EXPECT_EQ(m.hits[0].end, 6U);
    EXPECT_EQ(m.hits[1].start, 9U);
    EXPECT_EQ(m.hits[1].end, 13U);
    return give(out, "https://hook.example/");
  };
  Alert a = alert();
  a.mentions[0].snippet_hits = {{9, 13}, {2, 6}, {0, 4}, {5, 5}, {20, 900}};
  EXPECT_TRUE(sink()->request({}, a, 1, {}));
}

TEST_F(SinkTest, GivesExactlyOneRequest) {
  const auto ask = [] { return error(sink()->request({}, alert(), 1, {})); };
  EXPECT_EQ(ask(),
            "name: the plugin scripted breaks its contract: sink_request gives 0 requests and no error; exactly one is "
            "wanted");
  script().request = [](auto, auto, const earshot_sink_out* out) {
    give(out, "https://hook.example/1");
    return give(out, "https://hook.example/2");
  };
  EXPECT_NE(ask().find("gives 2 requests"), std::string::npos);
  script().request = [](auto, auto, const earshot_sink_out* out) {
    out->error(out->ctx, "too long for this channel", 25);
    return std::int32_t{EARSHOT_FAILED};
  };
  EXPECT_EQ(ask(), "name: too long for this channel");
  script().request = [](auto, auto, auto) -> std::int32_t { throw std::runtime_error("x"); };
  const auto broken = sink();
  EXPECT_FALSE(broken->request({}, alert(), 1, {}));
  EXPECT_TRUE(broken->quarantined());
}

TEST_F(SinkTest, WarningsOfARequestArrive) {
  script().request = [](auto, auto, const earshot_sink_out* out) {
    out->warning(out->ctx, "cut", 3);
    return give(out, "https://hook.example/1");
  };
  EXPECT_EQ(sink()->request({}, alert(), 1, {})->warnings, std::vector<std::string>{"cut"});
}

TEST_F(SinkTest, OutcomesArriveAndAreChecked) {
  earshot_outcome given = outcome(EARSHOT_RETRY);
  given.retry_after_ms = 30'000;
  given.reason = str("slow\ndown");
  given.remote_id = str("17");
  const auto result = outcome_of(given);
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->result, Outcome::Result::retry);
  EXPECT_EQ(result->retry_after, Duration{30'000});
  EXPECT_EQ(result->reason, "slow down");
  EXPECT_EQ(result->remote_id, "17");

  given.retry_after_ms = INT64_MAX;
  EXPECT_EQ(outcome_of(given)->retry_after, Limits{}.retry_after);
  given.retry_after_ms = -5;
  EXPECT_EQ(outcome_of(given)->retry_after, Duration{0});
  for (const std::uint32_t bad : {0U, 5U, 0xFFFFFFFFU})
    EXPECT_NE(error(outcome_of(outcome(bad))).find("gives an outcome"), std::string::npos);
  given = outcome(EARSHOT_DELIVERED);
  given.size = 0;
  EXPECT_NE(error(outcome_of(given)).find("outcome of size 0"), std::string::npos);
  given.size = offsetof(earshot_outcome, reason);  // an older one
  given.reason = {nullptr, 9};
  EXPECT_TRUE(outcome_of(given));
  given = outcome(EARSHOT_RETRY);
  given.state = str("{\"done\":1}");
  EXPECT_EQ(outcome_of(given)->state, "{\"done\":1}");
  given.size = offsetof(earshot_outcome, state);  // minor 0 had none
  EXPECT_EQ(outcome_of(given)->state, "");
  const std::string large(Limits{}.state + 1, 'x');
  given.size = sizeof given;
  given.state = str(large);
  EXPECT_NE(error(outcome_of(given)).find("an outcome's state"), std::string::npos);

  script().outcome = nullptr;
  EXPECT_EQ(error(sink()->outcome({}, alert(), 1, {}, {})),
            "name: the plugin scripted breaks its contract: sink_outcome gives neither an outcome nor an error");
  script().outcome = [&](auto, auto, auto, const earshot_sink_out* out) {
    const earshot_outcome one = outcome(EARSHOT_DELIVERED);
    out->outcome(out->ctx, &one);
    return out->outcome(out->ctx, &one);
  };
  EXPECT_NE(error(sink()->outcome({}, alert(), 1, {}, {})).find("gives more than one outcome"), std::string::npos);
}

TEST_F(SinkTest, WhatTheLastTryWantedBackComesBack) {
  script().request = [](const earshot_call* call, const earshot_alert* a, const earshot_sink_out* out) {
    EXPECT_EQ(text(call->state), "half done");
    EXPECT_EQ(text(a->story), "s1");
    return give(out, "https://example.com/");
  };
  Alert a = alert();
  a.story = "s1";
  EXPECT_TRUE(sink()->request({.now = {}, .random = 1, .state = "half done"}, a, 2, {}));
}

// 404 and 410 are no HTTP there, and no channel is parked for a busy server.
TEST_F(SinkTest, WithoutAWordFromThePluginTheReplyOfAMailServerDecides) {
  earshot_plugin table = sink_table(EARSHOT_NEEDS_SMTP);
  table.sink_outcome = nullptr;
  const auto sink = *SinkInstance::create(*Plugin::from_table(table), "name", "{}");
  const auto of = [&](std::uint32_t status, std::string_view step) {
    Response response;
    response.status = status;
    response.url = "smtp://mail.example.com:587";
    response.headers.emplace_back("step", step);
    return *sink->outcome({}, alert(), 2, {}, response);
  };
  using enum Outcome::Result;
  for (const char* step : {"greeting", "auth", "mail", "rcpt", "data", "message"}) {
    for (const std::uint32_t s : {400U, 401U, 403U, 404U, 410U, 421U, 429U, 450U, 499U})
      EXPECT_EQ(of(s, step).result, retry) << s;
    for (const std::uint32_t s : {500U, 503U, 550U, 554U, 599U})
      EXPECT_EQ(of(s, step).result, std::string_view(step) == "auth" ? channel_gone : rejected) << s;
  }
  for (const std::uint32_t s : {200U, 250U, 251U}) EXPECT_EQ(of(s, "message").result, delivered) << s;
  EXPECT_EQ(of(550, "rcpt").reason, "SMTP reply 550");
}

TEST_F(SinkTest, WithoutAWordFromThePluginTheStatusDecides) {
  earshot_plugin table = sink_table();
  table.sink_outcome = nullptr;
  const auto sink = *SinkInstance::create(*Plugin::from_table(table), "name", "{}");
  const auto of = [&](std::uint32_t status, std::string_view retry_after = {}) {
    Response response;
    response.status = status;
    if (!retry_after.empty()) response.headers.emplace_back("retry-after", retry_after);
    return *sink->outcome({*parse_rfc3339("1994-11-06T08:49:37Z"), 0, {}}, alert(), 1, {}, response);
  };
  using enum Outcome::Result;
  for (const std::uint32_t s : {200U, 201U, 202U, 204U, 299U}) EXPECT_EQ(of(s).result, delivered) << s;
  for (const std::uint32_t s : {408U, 425U, 429U, 500U, 502U, 503U, 504U, 599U}) EXPECT_EQ(of(s).result, retry) << s;
  for (const std::uint32_t s : {401U, 403U, 404U, 410U}) EXPECT_EQ(of(s).result, channel_gone) << s;
  for (const std::uint32_t s : {100U, 301U, 304U, 400U, 413U, 415U, 422U, 600U}) EXPECT_EQ(of(s).result, rejected) << s;
  EXPECT_EQ(of(429, "30").retry_after, Duration{30'000});
  EXPECT_EQ(of(503, "Sun, 06 Nov 1994 08:50:37 GMT").retry_after, Duration{60'000});
  EXPECT_EQ(of(503, "soon").retry_after, Duration{0});
  EXPECT_EQ(of(503, "99999999").retry_after, Limits{}.retry_after);
  EXPECT_EQ(of(404).reason, "HTTP status 404");
}

}  // namespace
}  // namespace earshot::host::test
