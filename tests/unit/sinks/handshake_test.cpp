// CloudEvents: asking a receiver whether it wants to be posted to (HTTP Web Hooks for Event Delivery 1.0.2, section 4).
#include <gtest/gtest.h>

#include "support/sinks/driver.h"

namespace earshot::test {
namespace {

constexpr std::int64_t kStart = 1795551070000, kDay = 86'400'000;
const Pairs kGranted{{"WebHook-Allowed-Origin", "earshot.acme.example"}, {"WebHook-Allowed-Rate", "100"}};

class Handshake : public testing::Test {
 protected:
  Handshake() { restart(); }
  void restart(const std::string& handshake = R"({"origin":"earshot.acme.example","rate":120})") {
    if (const std::string error = sink_.create(
            R"({"url":"https://events.example/S3CR3T-ingest","authorization":"Bearer S3CR3Ttoken","handshake":)" +
            handshake + "}");
        !error.empty())
      throw std::runtime_error(error);
  }
  // One try, as the host makes it: what was sent, and the answer's meaning.
  Posted send(const TestAlert& alert) const { return sink_.request(alert, now_); }
  Judged answer(TestAlert& alert, const Posted& sent, std::uint32_t status, const Pairs& headers = {},
                std::string_view body = {}) const {
    Judged judged = sink_.outcome(alert, status, body, headers, now_, sent.tag);
    EXPECT_TRUE(judged.ok) << judged.error;
    ++alert.attempt;
    alert.state = judged.state;
    return judged;
  }
  Judged ask(TestAlert& alert, std::uint32_t status, const Pairs& headers = {}, std::string_view body = {}) const {
    const Posted sent = send(alert);
    EXPECT_EQ(sent.method, "OPTIONS");
    return answer(alert, sent, status, headers, body);
  }
  Judged post(TestAlert& alert, std::uint32_t status, const Pairs& headers = {}) const {
    const Posted sent = send(alert);
    EXPECT_EQ(sent.method, "POST");
    return answer(alert, sent, status, headers);
  }

  SinkUnderTest sink_{"cloudevents"};
  std::int64_t now_ = kStart;
};

TEST_F(Handshake, AsksWithOptionsAndThenPosts) {
  TestAlert alert;
  const Posted asked = send(alert);
  EXPECT_EQ(asked.method, "OPTIONS");
  EXPECT_EQ(asked.url, "https://events.example/S3CR3T-ingest") << "4.1: the exact target";
  EXPECT_EQ(asked.body, "");
  EXPECT_EQ(asked.headers, (Pairs{{"Authorization", "Bearer S3CR3Ttoken"},
                                  {"WebHook-Request-Origin", "earshot.acme.example"},
                                  {"WebHook-Request-Rate", "120"}}));
  const Judged granted = answer(alert, asked, 200, kGranted);
  EXPECT_EQ(granted.result, EARSHOT_RETRY);
  EXPECT_EQ(granted.retry_after_ms, 1) << "at once";
  EXPECT_NE(granted.reason.find("it permits deliveries"), std::string::npos) << granted.reason;

  const Posted posted = send(alert);
  EXPECT_EQ(posted.method, "POST");
  EXPECT_EQ(posted.header("WebHook-Request-Origin"), "earshot.acme.example") << "4.1.2: with each delivery";
  EXPECT_EQ(posted.header("WebHook-Request-Rate"), "");
  EXPECT_EQ(posted.header("ce-id"), "d-1");
  EXPECT_NE(posted.body, "");
  const Judged delivered = answer(alert, posted, 202);
  EXPECT_EQ(delivered.result, EARSHOT_DELIVERED);
  EXPECT_EQ(delivered.retry_after_ms, 600) << "100 a minute";
}

TEST_F(Handshake, IsOffUnlessItIsWanted) {
  ASSERT_EQ(sink_.create(R"({"url":"https://events.example/"})"), "");
  const Posted posted = send({});
  EXPECT_EQ(posted.method, "POST");
  EXPECT_EQ(posted.header("WebHook-Request-Origin"), "");
  TestAlert alert;
  const Judged delivered = post(alert, 204);
  EXPECT_EQ(delivered.result, EARSHOT_DELIVERED);
  EXPECT_EQ(delivered.state, "");
}

TEST_F(Handshake, InStructuredModeAsksWithoutAnEventToo) {
  ASSERT_EQ(sink_.create(R"({"url":"https://events.example/","mode":"structured","handshake":{"origin":"a.example"}})"),
            "");
  TestAlert alert;
  const Posted asked = send(alert);
  EXPECT_EQ(asked.body, "");
  EXPECT_EQ(asked.headers, (Pairs{{"WebHook-Request-Origin", "a.example"}})) << "no rate is named";
  answer(alert, asked, 204, {{"webhook-allowed-origin", "*"}});
  EXPECT_EQ(send(alert).header("Content-Type"), "application/cloudevents+json");
}

struct Answered {
  std::uint32_t status;
  Pairs headers;
  const char* said;  // in the reason
};

TEST_F(Handshake, PermissionIsTheOriginOrAll) {
  for (const Answered& a : {
           Answered{200, {{"WebHook-Allowed-Origin", "earshot.acme.example"}}, ""},
           {204, {{"webhook-allowed-origin", "*"}}, ""},
           {200, {{"WebHook-Allowed-Origin", "Earshot.ACME.example"}, {"WebHook-Allowed-Rate", "*"}}, ""},
           {202, {{"Allow", "POST"}, {"WebHook-Allowed-Origin", " * "}, {"WebHook-Allowed-Rate", "1"}}, ""},
       }) {
    restart();
    TestAlert alert;
    EXPECT_EQ(ask(alert, a.status, a.headers).result, EARSHOT_RETRY);
    EXPECT_EQ(send(alert).method, "POST") << a.headers[0].second;
  }
}

TEST_F(Handshake, EverythingElseIsRefusalAndGoneTheSecondTime) {
  const auto origin = [](const char* value) { return Pairs{{"WebHook-Allowed-Origin", value}}; };
  const auto rate = [](const char* value) {
    return Pairs{{"WebHook-Allowed-Origin", "*"}, {"WebHook-Allowed-Rate", value}};
  };
  const char *how = "must answer OPTIONS with \"WebHook-Allowed-Origin: earshot.acme.example\" (or *)",
             *no_rate = "is neither * nor a positive number";
  for (const Answered& a : {
           Answered{200, {}, how},
           {204, {{"Allow", "OPTIONS, POST"}}, how},
           {200, origin(""), how},
           {200, origin("other.example"), "permits deliveries of \"other.example\" only"},
           {200, origin("acme.example"), how},
           {200, origin("https://earshot.acme.example"), how},
           {200, origin("earshot.acme.example, other.example"), how},
           {200, origin("**"), how},
           {200, {{"Access-Control-Allow-Origin", "*"}}, how},
           {200, rate("0"), no_rate},
           {200, rate("-5"), no_rate},
           {200, rate("+5"), no_rate},
           {200, rate("00"), no_rate},
           {200, rate("12.5"), no_rate},
           {200, rate("1e3"), no_rate},
           {200, rate("many"), no_rate},
           {200, rate("100 200"), no_rate},
           {200, rate(""), no_rate},
           {400, {}, how},
           {403, kGranted, how},  // a gateway's headers on its error page
           {406, {}, how},
           {405, {}, "does not know OPTIONS"},
           {501, {}, "does not know OPTIONS"},
           {401, {}, "renew them"},
           {404, kGranted, "nothing at this address"},
           {302, kGranted, "final URL"},
       }) {
    restart();
    TestAlert alert;
    SCOPED_TRACE(std::to_string(a.status) + " " + (a.headers.empty() ? "" : a.headers.back().second));
    const Judged first = ask(alert, a.status, a.headers);
    EXPECT_EQ(first.result, EARSHOT_RETRY);
    EXPECT_GE(first.retry_after_ms, 60'000) << "a restarting receiver may say so too";
    const Judged second = ask(alert, a.status, a.headers);
    EXPECT_EQ(second.result, EARSHOT_CHANNEL_GONE);
    EXPECT_NE(second.reason.find(a.said), std::string::npos) << second.reason;
    EXPECT_EQ(send(alert).method, "OPTIONS") << "nothing is posted without permission";
  }
}

TEST_F(Handshake, TroubleIsNoRefusal) {
  TestAlert alert;
  for (const std::uint32_t status : {408u, 425u, 429u, 500u, 502u, 503u, 504u}) {
    const Judged j = ask(alert, status, {{"Retry-After", "7"}});
    EXPECT_EQ(j.result, EARSHOT_RETRY) << status;
    EXPECT_EQ(j.retry_after_ms, 7000) << status;
  }
  EXPECT_EQ(ask(alert, 403).result, EARSHOT_RETRY) << "the first refusal, though the eighth try";
  EXPECT_EQ(ask(alert, 503).result, EARSHOT_RETRY);
  EXPECT_EQ(ask(alert, 403).result, EARSHOT_CHANNEL_GONE);
  EXPECT_EQ(ask(alert, 200, kGranted).result, EARSHOT_RETRY) << "somebody mended it";
  EXPECT_EQ(post(alert, 200).result, EARSHOT_DELIVERED);
  TestAlert other;
  now_ += kDay;
  EXPECT_EQ(ask(other, 410).result, EARSHOT_CHANNEL_GONE) << "removed for good";
}

TEST_F(Handshake, OtherAlertsNeedNotAskAgain) {
  TestAlert first, second;
  second.delivery_id = "d-2";
  ask(first, 200, kGranted);
  EXPECT_EQ(post(second, 202).result, EARSHOT_DELIVERED);
  EXPECT_EQ(post(first, 202).result, EARSHOT_DELIVERED);
}

TEST_F(Handshake, AnAnswerToADeliveryPermitsNothing) {
  TestAlert alert, late;
  ask(alert, 200, kGranted);
  const Posted sent = send(late);
  restart();
  EXPECT_EQ(answer(late, sent, 503, {{"WebHook-Allowed-Origin", "*"}}).result, EARSHOT_RETRY);
  EXPECT_EQ(send(late).method, "OPTIONS");
}

TEST_F(Handshake, AsksAgainAfterARestartAndAfterADay) {
  TestAlert alert;
  ask(alert, 200, kGranted);
  now_ += kDay - 1;
  EXPECT_EQ(send(alert).method, "POST");
  now_ += 1;
  EXPECT_EQ(send(alert).method, "OPTIONS");
  ask(alert, 200, kGranted);
  EXPECT_EQ(send(alert).method, "POST");
  now_ = kStart;
  EXPECT_EQ(send(alert).method, "OPTIONS") << "a clock put back makes no permission longer";
  now_ += kDay + 5;
  EXPECT_EQ(send(alert).method, "POST");
  restart();
  EXPECT_EQ(send(alert).method, "OPTIONS");
}

TEST_F(Handshake, WithdrawnPermissionIsConfirmedAsWell) {
  TestAlert alert;
  ask(alert, 200, kGranted);
  for (int i = 0; i < 5; ++i) post(alert, 503);
  now_ += kDay;
  EXPECT_EQ(ask(alert, 403).result, EARSHOT_RETRY);
  EXPECT_EQ(ask(alert, 403).result, EARSHOT_CHANNEL_GONE);
}

TEST_F(Handshake, AskingConfirmsNothingOfWhatADeliveryIsTold) {
  for (const bool restarted : {false, true}) {
    restart();
    TestAlert alert;
    ask(alert, 200, kGranted);
    EXPECT_EQ(alert.attempt, 2u);
    const Judged first = post(alert, 401);
    EXPECT_EQ(first.result, EARSHOT_RETRY) << "the second try of the alert, the first delivery";
    EXPECT_GE(first.retry_after_ms, 60'000);
    if (restarted) {
      restart();
      ask(alert, 200, kGranted);
    }
    EXPECT_EQ(post(alert, 401).result, EARSHOT_CHANNEL_GONE);
  }
  for (const char* nonsense : {"", "x", "-1", "99999999999999999999", "4000000000"}) {
    TestAlert alert;
    alert.attempt = 2;
    alert.state = nonsense;
    EXPECT_TRUE(answer(alert, send({}), 401).ok) << nonsense;
  }
}

TEST_F(Handshake, KeepsToTheLowerOfTheRateWishedAndPermitted) {
  struct Rate {
    const char *settings, *permitted;
    std::int64_t pace_ms;
  };
  for (const Rate& r : {
           Rate{R"({"origin":"a.example","rate":120})", "60", 1000},
           {R"({"origin":"a.example","rate":120})", "7", 8572},
           {R"({"origin":"a.example","rate":120})", "*", 500},
           {R"({"origin":"a.example","rate":120})", "1000", 500},
           {R"({"origin":"a.example","rate":120})", nullptr, 500},
           {R"({"origin":"a.example"})", nullptr, 0},
           {R"({"origin":"a.example"})", "*", 0},
           {R"({"origin":"a.example"})", "1", 60'000},
           {R"({"origin":"a.example"})", "007", 8572},
           {R"({"origin":"a.example"})", "60000", 1},
           {R"({"origin":"a.example"})", "18446744073709551615", 1},
           {R"({"origin":"a.example"})", "99999999999999999999999999999999", 1},
       }) {
    restart(r.settings);
    TestAlert alert;
    Pairs headers{{"WebHook-Allowed-Origin", "*"}};
    if (r.permitted) headers.emplace_back("WebHook-Allowed-Rate", r.permitted);
    SCOPED_TRACE(std::string(r.settings) + " " + (r.permitted ? r.permitted : ""));
    EXPECT_EQ(ask(alert, 200, headers).retry_after_ms, 1);
    const Judged later = post(alert, 503);
    EXPECT_EQ(later.result, EARSHOT_RETRY);
    EXPECT_EQ(later.retry_after_ms, r.pace_ms) << "a repeated delivery is one too";
    EXPECT_EQ(post(alert, 429, {{"Retry-After", "90"}}).retry_after_ms, 90'000);
    EXPECT_EQ(post(alert, 200).retry_after_ms, r.pace_ms);
  }
}

TEST_F(Handshake, HostileAnswersShowNoSecretAndBreakNoLine) {
  for (const char* value :
       {"https://events.example/S3CR3T-ingest", "Bearer S3CR3Ttoken", "\x1b[31m\xff\xfe\u202e\r\n x",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/S3CR3T-ingest"}) {
    for (const bool rate : {false, true}) {
      TestAlert alert;
      const Judged j = ask(alert, 200,
                           rate ? Pairs{{"WebHook-Allowed-Origin", "*"}, {"WebHook-Allowed-Rate", value}}
                                : Pairs{{"WebHook-Allowed-Origin", value}},
                           value);
      EXPECT_EQ(j.reason.find("S3CR3T"), std::string::npos) << j.reason;
      EXPECT_EQ(j.reason.find_first_of("\x1b\xff\r\n"), std::string::npos) << j.reason;
      EXPECT_LE(j.reason.size(), 1500u);
    }
  }
  TestAlert alert;
  EXPECT_LE(ask(alert, 200, {{"WebHook-Allowed-Origin", std::string(100'000, 'x')}}).reason.size(), 1500u);
}

}  // namespace
}  // namespace earshot::test
