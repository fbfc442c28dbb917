// A source whose server pushes: what was agreed with its hub (WebSub, www.w3.org/TR/websub), and when to ask it again.
// Pure: time and randomness are arguments.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/result.h"
#include "core/time.h"

namespace earshot::schedule {

// How long a subscription is asked for; hubs may grant another time (section 5.1.2).
inline constexpr Duration kLease = std::chrono::days{10};
// A poll all the same, this seldom at most, while a hub pushes: hubs forget.
inline constexpr Duration kPushedPoll = std::chrono::hours{4};

struct Subscription {
  enum class State : std::uint8_t {
    asked,    // the hub was asked, or will be; it has not confirmed
    active,   // confirmed: it pushes
    refused,  // it said no, or does not push what it should
  };
  State state = State::asked;
  std::string key;             // in the callback's path: whoever knows it is the hub
  std::string secret;          // what the hub signs with (section 7); empty: the hub is not reached over TLS
  std::string hub, topic;      // URLs
  Time since{};                // the state
  Time next{};                 // ask the hub, or ask it again
  std::uint32_t failures = 0;  // in a row
  std::uint32_t missed = 0;    // polls in a row that found what had not been pushed
  std::string reason;          // of the last failure or refusal, in words

  bool pushes() const { return state == State::active; }

  std::string encode() const;
  static Result<Subscription> decode(std::string_view bytes);
};

// "asked", "active", "refused".
std::string_view name(Subscription::State state);

// To be asked at once. `key` and `secret` are fresh random text.
Subscription subscribe(std::string hub, std::string topic, std::string key, std::string secret, Time now);
// The request went out and was accepted; the hub will call back. If it does not within an hour, it is asked again.
void accepted(Subscription& subscription, Time now);
// The request failed.
void failed(Subscription& subscription, std::string reason, Time now, std::uint64_t random);
// The hub called back and confirmed for that long. It is asked again when nine tenths of that are over.
void confirmed(Subscription& subscription, Duration lease, Time now);
// The hub said no, or what it said could not be believed: asked again a day later, then less and less often.
void refused(Subscription& subscription, std::string reason, Time now, std::uint64_t random);
// Something was pushed and was good.
void pushed(Subscription& subscription);
// A poll found new items that had not been pushed. The third time in a row the hub counts as deaf: refused.
void missed(Subscription& subscription, Time now, std::uint64_t random);

}  // namespace earshot::schedule
