#include "run/hubs.h"

#include <fmt/format.h>
#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <charconv>
#include <utility>

#include "core/url/url.h"
#include "run/counted.h"
#include "run/log.h"
#include "run/prepare.h"
#include "web/signature.h"

namespace earshot::run {
namespace {

namespace asio = boost::asio;
using asio::awaitable;
using schedule::Subscription;

constexpr std::string_view kPrefix = "websub/";
constexpr std::size_t kMostAsking = 4;                       // requests to hubs at once
constexpr std::size_t kLongestUrl = 2048;                    // of hubs and topics; also what a challenge may have
constexpr Duration kBetweenPolls = std::chrono::minutes{1};  // that calls without content can bring about
constexpr std::size_t kMostStored = 1'000'000;

// 32 characters that nobody guesses.
std::string random_text() {
  constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz012345";
  std::array<unsigned char, 32> bytes{};
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) throw std::runtime_error("no randomness");
  std::string text;
  for (const unsigned char byte : bytes) text += kLetters[byte % kLetters.size()];
  return text;
}

bool fits(const std::string& url) {
  const auto parsed = url.size() <= kLongestUrl ? url::parse(url) : fail("too long");
  return parsed && (parsed->scheme == "http" || parsed->scheme == "https");
}

std::optional<Duration> lease(const web::Form& said) {
  const auto text = said.get("hub.lease_seconds");
  if (!text) return std::nullopt;
  std::int32_t seconds = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), seconds);
  if (error != std::errc{} || end != text->data() + text->size() || seconds <= 0) return std::nullopt;
  return std::chrono::seconds{seconds};
}

}  // namespace

Result<std::vector<std::pair<std::string, Subscription>>> read_subscriptions(const store::Store& store) {
  const auto notes = store.notes(kPrefix, kMostStored);
  if (!notes) return tl::unexpected(notes.error());
  std::vector<std::pair<std::string, Subscription>> all;
  for (const store::Note& note : *notes)
    if (auto read = Subscription::decode(note.value.value_or("")))
      all.emplace_back(note.key.substr(kPrefix.size()), std::move(*read));
  return all;
}

Hubs::Hubs(House& house, Sources sources) : house_(house), sources_(std::move(sources)), timer_(house.io) {}

awaitable<Status> Hubs::start() {
  if (house_.config.server.public_url.empty()) co_return Status{};
  auto read = [this] { return read_subscriptions(house_.store); };
  auto known = co_await house_.workers.run(std::move(read));
  if (!known) co_return tl::unexpected(known.error());
  std::vector<store::Note> gone;
  for (auto& [name, subscription] : *known) {
    if (const auto source = sources_.number(name))
      put(*source, name, std::move(subscription));
    else
      gone.push_back({std::string(kPrefix) + name, std::nullopt});
  }
  if (!gone.empty()) {
    auto forget = [&] { return house_.store.enqueue({}, gone, house_.now()); };
    if (const Status forgotten = co_await house_.workers.run(std::move(forget)); !forgotten) co_return forgotten;
  }
  spawn(work());
  co_return Status{};
}

void Hubs::stop() {
  stopping_ = true;
  timer_.cancel();
}

bool Hubs::pushes(std::uint32_t source) const {
  const auto at = by_source_.find(source);
  return at != by_source_.end() && all_[at->second].subscription.pushes();
}

void Hubs::put(std::uint32_t source, std::string name, Subscription subscription) {
  const auto [at, fresh] = by_source_.try_emplace(source, static_cast<std::uint32_t>(all_.size()));
  const std::uint32_t slot = at->second;
  if (fresh)
    all_.push_back({source, std::move(name), {}, {}});
  else
    by_key_.erase(all_[slot].subscription.key);
  all_[slot].subscription = std::move(subscription);
  by_key_[all_[slot].subscription.key] = slot;
  queue_.set(slot, all_[slot].subscription.next);
}

void Hubs::spawn(awaitable<void> job) {
  ++busy_;
  asio::co_spawn(house_.io, std::move(job), [this](const std::exception_ptr& bug) {
    --busy_;
    if (!bug) return;
    try {
      std::rethrow_exception(bug);
    } catch (const std::exception& e) {
      log::error("a hub's subscription failed by a fault of the program", {{"error", e.what()}});
    }
  });
}

void Hubs::found(std::uint32_t source, const std::string& hub, const std::string& topic, std::size_t fresh) {
  if (house_.config.server.public_url.empty() || stopping_ || !fits(hub) || !fits(topic)) return;
  const auto at = by_source_.find(source);
  if (at != by_source_.end()) {
    Subscription& known = all_[at->second].subscription;
    if (known.hub == hub && known.topic == topic) {
      if (fresh == 0 || !known.pushes()) return;
      schedule::missed(known, house_.now(), house_.random());
      queue_.set(at->second, known.next);
      return;
    }
  }
  // Without TLS on the way to the hub anybody could read the secret: its pushes only say that there is something new.
  const bool secure = url::parse(hub)->secure();
  put(source, sources_.of(source).name,
      schedule::subscribe(hub, topic, random_text(), secure ? random_text() : std::string(), house_.now()));
  timer_.cancel();
}

awaitable<void> Hubs::work() {
  while (!stopping_) {
    while (asking_ < kMostAsking) {
      const auto slot = queue_.pop_due(house_.now());
      if (!slot) break;
      ++asking_;
      spawn(ask(*slot));
    }
    const auto next = asking_ < kMostAsking ? queue_.next_time() : std::nullopt;
    timer_.expires_after(next ? std::clamp<Duration>(*next - house_.now(), Duration{0}, std::chrono::hours{1})
                              : Duration{std::chrono::hours{1}});
    co_await timer_.async_wait(asio::as_tuple(asio::use_awaitable));
  }
}

std::string Hubs::callback(const One& one) const {
  return url::below(house_.config.server.public_url, std::string(kPrefix) + one.subscription.key);
}

awaitable<Status> Hubs::save(std::uint32_t slot) {
  const One& one = all_[slot];
  const std::array notes{store::Note{std::string(kPrefix) + one.name, one.subscription.encode()}};
  auto write = [&] { return house_.store.enqueue({}, notes, house_.now()); };
  const Status saved = co_await house_.workers.run(std::move(write));
  if (!saved) log::error("store", {{"source", one.name}, {"error", saved.error().message}});
  co_return saved;
}

awaitable<void> Hubs::ask(std::uint32_t slot) {
  One& one = all_[slot];
  const std::string key = one.subscription.key;  // another hub may be found meanwhile
  const net::AddressPolicy policy = address_policy(house_.config.fetch, sources_.of(one.source));
  Errand errand{.request = {}, .headers = {}, .validators = {}, .policy = &policy, .limits = {}};
  errand.request.method = "POST";
  errand.request.url = one.subscription.hub;
  errand.request.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
  errand.request.body = fmt::format("hub.mode=subscribe&hub.topic={}&hub.callback={}&hub.lease_seconds={}",
                                    url::percent_encode(one.subscription.topic), url::percent_encode(callback(one)),
                                    std::chrono::duration_cast<std::chrono::seconds>(schedule::kLease).count());
  if (!one.subscription.secret.empty()) errand.request.body += "&hub.secret=" + one.subscription.secret;
  errand.limits.max_body = errand.limits.max_wire_body = 64U << 10;
  // Its call may come before its answer, and after a restart of ours: the key must be known then.
  const Status known = co_await save(slot);
  std::optional<Result<net::Response, net::FetchError>> answer;
  if (known) answer.emplace(co_await house_.exchange.send(std::move(errand)));
  --asking_;
  timer_.cancel();
  if (one.subscription.key != key) co_return;
  const bool cancelled = answer && !*answer && answer->error().step == net::Step::cancelled;
  if (cancelled) co_return;
  if (!answer)
    schedule::failed(one.subscription, "the store cannot be written", house_.now(), house_.random());
  else if (!*answer)
    schedule::failed(one.subscription, log::redacted((*answer).error().message), house_.now(), house_.random());
  else if ((*answer)->status < 300)
    schedule::accepted(one.subscription, house_.now());
  else if ((*answer)->status == 429 || (*answer)->status >= 500)
    schedule::failed(one.subscription, fmt::format("it answered {}", (*answer)->status), house_.now(), house_.random());
  else
    schedule::refused(one.subscription, fmt::format("it answered {}", (*answer)->status), house_.now(),
                      house_.random());
  queue_.set(slot, one.subscription.next);
  if (!one.subscription.reason.empty())
    log::info("hub", {{"source", one.name},
                      {"hub", url::redact(one.subscription.hub)},
                      {"error", one.subscription.reason},
                      {"next", rfc3339(one.subscription.next)}});
  co_await save(slot);
}

awaitable<web::Answer> Hubs::answer(web::Request request) {
  const auto at = by_key_.find(request.path);
  if (at == by_key_.end() || stopping_)
    co_return stopping_ ? web::plain(503, "stopping") : web::plain(404, "no such subscription");
  const Counted counted(busy_);
  const std::uint32_t slot = at->second;
  if (request.method == "POST") co_return co_await take(slot, std::move(request));
  const web::Form said(request.query);
  co_return co_await confirm(slot, said);
}

awaitable<web::Answer> Hubs::confirm(std::uint32_t slot, const web::Form& said) {
  One& one = all_[slot];
  const std::string_view mode = said.get("hub.mode").value_or("");
  if (said.get("hub.topic") != one.subscription.topic) co_return web::plain(404, "that topic was not asked for");
  if (mode == "denied") {
    schedule::refused(one.subscription, fmt::format("denied: {}", said.get("hub.reason").value_or("no reason given")),
                      house_.now(), house_.random());
    queue_.set(slot, one.subscription.next);
    co_await save(slot);
    co_return web::plain(200, "noted");
  }
  const auto challenge = said.get("hub.challenge");
  if (mode != "subscribe" || !challenge || challenge->size() > kLongestUrl)
    co_return web::plain(404, "that was not asked for");
  schedule::confirmed(one.subscription, lease(said).value_or(schedule::kLease), house_.now());
  queue_.set(slot, one.subscription.next);
  timer_.cancel();
  log::info("hub confirmed", {{"source", one.name}, {"hub", url::redact(one.subscription.hub)}});
  web::Answer echo;
  echo.body = *challenge;
  if (const Status saved = co_await save(slot); !saved) co_return web::plain(503, "not now");
  co_return echo;
}

awaitable<web::Answer> Hubs::take(std::uint32_t slot, web::Request request) {
  One& one = all_[slot];
  if (request.body.empty() || one.subscription.secret.empty()) {
    if (house_.now() - one.called >= kBetweenPolls) sources_.poll_soon(one.source);
    one.called = house_.now();
    co_return web::plain(202, "will be fetched");
  }
  // A false signature is told by nothing but silence (section 7.1).
  if (!web::signed_with(one.subscription.secret, request.header("x-hub-signature"), request.body)) {
    log::warn("a push whose signature is not the hub's was dropped", {{"source", one.name}, {"from", request.peer}});
    co_return web::plain(202, "received");
  }
  Pushed document{one.subscription.topic, std::string(request.header("content-type")), std::move(request.body)};
  const Status taken = co_await sources_.take(one.source, std::move(document));
  if (!taken) {
    web::Answer later = web::plain(503, "cannot be kept at the moment");
    later.headers.emplace_back("Retry-After", "60");
    co_return later;
  }
  schedule::pushed(one.subscription);
  co_return web::plain(200, "kept");
}

}  // namespace earshot::run
