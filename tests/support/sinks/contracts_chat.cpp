// Discord, Mattermost, Teams, Google Chat, Rocket.Chat: webhooks of team chats.
#include <boost/json.hpp>

#include "contracts.h"

namespace earshot::test {
namespace {

namespace json = boost::json;

std::string at(const json::value& v, const char* key) {
  const json::value* found = v.as_object().if_contains(key);
  return found && found->is_string() ? std::string(found->get_string()) : std::string{};
}

// A bot's is under "props".
json::value mattermost_attachment(const Posted& posted) {
  const json::value body = json::parse(posted.body);
  const json::value* props = body.as_object().if_contains("props");
  return (props ? *props : body).at("attachments").at(0);
}

}  // namespace

Contract discord_contract() {
  Contract c;
  c.rates = {{5, 2'000}};
  c.settings = R"({"url":"https://discord.com/api/v10/webhooks/123456789012345678/S3CR3Ttoken","thread_id":"42"})";
  c.backslash = true;
  c.accepted = R"({"id":"999","channel_id":"1"})";
  c.parsed = [](const Posted& p) {  // an author's name is plain text
    const json::value e = json::parse(p.body).at("embeds").at(0);
    return std::vector{at(e, "title"), at(e, "description")};
  };
  c.replies = {
      {200, R"({"id":"999"})", EARSHOT_DELIVERED, {}, 0, 1, "999"},
      {204, "", EARSHOT_DELIVERED},
      {200, "<html>sign in</html>", EARSHOT_RETRY},
      {404, R"({"message":"Unknown Webhook","code":10015})",
       EARSHOT_CHANNEL_GONE},  // at once: it must not be used again
      {400, R"({"code":50035,"errors":{"embeds":{}},"message":"Invalid Form Body"})", EARSHOT_REJECTED},
      {429, R"({"message":"You are being rate limited.","retry_after":0.625,"global":false})", EARSHOT_RETRY, {}, 625},
      {429, R"({"retry_after":64.57})", EARSHOT_RETRY, {{"Retry-After", "3"}}, 64570},
      {429, "", EARSHOT_RETRY, {{"X-RateLimit-Reset-After", "1.5"}}, 1500},
      {200,
       R"({"id":"1"})",
       EARSHOT_DELIVERED,
       {{"x-ratelimit-remaining", "0"}, {"x-ratelimit-reset-after", "2"}},
       2000,
       1,
       "1"},
  };
  c.refused = {R"({"url":"discord.com/S3CR3T"})"};
  c.broken_limits = [](const Posted& p) {
    std::vector<std::string> broken;
    const json::value body = json::parse(p.body);
    if (p.method == "POST" && p.url.find("wait=true") == std::string::npos) broken.emplace_back("does not wait");
    if (json::serialize(body.at("allowed_mentions")) != R"({"parse":[]})") broken.emplace_back("mentions are allowed");
    const json::array& embeds = body.at("embeds").as_array();
    at_most(embeds.size(), 10, "embeds", broken);
    std::size_t sum = 0;
    for (const json::value& e : embeds) {
      const std::string author = at(e.at("author"), "name");
      at_most(utf16(at(e, "title")), 256, "title", broken);
      at_most(utf16(at(e, "description")), 4096, "description", broken);
      at_most(utf16(author), 256, "author", broken);
      at_most(utf16(at(e, "url")), 2048, "url", broken);
      sum += utf16(at(e, "title")) + utf16(at(e, "description")) + utf16(author);
      if (e.at("color").to_number<std::int64_t>() > 0xFFFFFF) broken.emplace_back("color");
      for (const char* key : {"title", "description"})
        if (e.as_object().contains(key) && at(e, key).empty()) broken.emplace_back(std::string(key) + " is empty");
    }
    at_most(sum, 6000, "all embeds", broken);
    return broken;
  };
  return c;
}

Contract mattermost_contract() {
  Contract c;
  c.settings = R"({"url":"https://chat.example.com/hooks/S3CR3Txxxxxxxxxxxxxxxxxxxx","silent":true})";
  c.never = {"<!", "<h"};
  c.parsed = [](const Posted& p) {  // the fallback is plain text, and so is a linked title
    const json::value a = mattermost_attachment(p);
    return std::vector{at(a, "pretext"), at(a, "title_link").empty() ? at(a, "title") : "", at(a, "text")};
  };
  c.replies = {
      {200, "ok", EARSHOT_DELIVERED},
      {200, "<html>Please log in</html>", EARSHOT_RETRY},
      {400, R"({"id":"web.incoming_webhook.text.app_error","message":"No text specified.","status_code":400})",
       EARSHOT_REJECTED},
      {403, R"({"id":"web.incoming_webhook.disabled.app_error","status_code":403})", EARSHOT_CHANNEL_GONE, {}, 0, 2},
      {404, R"({"id":"web.incoming_webhook.invalid.app_error","status_code":404})", EARSHOT_CHANNEL_GONE, {}, 0, 2},
      {413, "", EARSHOT_REJECTED},
      {429, "limit exceeded", EARSHOT_RETRY, {{"X-RateLimit-Remaining", "0"}, {"X-RateLimit-Reset", "5"}}, 5000},
  };
  c.refused = {R"({"url":"S3CR3T"})"};
  c.broken_limits = [](const Posted& p) {
    std::vector<std::string> broken;
    const json::value a = mattermost_attachment(p);
    std::size_t sum = 0;
    for (const char* key : {"fallback", "pretext", "title", "text"}) sum += code_points(at(a, key));
    at_most(sum, 16'383, "post", broken);
    if (at(a, "fallback").empty()) broken.emplace_back("no fallback");
    for (const char* slack : {"<!", "<h"})
      if (at(a, "title").find(slack) != std::string::npos)
        broken.emplace_back("the server would take <…> in the title");
    return broken;
  };
  return c;
}

Contract mattermost_bot_contract() {
  Contract c = mattermost_contract();
  c.sink = "mattermost";
  c.settings =
      R"({"api":"https://chat.example.com","token":"S3CR3Txxxxxxxxxxxxxxxxxxxx","channel":"4yde6a4o3tbg7jwkbjwsz9o1ho"})";
  c.accepted = R"({"id":"5zefwb4n3jgd9gobx8w9tyfxow","channel_id":"4yde6a4o3tbg7jwkbjwsz9o1ho","message":""})";
  c.accepted_status = 201;
  c.replies = {
      {201, c.accepted, EARSHOT_DELIVERED, {}, 0, 1, "5zefwb4n3jgd9gobx8w9tyfxow"},
      {200, "<html>Please log in</html>", EARSHOT_RETRY},
      {200, "{}", EARSHOT_RETRY},
      {400, R"({"id":"api.context.invalid_body_param.app_error","message":"Invalid post","status_code":400})",
       EARSHOT_REJECTED},
      {400,
       R"({"id":"api.post.create_post.can_not_post_to_deleted.error","status_code":400})",
       EARSHOT_CHANNEL_GONE,
       {},
       0,
       2},
      {401, R"({"id":"api.context.session_expired.app_error","status_code":401})", EARSHOT_RETRY, {}, 60'000},
      {401, R"({"id":"api.context.session_expired.app_error","status_code":401})", EARSHOT_CHANNEL_GONE, {}, 0, 2},
      {403, R"({"id":"api.context.permissions.app_error","status_code":403})", EARSHOT_CHANNEL_GONE, {}, 0, 2},
      {404, R"({"id":"app.channel.get.existing.app_error","status_code":404})", EARSHOT_CHANNEL_GONE, {}, 0, 2},
      {413, "", EARSHOT_REJECTED},
      {429, "limit exceeded", EARSHOT_RETRY, {{"X-Ratelimit-Remaining", "0"}, {"X-Ratelimit-Reset", "5"}}, 5'000},
      {500, R"({"id":"app.post.save.app_error","status_code":500})", EARSHOT_RETRY},
  };
  c.refused = {
      R"({"token":"S3CR3T","channel":"4yde6a4o3tbg7jwkbjwsz9o1ho"})",
      R"({"api":"chat.example.com","token":"S3CR3T","channel":"4yde6a4o3tbg7jwkbjwsz9o1ho"})",
      R"({"api":"https://chat.example.com","token":"S3CR3T"})",
      R"({"api":"https://chat.example.com","token":"S3CR3T\r\nx: y","channel":"4yde6a4o3tbg7jwkbjwsz9o1ho"})",
      R"({"url":"https://chat.example.com/hooks/S3CR3T","api":"https://chat.example.com","token":"S3CR3T","channel":"4yde6a4o3tbg7jwkbjwsz9o1ho"})",
      R"({"url":"https://chat.example.com/hooks/S3CR3T","channel":"4yde6a4o3tbg7jwkbjwsz9o1ho"})",
  };
  c.broken_limits = [whole = c.broken_limits](const Posted& p) {
    std::vector<std::string> broken = whole(p);
    const json::object body = json::parse(p.body).as_object();
    const bool edit = p.method == "PUT";
    if (p.url !=
        std::string("https://chat.example.com/api/v4/posts") + (edit ? "/5zefwb4n3jgd9gobx8w9tyfxow/patch" : ""))
      broken.push_back(p.url);
    if (p.header("Authorization") != "Bearer S3CR3Txxxxxxxxxxxxxxxxxxxx") broken.emplace_back("authorization");
    for (const char* key : {"channel_id", "message", "root_id"})
      if (edit && body.contains(key)) broken.emplace_back(std::string(key) + " in an edit");
    if (!edit && at(body, "channel_id") != "4yde6a4o3tbg7jwkbjwsz9o1ho") broken.emplace_back("channel_id");
    return broken;
  };
  return c;
}

Contract teams_contract() {
  Contract c;
  c.rates = {{4, 1'000}, {60, 30'000}, {100, 3'600'000}, {150, 7'200'000}, {1'800, 86'400'000}};
  c.settings =
      R"({"url":"https://x.01.environment.api.powerplatform.com:443/powerautomate/automations/direct/workflows/S3CR3Tid/triggers/manual/paths/invoke?api-version=1&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=S3CR3T_-sig"})";
  c.accepted = "";
  c.accepted_status = 202;
  c.parsed = [](const Posted& p) {  // only TextBlocks are Markdown
    const json::value body = json::parse(p.body);
    std::vector<std::string> texts{at(body.at("attachments").at(0).at("content"), "fallbackText")};
    for (const json::value& e : body.at("attachments").at(0).at("content").at("body").as_array())
      if (at(e, "type") == "TextBlock") texts.push_back(at(e, "text"));
    return texts;
  };
  c.never = {"<at>", "](h"};
  c.replies = {
      {202, "", EARSHOT_DELIVERED},
      {200, "1", EARSHOT_DELIVERED},
      {200, R"({"anything":"of the flow's Response action"})", EARSHOT_DELIVERED},
      {200,
       "Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 429 with ContextId x",
       EARSHOT_RETRY},
      {200, "Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 413",
       EARSHOT_REJECTED},
      {400, R"({"error":{"code":"TriggerInputSchemaMismatch","message":"x"}})", EARSHOT_REJECTED},
      {401, R"({"error":{"code":"DirectApiAuthorizationRequired"}})", EARSHOT_CHANNEL_GONE, {}, 0, 2},
      {404, R"({"error":{"code":"WorkflowNotFound"}})", EARSHOT_CHANNEL_GONE, {}, 0, 2},
      {429, "", EARSHOT_RETRY, {{"Retry-After", "20"}}, 20000},
      {502, "", EARSHOT_RETRY},
      {504, "", EARSHOT_RETRY},
  };
  c.refused = {R"({"url":"https:///S3CR3T"})"};
  c.broken_limits = [](const Posted& p) {
    std::vector<std::string> broken;
    at_most(p.body.size(), 20 * 1024, "request", broken);
    const json::value body = json::parse(p.body);
    if (p.url.find("sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=S3CR3T_-sig") == std::string::npos)
      broken.emplace_back("the signed query was changed");
    const json::value& card = body.at("attachments").at(0).at("content");
    if (at(card, "version") != "1.4") broken.emplace_back("version");
    if (p.body.find("Action.Submit") != std::string::npos) broken.emplace_back("Action.Submit does not work");
    if (p.body.find("\"entities\"") != std::string::npos) broken.emplace_back("entities could ping");
    for (const json::value& e : card.at("body").as_array())
      if (at(e, "type") == "RichTextBlock" &&
          (e.at("inlines").as_array().empty() || at(e.at("inlines").at(0), "text").empty()))
        broken.emplace_back("an empty block");
    return broken;
  };
  return c;
}

Contract googlechat_contract() {
  Contract c;
  c.rates = {{1, 1'000}, {60, 60'000}};
  c.settings = R"({"url":"https://chat.googleapis.com/v1/spaces/AAAA/messages?key=S3CR3Tkey&token=S3CR3Ttoken%3D"})";
  c.accepted = R"({"name":"spaces/AAAA/messages/BBBB.CCCC","thread":{"name":"spaces/AAAA/threads/T"}})";
  c.markdown = false;
  c.never = {"<users", "<h", "<script"};
  c.parsed = [](const Posted& p) {  // the header and the buttons are plain text
    std::vector<std::string> texts{at(json::parse(p.body), "fallbackText")};
    const json::value card = json::parse(p.body).at("cardsV2").at(0).at("card");
    if (const json::value* sections = card.as_object().if_contains("sections"))
      for (const json::value& w : sections->at(0).at("widgets").as_array())
        if (w.as_object().contains("textParagraph")) texts.push_back(at(w.at("textParagraph"), "text"));
    return texts;
  };
  c.replies = {
      {200, R"({"name":"spaces/A/messages/B"})", EARSHOT_DELIVERED, {}, 0, 1, "spaces/A/messages/B"},
      {200, "<html>sign in</html>", EARSHOT_RETRY},
      {400, R"({"error":{"code":400,"status":"INVALID_ARGUMENT"}})", EARSHOT_REJECTED},
      {401, "{}", EARSHOT_CHANNEL_GONE, {}, 0, 2},
      {403, R"({"error":{"status":"PERMISSION_DENIED"}})", EARSHOT_CHANNEL_GONE, {}, 0, 2},
      {404, R"({"error":{"status":"NOT_FOUND"}})", EARSHOT_CHANNEL_GONE, {}, 0, 2},
      {429, R"({"error":{"status":"RESOURCE_EXHAUSTED"}})", EARSHOT_RETRY},
  };
  c.refused = {R"({"url":"S3CR3T"})"};
  c.broken_limits = [](const Posted& p) {
    std::vector<std::string> broken;
    at_most(p.body.size(), 32'000, "message", broken);
    if (p.header("Content-Type") != "application/json; charset=UTF-8") broken.emplace_back("content type");
    if (p.url.find("?key=S3CR3Tkey&token=S3CR3Ttoken%3D&requestId=d-") == std::string::npos)
      broken.emplace_back("URL: " + p.url);
    for (const std::string& s : contract_of("googlechat").parsed(p))
      if (s.find("<a ") != std::string::npos && s.find("</a>") == std::string::npos)
        broken.emplace_back("an open link");
    return broken;
  };
  return c;
}

Contract rocketchat_contract() {
  Contract c;
  c.rates = {{10, 60'000}};
  c.settings = R"({"url":"https://chat.example.com/hooks/6543210abcdef/S3CR3Txxxxxxxxxxxxxxx"})";
  c.accepted = R"({"success":true})";
  c.never = {"<h", "<!"};
  c.parsed = [](const Posted& p) {  // an attachment's title is plain text
    const json::value body = json::parse(p.body);
    return std::vector{at(body, "text"), at(body.at("attachments").at(0), "text")};
  };
  c.replies = {
      {200, R"({"success":true})", EARSHOT_DELIVERED},
      {200, R"({"success":false,"error":"x"})", EARSHOT_REJECTED},
      {200, "", EARSHOT_RETRY},
      {200, "<html>", EARSHOT_RETRY},
      {400, R"({"success":false,"error":"[invalid-channel]"})", EARSHOT_CHANNEL_GONE, {}, 0, 2},
      {400,
       R"({"success":false,"error":"overriding destination channel is disabled for this integration"})",
       EARSHOT_CHANNEL_GONE,
       {},
       0,
       2},
      {400, R"({"success":false,"error":"Invalid integration id or token provided."})", EARSHOT_CHANNEL_GONE, {}, 0, 2},
      {400, R"({"success":false,"error":"[error-message-size-exceeded]"})", EARSHOT_REJECTED},
      {503, R"({"success":false,"error":"integration disabled"})", EARSHOT_RETRY},
      {503, R"({"success":false,"error":"integration disabled"})", EARSHOT_CHANNEL_GONE, {}, 0, 5},
      {429,
       R"({"success":false})",
       EARSHOT_RETRY,
       {{"x-ratelimit-remaining", "0"}, {"x-ratelimit-reset", "1795551100000"}},
       30000},  // epoch milliseconds
  };
  c.refused = {R"({"url":"S3CR3T"})"};
  c.broken_limits = [](const Posted& p) {
    std::vector<std::string> broken;
    const json::value body = json::parse(p.body);
    const json::value& a = body.at("attachments").at(0);
    at_most(code_points(at(body, "text")) + code_points(at(a, "title")) + code_points(at(a, "text")), 5000, "message",
            broken);
    if (at(body, "text").empty()) broken.emplace_back("an empty message is answered with success and never posted");
    if (body.at("parseUrls") != false) broken.emplace_back("parseUrls");
    return broken;
  };
  return c;
}

Contract rocketchat_bot_contract() {
  Contract c = rocketchat_contract();
  c.sink = "rocketchat";
  c.settings =
      R"({"api":"https://chat.example.com/","token":"S3CR3Txxxxxxxxxxxxxxx","user":"aobEdbYhXfu5hkeqG","channel":"64f0f82c2c26843a68c1f7ba"})";
  c.accepted = R"({"success":true,"message":{"_id":"vzGBzSwy6jJQDwtZe","rid":"64f0f82c2c26843a68c1f7ba"}})";
  c.parsed = [](const Posted& p) {
    const json::value body = json::parse(p.body);
    std::vector<std::string> texts{at(body, "text")};
    if (const json::value* a = body.as_object().if_contains("attachments")) texts.push_back(at(a->at(0), "text"));
    return texts;
  };
  const auto refusal = [](std::string_view error) {
    return R"({"success":false,"error":")" + std::string(error) + "\"}";
  };
  c.replies = {
      {200, c.accepted, EARSHOT_DELIVERED, {}, 0, 1, "64f0f82c2c26843a68c1f7ba/vzGBzSwy6jJQDwtZe"},
      {200, R"({"success":true})", EARSHOT_RETRY},
      {200, R"({"success":false,"error":"x"})", EARSHOT_REJECTED},
      {200, "", EARSHOT_RETRY},
      {200, "<html>", EARSHOT_RETRY},
      {400, R"({"success":false,"errorType":"invalid-channel"})", EARSHOT_RETRY, {}, 60'000},
      {400, R"({"success":false,"errorType":"invalid-channel"})", EARSHOT_CHANNEL_GONE, {}, 0, 2},
      {400, refusal("error-room-not-found"), EARSHOT_CHANNEL_GONE, {}, 0, 2},
      {400, refusal("error-not-allowed"), EARSHOT_CHANNEL_GONE, {}, 0, 2},
      {400, refusal("error-action-not-allowed"), EARSHOT_CHANNEL_GONE, {}, 0, 2},
      {400, refusal("room_is_archived"), EARSHOT_CHANNEL_GONE, {}, 0, 2},
      {400, refusal("You can't send messages because the room is readonly."), EARSHOT_CHANNEL_GONE, {}, 0, 2},
      {400, refusal("You have been muted and cannot speak in this room"), EARSHOT_CHANNEL_GONE, {}, 0, 2},
      {400, refusal("error-message-size-exceeded"), EARSHOT_REJECTED},
      {401, R"({"status":"error","message":"You must be logged in to do this."})", EARSHOT_CHANNEL_GONE, {}, 0, 2},
      {429,
       refusal("Error, too many requests. Please slow down. You must wait 46 seconds before trying this endpoint "
               "again. [error-too-many-requests]"),
       EARSHOT_RETRY,
       {},
       46'000},
      {429,
       R"({"success":false})",
       EARSHOT_RETRY,
       {{"x-ratelimit-remaining", "0"}, {"x-ratelimit-reset", "1795551100000"}},
       30'000},
      {500, refusal("Internal server error"), EARSHOT_RETRY},
  };
  c.refused = {
      R"({"token":"S3CR3T","user":"u","channel":"#pr"})",
      R"({"api":"https://chat.example.com","token":"S3CR3T","channel":"#pr"})",
      R"({"api":"https://chat.example.com","token":"S3CR3T","user":"u"})",
      R"({"api":"https://chat.example.com","token":"S3CR3T\r\nx: y","user":"u","channel":"#pr"})",
      R"({"api":"https://chat.example.com","token":"S3CR3T","user":"u\n","channel":"#pr"})",
      R"({"url":"https://chat.example.com/hooks/S3CR3T","api":"https://chat.example.com","token":"S3CR3T","user":"u","channel":"#pr"})",
      R"({"url":"https://chat.example.com/hooks/S3CR3T","channel":"#pr"})",
  };
  c.broken_limits = [whole = c.broken_limits](const Posted& p) {
    const json::object body = json::parse(p.body).as_object();
    const bool edit = body.contains("msgId");
    std::vector<std::string> broken;
    if (!edit) broken = whole(p);
    if (edit) at_most(code_points(at(body, "text")), 5000, "text", broken);
    if (at(body, "text").empty()) broken.emplace_back("no text");
    if (p.url != std::string("https://chat.example.com/api/v1/chat.") + (edit ? "update" : "postMessage"))
      broken.push_back(p.url);
    if (p.header("X-Auth-Token") != "S3CR3Txxxxxxxxxxxxxxx" || p.header("X-User-Id") != "aobEdbYhXfu5hkeqG")
      broken.emplace_back("token or user");
    if (at(body, "roomId") != "64f0f82c2c26843a68c1f7ba") broken.emplace_back("roomId");
    return broken;
  };
  return c;
}

}  // namespace earshot::test
