#include "net/outgoing.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "common/text/base64.h"
#include "net/text.h"

namespace earshot::net {
namespace {

// Framing and routing are the client's; a plugin that sets them wants something that would not work.
constexpr std::string_view kOurs[] = {
    "Host",    "Content-Length", "Transfer-Encoding",   "Connection",       "Keep-Alive",        "TE", "Trailer",
    "Upgrade", "Expect",         "Proxy-Authorization", "Proxy-Connection", "Proxy-Authenticate"};
constexpr std::string_view kHarmless[] = {"Accept", "Accept-Language", "Accept-Encoding",
                                          "A-IM",   "Cache-Control",   "User-Agent"};

bool among(std::string_view name, std::span<const std::string_view> names) {
  return std::ranges::any_of(names, [&](std::string_view one) { return same_word(one, name); });
}

void line(std::string& to, std::string_view name, std::string_view value) {
  to.append(name).append(": ").append(value).append("\r\n");
}

}  // namespace

std::optional<Failure> check_request(const Request& request) {
  if (!request.method.empty() && !is_token(request.method))
    return Failure{Step::url, "the request's method is no HTTP method"};
  for (const Header& header : request.headers) {
    if (!is_token(header.name)) return Failure{Step::url, "a request header has a name that HTTP does not allow"};
    if (!is_field_value(header.value))
      return Failure{Step::url, fmt::format("the request header {} has a line break or control character in its value",
                                            header.name)};
    if (among(header.name, kOurs))
      return Failure{Step::url, fmt::format("the request header {} is set by Earshot itself", header.name)};
  }
  if (!is_field_value(request.validators.etag) || !is_field_value(request.validators.last_modified))
    return Failure{Step::url, "a stored validator has a line break or control character in it"};
  return std::nullopt;
}

std::string user_agent(const Options& options) {
  std::string out;
  const auto append = [&](std::string_view text) {
    std::ranges::copy_if(text, std::back_inserter(out), [](char c) { return c >= 0x20 && c < 0x7F; });
  };
  append(options.user_agent);
  if (!options.contact.empty()) {
    // RFC 9110 §5.6.5: parentheses and backslashes would end or bend the comment.
    std::string contact = options.contact;
    std::erase_if(contact, [](char c) { return c == '(' || c == ')' || c == '\\'; });
    out += " (";
    if (contact.starts_with("http")) out += '+';
    append(contact);
    out += ')';
  }
  return out;
}

std::string basic_authorization(const url::Url& url) {
  const std::string plain = url::percent_decode(url.username) + ':' + url::percent_decode(url.password);
  return "Basic " + text::to_base64(plain);
}

void write_request(const Outgoing& what, std::string& to) {
  const url::Url& url = *what.url;
  const Headers& headers = *what.headers;
  to.append(what.method) += ' ';
  if (what.absolute_form) to += url.origin();
  to += url.path;
  if (url.query) to.append("?").append(*url.query);
  to += " HTTP/1.1\r\n";
  line(to, "Host", url.authority());
  const auto unless_given = [&](std::string_view name, std::string_view value) {
    if (!value.empty() && headers.find(name) == nullptr) line(to, name, value);
  };
  unless_given("User-Agent", what.user_agent);
  unless_given("Accept", "*/*");
  unless_given("Accept-Encoding", "gzip, deflate, br");
  if (what.validators != nullptr) {
    // Together, for servers that know only one of them (RFC 9110 §13.1.3).
    unless_given("If-None-Match", what.validators->etag);
    unless_given("If-Modified-Since", what.validators->last_modified);
  }
  if (url.has_credentials()) unless_given("Authorization", basic_authorization(url));
  if (!what.proxy_authorization.empty()) line(to, "Proxy-Authorization", what.proxy_authorization);
  for (const Header& header : headers) line(to, header.name, header.value);
  if (!what.body.empty() || what.method == "POST" || what.method == "PUT")
    line(to, "Content-Length", std::to_string(what.body.size()));
  to += "\r\n";
  to += what.body;
}

void drop_credentials(Headers& headers) {
  std::erase_if(headers, [](const Header& header) { return !among(header.name, kHarmless); });
}

}  // namespace earshot::net
