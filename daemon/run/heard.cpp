#include "run/heard.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "core/report/quote.h"

namespace earshot::run {
namespace {

// An item may be so much older than the hour it is counted in: feeds are polled that seldom at most as a rule.
constexpr Duration kLate = std::chrono::hours{1};
constexpr std::size_t kPage = 1'000, kListedMentions = 10;

}  // namespace

Result<Heard> heard(const store::Store& store, const std::string& topic, Time from, Time to, const std::string& only) {
  Heard out;
  std::unordered_map<std::string, std::uint32_t> stories;
  std::unordered_map<std::string, bool> fresh_source;  // its first poll was in this time
  std::unordered_map<std::string, std::uint64_t> terms, outlets, languages;
  std::vector<std::pair<double, Mention>> best;
  store::MentionQuery ask{.since = from, .until = to, .topic = topic, .oldest_first = true, .limit = kPage};
  do {
    auto page = store.mentions(ask);
    if (!page) return tl::unexpected(page.error());
    for (Mention& mention : page->mentions) {
      if (mention.item.published && *mention.item.published + kLate < from) continue;
      const auto [known, unseen] = fresh_source.try_emplace(mention.source, false);
      if (unseen) {
        const auto state = store.source(mention.source);
        if (!state) return tl::unexpected(state.error());
        known->second = *state && (*state)->first_poll && *(*state)->first_poll + kLate >= from;
      }
      if (known->second) continue;
      const auto story = store.story_of(mention.id);
      if (!story) return tl::unexpected(story.error());
      if (!only.empty() && *story != only) continue;
      ++out.mentions;
      const bool new_story = ++stories[*story] == 1, new_outlet = ++outlets[outlet_of(mention)] == 1;
      if (!mention.language.empty() && mention.language != "und") ++languages[mention.language];
      std::set<std::string_view> named;
      for (const TopicMatch& match : mention.matches)
        if (match.topic == topic)
          for (const Hit& hit : match.hits) named.insert(hit.term);
      for (const std::string_view term : named) ++terms[std::string(term)];
      if (only.empty() ? !new_story : !new_outlet) continue;
      const double worth = report::striking(mention);
      if (best.size() == kListedMentions && worth <= best.back().first) continue;
      drop_bodies(mention);
      best.emplace_back(worth, std::move(mention));
      std::ranges::stable_sort(best, std::greater<>{}, [](const auto& one) { return one.first; });
      if (best.size() > kListedMentions) best.pop_back();
    }
    ask.cursor = std::move(page->next);
  } while (!ask.cursor.empty());
  out.stories = static_cast<std::uint32_t>(stories.size());
  for (const auto& [story, mentions] : stories)
    if (mentions > out.biggest_mentions || (mentions == out.biggest_mentions && story < out.biggest)) {
      out.biggest = story;
      out.biggest_mentions = mentions;
    }
  for (auto& [worth, mention] : best) out.listed.push_back(std::move(mention));
  out.terms = report::most(terms);
  out.outlets = report::most(outlets);
  out.languages = report::most(languages);
  return out;
}

}  // namespace earshot::run
