#include "core/schedule/subscription.h"

#include <algorithm>
#include <utility>

#include "core/schedule/backoff.h"
#include "core/schedule/bytes.h"

namespace earshot::schedule {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr Duration kAnswerWithin = std::chrono::hours{1};
constexpr Duration kShortestLease = std::chrono::minutes{5}, kLongestLease = std::chrono::days{90};
constexpr Backoff kUnreachable{std::chrono::minutes{5}, std::chrono::hours{12}, std::chrono::days{1}};
constexpr Backoff kUnwilling{std::chrono::days{2}, std::chrono::days{30}, std::chrono::days{30}};
constexpr std::uint32_t kDeaf = 3;
constexpr std::size_t kLongestReason = 300;

void change(Subscription& subscription, Subscription::State to, Time now) {
  if (std::exchange(subscription.state, to) != to) subscription.since = now;
}

}  // namespace

std::string_view name(Subscription::State state) {
  switch (state) {
    case Subscription::State::asked: return "asked";
    case Subscription::State::active: return "active";
    case Subscription::State::refused: break;
  }
  return "refused";
}

Subscription subscribe(std::string hub, std::string topic, std::string key, std::string secret, Time now) {
  Subscription fresh;
  fresh.hub = std::move(hub);
  fresh.topic = std::move(topic);
  fresh.key = std::move(key);
  fresh.secret = std::move(secret);
  fresh.since = fresh.next = now;
  return fresh;
}

void accepted(Subscription& subscription, Time now) { subscription.next = now + kAnswerWithin; }

void failed(Subscription& subscription, std::string reason, Time now, std::uint64_t random) {
  ++subscription.failures;
  subscription.reason = std::move(reason);
  subscription.next = now + backoff(kUnreachable, subscription.failures, std::nullopt, random);
}

void confirmed(Subscription& subscription, Duration lease, Time now) {
  change(subscription, Subscription::State::active, now);
  subscription.failures = subscription.missed = 0;
  subscription.reason.clear();
  subscription.next = now + std::clamp(lease, kShortestLease, kLongestLease) * 9 / 10;
}

void refused(Subscription& subscription, std::string reason, Time now, std::uint64_t random) {
  change(subscription, Subscription::State::refused, now);
  ++subscription.failures;
  subscription.missed = 0;
  subscription.reason = std::move(reason);
  subscription.next = now + backoff(kUnwilling, subscription.failures, std::nullopt, random);
}

void pushed(Subscription& subscription) { subscription.missed = 0; }

void missed(Subscription& subscription, Time now, std::uint64_t random) {
  if (subscription.pushes() && ++subscription.missed >= kDeaf)
    refused(subscription, "it confirmed, but does not push what its feed publishes", now, random);
}

std::string Subscription::encode() const {
  Writer out;
  out.put(kVersion);
  out.put(static_cast<std::uint8_t>(state));
  out.put(since);
  out.put(next);
  out.put(failures);
  out.put(missed);
  for (const std::string* text : {&key, &secret, &hub, &topic}) out.put(*text);
  out.put(std::string_view(reason).substr(0, kLongestReason));
  return out.take();
}

Result<Subscription> Subscription::decode(std::string_view bytes) {
  Subscription read;
  Reader in(bytes);
  std::uint8_t version = 0, state = 0;
  in.get(version);
  in.get(state);
  in.get(read.since);
  in.get(read.next);
  in.get(read.failures);
  in.get(read.missed);
  for (std::string* text : {&read.key, &read.secret, &read.hub, &read.topic, &read.reason}) in.get(*text);
  if (version != kVersion || !in.good() || !in.at_end() || state > static_cast<std::uint8_t>(State::refused))
    return fail("a stored subscription is damaged, or of a version this earshot does not know; it is made anew");
  read.state = static_cast<State>(state);
  return read;
}

}  // namespace earshot::schedule
