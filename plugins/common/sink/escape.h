// Per-syntax escapes of one code point of foreign text, for Syntax::escape. Each makes a character stand for itself and
// nothing else; what has no escape is broken by U+200B, which nobody sees. `before` is the preceding code point, or 0.
#pragma once

#include <string>
#include <string_view>

namespace earshot::sink::escape {

inline constexpr std::string_view kBreak = "\u200B";  // zero width space: the portable breaker of mention triggers

// Everything stands for itself already.
void none(char32_t before, char32_t c, std::string& out);
// Nothing is markup, but the service looks for @names in any text (rich text of Slack, Teams, Telegram entities).
void pings(char32_t before, char32_t c, std::string& out);
// HTML text and attribute values: & < > " (HTML Living Standard 13.3), and @ broken.
void html(char32_t before, char32_t c, std::string& out);
// Slack's plain_text and rich_text, which are never parsed; <!channel>, <@U…> and <#C…> are broken all the same, should
// such a text ever be quoted where they are.
void slack_unparsed(char32_t before, char32_t c, std::string& out);
// Slack mrkdwn: & < > become entities, nothing else is one (docs.slack.dev, "Formatting message text"); @ broken.
void slack(char32_t before, char32_t c, std::string& out);

// Discord Markdown: a backslash before every character that could mean something (a colon where it could open an
// emoji); @ broken as well, although the request forbids all mentions.
void discord(char32_t before, char32_t c, std::string& out);
// Mattermost Markdown: backslashes; `<` is broken, since the server takes <!channel> and <url|x> before Markdown does.
void mattermost(char32_t before, char32_t c, std::string& out);
// Its linked titles, which are no Markdown, but through which the server goes for <…> all the same.
void mattermost_title(char32_t before, char32_t c, std::string& out);
// Rocket.Chat's Markdown, as its own message-parser reads it: backslashes before * _ ~ ` and before nothing else; the
// rest is broken. Inside bold and link labels not even those four are escapes: see the sink.
void rocketchat(char32_t before, char32_t c, std::string& out);
// Zulip knows no backslash escapes but numeric character references, which none of its patterns looks into.
void zulip(char32_t before, char32_t c, std::string& out);
// The Markdown subset of Adaptive Cards' TextBlock: backslashes.
void teams(char32_t before, char32_t c, std::string& out);
// Telegram with entities: no markup, but names and /commands are looked for in any text.
void telegram(char32_t before, char32_t c, std::string& out);
// Google Chat message text has no escapes: `<` becomes ‹, markup characters are followed by a break.
void google_chat(char32_t before, char32_t c, std::string& out);

}  // namespace earshot::sink::escape
