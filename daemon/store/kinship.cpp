#include "store/kinship.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "store/engine.h"
#include "store/records.h"
#include "store/story.h"

namespace earshot::store {
namespace {

using keys::Column;

constexpr std::size_t max_compared = 8, max_bands = 64;

}  // namespace

Result<std::vector<std::string>> Kinship::near(const std::vector<std::string>& keys, std::uint64_t source, Time at,
                                               Duration window) const {
  std::vector<rocksdb::Slice> slices(keys.begin(), keys.end());
  std::vector<rocksdb::PinnableSlice> values(keys.size());
  std::vector<rocksdb::Status> statuses(keys.size());
  engine_.db->MultiGet({}, engine_.at(Column::links), slices.size(), slices.data(), values.data(), statuses.data());
  const std::uint16_t oldest = keys::day_of(at - window);
  std::map<std::string, std::size_t> shared;  // in order, so that the same is decided again after a crash
  for (std::size_t i = 0; i < keys.size(); ++i) {
    std::optional<keys::Link> link;
    if (const auto here = bands_.find(keys[i]); here != bands_.end()) {
      link = here->second;
    } else if (!statuses[i].IsNotFound()) {
      if (!statuses[i].ok()) return tl::unexpected(cannot("read stories", statuses[i], engine_.folder));
      link = keys::read_link(view(values[i]));
      if (!link) return tl::unexpected(damaged("a story", engine_.folder));
    }
    if (link && link->source != source && link->day >= oldest) ++shared[link->mention_id];
  }
  std::vector<std::pair<std::string, std::size_t>> order(shared.begin(), shared.end());
  std::ranges::stable_sort(order, std::greater{}, [](const auto& pair) { return pair.second; });
  std::vector<std::string> ids;
  for (auto& [id, count] : order)
    if (ids.size() < max_compared) ids.push_back(std::move(id));
  return ids;
}

Result<std::optional<double>> Kinship::compare(const Candidate& candidate, const std::string& id, Time at) const {
  std::optional<Mention> stored;
  const Mention* other = nullptr;
  if (const auto here = mentions_.find(id); here != mentions_.end()) {
    other = here->second;
  } else {
    auto place = engine_.get(Column::trail, keys::trail(id), fmt::format("mention {}", id));
    if (!place) return tl::unexpected(place.error());
    if (!*place) return std::optional<double>{};  // swept since
    auto value = engine_.get(Column::mentions, **place, fmt::format("mention {}", id));
    if (!value) return tl::unexpected(value.error());
    if (!*value) return std::optional<double>{};
    stored = records::read_mention(**value);
    if (!stored) return tl::unexpected(damaged(fmt::format("mention {}", id), engine_.folder));
    other = &*stored;
  }
  if (other->seen < at - candidate.likeness.window) return std::optional<double>{};
  const double like = candidate.likeness.to(*other);
  return like > 0 ? std::optional{like} : std::nullopt;
}

Result<std::string> Kinship::story_of(const std::string& id) const {
  if (const auto here = stories_.find(id); here != stories_.end()) return here->second;
  return root_of(engine_, id);
}

Result<Kinship::Found> Kinship::find(const Candidate& candidate, std::uint64_t source, Time at) {
  Found found;
  const auto& bands = candidate.likeness.bands;
  if (bands.empty() || bands.size() > max_bands || !candidate.likeness.to) return found;
  std::vector<std::string> keys;
  for (const std::uint64_t hash : bands) keys.push_back(keys::band(hash));
  auto ids = near(keys, source, at, candidate.likeness.window);
  if (!ids) return tl::unexpected(ids.error());
  Kin best;
  for (const std::string& id : *ids) {
    auto like = compare(candidate, id, at);
    if (!like) return tl::unexpected(like.error());
    if (*like && **like > best.likeness) best = {{}, id, **like};
  }
  const std::string& own = candidate.mention.id;
  mentions_.insert_or_assign(own, &candidate.mention);
  const keys::Link link{keys::day_of(at), true, source, own};
  for (std::string& key : keys) {
    bands_.insert_or_assign(key, link);
    found.bands.emplace_back(std::move(key), keys::value(link));
  }
  if (best.like.empty()) return found;
  auto story = story_of(best.like);
  if (!story) return tl::unexpected(story.error());
  best.story = std::move(*story);
  if (best.story == own) return found;
  stories_.insert_or_assign(own, best.story);
  found.kin = std::move(best);
  return found;
}

}  // namespace earshot::store
