// What of a URL may be seen by people who may not use it.
#include <algorithm>

#include "core/url/url.h"

namespace earshot::url {
namespace {

// A segment that nobody would write by hand: long, and mixing digits or cases as random text does. Webhook secrets have
// 18 characters and more (Slack 24, Discord 68, Telegram 45, Teams' ids 32); a readable slug is lower-case words, at
// most with a number at its end or dates in it.
bool looks_secret(std::string_view segment) {
  if (segment.size() < 16) return false;
  bool upper = false, lower = false;
  std::size_t changes = 0;  // between digits and letters
  bool digit_before = false, letter_before = false;
  for (const char c : segment) {
    const bool digit = c >= '0' && c <= '9';
    const bool letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
    if ((digit && letter_before) || (letter && digit_before)) ++changes;
    upper = upper || (c >= 'A' && c <= 'Z');
    lower = lower || (c >= 'a' && c <= 'z');
    digit_before = digit;
    letter_before = letter;
  }
  return (upper && lower) || changes >= 2 || segment.find_first_not_of("0123456789abcdefABCDEF") == segment.npos ||
         segment.find('%') != segment.npos || segment.find_first_of("-_.") == segment.npos;
}

void append_path(std::string& out, std::string_view path) {
  while (!path.empty()) {
    const std::size_t end = std::min(path.find('/', 1), path.size());
    const std::string_view segment = path.substr(1, end - 1);
    out += '/';
    if (looks_secret(segment)) {
      out.append(segment.substr(0, 4)).append("…");
    } else {
      out += segment;
    }
    path.remove_prefix(end);
  }
}

void append_query(std::string& out, std::string_view query) {
  char separator = '?';
  while (true) {
    const std::size_t end = std::min(query.find_first_of("&;"), query.size());
    const std::string_view pair = query.substr(0, end);
    const std::size_t equals = pair.find('=');
    out += separator;
    separator = '&';
    // A lone word may itself be the secret.
    out += equals == pair.npos ? std::string_view{} : pair.substr(0, std::min<std::size_t>(equals, 32));
    out += equals == pair.npos ? "…" : "=…";
    if (end == query.size()) return;
    query.remove_prefix(end + 1);
  }
}

}  // namespace

std::string redact(std::string_view text) {
  const auto url = parse(text);
  if (!url) {
    const std::size_t colon = std::min(text.find(':'), text.size());
    const bool scheme =
        colon > 0 && colon < 12 && colon < text.size() &&
        std::ranges::all_of(text.substr(0, colon), [](char c) { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; });
    return scheme ? std::string(text.substr(0, colon)) + ":…" : "…";
  }
  std::string out = url->origin();
  append_path(out, url->path);
  if (url->query) append_query(out, *url->query);
  return out;
}

}  // namespace earshot::url
