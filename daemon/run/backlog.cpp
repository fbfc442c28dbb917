#include "run/backlog.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <unordered_set>
#include <utility>

namespace earshot::run {
namespace {

bool foldable(const store::Delivery& delivery) {
  if (!delivery.alert.edits.empty()) return false;
  switch (delivery.alert.kind) {
    case AlertKind::mention:
    case AlertKind::story:
    case AlertKind::growth:
    case AlertKind::digest:
    case AlertKind::rollup:
    case AlertKind::edit: return delivery.attempts == 0 && !delivery.alert.mentions.empty();
    default: return false;
  }
}

}  // namespace

std::optional<Fold> fold(std::span<const store::Delivery> head, std::uint64_t waiting, const config::Backlog& backlog,
                         const texts::Texts& texts, Time now) {
  if (!backlog.digest || head.empty() || waiting <= backlog.over) return std::nullopt;
  if (head.front().owed_since > now - backlog.after) return std::nullopt;
  Fold out;
  Alert& digest = out.digest;
  digest.severity = Severity::low;
  digest.total = 0;
  std::unordered_set<std::string> told;
  for (const store::Delivery& delivery : head) {
    if (!foldable(delivery)) break;
    const Alert& alert = delivery.alert;
    std::vector<const Mention*> fresh;
    for (const Mention& mention : alert.mentions)
      if (!told.contains(mention.id)) fresh.push_back(&mention);
    if (digest.mentions.size() + fresh.size() > kFolded) break;
    for (const Mention* mention : fresh) {
      told.insert(mention->id);
      digest.mentions.push_back(*mention);
    }
    digest.total += fresh.size() + (alert.total - std::min<std::uint64_t>(alert.total, alert.mentions.size()));
    digest.severity = std::max(digest.severity, alert.severity);
    out.numbers.push_back(delivery.number);
  }
  if (out.numbers.size() < 2) return std::nullopt;
  digest.kind = AlertKind::digest;
  digest.channel = head.front().alert.channel;
  digest.headline = texts.say("backlog");
  digest.delivery_id = fmt::format("backlog-{:x}-{:x}", out.numbers.front(), out.numbers.back());
  digest.created = now;
  return out;
}

}  // namespace earshot::run
