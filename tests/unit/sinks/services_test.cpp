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

// One alert three times: told, in the thread of an earlier one, and in place of one.
struct Thrice {
  explicit Thrice(const char* name, const std::string& settings) : sink(name) {
    if (const std::string error = sink.create(settings); !error.empty()) throw std::runtime_error(error);
  }
  explicit Thrice(const char* name) : Thrice(name, contract_of(name).settings) {}
  Posted told() const { return sink.request({}); }
  Posted below(const std::string& message, std::uint32_t severity = EARSHOT_SEVERITY_NORMAL) const {
    TestAlert alert;
    alert.kind = EARSHOT_ALERT_GROWTH;
    alert.severity = severity;
    alert.thread = message;
    return sink.request(alert);
  }
  TestAlert taken(const std::string& message) const {
    TestAlert alert;
    alert.edits = message;
    alert.standing = "Ann @here <b> has taken it";
    return alert;
  }
  Posted instead_of(const std::string& message) const { return sink.request(taken(message)); }
  SinkUnderTest sink;
};

TEST(Threads, Telegram) {
  const Thrice telegram("telegram");
  const json::value below = json::parse(telegram.below("17").body);
  EXPECT_EQ(below.at("reply_parameters").at("message_id"), 17);
  EXPECT_EQ(below.at("reply_parameters").at("allow_sending_without_reply"), true) << "should that be deleted";
  const Posted edit = telegram.instead_of("17");
  EXPECT_TRUE(edit.url.ends_with("/editMessageText")) << edit.url;
  EXPECT_TRUE(telegram.told().url.ends_with("/sendMessage"));
  const json::value anew = json::parse(edit.body);
  EXPECT_EQ(anew.at("message_id"), 17);
  EXPECT_NE(std::string(anew.at("text").as_string()).find("Ann"), std::string::npos);
  EXPECT_FALSE(anew.as_object().contains("message_thread_id"));
  EXPECT_TRUE(anew.as_object().contains("reply_markup")) << "the buttons stay";
  const Judged same =
      telegram.sink.outcome(telegram.taken("17"), 400,
                            R"({"ok":false,"error_code":400,"description":"Bad Request: message is not modified"})");
  EXPECT_EQ(same.result, EARSHOT_DELIVERED);
}

TEST(Threads, Matrix) {
  const Thrice matrix("matrix");
  const json::value relates = json::parse(matrix.below("$root").body).at("m.relates_to");
  EXPECT_EQ(relates.at("rel_type"), "m.thread");
  EXPECT_EQ(relates.at("event_id"), "$root");
  EXPECT_EQ(relates.at("m.in_reply_to").at("event_id"), "$root");
  const json::value edit = json::parse(matrix.instead_of("$root").body);
  EXPECT_EQ(edit.at("m.relates_to").at("rel_type"), "m.replace");
  EXPECT_EQ(edit.at("m.relates_to").at("event_id"), "$root");
  EXPECT_TRUE(std::string(edit.at("body").as_string()).starts_with("* "));
  const json::object& anew = edit.at("m.new_content").as_object();
  EXPECT_NE(std::string(anew.at("formatted_body").as_string()).find("&lt;b&gt;"), std::string::npos);
  EXPECT_EQ(json::serialize(anew.at("m.mentions")), "{}");
  EXPECT_FALSE(json::parse(matrix.told().body).as_object().contains("m.relates_to"));
}

TEST(Threads, AMatrixEditKeepsTheSizeOfAnEvent) {
  const Thrice matrix("matrix");
  TestAlert alert = matrix.taken("$root");
  alert.kind = EARSHOT_ALERT_STORY;
  alert.text = std::string(100'000, '<');
  EXPECT_LE(matrix.sink.request(alert).body.size(), 48'000U);
}

TEST(Threads, Discord) {
  const Thrice discord("discord");
  EXPECT_EQ(discord.told().url,
            "https://discord.com/api/v10/webhooks/123456789012345678/S3CR3Ttoken?wait=true&thread_id=42");
  const Posted edit = discord.instead_of("99/../1");
  EXPECT_EQ(edit.method, "PATCH");
  EXPECT_EQ(edit.url,
            "https://discord.com/api/v10/webhooks/123456789012345678/S3CR3Ttoken/messages/99%2F..%2F1?thread_id=42");
  EXPECT_EQ(json::serialize(json::parse(edit.body).at("allowed_mentions")), R"({"parse":[]})");
}

TEST(Threads, Zulip) {
  const Thrice zulip("zulip");
  const Posted edit = zulip.instead_of("42");
  EXPECT_EQ(edit.method, "PATCH");
  EXPECT_EQ(edit.url, "https://acme.zulipchat.com/api/v1/messages/42");
  EXPECT_TRUE(edit.body.starts_with("content=")) << "neither channel nor topic: it stays where it is";
  EXPECT_EQ(zulip.sink.outcome(zulip.taken("42"), 200, R"({"result":"success","msg":""})").result, EARSHOT_DELIVERED);
}

TEST(Threads, GoogleChatKeepsAStoryUnderItsKey) {
  const Thrice chat("googlechat");
  TestAlert alert;
  EXPECT_FALSE(json::parse(chat.sink.request(alert).body).as_object().contains("thread"));
  for (const auto& [kind, story] : {std::pair{EARSHOT_ALERT_MENTION, "m1"},
                                    {EARSHOT_ALERT_STORY, "s"},
                                    {EARSHOT_ALERT_GROWTH, "s"},
                                    {EARSHOT_ALERT_EDIT, "s"}}) {
    alert.kind = kind;
    alert.story = story;
    const Posted posted = chat.sink.request(alert);
    EXPECT_EQ(json::parse(posted.body).at("thread").at("threadKey"), story);
    EXPECT_NE(posted.url.find("messageReplyOption=REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD"), std::string::npos);
  }
  alert.kind = EARSHOT_ALERT_MENTION;  // a further mention, told by itself
  EXPECT_FALSE(json::parse(chat.sink.request(alert).body).as_object().contains("thread"));
}

TEST(Threads, SlackAsABot) {
  const Thrice slack("slack", R"({"token":"xoxb-S3CR3T","channel":"C024BE91L","api":"https://slack.com/api"})");
  const Posted told = slack.told();
  EXPECT_EQ(told.url, "https://slack.com/api/chat.postMessage");
  EXPECT_EQ(told.header("Authorization"), "Bearer xoxb-S3CR3T");
  EXPECT_EQ(json::parse(told.body).at("channel"), "C024BE91L");
  const Judged posted = slack.sink.outcome({}, 200, R"({"ok":true,"channel":"C024BE91L","ts":"1503435956.000247"})");
  EXPECT_EQ(posted.result, EARSHOT_DELIVERED);
  EXPECT_EQ(posted.remote_id, "C024BE91L/1503435956.000247");
  const json::value below = json::parse(slack.below(posted.remote_id).body);
  EXPECT_EQ(below.at("thread_ts"), "1503435956.000247");
  EXPECT_FALSE(below.as_object().contains("reply_broadcast"));
  EXPECT_EQ(json::parse(slack.below(posted.remote_id, EARSHOT_SEVERITY_CRITICAL).body).at("reply_broadcast"), true);
  const Posted edit = slack.instead_of(posted.remote_id);
  EXPECT_EQ(edit.url, "https://slack.com/api/chat.update");
  EXPECT_EQ(json::parse(edit.body).at("ts"), "1503435956.000247");
  EXPECT_EQ(json::parse(edit.body).at("channel"), "C024BE91L");

  for (const auto& [status, body, result] : std::vector<std::tuple<std::uint32_t, const char*, std::uint32_t>>{
           {200, R"({"ok":false,"error":"invalid_auth"})", EARSHOT_CHANNEL_GONE},
           {200, R"({"ok":false,"error":"not_in_channel"})", EARSHOT_CHANNEL_GONE},
           {200, R"({"ok":false,"error":"internal_error"})", EARSHOT_RETRY},
           {200, R"({"ok":false,"error":"invalid_blocks"})", EARSHOT_REJECTED},
           {200, R"({"ok":false,"error":"message_not_found"})", EARSHOT_REJECTED},
           {200, "ok", EARSHOT_RETRY},
           {200, R"({"ok":true})", EARSHOT_RETRY},
           {429, R"({"ok":false,"error":"ratelimited"})", EARSHOT_RETRY},
           {503, "", EARSHOT_RETRY}}) {
    const Judged judged = slack.sink.outcome({}, status, body);
    EXPECT_EQ(judged.result, result) << body;
    EXPECT_EQ(judged.reason.find("S3CR3T"), std::string::npos);
  }
  EXPECT_EQ(slack.sink.outcome({}, 429, "", {{"Retry-After", "30"}}).retry_after_ms, 30'000);
  SinkUnderTest none("slack");
  EXPECT_NE(none.create(R"({"token":"xoxb-S3CR3T"})"), "") << "and where to?";
}

TEST(Threads, MattermostAsABot) {
  const std::string post = "5zefwb4n3jgd9gobx8w9tyfxow";
  const Thrice mattermost("mattermost", contract_of("mattermost_bot").settings);
  const Posted told = mattermost.told();
  EXPECT_EQ(told.method, "POST");
  EXPECT_EQ(told.url, "https://chat.example.com/api/v4/posts");
  EXPECT_EQ(json::parse(told.body).at("message"), "");
  EXPECT_FALSE(json::parse(told.body).as_object().contains("root_id"));
  EXPECT_EQ(mattermost.sink.outcome({}, 201, contract_of("mattermost_bot").accepted).remote_id, post);
  EXPECT_EQ(json::parse(mattermost.below(post).body).at("root_id").as_string(), post);
  const Posted edit = mattermost.instead_of("x/../y");
  EXPECT_EQ(edit.method, "PUT");
  EXPECT_EQ(edit.url, "https://chat.example.com/api/v4/posts/x%2F..%2Fy/patch");
  const json::value anew = json::parse(edit.body);
  EXPECT_FALSE(anew.as_object().contains("message")) << "it has a time limit, and is empty anyway";
  EXPECT_TRUE(std::string(anew.at("props").at("attachments").at(0).at("text").as_string()).starts_with("**✅ Ann"));

  for (const auto& [status, result] : std::vector<std::pair<std::uint32_t, std::uint32_t>>{{200, EARSHOT_DELIVERED},
                                                                                           {400, EARSHOT_REJECTED},
                                                                                           {403, EARSHOT_REJECTED},
                                                                                           {404, EARSHOT_REJECTED},
                                                                                           {429, EARSHOT_RETRY},
                                                                                           {500, EARSHOT_RETRY}}) {
    const Judged judged =
        mattermost.sink.outcome(mattermost.taken(post), status, R"({"id":"S3CR3Txxxxxxxxxxxxxxxxxxxx"})");
    EXPECT_EQ(judged.result, result) << "of an edit: " << status;
    EXPECT_EQ(judged.reason.find("S3CR3T"), std::string::npos);
  }
}

TEST(Threads, MattermostPostsAloneWhatHasLostItsThread) {
  const Thrice mattermost("mattermost", contract_of("mattermost_bot").settings);
  TestAlert alert;
  alert.thread = "deleted";
  for (const char* id : {"api.post.create_post.root_id.app_error", "api.post.create_post.channel_root_id.app_error"}) {
    const std::string answer = json::serialize(json::object{{"id", id}, {"status_code", 400}});
    alert.state = "";
    const Judged refused = mattermost.sink.outcome(alert, 400, answer);
    EXPECT_EQ(refused.result, EARSHOT_RETRY);
    alert.state = refused.state;
    EXPECT_FALSE(json::parse(mattermost.sink.request(alert).body).as_object().contains("root_id"));
    EXPECT_EQ(mattermost.sink.outcome(alert, 503, "").state, refused.state) << "at the next try as well";
    EXPECT_EQ(mattermost.sink.outcome(alert, 400, answer).result, EARSHOT_REJECTED) << "not for ever";
  }
}

TEST(Mattermost, ASilentBotAsksForItInTheAddress) {
  json::object settings = json::parse(contract_of("mattermost_bot").settings).as_object();
  settings["silent"] = true;
  const Thrice silent("mattermost", json::serialize(settings));
  EXPECT_EQ(silent.told().url, "https://chat.example.com/api/v4/posts?silent=true");
  EXPECT_TRUE(silent.instead_of("x").url.ends_with("/patch"));
}

TEST(Threads, RocketChatAsABot) {
  const std::string message = "64f0f82c2c26843a68c1f7ba/vzGBzSwy6jJQDwtZe";
  const Thrice chat("rocketchat", contract_of("rocketchat_bot").settings);
  EXPECT_EQ(chat.told().url, "https://chat.example.com/api/v1/chat.postMessage");
  EXPECT_FALSE(json::parse(chat.told().body).as_object().contains("tmid"));
  EXPECT_EQ(chat.sink.outcome({}, 200, contract_of("rocketchat_bot").accepted).remote_id, message);
  const json::value below = json::parse(chat.below(message).body);
  EXPECT_EQ(below.at("tmid"), "vzGBzSwy6jJQDwtZe");
  EXPECT_EQ(below.at("roomId"), "64f0f82c2c26843a68c1f7ba");
  const json::value elsewhere = json::parse(chat.below("GENERAL/vzGBzSwy6jJQDwtZe").body);
  EXPECT_FALSE(elsewhere.as_object().contains("tmid")) << "the settings name another room by now";
  EXPECT_EQ(elsewhere.at("roomId"), "64f0f82c2c26843a68c1f7ba");

  const Posted edit = chat.instead_of(message);
  EXPECT_EQ(edit.url, "https://chat.example.com/api/v1/chat.update");
  const json::value anew = json::parse(edit.body);
  EXPECT_EQ(anew.at("roomId"), "64f0f82c2c26843a68c1f7ba");
  EXPECT_EQ(anew.at("msgId"), "vzGBzSwy6jJQDwtZe");
  EXPECT_EQ(anew.as_object().size(), 3u) << "the server takes the text alone";
  EXPECT_TRUE(std::string(anew.at("text").as_string()).starts_with("*✅ Ann")) << "what is new comes first";
  for (const auto& [status, body, result] : std::vector<std::tuple<std::uint32_t, const char*, std::uint32_t>>{
           {200, R"({"success":true})", EARSHOT_DELIVERED},
           {400, R"({"success":false,"error":"No message found with the id of \"S3CR3Txxxxxxxxxxxxxxx\"."})",
            EARSHOT_REJECTED},
           {400, R"({"success":false,"errorType":"error-action-not-allowed"})", EARSHOT_REJECTED},
           {400, R"({"success":false,"errorType":"error-message-editing-blocked"})", EARSHOT_REJECTED},
           {400, R"({"success":false,"error":"x [error-too-many-requests]"})", EARSHOT_RETRY},
           {429, "", EARSHOT_RETRY},
           {502, "", EARSHOT_RETRY}}) {
    const Judged judged = chat.sink.outcome(chat.taken(message), status, body);
    EXPECT_EQ(judged.result, result) << "of an edit: " << body;
    EXPECT_EQ(judged.reason.find("S3CR3T"), std::string::npos);
  }
}

TEST(Threads, ARocketChatEditReplacesAllThatSaysWhatBecameOfIt) {
  const Thrice chat("rocketchat", contract_of("rocketchat_bot").settings);
  TestAlert alert;
  alert.standing = "Ann has taken it";
  const json::value told = json::parse(chat.sink.request(alert).body);
  EXPECT_EQ(std::string(told.at("attachments").at(0).at("text").as_string()).find("Ann"), std::string::npos)
      << "an edit could not change it there";
  alert.edits = "64f0f82c2c26843a68c1f7ba/vzGBzSwy6jJQDwtZe";
  EXPECT_EQ(json::parse(chat.sink.request(alert).body).at("text"), told.at("text"));
}

TEST(Threads, RocketChatTakesAThreadWithARoomsIdAlone) {
  json::object settings = json::parse(contract_of("rocketchat_bot").settings).as_object();
  settings["channel"] = "#pr";
  const Thrice chat("rocketchat", json::serialize(settings));
  const json::object told = json::parse(chat.told().body).as_object();
  EXPECT_EQ(told.at("channel"), "#pr");
  EXPECT_FALSE(told.contains("roomId"));
  const json::object below = json::parse(chat.below("GENERAL/vzGBzSwy6jJQDwtZe").body).as_object();
  EXPECT_EQ(below.at("roomId"), "GENERAL");
  EXPECT_FALSE(below.contains("channel"));
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
