#include "run/revise.h"

#include <xxhash.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "core/utf8.h"

namespace earshot::run {
namespace {

constexpr std::size_t kKeptText = 4U << 10;  // of a former text

const std::string& text_of(const Item& item) {
  return item.content_text.empty() ? item.summary_text : item.content_text;
}

std::uint64_t wording(const Item& item) {
  const std::string& text = text_of(item);
  return XXH3_64bits_withSeed(text.data(), text.size(), XXH3_64bits(item.title.data(), item.title.size()));
}

bool same_day(const std::optional<Time>& a, const std::optional<Time>& b) {
  const auto day = [](Time at) { return std::chrono::floor<std::chrono::days>(at); };
  return a.has_value() == b.has_value() && (!a || day(*a) == day(*b));
}

}  // namespace

Status revise(store::Candidate& candidate, const store::Store& store, Time now) {
  Mention& fresh = candidate.mention;
  auto trail = store.trail(fresh.id);
  if (!trail) return tl::unexpected(trail.error());
  if (!*trail) return {};  // another source's mention stands for it, or it was swept
  Mention& old = (*trail)->mention;
  const std::uint64_t was = wording(old.item), is = wording(fresh.item);
  const auto& before = (*trail)->revisions;
  if (was == is) {
    if (same_day(old.item.published, fresh.item.published) || before.size() >= store::kRevisions) return {};
  } else if (std::ranges::find(before, is, &store::Revision::wording) != before.end()) {
    return {};
  }
  candidate.revision = store::Revision{now, old.item.title, std::string(cut_utf8(text_of(old.item), kKeptText)),
                                       old.item.published, was};
  candidate.account = std::move((*trail)->account);
  fresh.seen = old.seen;
  fresh.canonical_url = std::move(old.canonical_url);  // duplicates are found by what was claimed first
  fresh.severity = std::max(fresh.severity, old.severity);
  for (auto& label : old.labels)
    if (std::ranges::find(fresh.labels, label) == fresh.labels.end()) fresh.labels.push_back(std::move(label));
  for (TopicMatch& match : old.matches)
    if (std::ranges::find(fresh.matches, match.topic, &TopicMatch::topic) == fresh.matches.end())
      fresh.matches.push_back({std::move(match.topic), {}});
  return {};
}

bool reworded(const store::Candidate& candidate) {
  return wording(candidate.mention.item) != candidate.revision->wording;
}

}  // namespace earshot::run
