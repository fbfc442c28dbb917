#include "common/sink/escape.h"

#include "common/text/utf8.h"

namespace earshot::sink::escape {

void none(char32_t, char32_t c, std::string& out) { text::append_utf8(out, c); }

void pings(char32_t, char32_t c, std::string& out) {
  text::append_utf8(out, c);
  if (c == '@' || c == 0xFF20 /* full-width @ */) out += kBreak;
}

void html(char32_t before, char32_t c, std::string& out) {
  switch (c) {
    case '&': out += "&amp;"; break;
    case '<': out += "&lt;"; break;
    case '>': out += "&gt;"; break;
    case '"': out += "&quot;"; break;
    default: pings(before, c, out);
  }
}

void slack_unparsed(char32_t before, char32_t c, std::string& out) {
  if (before == '<' && (c == '!' || c == '@' || c == '#')) out += kBreak;
  pings(before, c, out);
}

void slack(char32_t before, char32_t c, std::string& out) {
  switch (c) {
    case '&': out += "&amp;"; break;
    case '<': out += "&lt;"; break;
    case '>': out += "&gt;"; break;
    default: pings(before, c, out);
  }
}

namespace {

bool word(char32_t c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c >= 0x80;
}

bool one_of(char32_t c, std::string_view set) {
  return c < 0x80 && set.find(static_cast<char>(c)) != std::string_view::npos;
}

void backslashed(char32_t before, char32_t c, std::string_view set, std::string& out) {
  if (one_of(c, set)) out += '\\';
  pings(before, c, out);
}

// A colon that could open an :emoji: code; the one in 21:10 or https:// stays.
bool opens_emoji(char32_t before, char32_t c) { return c == ':' && !word(before); }

}  // namespace

void discord(char32_t before, char32_t c, std::string& out) {
  if (opens_emoji(before, c)) out += '\\';
  backslashed(before, c, R"(\*_~`|>#-[]()<@)", out);
}

void mattermost(char32_t before, char32_t c, std::string& out) {
  backslashed(before, c, R"(\*_~`|>#-+[]()!)", out);
  if (c == '<' || opens_emoji(before, c)) out += kBreak;
}

void mattermost_title(char32_t before, char32_t c, std::string& out) {
  pings(before, c, out);
  if (c == '<') out += kBreak;
}

void rocketchat(char32_t before, char32_t c, std::string& out) {
  if (before == 0 && one_of(c, ">#-+|")) out += kBreak;  // would begin a quote, a heading, a list or a table
  backslashed(before, c, "*_~`", out);
  if (one_of(c, R"(<]|#$\)") || opens_emoji(before, c)) out += kBreak;
}

void zulip(char32_t before, char32_t c, std::string& out) {
  if (one_of(c, R"(\*_~`|>#-+[](){}!@$<&")") || opens_emoji(before, c))
    out.append("&#").append(std::to_string(static_cast<unsigned>(c))).append(";");
  else
    pings(before, c, out);
}

void teams(char32_t before, char32_t c, std::string& out) {
  backslashed(before, c, R"(\*_[]()#+-~`>|!)", out);
  if (c == '<') out += kBreak;
}

void telegram(char32_t before, char32_t c, std::string& out) {
  pings(before, c, out);
  if (c == '/' && !word(before) && before != '/' && before != ':') out += kBreak;
}

void google_chat(char32_t before, char32_t c, std::string& out) {
  if (c == '<') {
    out += "‹";
    return;
  }
  pings(before, c, out);
  if (one_of(c, "*_~`")) out += kBreak;
}

}  // namespace earshot::sink::escape
