#include "run/volume.h"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "run/document.h"

namespace earshot::run {
namespace {

constexpr Duration kBack = std::chrono::days{7}, kLeast = std::chrono::hours{6};
constexpr std::size_t kMostItems = 50'000, kPage = 1'000;  // of each kind

// What is stored of one kind since `since`, as far as it was looked at.
struct Sample {
  std::vector<Time> hits;  // when they were said
  std::size_t items = 0;
  Time first = Time::max();  // the earliest that was looked at: when it was heard
  bool cut = false;          // there was more
};

}  // namespace

Result<std::optional<Volume>> estimate_volume(const store::Store& store, const config::Config& config,
                                              const query::Topic& query, Time now) {
  std::vector<query::Topic> topics;
  if (query.query.find("@{") != std::string::npos)
    for (const config::Topic& topic : config.topics) topics.push_back(topic_of(topic));
  const auto wanted = static_cast<std::uint32_t>(topics.size());
  topics.push_back({"\x01volume", query.query, query.fold_accents});  // no topic can have that name
  const auto set = query::compile(topics, {});
  if (!set) return fail(set.error().front().problem.message);
  std::map<std::string, std::string, std::less<>> types;
  for (const config::Source& source : config.sources) types[source.name] = source.type;

  query::Scratch scratch;
  std::vector<std::uint32_t> found;
  Sample samples[2];
  for (const bool unmatched : {false, true}) {
    Sample& sample = samples[unmatched ? 1 : 0];
    store::MentionQuery ask{.since = now - kBack, .until = now, .unmatched = unmatched, .limit = kPage};
    do {
      auto page = store.mentions(ask);
      if (!page) return tl::unexpected(page.error());
      for (const Mention& mention : page->mentions) {
        ++sample.items;
        sample.first = std::min(sample.first, mention.seen);
        const std::vector<std::string> tags = tags_of(mention);
        const auto type = types.find(mention.source);
        set->match_topics(
            document_of(mention, type == types.end() ? std::string_view() : type->second, tags, mention.seen), scratch,
            found);
        if (std::ranges::find(found, wanted) != found.end())
          sample.hits.push_back(mention.item.published.value_or(mention.seen));
      }
      ask.cursor = std::move(page->next);
    } while (!ask.cursor.empty() && sample.items < kMostItems);
    sample.cut = !ask.cursor.empty();
  }

  // A first poll brings the past of a feed at once. Only what was said since the store began to hear counts.
  const Time begun = std::min(samples[0].first, samples[1].first);
  if (begun == Time::max() || now - begun < kLeast) return std::optional<Volume>();
  Volume out;
  for (const Sample& sample : samples) {
    const Time from = sample.cut ? sample.first : begun;
    const auto said = std::ranges::count_if(sample.hits, [&](Time t) { return t >= from; });
    using Days = std::chrono::duration<double, std::chrono::days::period>;
    out.per_day += static_cast<double>(said) / Days(std::max<Duration>(now - from, std::chrono::minutes{1})).count();
    out.items += sample.items;
    out.span = std::max(out.span, std::chrono::duration_cast<Duration>(now - from));
  }
  return std::optional<Volume>(out);
}

}  // namespace earshot::run
