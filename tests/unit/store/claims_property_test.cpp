// Who was first, against a model that is slow and obvious: random groups of fetches over few sources, items and URLs.
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

#include "support.h"

namespace earshot::store {
namespace {

struct Model {
  struct Item {
    std::uint32_t version = 0;
    bool matched = false;
  };
  struct First {
    std::string source, mention;
    bool matched = false;
  };
  std::map<std::string, First> urls_before;          // this group
  std::map<std::string, std::string> titles_before;  // likewise, by mention
  std::map<std::string, std::string> titles;
  std::map<std::pair<std::string, std::string>, Item> items;
  std::map<std::string, First> urls;
  std::map<std::string, bool> mentions;  // id → a topic wanted it
  std::map<std::string, std::set<std::string>> sightings;
  std::vector<std::string> owed;

  Fate decide(const Candidate& candidate) {
    const Mention& m = candidate.mention;
    const bool matched = !m.matches.empty();
    const std::pair key{m.source, m.item.id};
    if (const auto it = items.find(key); it != items.end()) {
      Item& item = it->second;
      const bool edited = item.version != 0 && candidate.version != 0 && item.version != candidate.version;
      if (!edited) return {Outcome::known, m.id};
      if (item.matched || !matched) {
        item.version = candidate.version;
        return {Outcome::changed, m.id};
      }
    }
    if (const auto it = urls_before.find(m.canonical_url);
        !items.contains(key) && it != urls_before.end() && it->second.source == m.source &&
        titles_before.at(it->second.mention) == m.item.title && (it->second.matched || !matched)) {
      items[key] = {candidate.version, it->second.matched};
      return {Outcome::renamed, it->second.mention};
    }
    if (const auto it = urls.find(m.canonical_url); !m.canonical_url.empty() && it != urls.end()) {
      First& first = it->second;
      if (first.source != m.source && (first.matched || !matched)) {
        items[key] = {candidate.version, first.matched};
        sightings[first.mention].insert(m.source + "/" + m.item.id);
        return {Outcome::merged, first.mention};
      }
      if (matched && !first.matched) first = {m.source, m.id, true};
    } else if (!m.canonical_url.empty()) {
      urls[m.canonical_url] = {m.source, m.id, matched};
    }
    items[key] = {candidate.version, matched};
    mentions[m.id] = matched;
    titles[m.id] = m.item.title;
    for (const Alert& alert : candidate.alerts) owed.push_back(alert.delivery_id);
    return {Outcome::stored, m.id};
  }
};

class ClaimsProperty : public StoreTest, public ::testing::WithParamInterface<unsigned> {};

TEST_P(ClaimsProperty, DecidesAsTheModelDoes) {
  std::minstd_rand random(GetParam());
  Model model;
  int delivery = 0;
  for (int step = 0; step < 60; ++step) {
    std::vector<Fetch> group;
    std::vector<std::vector<Fate>> expected;
    model.urls_before = model.urls;
    model.titles_before = model.titles;
    for (std::size_t n = random() % 4 + 1; n > 0; --n) {
      const std::string source = "s" + std::to_string(random() % 4);
      std::vector<Candidate> found;
      std::vector<Fate> fates;
      for (std::size_t i = random() % 6; i > 0; --i) {
        const std::string item = std::to_string(random() % 40);
        const std::string url = random() % 4 == 0 ? "" : "https://x/" + std::to_string(random() % 30);
        const std::vector<std::string> topics =
            random() % 2 == 0 ? std::vector<std::string>{} : std::vector<std::string>{"t"};
        Candidate candidate = candidate_of(mention_of(source, item, url, topics, noon + Duration{step}),
                                           topics.empty() ? "" : "pr", static_cast<std::uint32_t>(random() % 3));
        candidate.mention.item.title = random() % 3 == 0 ? "Again" : "News";
        candidate.mention.item.content = candidate.mention.item.content_text = "The same";
        for (Alert& alert : candidate.alerts) alert.delivery_id = std::to_string(delivery++);
        fates.push_back(model.decide(candidate));
        found.push_back(std::move(candidate));
      }
      group.push_back(fetch_of(source, std::move(found)));
      expected.push_back(std::move(fates));
    }
    const auto committed = store->commit(group);
    ASSERT_OK(committed);
    for (std::size_t f = 0; f < group.size(); ++f)
      for (std::size_t i = 0; i < expected[f].size(); ++i) {
        const Fate& fate = (*committed)[f].fates[i];
        ASSERT_EQ(static_cast<int>(fate.outcome), static_cast<int>(expected[f][i].outcome)) << "step " << step;
        ASSERT_EQ(fate.mention_id, expected[f][i].mention_id) << "step " << step;
      }
    if (step % 20 == 19) reopen();
  }
  std::vector<std::string> owed;
  const auto deliveries = store->peek("pr", 10'000);
  ASSERT_OK(deliveries);
  for (const Delivery& d : *deliveries) owed.push_back(d.alert.delivery_id);
  EXPECT_EQ(owed, model.owed);
  std::size_t matched = 0;
  for (const auto& [id, wanted] : model.mentions) {
    matched += wanted ? 1 : 0;
    const auto trail = store->trail(id);
    ASSERT_OK(trail);
    ASSERT_TRUE(*trail) << id;
    EXPECT_EQ(!(*trail)->mention.matches.empty(), wanted);
    std::set<std::string> sightings;
    for (const Sighting& sighting : (*trail)->sightings) sightings.insert(sighting.source + "/" + sighting.item_id);
    EXPECT_EQ(sightings, model.sightings[id]) << id;
  }
  MentionQuery query;
  query.limit = 10'000;
  EXPECT_EQ(store->mentions(query)->mentions.size(), matched);
  query.topic = "t";
  EXPECT_EQ(store->mentions(query)->mentions.size(), matched);
  query.topic = "";
  query.unmatched = true;
  EXPECT_EQ(store->mentions(query)->mentions.size(), model.mentions.size() - matched);
}

INSTANTIATE_TEST_SUITE_P(Seeds, ClaimsProperty, ::testing::Range(1U, 13U));

}  // namespace
}  // namespace earshot::store
