// What single services do beyond the shared table: state that an answer leaves behind.
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "support/sinks/contract.h"

namespace earshot::test {
namespace {

namespace json = boost::json;

class Telegram : public testing::Test {
 protected:
  Telegram() : sink_("telegram") {
    if (const std::string error = sink_.create(contract_of("telegram").settings); !error.empty())
      throw std::runtime_error(error);
  }
  json::object posted(const TestAlert& alert) const { return json::parse(sink_.request(alert).body).as_object(); }

  SinkUnderTest sink_;
};

TEST_F(Telegram, FollowsAGroupThatBecameASupergroup) {
  const Judged moved = sink_.outcome({}, 400, R"({"ok":false,"parameters":{"migrate_to_chat_id":-100777}})");
  EXPECT_EQ(moved.result, EARSHOT_RETRY);
  EXPECT_NE(moved.reason.find("-100777"), std::string::npos) << "for the settings: " << moved.reason;
  EXPECT_EQ(posted({}).at("chat_id"), "-100777");
}

TEST_F(Telegram, SendsPlainTextWhereEntitiesOrButtonsWereRefused) {
  for (const char* description :
       {"Bad Request: can't parse entities: x", "Bad Request: ENTITY_BOUNDS_INVALID",
        "Bad Request: inline keyboard button URL 'http://localhost/' is invalid: Wrong HTTP URL"}) {
    TestAlert alert, other;
    alert.delivery_id = "d-" + std::to_string(std::string_view(description).size());
    other.delivery_id = "d-other";
    ASSERT_TRUE(posted(alert).contains("entities"));
    const std::string answer = json::serialize(json::object{{"ok", false}, {"description", description}});
    EXPECT_EQ(sink_.outcome(alert, 400, answer).result, EARSHOT_RETRY);
    const json::object bare = posted(alert);
    EXPECT_FALSE(bare.contains("entities") || bare.contains("reply_markup"));
    const std::string text(bare.at("text").as_string());
    EXPECT_NE(text.find(alert.mentions[0].url), std::string::npos) << "the link is written out";
    EXPECT_NE(text.find("https://earshot.example.com/a/1/take"), std::string::npos) << "the buttons too";
    EXPECT_TRUE(posted(other).contains("entities")) << "only what was refused";
    EXPECT_EQ(sink_.outcome(alert, 400, answer).result, EARSHOT_REJECTED) << "not for ever";
  }
}

TEST_F(Telegram, TakesMoreInAPrivateChatThanInAGroup) {
  const std::string ok = contract_of("telegram").accepted;
  EXPECT_EQ(sink_.outcome({}, 200, ok).retry_after_ms, 3000) << "20 a minute";
  SinkUnderTest person("telegram");
  ASSERT_EQ(person.create(R"({"token":"123456:S3CR3T","chat":"777"})"), "");
  EXPECT_EQ(person.outcome({}, 200, ok).retry_after_ms, 0) << "the plugin's rate, one a second, is enough";
}

TEST_F(Telegram, KeepsTheLimitWithoutEntities) {
  TestAlert alert;
  alert.mentions[0].snippet = std::string(3000, 'x');
  alert.mentions[0].url = "https://example.com/" + std::string(1900, 'u');
  for (int i = 0; i < 5; ++i) alert.actions.emplace_back("x", "https://example.com/" + std::string(1900, 'a'));
  sink_.outcome(alert, 400, R"({"ok":false,"description":"can't parse entities"})");
  EXPECT_LE(utf16(std::string(posted(alert).at("text").as_string())), 4096u);
}

TEST(Teams, AnOldConnectorPostsOnlyWhenItSaysOne) {
  SinkUnderTest sink("teams");
  ASSERT_EQ(sink.create(R"({"url":"https://acme.webhook.office.com/webhookb2/S3CR3T@x/IncomingWebhook/S3CR3T/y"})"),
            "");
  EXPECT_EQ(sink.outcome({}, 200, "1").result, EARSHOT_DELIVERED);
  EXPECT_EQ(sink.outcome({}, 200, "").result, EARSHOT_DELIVERED);
  EXPECT_EQ(sink.outcome({}, 200, "Bad payload received by generic incoming webhook.").result, EARSHOT_RETRY);
  EXPECT_EQ(sink.outcome({}, 200, "failed: Microsoft Teams endpoint returned HTTP error 413").result, EARSHOT_REJECTED);
}

}  // namespace
}  // namespace earshot::test
