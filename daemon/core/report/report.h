// What a team looks at when it meets: how much was said and where, what was done about it, and the most striking words.
// Pure: mentions and claims come in one by one, in any order, and a report goes out.
//
// A story counts once however many outlets carry it, because a wire report that 40 papers print is one thing that was
// said. Figures stand beside those of the period before.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/mention/mention.h"
#include "core/report/period.h"
#include "core/route/claim.h"

namespace earshot::report {

struct Figures {
  std::uint64_t mentions = 0, stories = 0, outlets = 0;  // an outlet is a site, or a source whose mentions have none
};

// Of the period, and of the one before it.
struct Compared {
  Figures now, before;
};

struct Topic {
  std::string name;
  Compared figures;
  std::uint64_t not_relevant = 0;  // mentions that somebody marked so
};

struct Share {
  std::string name;
  std::uint64_t mentions = 0;
};

struct BigStory {
  std::string id, title, url;  // of its first mention in the period
  std::uint64_t mentions = 0, outlets = 0;
};

// What people did, with the moment of their act in the period.
struct Work {
  std::uint64_t taken = 0, done = 0, not_relevant = 0;
  std::uint64_t open = 0;               // taken, and not done at the end
  std::optional<Duration> half_within;  // median time from hearing a mention to its being taken
};

struct Report {
  Period period;
  Compared figures;
  std::vector<Topic> topics;        // in the order they were asked for
  std::vector<std::uint64_t> days;  // mentions of each 24 hours from the beginning on; empty: less than two, or over 31
  std::vector<Share> outlets, languages,
      sources;                    // most first, at most kShares; languages by ISO 639-1, "und" left out
  std::vector<BigStory> stories;  // most outlets first, at most kStories; none of one outlet only
  Work work;
  std::vector<Mention> quotes;  // most striking first, at most kQuotes; the snippet is what was said
};

inline constexpr std::size_t kShares = 5, kStories = 3, kQuotes = 5;

// The largest, most first, at most kShares; of equals by name.
std::vector<Share> most(const std::unordered_map<std::string, std::uint64_t>& counts);

// Adds up. Of mentions it keeps ids and numbers, so that a busy week does not take the memory of its texts.
class Tally {
 public:
  // `topics`: those to report of, with names of their own.
  Tally(Period period, std::vector<std::string> topics);
  Tally(Tally&&) noexcept;
  ~Tally();

  // A mention counts at the moment it was heard, or, where it was found more than two days late, was said. Those
  // outside the period and the one before, and of other topics only, are left out. `story`: the id of its story's first
  // mention.
  void add(const Mention& mention, std::string_view story);
  // `heard`: when its mention was; nothing: it was dropped by its age.
  void add(const route::Claim& claim, std::optional<Time> heard);

  // `find` gives a mention by its id; nothing: it is gone, and so is what would be told of it.
  Report finish(const std::function<std::optional<Mention>(std::string_view id)>& find) const;

 private:
  struct Sums;
  std::unique_ptr<Sums> sums_;
};

}  // namespace earshot::report
