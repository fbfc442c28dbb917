#include "run/rehearse.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "core/mention/make.h"
#include "run/dispatch.h"
#include "run/ingest.h"
#include "run/letters.h"
#include "run/silences.h"
#include "run/wish.h"

namespace earshot::run {
namespace {

constexpr std::size_t kAlerts = 10'000;  // of one channel in one scene

class Stage {
 public:
  Stage(const config::Config& config, const Rules& rules, store::Store& store, route::Desk desk, Time start)
      : config_(config), rules_(rules), store_(store), desk_(std::move(desk)), start_(start) {}

  Result<Played::One> enter(const Scene::Entry& entry) {
    config::Source source;
    source.name = entry.source;
    if (const auto known = std::ranges::find(config_.sources, entry.source, &config::Source::name);
        known != config_.sources.end())
      source = *known;
    std::vector<Item> items{entry.item};
    auto taken = ingest(std::move(items), {source, false, source.backfill, start_}, rules_, store_, entry.at);
    if (!taken) return tl::unexpected(taken.error());
    store::Fetch fetch;
    fetch.source.name = source.name;
    fetch.source.first_poll = start_;
    fetch.at = entry.at;
    fetch.found = std::move(taken->found);
    const auto committed = store_.commit({&fetch, 1});
    if (!committed) return tl::unexpected(committed.error());
    const std::string own = mention::mention_id(source.name, mention::item_key(entry.item));
    // What the store knew as it is does not come to a commit.
    const store::Fate fate =
        committed->front().fates.empty() ? store::Fate{store::Outcome::known, own} : committed->front().fates.front();
    if (auto gone_on = until(entry.at); !gone_on) return tl::unexpected(gone_on.error());
    auto trail = store_.trail(fate.mention_id);
    if (!trail) return tl::unexpected(trail.error());
    auto story = store_.story_of(fate.mention_id);
    if (!story) return tl::unexpected(story.error());
    entered_[entry.item.id] = fate.mention_id;
    Played::One one;
    one.outcome = fate.outcome;
    one.story = std::move(*story);
    if (*trail) {
      one.verdicts = decode_account((*trail)->account);
      one.mention = std::move((*trail)->mention);
    }
    return one;
  }

  Status act(const Scene::Act& act) {
    if (Status before = until(act.at); !before) return before;
    const auto letter = letter_for(act);
    if (!letter) return tl::unexpected(letter.error());
    const auto wish = read_letter(store_, *letter, act.at);
    if (!wish) return tl::unexpected(wish.error());
    if (Status granted = grant(store_, *wish, act.at); !granted) return granted;
    if (wish->claim) desk_.claim(*wish->claim);
    std::vector<std::string> problems;  // none: it was checked
    return act.what == Scene::Act::What::silence ? hang_silences(store_, rules_, config_.topics, problems) : Status{};
  }

  // The desk's clock, from one thing that is due to the next.
  Status until(Time now) {
    for (std::optional<Time> due = desk_.next(); due && *due < now; due = desk_.next()) {
      const auto stepped = step(desk_, store_, config_.channels, *due);
      if (!stepped) return tl::unexpected(stepped.error());
    }
    const auto stepped = step(desk_, store_, config_.channels, now);
    if (!stepped) return tl::unexpected(stepped.error());
    return {};
  }

 private:
  Result<store::Letter> letter_for(const Scene::Act& act) {
    using What = Scene::Act::What;
    if (act.what == What::silence) {
      if (const Status fine = check_silence(act.query, config_.topics); !fine)
        return fail(fmt::format("silence {} : {}", act.query, fine.error().message));
      return silence_letter(
          {fmt::format("s-{:08x}", ++silences_), act.query, act.by, act.why, act.at, act.at + act.lasts});
    }
    const auto item = entered_.find(act.item), other = entered_.find(act.other);
    if (item == entered_.end() || (act.what == What::merge && other == entered_.end()))
      return fail(fmt::format("no item \"{}\" came before somebody did something with it",
                              item == entered_.end() ? act.item : act.other));
    switch (act.what) {
      case What::split: return split_letter(item->second, act.by);
      case What::merge: return merge_letter(item->second, other->second, act.by);
      case What::done: return claim_letter(item->second, route::Claim::State::done, act.by);
      case What::not_relevant: return claim_letter(item->second, route::Claim::State::not_relevant, act.by);
      default: return claim_letter(item->second, route::Claim::State::taken, act.by);
    }
  }

  const config::Config& config_;
  const Rules& rules_;
  store::Store& store_;
  route::Desk desk_;
  Time start_;
  std::map<std::string, std::string> entered_;  // an item's id, and that of the mention it became
  unsigned silences_ = 0;
};

}  // namespace

Result<Played> rehearse(const Scene& scene, const config::Config& config, const Rules& rules,
                        const std::filesystem::path& folder) {
  const auto store = store::Store::open(folder, {.memory_bytes = 16U << 20});
  if (!store) return tl::unexpected(store.error());
  std::vector<std::string> problems;
  auto desk = read_desk(**store, rules, problems);
  if (!desk) return tl::unexpected(desk.error());
  rules.board->hang(nullptr);  // those of another scene
  Stage stage(config, rules, **store, std::move(*desk), scene.start);
  Played played;
  auto act = scene.acts.begin();
  const auto act_before = [&](Time time) -> Status {
    for (; act != scene.acts.end() && act->at < time; ++act)
      if (Status done = stage.act(*act); !done) return done;
    return {};
  };
  for (const Scene::Entry& entry : scene.entries) {
    if (const Status acted = act_before(entry.at); !acted) return tl::unexpected(acted.error());
    if (auto before = stage.until(entry.at); !before) return tl::unexpected(before.error());
    auto one = stage.enter(entry);
    if (!one) return tl::unexpected(one.error());
    played.entries.push_back(std::move(*one));
  }
  if (const Status acted = act_before(Time::max()); !acted) return tl::unexpected(acted.error());
  if (auto end = stage.until(scene.until); !end) return tl::unexpected(end.error());
  const auto pending = (*store)->pending();
  if (!pending) return tl::unexpected(pending.error());
  std::map<std::uint64_t, Alert> in_order;
  for (const store::Owing& owing : *pending) {
    auto line = (*store)->peek(owing.channel, kAlerts);
    if (!line) return tl::unexpected(line.error());
    for (store::Delivery& delivery : *line) in_order.emplace(delivery.number, std::move(delivery.alert));
  }
  for (auto& [number, alert] : in_order) played.alerts.push_back(std::move(alert));
  return played;
}

}  // namespace earshot::run
