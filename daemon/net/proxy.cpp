#include "net/proxy.h"

#include <fmt/format.h>

#include <charconv>
#include <cstdlib>

#include "net/text.h"

namespace earshot::net {

bool bypasses(std::string_view entry, const url::Url& url) {
  entry = trim(entry);
  if (entry.empty()) return false;
  if (entry == "*") return true;
  if (url.ip) {
    if (const auto network = url::parse_network(entry)) return network->contains(*url.ip);
  }
  // A port stands behind the only colon, or behind the bracket of an IPv6 address.
  const std::size_t colon = entry.rfind(':');
  if (colon != entry.npos && (entry.find(':') == colon || (colon > 0 && entry[colon - 1] == ']'))) {
    std::uint16_t port = 0;
    const std::string_view digits = entry.substr(colon + 1);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    if (error != std::errc{} || end != digits.data() + digits.size() || port != url.port) return false;
    entry = entry.substr(0, colon);
  }
  if (entry.starts_with('[') && entry.ends_with(']')) entry = entry.substr(1, entry.size() - 2);
  if (url.ip) return url::parse_ip(entry) == url.ip;
  if (entry.starts_with("*.")) entry.remove_prefix(1);
  if (entry.starts_with('.')) entry.remove_prefix(1);
  std::string_view host = url.host;
  if (host.ends_with('.')) host.remove_suffix(1);
  if (same_word(entry, host)) return true;
  return host.size() > entry.size() && host[host.size() - entry.size() - 1] == '.' &&
         same_word(host.substr(host.size() - entry.size()), entry);
}

const std::string* proxy_for(const ProxySettings& settings, const url::Url& url) {
  const std::string& proxy = url.secure() ? settings.https : settings.http;
  if (proxy.empty()) return nullptr;
  // As in Go's net/http: a proxy elsewhere cannot reach what is only here.
  if (url.host == "localhost" || url.host.ends_with(".localhost")) return nullptr;
  if (url.ip && (url.ip->v6 ? url.host == "::1" : url.ip->bytes[0] == 127)) return nullptr;
  for (const std::string& entry : settings.no_proxy)
    if (bypasses(entry, url)) return nullptr;
  return &proxy;
}

Result<url::Url> parse_proxy(std::string_view text) {
  text = trim(text);
  const std::size_t scheme = text.find("://");
  if (scheme != text.npos && !same_word(text.substr(0, scheme), "http"))
    return fail(
        fmt::format("a proxy is reached over http://, not {}://", text.substr(0, std::min<std::size_t>(scheme, 20))));
  return url::parse(scheme == text.npos ? "http://" + std::string(text) : std::string(text));
}

Result<ProxySettings> proxy_from_environment() {
  const auto read = [](const char* lower, const char* upper) -> std::pair<const char*, std::string> {
    for (const char* name : {lower, upper})
      if (const char* value = std::getenv(name); value != nullptr && *value != '\0') return {name, value};
    return {lower, {}};
  };
  ProxySettings settings;
  const auto all = read("all_proxy", "ALL_PROXY");
  for (const auto& [lower, upper, into] : {std::tuple{"http_proxy", "HTTP_PROXY", &settings.http},
                                           std::tuple{"https_proxy", "HTTPS_PROXY", &settings.https}}) {
    auto [name, value] = read(lower, upper);
    if (value.empty()) std::tie(name, value) = all;
    if (value.empty()) continue;
    auto proxy = parse_proxy(value);
    if (!proxy) return fail(fmt::format("environment variable {}: {}", name, proxy.error().message));
    *into = value;
  }
  for_each_element(read("no_proxy", "NO_PROXY").second,
                   [&](std::string_view entry) { settings.no_proxy.emplace_back(entry); });
  return settings;
}

}  // namespace earshot::net
