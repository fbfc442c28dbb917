#include "web/site.h"

#include <openssl/crypto.h>

#include <algorithm>
#include <memory>
#include <string_view>
#include <utility>

#include "core/url/ip.h"
#include "core/url/url.h"

namespace earshot::web {
namespace {

using boost::asio::awaitable;

constexpr std::uint64_t kFormBody = 4U << 10;
constexpr std::string_view kHub = "/websub/", kAction = "/a/";

// Of a URL, without its last slash: "/earshot".
std::string path_of(const std::string& public_url) {
  const auto parsed = url::parse(public_url);
  std::string path = parsed ? parsed->path : std::string();
  while (path.ends_with('/')) path.pop_back();
  return path;
}

// The name in a Host header, without its port.
std::string_view name_in(std::string_view host) {
  if (host.starts_with('[')) return host.substr(1, host.find(']') - 1);
  return host.substr(0, host.find(':'));
}

struct Site {
  Access access;
  Pages pages;
  std::string prefix;

  std::string_view inside(std::string_view path) const {
    if (!prefix.empty() && path.starts_with(prefix) && path.substr(prefix.size()).starts_with('/'))
      path.remove_prefix(prefix.size());
    return path;
  }

  bool has_token(const Request& request) const {
    constexpr std::string_view kBearer = "Bearer ";
    std::string_view given = request.header("authorization");
    if (!given.starts_with(kBearer)) return false;
    given.remove_prefix(kBearer.size());
    return given.size() == access.token.size() && CRYPTO_memcmp(given.data(), access.token.data(), given.size()) == 0;
  }

  static bool names_this_machine(const Request& request) {
    if (request.peer == "unix") return true;
    const std::string_view name = name_in(request.header("host"));
    return name == "localhost" || url::parse_ip(name).has_value();
  }

  // An answer: no.
  std::optional<Answer> refused(const Request& request) const {
    if (access.token.empty())
      return names_this_machine(request)
                 ? std::nullopt
                 : std::optional(plain(403, "ask by address, or set server.token and bring it along"));
    if (has_token(request)) return std::nullopt;
    Answer no = plain(401, "bring server.token along: Authorization: Bearer …");
    no.headers.emplace_back("WWW-Authenticate", "Bearer");
    return no;
  }

  static Answer only(std::string_view methods) {
    Answer no = plain(405, "that is not done here");
    no.headers.emplace_back("Allow", std::string(methods));
    return no;
  }
};

awaitable<Answer> answer(std::shared_ptr<const Site> site, Request request) {
  const std::string path{site->inside(request.path)};
  const bool reads = request.method == "GET" || request.method == "HEAD";
  const Page* page = nullptr;
  if (const bool hub = path.starts_with(kHub); hub || path.starts_with(kAction)) {
    if (!reads && request.method != "POST") co_return Site::only("GET, HEAD, POST");
    request.path = path.substr(hub ? kHub.size() : kAction.size());
    page = hub ? &site->pages.hub : &site->pages.action;
  } else if (path == "/healthz" || path == "/metrics") {
    if (!reads) co_return Site::only("GET, HEAD");
    page = path == "/healthz" ? &site->pages.health : &site->pages.metrics;
    if (path == "/metrics")
      if (auto no = site->refused(request)) co_return std::move(*no);
  } else if (path == "/") {
    co_return plain(200, "Earshot. /healthz says whether it is well, /metrics how it is doing.");
  }
  if (!page || !*page) co_return plain(404, "there is nothing here");
  Answer given = co_await (*page)(std::move(request));
  co_return given;
}

}  // namespace

Handler make_site(Access access, Pages pages) {
  auto site = std::make_shared<Site>(Site{std::move(access), std::move(pages), {}});
  site->prefix = path_of(site->access.public_url);
  std::shared_ptr<const Site> shared = std::move(site);
  return {.body_limit = [shared](const Request& head) -> std::uint64_t {
            return shared->inside(head.path).starts_with(kHub) ? shared->pages.hub_body : kFormBody;
          },
          .answer = [shared](Request request) { return answer(shared, std::move(request)); }};
}

}  // namespace earshot::web
