#include "core/report/report.h"

#include <algorithm>
#include <functional>
#include <tuple>
#include <unordered_map>
#include <unordered_set>

#include "core/report/quote.h"

namespace earshot::report {
namespace {

using std::chrono::days;

constexpr std::size_t kCandidates = 100;   // for the quotes, of each topic
constexpr std::size_t kMostOutlets = 500;  // of a story; more are not told apart
constexpr std::size_t kOfOneOutlet = 2;    // quotes
constexpr double kSameTopic = 0.7;         // what another quote about one topic is worth less
constexpr std::ptrdiff_t kMostDays = 31;
constexpr Duration kDay = days{1}, kLate = days{2};

// Names are told apart by 64 bits of hash: with a million of them the chance that any two meet is 1 in 40 million.
using Mark = std::size_t;
Mark mark(std::string_view text) { return std::hash<std::string_view>{}(text); }

// What is found late counts when it was heard, else no report would ever tell of it. But what a new source has kept for
// long was not said this week.
Time counted_at(const Mention& mention) {
  const auto& said = mention.item.published;
  return said && *said + kLate < mention.seen ? *said : mention.seen;
}

struct Side {
  std::uint64_t mentions = 0;
  std::unordered_set<Mark> stories, outlets;

  void add(Mark story, Mark outlet) {
    ++mentions;
    stories.insert(story);
    outlets.insert(outlet);
  }
  Figures figures() const { return {mentions, stories.size(), outlets.size()}; }
};

struct StorySum {
  std::uint64_t mentions = 0;
  std::vector<Mark> outlets;
  std::string first;  // mention
  Time at{};
};

// A mention that may be quoted.
struct Candidate {
  double worth = 0;
  Time seen{};
  std::string id, story;
  Mark outlet = 0;
  std::size_t topic = 0;

  // The better one comes first; of equals the later.
  bool operator<(const Candidate& other) const {
    return std::tie(other.worth, other.seen, other.id) < std::tie(worth, seen, id);
  }
};

}  // namespace

std::vector<Share> most(const std::unordered_map<std::string, std::uint64_t>& counts) {
  std::vector<Share> all;
  all.reserve(counts.size());
  for (const auto& [name, mentions] : counts) all.push_back({name, mentions});
  std::ranges::sort(
      all, [](const Share& a, const Share& b) { return std::tie(b.mentions, a.name) < std::tie(a.mentions, b.name); });
  if (all.size() > kShares) all.resize(kShares);
  return all;
}

struct Tally::Sums {
  struct TopicSums {
    std::string name;
    Side now, before;
    std::uint64_t not_relevant = 0;
    std::vector<Candidate> best;  // a heap whose front is the worst
  };
  Period period;
  std::vector<TopicSums> topics;
  std::unordered_map<std::string, std::size_t> by_name;  // of topics
  Side now, before;
  std::vector<std::uint64_t> days;
  std::unordered_map<std::string, std::uint64_t> outlets, languages, sources;
  std::unordered_map<std::string, StorySum> stories;
  Work work;
  std::vector<Duration> within;

  TopicSums* find(const std::string& name) {
    const auto at = by_name.find(name);
    return at == by_name.end() ? nullptr : &topics[at->second];
  }
  void count(const Mention& mention, Time at, std::string_view story);
  void offer(const Mention& mention, std::string_view story, TopicSums& topic);
  std::vector<Candidate> quoted() const;
  std::vector<BigStory> big(const std::function<std::optional<Mention>(std::string_view)>& find) const;
};

void Tally::Sums::count(const Mention& mention, Time at, std::string_view story) {
  ++outlets[outlet_of(mention)];
  ++sources[mention.source];
  if (!mention.language.empty() && mention.language != "und") ++languages[mention.language];
  if (!days.empty()) {
    const auto day = static_cast<std::size_t>((at - period.from) / kDay);
    ++days[std::min(day, days.size() - 1)];
  }
  StorySum& sum = stories[std::string(story)];
  ++sum.mentions;
  const Mark outlet = mark(outlet_of(mention));
  if (sum.outlets.size() < kMostOutlets && std::ranges::find(sum.outlets, outlet) == sum.outlets.end())
    sum.outlets.push_back(outlet);
  if (sum.first.empty() || std::tie(mention.seen, mention.id) < std::tie(sum.at, sum.first)) {
    sum.first = mention.id;
    sum.at = mention.seen;
  }
}

void Tally::Sums::offer(const Mention& mention, std::string_view story, TopicSums& topic) {
  const double worth = striking(mention);
  if (worth < 0) return;
  std::vector<Candidate>& heap = topic.best;
  heap.push_back({worth, mention.seen, mention.id, std::string(story), mark(outlet_of(mention)),
                  static_cast<std::size_t>(&topic - topics.data())});
  std::push_heap(heap.begin(), heap.end());
  if (heap.size() <= kCandidates) return;
  std::pop_heap(heap.begin(), heap.end());
  heap.pop_back();
}

// The best first, then always the best of what is left: one of a story, few of an outlet, and what all topics say
// before more of the same.
std::vector<Candidate> Tally::Sums::quoted() const {
  std::vector<Candidate> left;
  for (const TopicSums& topic : topics)
    for (const Candidate& one : topic.best) {
      left.push_back(one);
      left.back().worth += striking_story(stories.at(one.story).outlets.size());
    }
  std::vector<Candidate> chosen;
  std::unordered_map<Mark, std::size_t> of_outlet;
  while (chosen.size() < kQuotes && !left.empty()) {
    const auto best = std::min_element(left.begin(), left.end());
    const Candidate one = *best;
    chosen.push_back(one);
    ++of_outlet[one.outlet];
    std::erase_if(left, [&](const Candidate& other) {
      return other.story == one.story || of_outlet[other.outlet] >= kOfOneOutlet;
    });
    for (Candidate& other : left)
      if (other.topic == one.topic) other.worth -= kSameTopic;
  }
  return chosen;
}

std::vector<BigStory> Tally::Sums::big(const std::function<std::optional<Mention>(std::string_view)>& find) const {
  using Entry = std::pair<const std::string, StorySum>;
  std::vector<const Entry*> all;
  for (const Entry& entry : stories)
    if (entry.second.outlets.size() > 1) all.push_back(&entry);
  std::ranges::sort(all, [](const Entry* a, const Entry* b) {
    return std::tuple(b->second.outlets.size(), b->second.mentions, a->second.at, a->first) <
           std::tuple(a->second.outlets.size(), a->second.mentions, b->second.at, b->first);
  });
  std::vector<BigStory> out;
  for (const Entry* entry : all) {
    if (out.size() == kStories) break;
    const StorySum& sum = entry->second;
    if (const auto mention = find(sum.first))
      out.push_back({entry->first, mention->item.title.empty() ? mention->snippet : mention->item.title,
                     mention->item.url, sum.mentions, sum.outlets.size()});
  }
  return out;
}

Tally::Tally(Period period, std::vector<std::string> topics) : sums_(std::make_unique<Sums>()) {
  sums_->period = period;
  for (std::string& name : topics) {
    sums_->by_name.emplace(name, sums_->topics.size());
    sums_->topics.push_back({std::move(name), {}, {}, 0, {}});
  }
  const auto length = std::chrono::round<days>(period.to - period.from).count();
  if (length >= 2 && length <= kMostDays) sums_->days.resize(static_cast<std::size_t>(length));
}
Tally::Tally(Tally&&) noexcept = default;
Tally::~Tally() = default;

void Tally::add(const Mention& mention, std::string_view story) {
  const Time at = counted_at(mention);
  const bool now = sums_->period.holds(at);
  if (!now && !sums_->period.before().holds(at)) return;
  const Mark of_story = mark(story), outlet = mark(outlet_of(mention));
  bool counted = false;
  for (const TopicMatch& match : mention.matches) {
    Sums::TopicSums* topic = sums_->find(match.topic);
    if (!topic) continue;
    (now ? topic->now : topic->before).add(of_story, outlet);
    if (now) sums_->offer(mention, story, *topic);
    counted = true;
  }
  if (!counted) return;
  (now ? sums_->now : sums_->before).add(of_story, outlet);
  if (now) sums_->count(mention, at, story);
}

void Tally::add(const route::Claim& claim, std::optional<Time> heard) {
  using State = route::Claim::State;
  const bool ours = std::ranges::any_of(claim.topics, [&](const std::string& t) { return sums_->find(t) != nullptr; });
  if (!ours) return;
  Work& work = sums_->work;
  const bool never_taken = claim.state == State::not_relevant && claim.ended == claim.taken;
  if (!never_taken && sums_->period.holds(claim.taken)) {
    ++work.taken;
    work.open += claim.state == State::taken ? 1 : 0;
    if (heard && claim.taken >= *heard) sums_->within.push_back(claim.taken - *heard);
  }
  if (!claim.ended || !sums_->period.holds(*claim.ended)) return;
  work.done += claim.state == State::done ? 1 : 0;
  if (claim.state != State::not_relevant) return;
  ++work.not_relevant;
  for (const std::string& name : claim.topics)
    if (Sums::TopicSums* topic = sums_->find(name)) ++topic->not_relevant;
}

Report Tally::finish(const std::function<std::optional<Mention>(std::string_view id)>& find) const {
  const Sums& sums = *sums_;
  Report report;
  report.period = sums.period;
  report.figures = {sums.now.figures(), sums.before.figures()};
  for (const Sums::TopicSums& topic : sums.topics)
    report.topics.push_back({topic.name, {topic.now.figures(), topic.before.figures()}, topic.not_relevant});
  report.days = sums.days;
  report.outlets = most(sums.outlets);
  report.languages = most(sums.languages);
  report.sources = most(sums.sources);
  report.stories = sums.big(find);
  report.work = sums.work;
  if (std::vector<Duration> within = sums.within; !within.empty()) {
    const auto middle = within.begin() + static_cast<std::ptrdiff_t>(within.size() / 2);
    std::ranges::nth_element(within, middle);
    report.work.half_within = *middle;
  }
  for (const Candidate& one : sums.quoted())
    if (auto mention = find(one.id)) {
      to_sentences(*mention);
      drop_bodies(*mention);
      report.quotes.push_back(std::move(*mention));
    }
  return report;
}

}  // namespace earshot::report
