#include <boost/json.hpp>

#include "contracts.h"

namespace earshot::test {

namespace json = boost::json;

Contract console_contract() {
  Contract c;
  c.settings = R"({})";
  c.accepted = "";
  c.at = c.angle = c.markdown = false;
  c.never = {"\x1b"};
  c.broken_limits = [](const Posted& p) {
    std::vector<std::string> broken;
    at_most(p.body.size(), 64 * 1024 + 1, "bytes", broken);
    return broken;
  };
  return c;
}

Contract webhook_contract() {
  Contract c;
  c.settings = R"({"url":"https://intranet.example/hook/S3CR3T-path-1?key=S3CR3T-query",
                   "secret":["whsec_S3CR3TS3CR3TS3CR3TS3CR3TS3CR3TS3CR3TS3CR",
                             "whsk_S3CR3TS3CR3TS3CR3TS3CR3TS3CR3TS3CR3TS3CR3TE="],
                   "authorization":"Bearer S3CR3T-token"})";
  c.accepted = "";
  c.data = true;
  c.replies = {
      {201, "", EARSHOT_DELIVERED},
      {202, "", EARSHOT_DELIVERED},
      {204, "", EARSHOT_DELIVERED},
      {410, "", EARSHOT_CHANNEL_GONE},
  };
  c.refused = {
      R"({"url":"ftp://S3CR3T.example/x"})",
      R"({"url":"https://S3CR3T:S3CR3T@h.example/x"})",
      R"({"url":"https://h.example/x","secret":"S3CR3T"})",
      R"({"url":"https://h.example/x","secret":"whsec_S3CR3T=="})",                                 // too short
      R"({"url":"https://h.example/x","secret":["whsec_S3CR3TS3CR3TS3CR3TS3CR3TS3CR3T S3CR"]})",    // not base64
      R"({"url":"https://h.example/x","secret":"whsk_S3CR3TS3CR3TS3CR3TS3CR3TS3CR3TS3CR3TS3CR"})",  // 30 bytes
      R"({"url":"https://h.example/x","secret":"whpk_S3CR3TS3CR3TS3CR3TS3CR3TS3CR3TS3CR3TS3CR3TE="})",
  };
  c.broken_limits = [](const Posted& p) {
    std::vector<std::string> broken;
    const json::object data = json::parse(p.body).at("data").as_object();
    // One mention alone is never cut; lists keep the advised 20 kB.
    if (data.contains("mentions")) at_most(p.body.size(), 20'000, "bytes", broken);
    return broken;
  };
  return c;
}

Contract slack_contract() {
  Contract c;
  c.rates = {{1, 1'000}};
  c.settings = R"({"url":"https://hooks.slack.com/services/T00000000/B00000000/S3CR3Txxxxxxxxxxxxxxxx"})";
  c.markdown = false;
  c.never = {"<"};  // links of our own stand in blocks; the fallback has none
  c.parsed = [](const Posted& p) { return std::vector{std::string(json::parse(p.body).at("text").as_string())}; };
  c.nowhere = {"<!", "<@", "<#"};
  c.replies = {
      {200, "ok\n", EARSHOT_DELIVERED},
      {200, "no_service", EARSHOT_CHANNEL_GONE},
      {200, "invalid_blocks", EARSHOT_REJECTED},
      {200, "", EARSHOT_REJECTED},
      {404, "no_service", EARSHOT_CHANNEL_GONE},
      {403, "invalid_token", EARSHOT_CHANNEL_GONE},
      {403, "action_prohibited", EARSHOT_CHANNEL_GONE},
      {404, "channel_not_found", EARSHOT_CHANNEL_GONE},
      {410, "channel_is_archived", EARSHOT_CHANNEL_GONE},
      {404, "no_active_hooks", EARSHOT_CHANNEL_GONE},
      {403, "no_team", EARSHOT_CHANNEL_GONE},
      {403, "team_disabled", EARSHOT_CHANNEL_GONE},
      {403, "posting_to_general_channel_denied", EARSHOT_CHANNEL_GONE},
      {400, "invalid_payload", EARSHOT_REJECTED},
      {400, "invalid_blocks", EARSHOT_REJECTED},
      {400, "invalid_blocks_format", EARSHOT_REJECTED},
      {400, "no_text", EARSHOT_REJECTED},
      {400, "too_many_attachments", EARSHOT_REJECTED},
      {400, "user_not_found", EARSHOT_REJECTED},
      {500, "rollup_error", EARSHOT_RETRY},
      {429, "rate_limited", EARSHOT_RETRY, {{"Retry-After", "30"}}, 30000},
  };
  c.refused = {R"({"url":"hooks.slack.com/services/S3CR3T"})", R"({"url":"https://"})", R"([])"};
  c.broken_limits = [](const Posted& p) {
    std::vector<std::string> broken;
    const json::object body = json::parse(p.body).as_object();
    at_most(utf16(std::string(body.at("text").as_string())), 40'000, "text", broken);
    if (body.at("text").as_string().empty()) broken.emplace_back("text is empty");
    at_most(body.at("blocks").as_array().size(), 50, "blocks", broken);
    std::size_t sum = 0;
    for (const std::string& s : visible(p)) {
      sum += utf16(s);
      at_most(utf16(s), 3000, "a text or URL", broken);
    }
    at_most(sum, 12'000 + utf16(std::string(body.at("text").as_string())) + 2'000 /* names of types */, "sum", broken);
    for (const json::value& block : body.at("blocks").as_array()) {
      const json::string& type = block.at("type").as_string();
      if (type == "context") at_most(block.at("elements").as_array().size(), 10, "context elements", broken);
      if (type != "actions") continue;
      at_most(block.at("elements").as_array().size(), 25, "actions", broken);
      for (const json::value& e : block.at("elements").as_array()) {
        at_most(utf16(std::string(e.at("text").at("text").as_string())), 75, "button text", broken);
        at_most(utf16(std::string(e.at("url").as_string())), 3000, "button url", broken);
      }
    }
    if (p.body.find(R"("text":"")") != std::string::npos) broken.emplace_back("an empty text");
    if (p.body.find("link_names") != std::string::npos) broken.emplace_back("link_names is set");
    if (const json::value* parse = body.if_contains("parse"); parse && *parse != "none")
      broken.emplace_back("names are looked for");
    return broken;
  };
  return c;
}

Contract slack_bot_contract() {
  Contract c = slack_contract();
  c.sink = "slack";
  c.settings = R"({"token":"xoxb-S3CR3T","channel":"C024BE91L"})";
  c.accepted = R"({"ok":true,"channel":"C024BE91L","ts":"1503435956.000247"})";
  c.replies = {
      {200, c.accepted, EARSHOT_DELIVERED, {}, 0, 1, "C024BE91L/1503435956.000247"},
      {200, R"({"ok":false,"error":"invalid_auth"})", EARSHOT_CHANNEL_GONE},
      {200, R"({"ok":false,"error":"not_in_channel"})", EARSHOT_CHANNEL_GONE},
      {200, R"({"ok":false,"error":"internal_error"})", EARSHOT_RETRY},
      {200, R"({"ok":false,"error":"invalid_blocks"})", EARSHOT_REJECTED},
      {200, R"({"ok":false,"error":"message_not_found"})", EARSHOT_REJECTED},
      {200, "ok", EARSHOT_RETRY},
      {200, R"({"ok":true})", EARSHOT_RETRY},
      {429, R"({"ok":false,"error":"ratelimited"})", EARSHOT_RETRY, {{"Retry-After", "30"}}, 30'000},
  };
  c.refused = {R"({"token":"xoxb-S3CR3T"})", R"({"token":"xoxb-S3CR3T\n","channel":"C024BE91L"})"};
  return c;
}

}  // namespace earshot::test
