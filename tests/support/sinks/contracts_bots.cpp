// Zulip, Matrix, Telegram, ntfy: services with an account; and CloudEvents.
#include <boost/json.hpp>

#include "contracts.h"

namespace earshot::test {
namespace {

namespace json = boost::json;

// Whether `at` UTF-16 units into the text one character has ended and the next has not begun.
bool between_characters(const std::string& text, std::size_t at) {
  std::size_t units = 0, bytes = 0;
  for (; bytes < text.size() && units < at;) {
    const auto lead = static_cast<unsigned char>(text[bytes]);
    units += lead >= 0xF0 ? 2 : 1;
    bytes += lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
  }
  return units == at;
}

}  // namespace

Contract cloudevents_contract() {
  Contract c;
  c.settings = R"({"url":"https://events.example/S3CR3T-ingest","authorization":"Bearer S3CR3Ttoken"})";
  c.accepted = "";
  c.data = true;
  c.replies = {
      {200, "", EARSHOT_DELIVERED},
      {201, "", EARSHOT_DELIVERED},
      {202, "", EARSHOT_DELIVERED},
      {204, "", EARSHOT_DELIVERED},
      {410, "", EARSHOT_CHANNEL_GONE},
      {415, "", EARSHOT_REJECTED},
      {429, "", EARSHOT_RETRY, {{"Retry-After", "9"}}, 9000},
  };
  c.refused = {R"({"url":"mailto:S3CR3T"})"};
  c.broken_limits = [](const Posted& p) {
    std::vector<std::string> broken;
    std::size_t size = p.body.size();
    for (const auto& [name, value] : p.headers) {
      size += name.size() + value.size();
      if (name == "ce-datacontenttype") broken.emplace_back("ce-datacontenttype must not be sent");
      if (!name.starts_with("ce-")) continue;
      for (const char ch : value)
        if (ch <= 0x20 || ch >= 0x7F || ch == '"') broken.emplace_back("header " + name);
    }
    at_most(size, 64 * 1024, "event", broken);
    for (const char* name : {"ce-specversion", "ce-id", "ce-source", "ce-type"})
      if (p.header(name).empty()) broken.emplace_back(std::string("no ") + name);
    return broken;
  };
  return c;
}

Contract zulip_contract() {
  Contract c;
  c.rates = {{200, 60'000}};
  c.settings =
      R"({"url":"https://acme.zulipchat.com/","email":"bot@acme.example","key":"S3CR3Tkeyxxxxxxxx","to":"mentions"})";
  c.accepted = R"({"id":42,"msg":"","result":"success"})";
  c.never = {"@**", "@_**", "@*", "#**", "$$", "```", "<time:"};
  c.parsed = [](const Posted& p) { return std::vector{visible(p).back()}; };  // a topic is plain text
  c.replies = {
      {200, R"({"id":42,"msg":"","result":"success"})", EARSHOT_DELIVERED, {}, 0, 1, "42"},
      {200, R"({"result":"error","msg":"x"})", EARSHOT_REJECTED},
      {200, "<html>", EARSHOT_RETRY},
      {400, R"({"code":"STREAM_DOES_NOT_EXIST","result":"error","stream":"x"})", EARSHOT_CHANNEL_GONE, {}, 0, 2},
      {400, R"({"code":"BAD_REQUEST","result":"error"})", EARSHOT_REJECTED},
      {401, R"({"code":"UNAUTHORIZED","result":"error"})", EARSHOT_CHANNEL_GONE, {}, 0, 2},
      {403, R"({"code":"USER_DEACTIVATED","result":"error"})", EARSHOT_CHANNEL_GONE},
      {403, R"({"code":"REALM_DEACTIVATED","result":"error"})", EARSHOT_CHANNEL_GONE},
      {429, R"({"code":"RATE_LIMIT_HIT","retry-after":28.706807374954224,"result":"error"})", EARSHOT_RETRY, {}, 28706},
      {429, R"({"code":"RATE_LIMIT_HIT"})", EARSHOT_RETRY, {{"Retry-After", "12"}}, 12000},
  };
  c.refused = {R"({"url":"S3CR3T","email":"a","key":"k","to":"x"})",
               R"({"url":"https://z.example","email":"a","key":"S3CR3T","to":""})"};
  c.broken_limits = [](const Posted& p) {
    std::vector<std::string> broken;
    const std::vector<std::string> values = visible(p);  // type, to, topic, content; of an edit the content alone
    const bool edit = p.method == "PATCH";
    if (values.size() != (edit ? 1 : 4)) return std::vector<std::string>{std::to_string(values.size()) + " values"};
    if (!edit) at_most(code_points(values[2]), 60, "topic", broken);
    at_most(code_points(values.back()), 10'000, "content", broken);
    if (values[edit ? 0 : 2].empty() || values.back().empty()) broken.emplace_back("empty");
    if (p.url != std::string("https://acme.zulipchat.com/api/v1/messages") + (edit ? "/42" : ""))
      broken.emplace_back(p.url);
    // echo -n bot@acme.example:S3CR3Tkeyxxxxxxxx | base64
    if (p.header("Authorization") != "Basic Ym90QGFjbWUuZXhhbXBsZTpTM0NSM1RrZXl4eHh4eHh4eA==")
      broken.emplace_back("authorization: " + p.header("Authorization"));
    return broken;
  };
  return c;
}

Contract matrix_contract() {
  Contract c;
  c.settings = R"({"url":"https://matrix.example.org","token":"syt_S3CR3T","room":"!room/1:example.org"})";
  c.accepted = R"({"event_id":"$abc"})";
  c.markdown = false;
  c.parsed = [](const Posted& p) {
    const json::value content = json::parse(p.body);
    std::vector texts{std::string(content.at("formatted_body").as_string())};
    if (const json::value* anew = content.as_object().if_contains("m.new_content"))
      texts.emplace_back(anew->at("formatted_body").as_string());
    return texts;
  };
  c.never = {"<script", "<img", "<at"};
  c.replies = {
      {200, R"({"event_id":"$abc"})", EARSHOT_DELIVERED, {}, 0, 1, "$abc"},
      {200, "<html>", EARSHOT_RETRY},
      {429, R"({"errcode":"M_LIMIT_EXCEEDED","retry_after_ms":2000})", EARSHOT_RETRY, {}, 2000},
      {429, R"({"errcode":"M_LIMIT_EXCEEDED"})", EARSHOT_RETRY, {{"Retry-After", "3"}}, 3000},
      {403, R"({"errcode":"M_FORBIDDEN"})", EARSHOT_CHANNEL_GONE, {}, 0, 2},
      {401, R"({"errcode":"M_UNKNOWN_TOKEN","soft_logout":true})", EARSHOT_CHANNEL_GONE, {}, 0, 2},
      {404, R"({"errcode":"M_NOT_FOUND"})", EARSHOT_CHANNEL_GONE, {}, 0, 2},
      {413, R"({"errcode":"M_TOO_LARGE"})", EARSHOT_REJECTED},
  };
  c.refused = {R"({"url":"https://m.example","token":"S3CR3T\nx","room":"!r:e"})",
               R"({"url":"https://m.example","token":"S3CR3T","room":"#alias:e"})"};
  c.broken_limits = [](const Posted& p) {
    std::vector<std::string> broken;
    at_most(p.body.size(), 48 * 1024, "content", broken);
    const json::value body = json::parse(p.body);
    if (json::serialize(body.at("m.mentions")) != "{}") broken.emplace_back("m.mentions");
    if (body.at("msgtype") != "m.notice") broken.emplace_back("bots send notices");
    if (p.method != "PUT") broken.emplace_back(p.method);
    if (!p.url.starts_with(
            "https://matrix.example.org/_matrix/client/v3/rooms/%21room%2F1%3Aexample.org/send/m.room.message/d-"))
      broken.emplace_back(p.url);
    const std::string html(body.at("formatted_body").as_string());
    for (const auto& [open, close] : {std::pair{"<a ", "</a>"}, {"<b>", "</b>"}, {"<blockquote>", "</blockquote>"}}) {
      std::size_t n = 0;
      for (std::size_t i = 0; (i = html.find(open, i)) != std::string::npos; ++i) ++n;
      for (std::size_t i = 0; (i = html.find(close, i)) != std::string::npos; ++i) --n;
      if (n != 0) broken.emplace_back(std::string("unbalanced ") + open);
    }
    if (body.at("body").as_string().empty()) broken.emplace_back("empty body");
    return broken;
  };
  return c;
}

Contract telegram_contract() {
  Contract c;
  c.rates = {{1, 1'000}};
  c.settings = R"({"token":"123456:S3CR3Txxxxxxxxxxxxxxxxxxxxxxxxxxxxx","chat":"-100123","thread":42})";
  c.accepted = R"({"ok":true,"result":{"message_id":7,"chat":{"id":-100123}}})";
  c.angle = c.markdown = false;  // entities: nothing is parsed, but names and commands are looked for
  c.never = {"/start"};
  c.parsed = [](const Posted& p) { return std::vector{std::string(json::parse(p.body).at("text").as_string())}; };
  c.replies = {
      {200, R"({"ok":true,"result":{"message_id":7}})", EARSHOT_DELIVERED, {}, 3000, 1, "7"},
      {200, R"({"ok":false,"description":"x"})", EARSHOT_REJECTED},
      {429, R"({"ok":false,"error_code":429,"parameters":{"retry_after":35}})", EARSHOT_RETRY, {}, 35000},
      {400,
       R"({"ok":false,"error_code":400,"description":"Bad Request: chat not found"})",
       EARSHOT_CHANNEL_GONE,
       {},
       0,
       2},
      {400, R"({"ok":false,"description":"Bad Request: can't parse entities: x"})", EARSHOT_RETRY, {}, 1000},
      {400, R"({"ok":false,"description":"Bad Request: message text is empty"})", EARSHOT_REJECTED},
      {401, R"({"ok":false,"description":"Unauthorized"})", EARSHOT_CHANNEL_GONE, {}, 0, 2},
      {403,
       R"({"ok":false,"description":"Forbidden: bot was kicked from the group chat"})",
       EARSHOT_CHANNEL_GONE,
       {},
       0,
       2},
      {400, R"({"ok":false,"parameters":{"migrate_to_chat_id":-1001}})", EARSHOT_RETRY},
  };
  c.refused = {R"({"token":"S3CR3T/../x","chat":"1"})", R"({"token":"1:S3CR3T","chat":""})"};
  c.broken_limits = [](const Posted& p) {
    std::vector<std::string> broken;
    const json::value body = json::parse(p.body);
    const std::string text(body.at("text").as_string());
    at_most(utf16(text), 4096, "text", broken);
    if (text.empty()) broken.emplace_back("text is empty");
    at_most(body.at("entities").as_array().size(), 100, "entities", broken);
    for (const json::value& e : body.at("entities").as_array()) {
      const auto end = e.at("offset").to_number<std::size_t>() + e.at("length").to_number<std::size_t>();
      at_most(end, utf16(text), "end of an entity", broken);
      for (const std::size_t at : {e.at("offset").to_number<std::size_t>(), end})
        if (!between_characters(text, at)) broken.emplace_back("an entity cuts a character");
    }
    if (body.as_object().contains("parse_mode")) broken.emplace_back("parse_mode");
    if (body.at("link_preview_options").at("is_disabled") != true) broken.emplace_back("link preview");
    return broken;
  };
  return c;
}

Contract ntfy_contract() {
  Contract c;
  c.rates = {{60, 300'000}};
  c.settings = R"({"url":"https://ntfy.example.com","topic":"xS3CR3Tx","token":"tk_S3CR3Txxxx"})";
  c.accepted = R"({"id":"sPs71M8A2T","time":1643935928,"event":"message","topic":"t"})";
  c.angle = c.markdown = false;
  c.topic_in_body = true;
  c.parsed = [](const Posted& p) { return std::vector{std::string(json::parse(p.body).at("message").as_string())}; };
  c.replies = {
      {200, R"({"id":"sPs71M8A2T","event":"message"})", EARSHOT_DELIVERED, {}, 0, 1, "sPs71M8A2T"},
      {200, "<html>", EARSHOT_RETRY},
      {400, R"({"code":40001,"http":400,"error":"x"})", EARSHOT_REJECTED},
      {401, R"({"code":40101,"http":401})", EARSHOT_CHANNEL_GONE, {}, 0, 2},
      {403, R"({"code":40301,"http":403})", EARSHOT_CHANNEL_GONE, {}, 0, 2},
      {413, R"({"code":41303,"http":413})", EARSHOT_REJECTED},
      {429, R"({"code":42901,"http":429})", EARSHOT_RETRY},
      {429, R"({"code":42908,"http":429})", EARSHOT_RETRY, {}, 3600000},
      {429, R"({"code":42909,"http":429})", EARSHOT_RETRY},
      {507, R"({"code":50701,"http":507})", EARSHOT_RETRY},
  };
  c.refused = {R"({"topic":"S3CR3T/x"})", R"({"topic":""})", R"({"topic":"x","token":"S3CR3T\r\n"})"};
  c.broken_limits = [](const Posted& p) {
    std::vector<std::string> broken;
    const json::value body = json::parse(p.body);
    at_most(body.at("message").as_string().size(), 4096, "message", broken);
    at_most(p.body.size(), 2 * 4096, "request", broken);
    if (body.at("message").as_string().empty()) broken.emplace_back("message is empty");
    const auto priority = body.at("priority").to_number<std::int64_t>();
    if (priority < 1 || priority > 5) broken.emplace_back("priority");
    if (const json::value* actions = body.as_object().if_contains("actions"))
      at_most(actions->as_array().size(), 3, "actions", broken);
    return broken;
  };
  return c;
}

}  // namespace earshot::test
