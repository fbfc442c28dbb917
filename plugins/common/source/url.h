// URLs as feeds write them: resolved against a base, tidied, and only what a browser may follow let through.
#pragma once

#include <string>
#include <string_view>

namespace earshot::source {

// RFC 3986 §5.2 on text as browsers read it: blanks at the ends and line ends inside go, a blank inside becomes %20. A
// reference that is absolute already is returned so; without a base a relative one stays as it is.
std::string resolve_url(std::string_view base, std::string_view reference);

// Lower-case scheme before the ':', or empty.
std::string url_scheme(std::string_view url);

bool is_http(std::string_view url) noexcept;  // http: or https: with a host

// Host without user, port and brackets; lower case; empty where there is none.
std::string url_host(std::string_view url);

// The value of a query parameter, percent-decoded; empty when it is not there.
std::string query_parameter(std::string_view url, std::string_view name);

// %41 → A; '+' stays. What is no escape stays.
std::string percent_decode(std::string_view s);

}  // namespace earshot::source
