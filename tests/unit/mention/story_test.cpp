#include "core/mention/story.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <unordered_map>

#include "support/mention/wire_copy.h"

namespace earshot::mention {
namespace {

const char* const kNews =
    "Acme Bank said on Monday that its app had stopped working after a faulty update. Customers in Utrecht could not "
    "pay "
    "for most of the morning. The bank apologised and promised a report within a week.";

TEST(Shingles, AreOfLettersAndDigitsOnly) {
  const Shingles plain = shingles("The bank's app is down - again, in 3 cities");
  EXPECT_EQ(plain, shingles("THE  BANK’S “app” is down — again; in 3 cities."));
  EXPECT_NE(plain, shingles("The bank's app is down - again, in 4 cities"));
  EXPECT_TRUE(shingles("two words").empty());
  EXPECT_TRUE(shingles("").empty());
  EXPECT_TRUE(shingles("\xff\xfe\x80").empty());
  EXPECT_EQ(shingles("Straße und Brücke dort").size(), 2u);
}

TEST(Shingles, OfScriptsWithoutSpacesAreOfCharacters) {
  EXPECT_EQ(shingles("客户无法付款").size(), 4u);
  EXPECT_EQ(shingles("支払いができない").size(), 6u);
}

TEST(Shingles, ReadNoMoreThanABeginning) {
  std::string text;
  for (int i = 0; text.size() < 40'000; ++i) text += "word" + std::to_string(i) + " ";
  EXPECT_EQ(shingles(text), shingles(text.substr(0, 16 << 10)));
}

TEST(Sketch, NeedsEnoughToSaySomething) {
  EXPECT_FALSE(sketch(shingles("Read more about this on our site and follow us there")));
  EXPECT_TRUE(sketch(shingles(kNews)));
}

// What is on disk is looked up with sketches made later: they never change.
TEST(Sketch, IsTheSameInEveryYear) {
  const Sketch made = *sketch(shingles(kNews));
  EXPECT_EQ(made, *sketch(shingles(kNews)));
  std::set<std::uint64_t> distinct(made.begin(), made.end());
  EXPECT_EQ(distinct.size(), kBands);
  EXPECT_EQ(made.front(), 11673868006839382747ULL);
}

TEST(Likeness, CountsSets) {
  const Likeness all = likeness({1, 2, 3, 4}, {1, 2, 3, 4});
  EXPECT_EQ(all.resemblance, 1);
  EXPECT_EQ(all.containment, 1);
  const Likeness part = likeness({1, 2, 3, 4}, {3, 4, 5, 6, 7, 8});
  EXPECT_DOUBLE_EQ(part.resemblance, 2.0 / 8);
  EXPECT_DOUBLE_EQ(part.containment, 2.0 / 4);
  EXPECT_EQ(likeness({}, {1}).resemblance, 0);
}

// The MinHash estimate is what theory says: the share of bands' rows that agree is the resemblance. Told by how often
// two texts of a known resemblance meet in a band, against the slow and obvious reckoning of it.
TEST(Sketch, MeetsAsOftenAsTheorySays) {
  std::uint64_t state = 7;
  const auto next = [&] { return state = state * 6364136223846793005 + 1442695040888963407, state ^ state >> 29; };
  for (const double wanted : {0.1, 0.3, 0.5, 0.8}) {
    int met = 0;
    constexpr int kPairs = 600;
    for (int pair = 0; pair < kPairs; ++pair) {
      Shingles a, b;
      const auto shared = static_cast<std::size_t>(200 * 2 * wanted / (1 + wanted));
      for (std::size_t i = 0; i < 200; ++i) {
        a.push_back(next());
        b.push_back(i < shared ? a.back() : next());
      }
      std::ranges::sort(a);
      std::ranges::sort(b);
      const Sketch x = *sketch(a), y = *sketch(b);
      bool meets = false;
      for (std::size_t band = 0; band < kBands; ++band) meets = meets || x[band] == y[band];
      met += meets;
    }
    const double want = 1 - std::pow(1 - std::pow(wanted, kRows), kBands);
    EXPECT_NEAR(static_cast<double>(met) / kPairs, want, 0.07) << wanted;
  }
}

// As the store does it: the last text of each band is compared; what is the same news joins its story.
class Clusters {
 public:
  std::size_t add(const std::string& text) {
    const Shingles mine = shingles(text);
    const std::size_t id = texts_.size();
    texts_.push_back(mine);
    std::size_t story = id;
    const auto bands = sketch(mine);
    if (bands) {
      double best = 0;
      std::set<std::size_t> asked;
      for (const std::uint64_t band : *bands)
        if (const auto at = last_.find(band); at != last_.end() && asked.insert(at->second).second) {
          const Likeness like = likeness(mine, texts_[at->second]);
          if (same_news(like) && like.containment > best) {
            best = like.containment;
            story = story_[at->second];
          }
        }
      compared_ += asked.size();
      for (const std::uint64_t band : *bands) last_[band] = id;
    }
    story_.push_back(story);
    return story;
  }
  double compared() const { return static_cast<double>(compared_) / static_cast<double>(texts_.size()); }

 private:
  std::vector<Shingles> texts_;
  std::vector<std::size_t> story_;
  std::unordered_map<std::uint64_t, std::size_t> last_;
  std::size_t compared_ = 0;
};

struct Score {
  double precision, recall;
};

// Over all pairs of texts: said to be one story, and labelled so.
Score score(const std::vector<std::pair<std::size_t, std::size_t>>& label_and_story) {
  std::map<std::pair<std::size_t, std::size_t>, std::uint64_t> both;
  std::map<std::size_t, std::uint64_t> labels, stories;
  for (const auto& [label, story] : label_and_story) ++both[{label, story}], ++labels[label], ++stories[story];
  const auto pairs = [](const auto& counts) {
    double sum = 0;
    for (const auto& [key, n] : counts) sum += static_cast<double>(n) * static_cast<double>(n - 1) / 2;
    return sum;
  };
  return {pairs(both) / std::max(1.0, pairs(stories)), pairs(both) / std::max(1.0, pairs(labels))};
}

TEST(Story, WireCopyIsFoundAndOtherNewsIsNot) {
  Clusters clusters;
  std::vector<std::pair<std::size_t, std::size_t>> found;
  for (const wire::Copy& copy : wire::labelled_set(1500, 6, 2026))
    found.emplace_back(copy.story, clusters.add(copy.text));
  const Score got = score(found);
  std::printf("[          ] %zu texts of 1500 stories: precision %.4f, recall %.4f, %.1f texts compared for each\n",
              found.size(), got.precision, got.recall, clusters.compared());
  EXPECT_GE(got.precision, 0.99);
  EXPECT_GE(got.recall, 0.95);
}

// Long legal texts that Debian has on every machine: their pieces are no copies of each other, changed pieces are.
TEST(Story, PiecesOfLongTextsAreToldApart) {
  Clusters clusters;
  std::vector<std::pair<std::size_t, std::size_t>> found;
  std::size_t label = 0;
  for (const char* name : {"Apache-2.0", "Artistic", "GPL-3", "MPL-2.0"}) {
    std::ifstream file(std::string("/usr/share/common-licenses/") + name);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    for (std::size_t at = 0; at + 900 <= text.size(); at += 900, ++label) {
      const std::string piece = text.substr(at, 900);
      found.emplace_back(label, clusters.add(piece));
      found.emplace_back(label, clusters.add(wire::changed(piece, wire::Change::words, label)));
      found.emplace_back(label, clusters.add(wire::changed(piece, wire::Change::footer, label)));
    }
  }
  if (found.empty()) GTEST_SKIP() << "this machine has no /usr/share/common-licenses";
  const Score got = score(found);
  std::printf("[          ] %zu pieces: precision %.4f, recall %.4f\n", found.size(), got.precision, got.recall);
  EXPECT_GE(got.precision, 0.99);
  EXPECT_GE(got.recall, 0.95);
}

TEST(Story, OneOfEachChange) {
  std::size_t same = 0, all = 0;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const std::string wire = wire::story(seed);
    const Shingles original = shingles(wire);
    for (std::size_t change = 0; change < wire::kChanges; ++change, ++all)
      same += same_news(likeness(original, shingles(wire::changed(wire, static_cast<wire::Change>(change), seed))));
    EXPECT_FALSE(same_news(likeness(original, shingles(wire::story(seed + 1000))))) << wire;
  }
  EXPECT_GE(static_cast<double>(same), 0.97 * static_cast<double>(all));
}

}  // namespace
}  // namespace earshot::mention
