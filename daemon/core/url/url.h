// URLs as browsers read them (WHATWG URL Standard, https://url.spec.whatwg.org), for the schemes a listener fetches:
// http, https, ws, wss. Lenient to people and feeds — spaces, Unicode, backslashes, "HTTP://Ex%41mple" — and strict to
// attackers: CR, LF, NUL and other controls inside, bad ports and hosts that only look like addresses are refused.
// What was legal is kept as it was given: percent-escapes, order, case of path and query, `|` and `[`. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"
#include "core/url/ip.h"

namespace earshot::url {

// A parsed URL. All parts are ASCII; what was not is percent-encoded UTF-8, or Punycode in the host.
struct Url {
  std::string scheme;                // "http" "https" "ws" "wss"
  std::string username, password;    // percent-encoded
  std::string host;                  // lower case; IPv6 without brackets
  std::uint16_t port = 0;            // never 0: the scheme's own when none was written
  std::string path = "/";            // begins with '/', dot segments removed
  std::optional<std::string> query;  // without '?'
  std::optional<std::string> fragment;
  std::optional<Ip> ip;  // the host as an address, when it is one

  bool secure() const { return scheme.size() == 5 || scheme == "wss"; }
  bool default_port() const { return port == (secure() ? 443 : 80); }
  bool has_credentials() const { return !username.empty() || !password.empty(); }
  std::string authority() const;  // as a Host header: host[:port], the default port left out
  std::string target() const;     // as a request line: path[?query]
  std::string origin() const;     // scheme://host[:port]
  std::string str(bool with_credentials = true, bool with_fragment = true) const;
};

bool same_origin(const Url& a, const Url& b);

// An absolute URL. White space around it is dropped. The error says what is wrong without showing credentials.
Result<Url> parse(std::string_view text);

// A reference as found in a document or a Location header, against the URL of that document.
Result<Url> resolve(const Url& base, std::string_view reference);

// Host → lower-case ASCII as DNS takes it: percent-decoded, UTS #46 (non-transitional), IPv4 in any of inet_aton's
// forms ("0x7f.1" is 127.0.0.1), IPv6 without brackets.
Result<std::string> normalise_host(std::string_view host);

// What may be logged or shown: no credentials, no query values, no fragment, and path segments that look like a token
// (a webhook's secret) cut to their first four characters. Works on any text; what is no URL is cut to its scheme.
std::string redact(std::string_view url);

// "%41b" → "Ab". A '%' without two hex digits stays.
std::string percent_decode(std::string_view text);
// For one value in a query, a form or a cookie: all but letters, digits and "-_.~" (RFC 3986, section 2.3).
std::string percent_encode(std::string_view text);

// An address below a base as a person wrote it, with or without its last slash: "https://x/e/", "a/1" →
// "https://x/e/a/1".
std::string below(std::string_view base, std::string_view path);

}  // namespace earshot::url
