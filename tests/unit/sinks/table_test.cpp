// The one table every sink passes: kinds × languages × attacks × limits × status codes × leaks no secret.
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "common/sink/card.h"
#include "common/text/utf8.h"
#include "core/texts/texts.h"
#include "support/sinks/attacks.h"
#include "support/sinks/contract.h"
#include "tables.h"

namespace earshot::test {
namespace {

class EverySink : public testing::TestWithParam<std::string> {
 protected:
  EverySink() : contract_(contract_of(GetParam())), sink_(plugin()) {
    if (const std::string error = sink_.create(contract_.settings); !error.empty()) throw std::runtime_error(error);
  }
  std::string plugin() const { return contract_.sink.empty() ? GetParam() : contract_.sink; }
  Posted post(const TestAlert& alert) const {
    Posted posted = sink_.request(alert);
    EXPECT_TRUE(posted.ok) << posted.error;
    EXPECT_TRUE(text::is_utf8(posted.body));
    return posted;
  }
  // The alert as a message of its own and, where one has an id over there, below another and in its place.
  std::vector<TestAlert> in_every_form(const TestAlert& alert) const {
    std::vector<TestAlert> forms{alert};
    const std::string id =
        sink_.table().sink_outcome ? sink_.outcome({}, contract_.accepted_status, contract_.accepted).remote_id : "";
    if (id.empty()) return forms;
    forms.emplace_back(alert).thread = id;
    if (sink_.table().capabilities & EARSHOT_EDITS) forms.emplace_back(alert).edits = id;
    return forms;
  }
  // All that came to be shown, in one piece.
  std::string seen(const Posted& posted) const {
    std::string all;
    for (const std::string& s : visible(posted)) all += s + "\n";
    return all;
  }
  // Without backslashes and what each takes the meaning from.
  static std::string without_escapes(const std::string& s) {
    std::string out;
    for (std::size_t i = 0; i < s.size(); ++i) {
      if (s[i] == '\\')
        ++i;
      else
        out += s[i];
    }
    return out;
  }
  bool means_something(Markup markup) const {
    return markup == Markup::any || (markup == Markup::at && contract_.at) ||
           (markup == Markup::angle && contract_.angle) || (markup == Markup::markdown && contract_.markdown);
  }
  // What an attack achieved in a request, in words.
  std::vector<std::string> harm_of(const Attack& attack, const Posted& posted) const {
    std::vector<std::string> harm = contract_.broken_limits(posted);
    for (const auto& [name, value] : posted.headers)
      if (value.find_first_of("\r\n") != std::string::npos) harm.push_back("a line break in the header " + name);
    if (contract_.data) return harm;
    const auto find = [&](const std::string& s, const std::vector<std::string>& never) {
      for (const std::string& bad : never)
        if (s.find(bad) != std::string::npos) harm.push_back(bad + " in " + s);
    };
    for (std::string s : contract_.parsed ? contract_.parsed(posted) : visible(posted)) {
      if (contract_.backslash) s = without_escapes(s);
      if (!means_something(attack.markup)) continue;
      find(s, attack.never);
      find(s, contract_.never);
    }
    for (const std::string& s : visible(posted)) {
      find(s, contract_.nowhere);
      if (has_harmful_character(s)) harm.push_back("a harmful character in " + s);
      if (contract_.at && has_live_at(s)) harm.push_back("a mention could ping: " + s);
    }
    return harm;
  }
  bool console() const { return GetParam() == "console"; }
  bool http() const { return !console() && !contract_.mail; }

  const Contract& contract_;
  SinkUnderTest sink_;
};

INSTANTIATE_TEST_SUITE_P(Sinks, EverySink, testing::ValuesIn(contract_names()),
                         [](const auto& name) { return name.param; });

TEST_P(EverySink, ShowsEveryKindInEveryLanguage) {
  for (const char* language : {"en", "nl", "de", "fr", "es", "fr-CA", "xx", ""}) {
    const texts::Texts& texts = *texts::Texts::shipped(language);
    for (TestAlert alert : alerts_of_every_kind()) {
      alert.language = language;
      const Posted posted = post(alert);
      const std::string all = seen(posted);
      SCOPED_TRACE(all);
      tables().kind(std::string(sink::kind_name(alert.kind)), GetParam());
      EXPECT_EQ(contract_.broken_limits(posted), std::vector<std::string>{});
      if (contract_.data) continue;  // programs read the kind's name, in no language
      EXPECT_NE(all.find(texts.say(std::string("kind_").append(sink::kind_name(alert.kind)))), std::string::npos)
          << "kind " << alert.kind;
      EXPECT_NE(all.find(texts.say(std::string("severity_").append(sink::severity_name(alert.severity)))),
                std::string::npos);
      if (!alert.mentions.empty()) {
        EXPECT_NE(all.find("complaints"), std::string::npos) << "the topic says why it reached you";
        EXPECT_NE(all.find("app is down again"), std::string::npos);
        EXPECT_NE(all.find(alert.mentions[0].url), std::string::npos) << "the link";
        EXPECT_NE(all.find("theregister.com"), std::string::npos);
        EXPECT_NE(all.find("21:10 CET"), std::string::npos);
      }
      if (alert.total > 4) {
        EXPECT_NE(all.find(texts.say("more", {{"n", 37}})), std::string::npos) << "what is not listed";
      }
      if (alert.kind == EARSHOT_ALERT_REPORT) {
        EXPECT_NE(all.find("Loudest"), std::string::npos);
      }
      if (!console()) {
        EXPECT_NE(all.find("https://earshot.example.com/a/1/take"), std::string::npos) << "the button";
      }
    }
  }
}

TEST_P(EverySink, SaysBelowWhoHasTakenItAndWhatTheTeamWantsSaid) {
  if (contract_.data) GTEST_SKIP() << "programs ask for claims";
  for (TestAlert alert : alerts_of_every_kind()) {
    alert.standing = "Ann has taken it";
    alert.note = "Ask legal first\nPlaybook 7";
    const std::string all = seen(post(alert));
    for (const char* text : {"Ann has taken it", "Ask legal first", "Playbook 7"})
      EXPECT_NE(all.find(text), std::string::npos) << text << ", kind " << alert.kind << ": " << all;
    alert.text = std::string(200'000, 'x');
    alert.mentions.resize(10, alert.mentions.empty() ? TestMention{} : alert.mentions.front());
    const Posted crowded = post(alert);
    EXPECT_NE(seen(crowded).find("Ann has taken it"), std::string::npos) << "in a long one, kind " << alert.kind;
    EXPECT_NE(seen(crowded).find("Playbook 7"), std::string::npos) << "in a long one, kind " << alert.kind;
    EXPECT_EQ(contract_.broken_limits(crowded), std::vector<std::string>{});
  }
}

TEST_P(EverySink, TheSameAlertAtTheSameTimeIsTheSameRequest) {
  for (const TestAlert& alert : alerts_of_every_kind()) {
    const Posted one = post(alert), two = post(alert);
    EXPECT_EQ(one.body, two.body);
    EXPECT_EQ(one.url, two.url);
    EXPECT_EQ(one.headers, two.headers);
  }
}

TEST_P(EverySink, ForeignTextNeitherPingsNorBreaksOutNorMisleads) {
  for (const Attack& attack : attacks()) {
    std::size_t problems = 0;
    for (TestAlert alert : alerts_of_every_kind()) {
      put_everywhere(attack.text, alert);
      for (const TestAlert& form : in_every_form(alert)) {
        SCOPED_TRACE(std::string(attack.name) + ", kind " + std::to_string(form.kind) + ", edits " + form.edits);
        const std::vector<std::string> harm = harm_of(attack, post(form));
        EXPECT_EQ(harm, std::vector<std::string>{});
        problems += harm.size();
      }
    }
    tables().attack(attack.name, GetParam(), problems > 0 ? "HARM" : contract_.data ? "data" : "ok");
  }
}

TEST_P(EverySink, OnlySafeLinksAreLinked) {
  for (const char* url : {"javascript:alert(1)", "data:text/html,<script>", "file:///etc/passwd", "https://", "//evil",
                          "vbscript:x", "https://evil.example\" onclick=\"x", "https://evil.example/>|<!channel>",
                          "https://evil.example/a b\nc", "https://bank.example@evil.example/"}) {
    for (TestAlert alert : alerts_of_every_kind()) {
      for (TestMention& m : alert.mentions) m.url = url;
      alert.actions = {{"Go", url}};
      const Posted posted = post(alert);
      if (contract_.data) continue;
      for (const std::string& s : visible(posted)) {
        SCOPED_TRACE(s);
        for (const char* bad : {"javascript:", "data:text", "file:", "vbscript:", "onclick=\"", "bank.example@", "<!"})
          EXPECT_EQ(s.find(bad), std::string::npos) << bad;
      }
    }
  }
}

TEST_P(EverySink, KeepsEveryLimitHoweverLargeTheAlert) {
  for (const auto& [name, piece] : fillers()) {
    for (TestAlert alert : alerts_of_every_kind()) {
      // One with a lead, one with a lead and a list, one list, one text: the others are laid out as one of these.
      if (alert.kind != EARSHOT_ALERT_MENTION && alert.kind != EARSHOT_ALERT_STORY &&
          alert.kind != EARSHOT_ALERT_DIGEST && alert.kind != EARSHOT_ALERT_REPORT)
        continue;
      make_huge(piece, alert);
      for (const TestAlert& form : in_every_form(alert)) {
        SCOPED_TRACE(std::string(name) + ", kind " + std::to_string(form.kind) + ", edits " + form.edits);
        const Posted posted = post(form);
        EXPECT_EQ(contract_.broken_limits(posted), std::vector<std::string>{});
        for (const std::string& s : visible(posted)) {
          // No cluster, escape or entity is cut: a cut leaves whole pieces and an ellipsis.
          EXPECT_FALSE(cuts_an_entity(s)) << s;
          EXPECT_FALSE(ends_inside_a_family(s)) << s;
        }
      }
    }
  }
}

TEST_P(EverySink, TakesAnAlertWithNothingInIt) {
  TestAlert alert;
  alert.headline = alert.text = alert.channel = alert.language = "";
  alert.actions.clear();
  for (std::uint32_t kind = 0; kind < 13; ++kind) {
    alert.kind = kind;
    alert.severity = kind * 7;  // nonsense of a later host
    for (const std::size_t n : {0u, 1u, 3u}) {
      alert.mentions.assign(n, TestMention{});
      for (TestMention& m : alert.mentions) {
        m = TestMention{"", "", "", "", "", "", "", "", "", {}, {}, {}, {}, {}, INT64_MIN, INT64_MIN, 0};
      }
      alert.total = 0;
      const Posted posted = post(alert);
      EXPECT_EQ(contract_.broken_limits(posted), std::vector<std::string>{}) << posted.body;
    }
  }
}

TEST_P(EverySink, ShowsWhereALinkReallyLeads) {
  TestAlert alert;
  for (const auto& [url, host] : {std::pair{"https://аррӏе.com/login", "xn--80ak6aa92e.com"},
                                  {"https://bank.example@evil.example/", "evil.example"},
                                  {"https://bank.example.evil.example/", "bank.example.evil.example"}}) {
    alert.mentions[0].url = url;
    alert.mentions[0].site = "bank.example";  // what a source claims does not count
    if (contract_.data) continue;
    const std::string all = seen(post(alert));
    EXPECT_NE(all.find(host), std::string::npos) << all;
    EXPECT_EQ(all.find("аррӏе"), std::string::npos) << all;
  }
}

// ---- what answers mean

TEST_P(EverySink, StatusCodesMeanTheSameForAll) {
  if (!http()) return;
  const TestAlert first;
  TestAlert second = first;
  second.attempt = 2;
  for (const std::uint32_t status : {408u, 425u, 429u, 500u, 502u, 503u, 504u, 507u, 599u}) {
    const Judged j = sink_.outcome(first, status, "");
    ASSERT_TRUE(j.ok) << j.error;
    EXPECT_EQ(j.result, EARSHOT_RETRY) << status;
    EXPECT_NE(j.reason.find(std::to_string(status)), std::string::npos) << j.reason;
  }
  for (const std::uint32_t status : {400u, 405u, 413u, 415u, 422u, 301u, 302u, 303u, 307u, 308u})
    EXPECT_EQ(sink_.outcome(first, status, "").result, EARSHOT_REJECTED) << status;
  for (const std::uint32_t status : {401u, 403u, 404u, 410u}) {
    // A removed receiver may be believed at once; the others need a second try, a minute later.
    const Judged j = sink_.outcome(first, status, "");
    EXPECT_TRUE(j.result == EARSHOT_CHANNEL_GONE || (j.result == EARSHOT_RETRY && j.retry_after_ms >= 60000)) << status;
    EXPECT_EQ(sink_.outcome(second, status, "").result, EARSHOT_CHANNEL_GONE) << status;
  }
  const Judged good = sink_.outcome(first, contract_.accepted_status, contract_.accepted);
  EXPECT_EQ(good.result, EARSHOT_DELIVERED) << good.reason;
}

// The numbers of HTTP mean nothing there: 404 is an unknown "not now", and never "gone".
TEST_P(EverySink, RepliesOfMailServersAreNoStatusCodes) {
  if (!contract_.mail) return;
  TestAlert second;
  second.attempt = 2;
  for (const char* step : {"greeting", "ehlo", "starttls", "auth", "mail", "rcpt", "data", "message", ""})
    for (std::uint32_t code = 400; code < 500; ++code) {
      const Judged j = sink_.outcome(second, code, "", {{"step", step}});
      EXPECT_EQ(j.result, EARSHOT_RETRY) << code << " to " << step;
      EXPECT_NE(j.reason.find(std::to_string(code)), std::string::npos) << j.reason;
    }
  for (const char* step : {"data", "message"})
    for (std::uint32_t code = 500; code < 600; ++code)
      EXPECT_EQ(sink_.outcome(second, code, "", {{"step", step}}).result,
                code == 530 ? EARSHOT_CHANNEL_GONE : EARSHOT_REJECTED)
          << code << " to " << step;
}

TEST_P(EverySink, WaitsAsLongAsItIsAskedTo) {
  if (!http()) return;
  const std::int64_t now = 784111777000;  // Sun, 06 Nov 1994 08:49:37 GMT
  const auto wait = [&](const std::string& after) {
    return sink_.outcome({}, 429, "", {{"retry-after", after}}, now).retry_after_ms;
  };
  EXPECT_EQ(wait("7"), 7000);
  EXPECT_EQ(wait("0.75"), 750);
  EXPECT_EQ(wait("Sun, 06 Nov 1994 08:50:37 GMT"), 60000);
  EXPECT_EQ(wait("Sunday, 06-Nov-94 08:50:37 GMT"), 60000);
  EXPECT_EQ(wait("Sun Nov  6 08:50:37 1994"), 60000);
  EXPECT_EQ(wait("99999999999999"), 86400000) << "at most a day";
  EXPECT_EQ(wait("Sun, 06 Nov 2094 08:50:37 GMT"), 86400000);
  for (const char* nonsense : {"", "-5", "soon", "nan", "inf", "1e9", "Sun, 99 Nov 1994 08:50:37 GMT", "0"})
    EXPECT_EQ(wait(nonsense), 0) << nonsense;
}

TEST_P(EverySink, AnswersOfItsServiceMeanWhatTheServiceSays) {
  for (const Reply& reply : contract_.replies) {
    SCOPED_TRACE(std::to_string(reply.status) + " " + reply.body);
    TestAlert alert;
    alert.attempt = reply.attempt;
    const Judged j = sink_.outcome(alert, reply.status, reply.body, reply.headers);
    ASSERT_TRUE(j.ok) << j.error;
    EXPECT_EQ(j.result, reply.result) << j.reason;
    EXPECT_GE(j.retry_after_ms, reply.wait_ms);
    EXPECT_EQ(j.remote_id, reply.remote_id);
    if (j.result != EARSHOT_DELIVERED) {
      EXPECT_FALSE(j.reason.empty());
    }
  }
}

TEST_P(EverySink, SurvivesAnyAnswer) {
  for (const std::uint32_t status : {0u, 100u, 200u, 202u, 204u, 299u, 400u, 429u, 503u, 999u})
    for (const std::string& body : nonsense_answers())
      for (const char* header : {"", "\xff", "999999999999999999999"}) {
        const Judged j = sink_.outcome({}, status, body, {{"retry-after", header}, {"x-ratelimit-reset", header}});
        EXPECT_TRUE(j.ok) << j.error;
        EXPECT_GE(j.result, 1u);
        EXPECT_LE(j.result, 4u);
        EXPECT_GE(j.retry_after_ms, 0);
        EXPECT_LE(j.retry_after_ms, 86400000);
        EXPECT_TRUE(text::is_utf8(j.reason));
        EXPECT_FALSE(has_harmful_character(j.reason));
        EXPECT_LE(j.reason.size(), 1500u);
      }
}

// ---- secrets

TEST_P(EverySink, SecretsStandNowhereButInUrlAndHeaders) {
  for (const TestAlert& alert : alerts_of_every_kind()) {
    const Posted posted = post(alert);
    if (!contract_.topic_in_body) {
      EXPECT_EQ(posted.body.find("S3CR3T"), std::string::npos);
    }
    for (const std::string& w : posted.warnings) EXPECT_EQ(w.find("S3CR3T"), std::string::npos);
    // Servers echo what they were sent: the whole URL, its pieces, the settings, the headers.
    std::string echo = posted.url + " " + contract_.settings;
    for (const auto& [name, value] : posted.headers) echo += " " + name + ": " + value;
    for (std::uint32_t status : {200u, 301u, 400u, 401u, 403u, 404u, 410u, 429u, 500u}) {
      for (const std::string& body :
           {echo, "{\"message\":\"" + posted.url + "\"}", R"({"ok":false,"error":")" + posted.url + "\"}",
            posted.url.substr(posted.url.find("://") + 3), std::string(150, 'x') + posted.url}) {
        const Judged j = sink_.outcome(alert, status, body);
        EXPECT_EQ(j.reason.find("S3CR3T"), std::string::npos) << j.reason;
        EXPECT_EQ(j.error.find("S3CR3T"), std::string::npos) << j.error;
      }
    }
  }
}

TEST_P(EverySink, RefusesSettingsThatCannotWorkWithoutShowingThem) {
  for (const std::string& settings : contract_.refused) {
    SinkUnderTest fresh(plugin());
    const std::string error = fresh.create(settings);
    EXPECT_FALSE(error.empty()) << settings;
    EXPECT_EQ(error.find("S3CR3T"), std::string::npos) << error;
  }
}

TEST_P(EverySink, TellsTheDocumentedRateOfItsService) {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> told;
  for (std::size_t i = 0; i < sink_.table().n_rates; ++i)
    told.emplace_back(sink_.table().rates[i].count, sink_.table().rates[i].period_ms);
  EXPECT_EQ(told, contract_.rates);
}

TEST_P(EverySink, DescribesItself) {
  const earshot_plugin& table = sink_.table();
  const auto schema = boost::json::parse({table.config_schema.data, table.config_schema.len}).as_object();
  EXPECT_EQ(schema.at("type"), "object");
  EXPECT_EQ(schema.at("additionalProperties"), false);
  EXPECT_EQ(schema.at("title").as_string(), plugin());
  // Every setting the tests use is described, and every one that holds a secret is marked.
  const boost::json::value settings = boost::json::parse(contract_.settings);
  for (const auto& [key, value] : settings.as_object()) {
    const auto* property = schema.at("properties").as_object().if_contains(key);
    ASSERT_TRUE(property) << key;
    EXPECT_TRUE(property->as_object().contains("description")) << key;
    if (boost::json::serialize(value).find("S3CR3T") != std::string::npos) {
      EXPECT_EQ(property->as_object().at("x-secret"), true) << key;
    }
  }
  const std::string sample(table.sample.data, table.sample.len);
  EXPECT_NE(sample.find("type: " + plugin()), std::string::npos);
}

}  // namespace
}  // namespace earshot::test
