// Links that may be shown, and the host a person should read beside them.
#pragma once

#include <string>
#include <string_view>

namespace earshot::sink {

// An http(s) URL fit for every syntax: `<` `>` `|` `"` `'` `` ` `` `\` `^` `{` `}` `(` `)` `[` `]` `*` `$`, spaces,
// control and non-ASCII characters percent-encoded, a user name and password taken out (they only serve to mislead:
// https://bank.example@evil.example/). Empty when it is no http(s) URL with a host, or longer than 2,000 bytes, which
// the narrowest target (Discord: 2,048) still takes.
std::string safe_link(std::string_view url);

// The host of an http(s) URL as a person should see it: lower case, without "www.", in its xn-- form when it is not
// ASCII, so that a look-alike letter shows (UTS #46). Empty when there is none.
std::string shown_host(std::string_view url);

// RFC 3986 unreserved characters stay, everything else becomes %XX: for one path segment or query value.
std::string percent_encode(std::string_view text);

// What an HTTP header value can hold: printable ASCII; control and other bytes are left out.
std::string header_safe(std::string_view text);

// "Basic " + base64 of user:password (RFC 7617).
std::string basic_auth(std::string_view user, std::string_view password);

// `url` with "name=value" added to its query; the value is encoded, what was there stays byte for byte.
std::string with_query(std::string_view url, std::string_view name, std::string_view value);

// `url` with one segment more at the end of its path; the segment is encoded, a query stays where it is.
std::string with_segment(std::string_view url, std::string_view segment);

// `url` without slashes at its end, and `path` (which begins with one) behind it.
std::string with_path(std::string_view url, std::string_view path);

}  // namespace earshot::sink
