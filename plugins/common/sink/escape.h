// Per-syntax escapes of one code point of foreign text, for Syntax::escape. Each makes a character stand for itself and
// nothing else; what has no escape is broken by U+200B, which nobody sees. `before` is the preceding code point, or 0.
#pragma once

#include <string>

#include "common/sink/unicode.h"

namespace earshot::sink::escape {

inline constexpr std::string_view kBreak = "\u200B";  // zero width space: the portable breaker of mention triggers

// Everything stands for itself already.
void none(char32_t before, char32_t c, std::string& out);
// Nothing is markup, but the service looks for @names in any text (rich text of Slack, Teams, Telegram entities).
void pings(char32_t before, char32_t c, std::string& out);
// HTML text and attribute values: & < > " ' (HTML Living Standard 13.3), and @ broken.
void html(char32_t before, char32_t c, std::string& out);
// Slack mrkdwn: & < > become entities, nothing else is one (docs.slack.dev, "Formatting message text"); @ broken.
void slack(char32_t before, char32_t c, std::string& out);

}  // namespace earshot::sink::escape
