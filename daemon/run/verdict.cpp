#include "run/verdict.h"

#include <fmt/format.h>

#include <optional>
#include <utility>

#include "core/schedule/backoff.h"
#include "run/log.h"

namespace earshot::run {

using Verdict = host::Outcome::Result;

Settled settle(const std::string& channel, const store::Delivery& delivery, const Attempt& made, Time now,
               std::uint64_t random) {
  const host::Outcome& outcome = made.outcome;
  const std::string reason = log::redacted(outcome.reason);
  const std::string number = fmt::to_string(delivery.attempts + 1), &id = delivery.alert.delivery_id;
  // A try that no answer came to leaves what the earlier ones achieved.
  const std::string& progress = made.answered ? outcome.state : delivery.progress;
  Settled out{.settlement = {.channel = channel,
                             .number = delivery.number,
                             .at = now,
                             .result = store::Delivered{outcome.remote_id, made.editable}}};
  const auto retry = [&] {
    const auto asked = outcome.retry_after > Duration{0} ? std::optional{outcome.retry_after} : std::nullopt;
    const Time next = now + schedule::backoff(schedule::kDelivery, delivery.attempts + 1, asked, random);
    out.settlement.result = store::RetryLater{next, reason, progress};
    log::warn(
        "delivery postponed",
        {{"channel", channel}, {"delivery", id}, {"reason", reason}, {"attempt", number}, {"next", rfc3339(next)}});
  };
  const auto bury = [&](std::string why) {
    if (!delivery.alert.edits.empty()) {  // the message was deleted, or is too old: the archive knows all the same
      log::info("a message cannot be shown anew", {{"channel", channel}, {"delivery", id}, {"reason", why}});
      out.settlement.result = store::Undeliverable{std::move(why)};
      return;
    }
    log::error("delivery failed for good; kept as a dead letter",
               {{"channel", channel}, {"delivery", id}, {"reason", why}, {"attempt", number}});
    out.settlement.result = store::Undeliverable{std::move(why)};
  };
  switch (outcome.result) {
    case Verdict::delivered:
      if (outcome.retry_after > Duration{0}) out.quiet_until = now + outcome.retry_after;
      log::info("delivered", {{"channel", channel}, {"delivery", id}, {"attempt", number}});
      if (!reason.empty()) log::warn("delivered in part", {{"channel", channel}, {"delivery", id}, {"reason", reason}});
      break;
    case Verdict::rejected:
      if (!made.broken || delivery.attempts + 1 >= kBrokenTries) {
        bury(reason);
        break;
      }
      log::error("a plugin broke its contract; the alert is given to a new instance of it",
                 {{"channel", channel}, {"reason", reason}, {"attempt", number}});
      out.settlement.result = store::RetryLater{now, reason, progress};
      break;
    case Verdict::channel_gone:
      if (!delivery.alert.edits.empty()) {  // perhaps only the message is; the next alert finds out
        bury(reason);
        break;
      }
      if (delivery.attempts == 0) {  // a second try confirms it
        retry();
        break;
      }
      out.gone = true;
      out.quiet_until = now + kParked;
      out.settlement.result = store::RetryLater{out.quiet_until, reason, progress};
      log::error("channel cannot be written to; what it is owed is kept until it works again",
                 {{"channel", channel}, {"reason", reason}, {"attempt", number}, {"next", rfc3339(out.quiet_until)}});
      break;
    case Verdict::retry:
      if (now - delivery.owed_since > kGiveUp && delivery.attempts + 1 >= kLeastTries)
        bury(fmt::format("given up after {}: {}", format_duration(kGiveUp), reason));
      else
        retry();
      break;
  }
  return out;
}

}  // namespace earshot::run
