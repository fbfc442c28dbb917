#include "run/replay.h"

#include <algorithm>
#include <deque>
#include <set>
#include <utility>

#include "core/route/arrival.h"
#include "core/route/desk.h"
#include "run/account.h"
#include "run/decide.h"
#include "run/dispatch.h"
#include "run/rules.h"

namespace earshot::run {
namespace {

constexpr std::size_t kPage = 500;

// One kind of what is kept, in the order it was seen.
class Stream {
 public:
  Stream(const store::Store& store, Time since, Time until, bool unmatched) : store_(store) {
    query_.since = since;
    query_.until = until;
    query_.unmatched = unmatched;
    query_.oldest_first = true;
    query_.limit = kPage;
  }
  // The next one; nullptr: there is none.
  Result<Mention*> head() {
    while (page_.empty() && more_) {
      auto page = store_.mentions(query_);
      if (!page) return tl::unexpected(page.error());
      std::ranges::move(page->mentions, std::back_inserter(page_));
      query_.cursor = std::move(page->next);
      more_ = !query_.cursor.empty();
    }
    return page_.empty() ? nullptr : &page_.front();
  }
  void pop() { page_.pop_front(); }

 private:
  const store::Store& store_;
  store::MentionQuery query_;
  std::deque<Mention> page_;
  bool more_ = true;
};

std::set<std::string> topics_of(const Mention& mention) {
  std::set<std::string> topics;
  for (const TopicMatch& match : mention.matches) topics.insert(match.topic);
  return topics;
}

std::set<std::string> told(std::string_view account) {
  std::set<std::string> channels;
  for (Verdict& verdict : decode_account(account))
    if (verdict.fate == Verdict::Fate::sent || verdict.fate == Verdict::Fate::waits)
      channels.insert(std::move(verdict.channel));
  return channels;
}

class Replaying {
 public:
  Replaying(const store::Store& store, const config::Config& config, const Rules& rules, std::size_t examples)
      : store_(store), config_(config), rules_(rules), examples_(examples), desk_(rules.router.routes(), rules.zone) {}

  Status take(Mention& mention) {
    ++result_.mentions;
    const auto trail = store_.trail(mention.id);
    if (!trail) return tl::unexpected(trail.error());
    const auto source = source_of(mention);
    if (!source) return tl::unexpected(source.error());

    store::Candidate candidate;
    Mention& again = candidate.mention = mention;
    again.matches.clear();
    again.title_hits.clear();
    again.severity = Severity::normal;
    again.labels = (*source)->known ? (*source)->source.traits().labels : mention.labels;
    const RouteQueries queries = match(again, (*source)->source, rules_, mention.seen);
    const Origin origin{(*source)->source, (*source)->first_poll == mention.seen, (*source)->source.backfill,
                        (*source)->first_poll};
    decide(candidate, origin, rules_, queries, mention.seen);

    compare(result_.topics, topics_of(mention), topics_of(again), mention);
    compare(result_.channels, told(*trail ? (*trail)->account : std::string{}), told(candidate.account), mention);
    for (const Alert& alert : candidate.alerts) ++result_.alerts[alert.channel];
    until(mention.seen);
    for (const store::Note& note : candidate.notes) {
      const auto arrival = route::decode_arrival(note.value.value_or(""));
      if (!arrival) continue;
      const auto story = store_.story_of(mention.id);
      if (!story) return tl::unexpected(story.error());
      desk_.arrive(*arrival, again, *story, mention.seen);
    }
    until(mention.seen);
    return {};
  }

  // The desk's clock goes on; every time at which something is due is its own.
  void until(Time now) {
    for (auto next = desk_.next(); next && *next <= now; next = desk_.next()) desk_.tick(std::max(*next, clock_));
    clock_ = now;
    static_cast<void>(desk_.take_changes());
    for (const route::Outgoing& alert : desk_.take_alerts()) ++result_.alerts[alert.channel];
  }

  Replayed& result() { return result_; }

 private:
  struct Known {
    config::Source source;
    bool known = false;
    std::optional<Time> first_poll;
  };

  Result<const Known*> source_of(const Mention& mention) {
    const auto [at, fresh] = sources_.try_emplace(mention.source);
    Known& known = at->second;
    if (!fresh) return &known;
    known.source.name = mention.source;
    const auto here = std::ranges::find(config_.sources, mention.source, &config::Source::name);
    if (here != config_.sources.end()) {
      known.source = *here;
      known.known = true;
    }
    const auto state = store_.source(mention.source);
    if (!state) return tl::unexpected(state.error());
    if (*state) known.first_poll = (*state)->first_poll;
    return &known;
  }

  void compare(std::map<std::string, Replayed::Row>& rows, const std::set<std::string>& was,
               const std::set<std::string>& now, const Mention& mention) const {
    const auto note = [&](std::vector<Replayed::Example>& to) {
      if (to.size() < examples_)
        to.push_back({mention.id, mention.item.title.empty() ? mention.snippet : mention.item.title, mention.seen});
    };
    for (const std::string& name : was) {
      Replayed::Row& row = rows[name];
      ++row.was;
      if (now.contains(name)) continue;
      ++row.lost;
      note(row.lost_examples);
    }
    for (const std::string& name : now) {
      Replayed::Row& row = rows[name];
      ++row.now;
      if (was.contains(name)) continue;
      ++row.gained;
      note(row.gained_examples);
    }
  }

  const store::Store& store_;
  const config::Config& config_;
  const Rules& rules_;
  std::size_t examples_;
  route::Desk desk_;
  Time clock_{};
  std::map<std::string, Known> sources_;
  Replayed result_;
};

}  // namespace

Result<Replayed> replay(const store::Store& store, const config::Config& config, Time since, Time now,
                        std::size_t examples) {
  const auto rules = make_rules(config);
  if (!rules) return tl::unexpected(rules.error());
  std::vector<std::string> problems;
  if (const Status hung = hang_silences(store, **rules, config.topics, problems); !hung)
    return tl::unexpected(hung.error());

  Replaying replaying(store, config, **rules, examples);
  replaying.result().problems = std::move(problems);
  for (const config::Topic& topic : config.topics) replaying.result().topics[topic.name];
  for (const config::Channel& channel : config.channels) replaying.result().channels[channel.name];
  Stream matched(store, since, now, false), unmatched(store, since, now, true);
  for (;;) {
    const auto a = matched.head(), b = unmatched.head();
    if (!a) return tl::unexpected(a.error());
    if (!b) return tl::unexpected(b.error());
    if (!*a && !*b) break;
    Stream& first = !*b || (*a && (*a)->seen <= (*b)->seen) ? matched : unmatched;
    if (auto taken = replaying.take(**first.head()); !taken) return tl::unexpected(taken.error());
    first.pop();
  }
  replaying.until(now);
  return std::move(replaying.result());
}

}  // namespace earshot::run
