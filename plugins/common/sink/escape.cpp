#include "common/sink/escape.h"

namespace earshot::sink::escape {

void none(char32_t, char32_t c, std::string& out) { append(c, out); }

void pings(char32_t, char32_t c, std::string& out) {
  append(c, out);
  if (c == '@' || c == 0xFF20 /* full-width @ */) out += kBreak;
}

void html(char32_t before, char32_t c, std::string& out) {
  switch (c) {
    case '&':
      out += "&amp;";
      break;
    case '<':
      out += "&lt;";
      break;
    case '>':
      out += "&gt;";
      break;
    case '"':
      out += "&quot;";
      break;
    case '\'':
      out += "&#39;";
      break;
    default:
      pings(before, c, out);
  }
}

void slack(char32_t before, char32_t c, std::string& out) {
  switch (c) {
    case '&':
      out += "&amp;";
      break;
    case '<':
      out += "&lt;";
      break;
    case '>':
      out += "&gt;";
      break;
    default:
      pings(before, c, out);
  }
}

}  // namespace earshot::sink::escape
