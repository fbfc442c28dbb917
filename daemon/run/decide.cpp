#include "run/decide.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "core/route/arrival.h"
#include "core/route/desk.h"
#include "core/route/timing.h"
#include "run/account.h"
#include "run/short_hash.h"

namespace earshot::run {
namespace {

// Of an edited mention's account so many verdicts are kept, the latest.
constexpr std::ptrdiff_t kVerdicts = 100;

// On the first poll of a source what was there before is stored and raises no alert, unless it is younger than
// `backfill`. What bears no date cannot be told from old.
// Later the same holds for what is dated long before that poll: a feed that comes back with its archive brings no news.
bool before_our_time(const Mention& mention, const Origin& origin, Time now) {
  constexpr Duration long_before = std::chrono::days{30};
  if (!origin.first_poll)
    return origin.since && mention.item.published &&
           *mention.item.published < *origin.since - std::max(origin.backfill, long_before);
  return !mention.item.published || *mention.item.published < now - origin.backfill;
}

Alert alert_of(const Mention& mention, const route::Decision& decision, AlertKind kind, std::string id, Time now) {
  Alert alert;
  alert.kind = kind;
  alert.severity = decision.severity;
  alert.channel = decision.channel;
  alert.delivery_id = std::move(id);
  alert.created = now;
  alert.mentions = {mention};
  return alert;
}

// The silence of the route itself that finds the mention and holds, in words; empty: none.
std::string route_silence(const config::Route& route, std::uint32_t index, const RouteQueries& queries, Time now) {
  for (const auto& [of, place] : queries.silenced) {
    const config::Silence& silence = route.silences[place];
    if (of != index || (silence.until && now >= *silence.until)) continue;
    std::string words = "the route's silence";
    if (silence.until) words += " until " + rfc3339(*silence.until);
    if (!silence.by.empty()) words += ", by " + silence.by;
    if (!silence.why.empty()) words += ": " + silence.why;
    return words;
  }
  return {};
}

}  // namespace

void decide(store::Candidate& candidate, const Origin& origin, const Rules& rules, const RouteQueries& queries,
            Time now) {
  const Mention& mention = candidate.mention;
  const bool edit = candidate.revision.has_value();
  const auto held = [&](std::uint32_t route) { return std::ranges::find(queries.held, route) != queries.held.end(); };
  auto decisions = rules.router.route(mention, held);
  if (edit)
    std::erase_if(decisions, [&](const route::Decision& d) { return !rules.router.routes()[d.route].alert_on_edit; });
  if (decisions.empty()) return;
  const bool before = !edit && before_our_time(mention, origin, now);
  const std::string silence = before ? std::string{} : silenced(mention, origin.source, rules, now);
  std::vector<Verdict> account = decode_account(candidate.account);
  for (const route::Decision& decision : decisions) {
    const config::Route& route = rules.router.routes()[decision.route];
    Verdict verdict{
        route::route_key(route, decision.route), decision.channel, (edit ? "edit: " : "") + decision.reason, {}, {}};
    std::string id = delivery_id(mention.id, decision.channel);
    if (edit) id += fmt::format("-{:08x}", candidate.version);
    const bool groups = route.group && !edit;
    const std::string own = route_silence(route, decision.route, queries, now);
    const route::Plan plan = route::plan(route, decision.severity, rules.zone, now);
    if (before) {
      verdict.fate = Verdict::Fate::before;
    } else if (!silence.empty() || !own.empty()) {
      verdict.fate = Verdict::Fate::silenced;
      verdict.detail = silence.empty() ? own : silence;
    } else if (!groups && plan.fate == route::Plan::Fate::drop) {
      verdict.fate = Verdict::Fate::dropped;
      verdict.detail = plan.reason;
    } else if (const bool stories = rules.router.groups_stories(decision.channel);
               stories || route::needs_desk(route, decision.severity, rules.zone, now)) {
      verdict.fate = Verdict::Fate::waits;
      verdict.detail = groups                 ? "group"
                       : !plan.reason.empty() ? plan.reason
                       : route.limit          ? "limit"
                       : stories              ? "unless its story is told"
                                              : "escalated unless claimed";
      const route::Arrival arrival{verdict.route, decision.channel, mention.id, std::move(id), now, edit};
      candidate.notes.push_back({route::arrival_key(arrival), route::encode(arrival)});
    } else {
      candidate.alerts.push_back(
          alert_of(mention, decision, edit ? AlertKind::edit : AlertKind::mention, std::move(id), now));
    }
    account.push_back(std::move(verdict));
  }
  if (account.size() > kVerdicts) account.erase(account.begin(), account.end() - kVerdicts);
  candidate.account = encode(account);
}

std::string delivery_id(std::string_view mention_id, std::string_view channel) {
  return fmt::format("{}-{:08x}", mention_id, short_hash(channel));
}

}  // namespace earshot::run
