#include "attacks.h"

#include "common/text/utf8.h"

namespace earshot::test {
namespace {

std::string repeat(std::string_view piece, std::size_t bytes) {
  std::string out;
  while (out.size() < bytes) out += piece;
  return out;
}

constexpr std::string_view kFamily = "👩‍👩‍👧‍👦";

}  // namespace

std::vector<Attack> attacks() {
  return {
      {"mass mention words", "@everyone @channel @here @all @room please", {}},
      {"full-width at", "＠everyone", {"＠everyone"}},
      {"Slack mentions",
       "<!channel> <!here> <!everyone> <!subteam^S1> <@U024BE7LH> <#C1>",
       {"<!", "<@U0", "<#C"},
       Markup::angle},
      {"Slack commands", "<!date^1^{date}|x> <!subteam^S1|@us> <!here|here>", {"<!"}, Markup::angle},
      {"Discord commands", "</start:123> <id:browse> <id:customize>", {"</start", "<id:"}, Markup::angle},
      {"channel links", "~town-square #general #**general>topic**", {"#**"}, Markup::markdown},
      {"Discord mentions",
       "<@123> <@&456> <#789> <@!123> <t:1> <:x:1> <a:x:1>",
       {"<@1", "<@&", "<#7", "<t:1", "<:x:", "<a:x:"},
       Markup::angle},
      {"Google Chat mentions", "<users/all> <users/123456789>", {"<users/"}, Markup::angle},
      {"Teams mentions", "<at>Everyone</at> <at id=\"0\">x</at>", {"<at>", "<at id"}, Markup::angle},
      {"Zulip mentions",
       "@**all** @**everyone** @*group* @_**x** #**general** @**topic**",
       {"@**", "@*g", "@_**", "#**"},
       Markup::markdown},
      {"Matrix pill", "https://matrix.to/#/@victim:example.org @room", {}},
      {"Telegram", "/start@evilbot tg://user?id=1 @victim", {}},
      {"Slack link", "<https://evil.example|https://bank.example>", {"<https://evil.example|"}, Markup::angle},
      {"Markdown link",
       "[bank.example](https://trap.example) ![x](https://trap.example/i.png)",
       {"](https://trap.example"},
       Markup::markdown},
      {"reference link", "[x][1]\n\n[1]: https://trap.example", {"\n[1]: h"}, Markup::markdown},
      {"link break-out", "](https://trap.example) [", {"](https://trap.example)"}, Markup::markdown},
      {"link with another name",
       "[https://bank.example](https://trap.example \"bank\") <https://trap.example>",
       {"](https://trap.example", "<https://trap"},
       Markup::markdown},
      {"quote break-out", "x\n> y\n\n# z\n---\n```\ncode\n```\n~~~", {"\n# z", "\n---", "\n```"}, Markup::markdown},
      {"HTML",
       "<script>alert(1)</script><img src=x onerror=alert(1)><a href=\"https://trap.example\">bank</a>",
       {"<script", "<img", "<a href=\"https://trap"},
       Markup::angle},
      {"entities", "&lt;!channel&gt; &#60;script&#62; &amp;lt;", {}},
      {"attribute break-out", "\" onmouseover=\"alert(1)\" x='", {}},
      {"JSON break-out", "\"},{\"type\":\"x\",\"text\":\"\\\"", {}},
      {"template", "{{7*7}} ${env:HOME} %s%n <%= x %> {0}", {}},
      {"terminal",
       "\x1b[31mred\x1b[0m \x1b]0;title\x07 \x1b]8;;https://evil.example\x1b\\x\x1b]8;;\x1b\\ \x1bP1$r\x1b\\ \x9b",
       {"[31m", "]0;title", "]8;;"},
       Markup::any},
      {"terminal, C1",
       "\xc2\x9b"
       "31mred \xc2\x9d"
       "0;x\xc2\x9c \xc2\x90q\xc2\x9c",
       {},
       Markup::any},
      {"control characters", std::string("a\0b\x01\x02\x08\x0b\x0c\x0e\x1f\x7f\r\nBcc: x\r\n\r\n", 22), {}},
      {"header injection", "x\r\nX-Priority: 1\r\n\r\nbody", {}},
      {"bidi override",
       "invoice\u202Efdp.exe \u2066\u2067\u2068\u2069\u202A\u202B\u202C\u202D\u200E\u200F\u061C",
       {},
       Markup::any},
      {"zero width", "pay\u200Bpal \u2060\uFEFF\u00AD\u180E\u034F\u3164\u115F\uFFA0", {"pay\u200Bpal"}, Markup::any},
      {"tags", "hi\U000E0001\U000E0041\U000E0042\U000E007F", {"\U000E0041"}, Markup::any},
      {"zalgo", "Z" + repeat("\u0301\u0327\u0338", 600) + "algo", {"\u0301\u0327\u0338\u0301\u0327"}, Markup::any},
      {"noncharacters", "\uFDD0\uFFFE\U0010FFFF x", {"\uFDD0"}, Markup::any},
      {"ill-formed", "\xff\xfe\xc0\xaf\xed\xa0\x80\xf4\x90\x80\x80 half \xf0\x9f\x98", {}},
      {"half emoji", "\xed\xa0\xbd x \xed\xb8\x80", {}},
      {"joiners", "\u200D\u200D\u200D\u200Cx\u200C\u200C", {"\u200D\u200D", "\u200C\u200C"}, Markup::any},
      {"over-long word", repeat("x", 5000), {}},
      {"code", "`rm -rf` ``` $$x$$ ||spoiler|| ~~gone~~ __u__ **b** *i* _i_", {}},
      {"emoji codes", ":rotating_light: :white_check_mark:", {}},
      {"homograph", "аррӏе.com", {}},
      {"separators", "a\u2028b\u2029c\u0085d", {"\u2028", "\u2029"}, Markup::any},
  };
}

void put_everywhere(const std::string& text, TestAlert& alert) {
  if (!alert.headline.empty()) alert.headline = text;
  if (!alert.text.empty()) alert.text = text + "\n" + text;
  alert.note = text + "\n" + text;
  alert.standing = text;
  alert.actions.emplace_back(text, "https://earshot.example.com/x");
  alert.actions.emplace_back("x", text);
  for (TestMention& m : alert.mentions) {
    m.title = m.snippet = m.author = m.source = m.site = m.when = m.language = text;
    m.url = "https://evil.example/" + text;
    m.topics = {text};
    m.labels = {{text, text}};
    m.engagement = {{text, 3}, {"likes", 1e300}, {"views", -1}};
    m.hits = {{0, 3}, {2, 4000000000u}, {7, 5}};
    m.title_hits = {{1, 2}};
  }
}

bool has_harmful_character(const std::string& text) {
  for (std::size_t at = 0; at < text.size();) {
    const text::Decoded c = text::decode_utf8(text, at);
    const char32_t v = c.value;
    if ((v < 0x20 && v != '\n') || (v >= 0x7F && v < 0xA0) || (v >= 0x202A && v <= 0x202E) ||
        (v >= 0x2066 && v <= 0x2069) || v == 0x200E || v == 0x200F || v == 0x61C || v == 0xFEFF ||
        (v & 0xFFFE) == 0xFFFE || (v >= 0xFDD0 && v <= 0xFDEF))
      return true;
    at += c.length;
  }
  return false;
}

bool has_live_at(const std::string& shown) {
  std::string text;  // without URLs, in which nobody looks for names
  for (std::size_t at = 0; at < shown.size();) {
    const std::size_t url = std::min(shown.find("http", at), shown.size());
    text.append(shown, at, url - at);
    at = std::min(shown.find_first_of(" \n)\"<|>", url), shown.size());
  }
  for (std::size_t at = 0; (at = text.find('@', at)) != std::string::npos; ++at) {
    if (at + 1 == text.size()) return false;
    const char next = text[at + 1];
    if ((next >= 'a' && next <= 'z') || (next >= 'A' && next <= 'Z') || (next >= '0' && next <= '9') || next == '*' ||
        next == '_')
      return true;
  }
  return false;
}

std::vector<std::pair<std::string_view, std::string>> fillers() {
  return {{"letters", "x"},
          {"words", "word "},
          {"ampersands", "&"},
          {"less-than", "<"},
          {"at signs", "@a "},
          {"underscores", "_"},
          {"backslashes", "\\"},
          {"quotes", "\""},
          {"three-byte", "語"},
          {"emoji", "😀"},
          {"families", std::string(kFamily) + " "},
          {"accents", "e\u0301"},
          {"flags", "🇳🇱"},
          {"backticks", "`"},
          {"colons", ":a:"}};
}

void make_huge(const std::string& piece, TestAlert& alert) {
  const std::string text = repeat(piece, 6000);
  alert.headline = text;
  alert.text.clear();
  for (int i = 0; i < 300; ++i) alert.text += text.substr(0, piece.size() * 40) + "\n";
  alert.text += text;
  alert.note = text + "\n" + text;
  alert.standing = text;
  for (int i = 0; i < 20; ++i)
    alert.actions.emplace_back(text, "https://earshot.example.com/a/" + std::string(1900, 'a'));
  if (alert.kind != EARSHOT_ALERT_MENTION && !alert.mentions.empty()) alert.mentions.resize(40, alert.mentions[0]);
  for (TestMention& m : alert.mentions) {
    m.title = m.author = m.source = m.site = m.when = text;
    m.snippet = text;
    m.url = "https://example.com/" + std::string(1900, 'u');
    m.topics.assign(30, text);
    m.labels.assign(30, {text.substr(0, 200), text.substr(0, 200)});
    m.hits.clear();
    for (std::uint32_t i = 0; i < 200; ++i) m.hits.push_back({i * 4, i * 4 + 1});
  }
  alert.total = 1'000'000;
}

bool ends_inside_a_family(const std::string& text) {
  constexpr std::string_view joiner = "\u200D";
  for (std::size_t at = 0; (at = text.find(joiner, at)) != std::string::npos; at += joiner.size()) {
    const std::string_view rest = std::string_view(text).substr(at + joiner.size());
    if (rest.empty() || rest.starts_with("…") || rest.starts_with(" ")) return true;
  }
  return false;
}

bool cuts_an_entity(const std::string& text) {
  for (const std::string_view piece : {"&a…", "&am…", "&amp…", "&l…", "&lt…", "&g…", "&gt…", "&q…", "&quot…", "&#…"})
    if (text.find(piece) != std::string::npos) return true;
  return false;
}

std::vector<std::string> nonsense_answers() {
  return {"",
          "ok",
          "null",
          "[]",
          "{}",
          "{\"retry_after\":1e400}",
          "{\"retry_after\":\"x\"}",
          "<html><body>\x1b[31m502 Bad Gateway</body></html>",
          std::string(100000, '['),
          std::string(300000, 'x'),
          R"({"parameters":{"retry_after":-1}})",
          R"({"error":{"code":"x"}})",
          "\xff\xfe",
          R"({"id":{"a":[]}})",
          R"({"ok":true,"result":null})",
          R"({"retry_after":99999999999})",
          R"({"errcode":5})"};
}

}  // namespace earshot::test
