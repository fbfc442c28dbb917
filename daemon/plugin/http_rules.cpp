#include "plugin/http_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "core/schedule/http_cache.h"

namespace earshot::host {
namespace {

constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

bool equals_ignoring_case(std::string_view a, std::string_view b) { return std::ranges::equal(a, b, {}, lower, lower); }

bool starts_with_ignoring_case(std::string_view text, std::string_view prefix) {
  return text.size() >= prefix.size() && equals_ignoring_case(text.substr(0, prefix.size()), prefix);
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

bool has_space_or_control(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return c == ' ' || is_control(c); });
}

// tchar of RFC 9110 §5.6.2.
bool is_token(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view{"!#$%&'*+-.^_`|~"}.find(c) != std::string_view::npos;
  });
}

// A scheme's `//` is followed by something that is not the end of the authority.
bool has_host(std::string_view url, std::string_view scheme) {
  return starts_with_ignoring_case(url, scheme) && url.size() > scheme.size() &&
         std::string_view{"/?#:@"}.find(url[scheme.size()]) == std::string_view::npos;
}

// Names in lower case, each between spaces.
constexpr std::string_view kHostsOwn =
    " host content-length transfer-encoding connection keep-alive proxy-connection proxy-authorization"
    " proxy-authenticate te trailer upgrade expect accept-encoding sec-websocket-key sec-websocket-version"
    " sec-websocket-accept sec-websocket-extensions ";

std::string scheme_of(std::string_view url) {
  const std::size_t colon = url.find(':');
  constexpr std::size_t kLongest = 20;  // npos is longer
  return colon > kLongest ? std::string{} : std::string{url.substr(0, colon + 1)};
}

}  // namespace

bool is_http_url(std::string_view url) {
  return (has_host(url, "https://") || has_host(url, "http://")) && !has_space_or_control(url);
}

bool is_mail_url(std::string_view url) { return has_host(url, "smtps://") || has_host(url, "smtp://"); }

Status check_request_url(std::string_view url, std::uint32_t flags, std::uint32_t capabilities) {
  if (has_space_or_control(url)) return fail("asks for a URL with a space or control character in it");
  const bool websocket = flags & EARSHOT_REQUEST_WEBSOCKET;
  if ((websocket || flags & EARSHOT_REQUEST_EVENTS) && !(capabilities & EARSHOT_STREAMS))
    return fail("asks for a stream without EARSHOT_STREAMS among its capabilities");
  if (websocket) {
    if (has_host(url, "wss://") || has_host(url, "ws://")) return {};
    return fail("asks for a WebSocket with a URL that is neither ws:// nor wss://");
  }
  if (is_http_url(url)) return {};
  if (starts_with_ignoring_case(url, "file:")) {
    if (capabilities & EARSHOT_NEEDS_FILES) return {};
    return fail("asks for a file: URL without EARSHOT_NEEDS_FILES among its capabilities");
  }
  if (starts_with_ignoring_case(url, "console:")) {
    if (capabilities & EARSHOT_NEEDS_CONSOLE) return {};
    return fail("asks for console: without EARSHOT_NEEDS_CONSOLE among its capabilities");
  }
  if (is_mail_url(url)) {
    if (capabilities & EARSHOT_NEEDS_SMTP) return {};
    return fail("asks to send mail without EARSHOT_NEEDS_SMTP among its capabilities");
  }
  return fail(url.empty() ? "asks for an empty URL"
                          : fmt::format("asks for a URL that is not absolute http or https ({})",
                                        scheme_of(url).empty() ? "no scheme" : scheme_of(url)));
}

Status check_method(std::string_view method) {
  if (!is_token(method)) return fail("asks with a method that is no token of HTTP");
  if (equals_ignoring_case(method, "CONNECT") || equals_ignoring_case(method, "TRACE"))
    return fail(fmt::format("asks with the method {}, which is not for plugins", method));
  return {};
}

Status check_header(std::string_view name, std::string_view value) {
  if (!is_token(name)) return fail("sets a header whose name is no token of HTTP");
  std::string word = fmt::format(" {} ", name);
  std::ranges::transform(word, word.begin(), lower);
  if (kHostsOwn.find(word) != std::string_view::npos)
    return fail(fmt::format("sets the header {}, which is the host's own", name));
  if (std::ranges::any_of(value, [](char c) { return is_control(c) && c != '\t'; }))
    return fail(fmt::format("sets the header {} to a value with a control character in it", name));
  return {};
}

Outcome outcome_of_status(const Response& response, Time now, Duration longest) {
  const std::uint32_t status = response.status;
  Outcome out;
  if (status / 100 == 2) return out;
  out.reason = fmt::format("HTTP status {}", status);
  if (status == 408 || status == 425 || status == 429 || status / 100 == 5) {
    out.result = Outcome::Result::retry;
    std::vector<schedule::HeaderView> headers;
    headers.reserve(response.headers.size());
    for (const auto& [name, value] : response.headers) headers.push_back({name, value});
    out.retry_after = std::min(schedule::server_word(headers, now).retry_after.value_or(Duration{0}), longest);
  } else if (status == 401 || status == 403 || status == 404 || status == 410) {
    out.result = Outcome::Result::channel_gone;
  } else {
    out.result = Outcome::Result::rejected;
  }
  return out;
}

Outcome outcome_of_reply(const Response& response) {
  const std::uint32_t code = response.status;
  Outcome out;
  if (code / 100 == 2) return out;
  out.reason = fmt::format("SMTP reply {}", code);
  const auto step = std::ranges::find(response.headers, "step", &std::pair<std::string_view, std::string_view>::first);
  const bool credentials = step != response.headers.end() && (step->second == "auth" || step->second == "starttls");
  out.result = code / 100 != 5 ? Outcome::Result::retry
               : credentials   ? Outcome::Result::channel_gone
                               : Outcome::Result::rejected;
  return out;
}

}  // namespace earshot::host
