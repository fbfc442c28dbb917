#include "run/poll.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <iterator>
#include <tuple>
#include <utility>

#include "core/url/link_header.h"
#include "core/url/url.h"
#include "net/decode.h"

namespace earshot::run {
namespace {

net::Validators find_validators(const std::vector<store::Validator>& all, std::string_view url) {
  const auto at = std::ranges::find(all, url, &store::Validator::url);
  return at == all.end() ? net::Validators{} : net::Validators{at->etag, at->last_modified};
}

// Those of one URL are replaced as a whole: an answer without validators leaves none (RFC 9111 §4.3.4).
void replace_validators(std::vector<store::Validator>& all, const std::string& url, const net::Validators& fresh) {
  std::erase_if(all, [&](const store::Validator& v) { return v.url == url; });
  if (!fresh.etag.empty() || !fresh.last_modified.empty()) all.push_back({url, fresh.etag, fresh.last_modified});
}

// The word of the answer, and of the redirects on the way to it: they may ask to wait as well.
schedule::ServerWord server_word(const net::Response& response, Time now) {
  std::vector<schedule::HeaderView> headers;
  headers.reserve(response.headers.size() + response.hops.size());
  for (const net::Header& header : response.headers) headers.push_back({header.name, header.value});
  for (const net::Hop& hop : response.hops)
    if (!hop.retry_after.empty()) headers.push_back({"Retry-After", hop.retry_after});
  return schedule::server_word(headers, now);
}

// What is to be remembered of permanent redirects after `answer`, asked for where `known` led if that was believed.
store::Move moved_after(const store::Move& known, bool believed, const std::string& url, const net::Response& answer) {
  const std::string to{answer.permanent_url()};
  if (to.empty()) return believed && answer.hops.empty() ? known : store::Move{};
  return {url, to, known.from == url && known.to == to ? known.seen + 1 : 1};
}

// A page for a browser with a person before it, instead of what was asked for. The marks of the services that most
// sites use: hCaptcha, reCAPTCHA, Turnstile; Cloudflare's header (developers.cloudflare.com, "Detect a challenge page
// response"), DataDome's and PerimeterX's script names.
bool asks_for_a_person(const net::Response& answer) {
  if (const std::string* mitigated = answer.headers.find("cf-mitigated"); mitigated && *mitigated == "challenge")
    return true;
  constexpr std::size_t kLook = 64U << 10;
  const std::string_view page = std::string_view{answer.body}.substr(0, kLook);
  return std::ranges::any_of(
      std::initializer_list<std::string_view>{"h-captcha", "g-recaptcha", "cf-turnstile", "challenge-platform",
                                              "captcha-delivery.com", "px-captcha", "/sorry/index"},
      [&](std::string_view mark) { return page.find(mark) != page.npos; });
}

bool is_link(std::string_view name) {
  return std::ranges::equal(name, std::string_view{"link"}, [](char a, char b) { return (a | 0x20) == b; });
}

// Headers come before what the document says of itself (WebSub, section 4).
void find_hub(Polled& polled, const net::Response& answer) {
  const auto base = url::parse(answer.url);
  if (!base) return;
  for (const auto& [to, relation, said] :
       {std::tuple{&polled.hub, "hub", polled.feed ? polled.feed->hub : std::string()},
        std::tuple{&polled.topic, "self", polled.feed ? polled.feed->self : std::string()}}) {
    std::string target = said;
    for (const net::Header& header : answer.headers)
      if (is_link(header.name))
        if (auto link = url::link_target(header.value, relation)) {
          target = std::move(*link);
          break;
        }
    if (target.empty()) continue;
    if (const auto absolute = url::resolve(*base, target)) *to = absolute->str(true, false);
  }
  if (polled.topic.empty()) polled.topic = answer.url;
}

template <class T>
void append(std::vector<T>& to, std::vector<T>&& from) {
  std::ranges::move(from, std::back_inserter(to));
}

void take(Polled& polled, host::Round&& round, std::deque<host::Request>& waiting) {
  append(polled.items, std::move(round.items));
  append(polled.warnings, std::move(round.warnings));
  if (round.feed && !polled.feed) polled.feed = std::move(round.feed);
  if (round.state) polled.plugin_state = std::move(round.state);
  std::ranges::move(round.requests, std::back_inserter(waiting));
}

}  // namespace

boost::asio::awaitable<Polled> poll(const PollTools& tools, host::SourceInstance& instance, host::Round first,
                                    const store::SourceState& state, const Manner& manner) {
  Polled polled;
  polled.validators = state.validators;
  polled.moved = state.moved;
  std::deque<host::Request> waiting;
  take(polled, std::move(first), waiting);
  bool read_one = waiting.empty(), asked = false;
  // Validators of pages that were read, kept back until the whole poll went well: with them a page is not sent again.
  std::vector<store::Validator> fresh = state.validators;

  for (std::size_t n = 0; !waiting.empty(); ++n) {
    if (n == kMaxRequests) {
      polled.warnings.push_back(
          fmt::format("{} more requests were left out: a poll may make {}", waiting.size(), kMaxRequests));
      break;
    }
    host::Request request = std::move(waiting.front());
    waiting.pop_front();
    const std::string url = request.url;
    const std::uint64_t tag = request.tag;
    const bool conditional = request.conditional();
    const bool believed = n == 0 && state.moved.from == url && state.moved.seen >= kMovesToBelieve;
    Errand errand{.request = std::move(request),
                  .headers = manner.headers,
                  .validators = find_validators(state.validators, url),
                  .moved_to = believed ? state.moved.to : std::string(),
                  .policy = manner.policy,
                  .limits = manner.limits};
    std::optional<host::Request> original;
    if (believed) original = errand.request;
    auto answer = co_await tools.exchange.send(std::move(errand));
    if (original && (answer ? answer->status >= 400 : answer.error().step != net::Step::cancelled)) {
      polled.moved = {};  // it may have moved back, or on: the address in the configuration knows
      waiting.push_front(std::move(*original));
      continue;
    }
    if (!answer) {
      polled.kind = answer.error().step == net::Step::cancelled ? Polled::Kind::cancelled : Polled::Kind::failed;
      polled.error = answer.error().message;
      co_return polled;
    }
    asked = true;
    polled.status = answer->status;
    polled.bytes += answer->wire_bytes;
    polled.server = server_word(*answer, tools.now());
    if (n == 0) polled.moved = moved_after(state.moved, believed, url, *answer);
    if (conditional && answer->status == 304) {
      replace_validators(fresh, url, answer->validators);
      continue;
    }
    auto call = [&]() -> Result<host::Round> {
      if (auto failure = net::unpack_gzip_file(answer->body, {.max_body = manner.limits.max_body}))
        return fail("the document is a gzip file, and " + failure->text);
      const std::string& plugin_state = polled.plugin_state ? *polled.plugin_state : state.plugin_state;
      return instance.response({tools.now(), tools.random(), plugin_state}, plugin_view(*answer, tag));
    };
    auto round = co_await tools.workers.run(std::move(call));
    if (!round) {
      polled.kind = Polled::Kind::failed;
      polled.error = round.error().message;
      polled.challenged = asks_for_a_person(*answer);
      co_return polled;
    }
    read_one = true;
    if (conditional) replace_validators(fresh, url, answer->validators);
    take(polled, std::move(*round), waiting);
    if (n == 0 && manner.hub) find_hub(polled, *answer);
  }
  polled.validators = std::move(fresh);
  if (asked && !read_one) polled.kind = Polled::Kind::not_modified;
  co_return polled;
}

boost::asio::awaitable<Polled> digest(const PollTools& tools, host::SourceInstance& instance,
                                      const store::SourceState& state, const net::Response& document) {
  Polled polled;
  polled.status = document.status;
  polled.validators = state.validators;
  polled.moved = state.moved;
  auto call = [&] {
    return instance.response({tools.now(), tools.random(), state.plugin_state}, plugin_view(document, 0));
  };
  auto round = co_await tools.workers.run(std::move(call));
  if (!round) {
    polled.kind = Polled::Kind::failed;
    polled.error = round.error().message;
    co_return polled;
  }
  std::deque<host::Request> further;  // what else the plugin would ask for is left to the next poll
  take(polled, std::move(*round), further);
  co_return polled;
}

}  // namespace earshot::run
