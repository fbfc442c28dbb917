// The matcher against its definition (tests/support/query) over random queries and texts. EARSHOT_PROPERTY_PAIRS says
// how many pairs (200,000 when it says nothing), EARSHOT_PROPERTY_SEED where to begin.
#include <algorithm>
#include <cstdlib>

#include "support/query/reference.h"
#include "unit/query/random_query.h"
#include "unit/query/support.h"

namespace earshot::query {
namespace {

std::uint64_t setting(const char* name, std::uint64_t otherwise) {
  const char* value = std::getenv(name);
  return value != nullptr ? std::strtoull(value, nullptr, 10) : otherwise;
}

std::string escaped(std::string_view s) {
  std::string out;
  for (const char c : s) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte < 0x7F && c != '\\')
      out += c;
    else {
      char hex[8];
      std::snprintf(hex, sizeof hex, "\\x%02X", byte);
      out += hex;
    }
  }
  return out;
}

std::string describe(const Topic& topic, const RandomQuery::Doc& d) {
  return "query   " + topic.query + (topic.fold_accents ? "" : "   (accents kept)") + "\n        " +
         escaped(topic.query) + "\ntitle   " + d.title + "\nsummary " + d.summary + "\ncontent " + d.content +
         "\n        " + escaped(d.content) + "\nauthor  " + d.author + "\n";
}

TEST(Property, MatcherAgreesWithTheDefinition) {
  const std::uint64_t pairs = setting("EARSHOT_PROPERTY_PAIRS", 200'000);
  const std::uint64_t seed = setting("EARSHOT_PROPERTY_SEED", 1);
  constexpr std::size_t kTopics = 64, kDocuments = 128;
  std::uint64_t done = 0, held = 0, refused = 0, bad = 0;
  for (std::uint64_t round = 0; done < pairs && bad < 5; ++round) {
    RandomQuery random(seed * 1'000'003 + round);
    std::vector<Topic> topics;
    std::vector<Query> queries;
    while (topics.size() < kTopics) {
      std::string text = random.query();
      auto parsed = parse(text);
      if (!parsed) {
        ++refused;
        continue;
      }
      queries.push_back(*parsed);
      topics.push_back({"t" + std::to_string(topics.size()), std::move(text), random.below(4) != 0});
    }
    auto set = compile(topics, {});
    ASSERT_TRUE(set) << set.error()[0].problem.message;
    Scratch scratch;
    for (std::size_t i = 0; i < kDocuments && bad < 5; ++i) {
      const RandomQuery::Doc doc = random.document();
      const Document view = doc.view();
      const reference::Reader folding(view), keeping(view, false);
      const std::vector<Match> got = set->match(view, scratch);
      std::size_t next = 0;
      for (std::uint32_t t = 0; t < topics.size(); ++t) {
        const bool matched = next < got.size() && got[next].topic == t;
        const Match* match = matched ? &got[next++] : nullptr;
        const reference::Reader& reader = topics[t].fold_accents ? folding : keeping;
        const bool expected = reader.evaluate(queries[t].tree()) == reference::Truth::yes;
        held += expected ? 1 : 0;
        ++done;
        if (expected != matched) {
          ++bad;
          ADD_FAILURE() << (expected ? "missed\n" : "not meant\n") << describe(topics[t], doc);
          continue;
        }
        if (match == nullptr) continue;
        const Node& root = queries[t].tree().root();
        if (root.kind != NodeKind::term && root.kind != NodeKind::regex) continue;
        std::vector<reference::Place> places = reader.places(queries[t].tree());
        std::ranges::sort(places, {}, [](const auto& p) { return std::tuple(p.field, p.start, p.end); });
        const std::size_t shown = std::min<std::size_t>(places.size(), 16);
        bool same = match->hits.size() == shown;
        for (std::size_t h = 0; same && h < shown; ++h)
          same = match->hits[h].span.start == places[h].start && match->hits[h].span.end == places[h].end;
        if (!same) {
          ++bad;
          std::string spans;
          for (const Hit& h : match->hits)
            spans += " " + std::to_string(h.span.start) + "-" + std::to_string(h.span.end);
          spans += " rather than";
          for (const auto& p : places) spans += " " + std::to_string(p.start) + "-" + std::to_string(p.end);
          ADD_FAILURE() << "evidence" << spans << "\n" << describe(topics[t], doc);
        }
        const Snippet s = snippet(view, *match);
        for (const Span& span : s.hits) ASSERT_LE(span.end, s.text.size());
      }
    }
  }
  // So that the test cannot pass by never meeting anything.
  EXPECT_GT(held * 100, done);
  RecordProperty("pairs", std::to_string(done));
  std::printf("%llu pairs, %llu held, %llu queries refused by the parser, %llu disagreements\n",
              static_cast<unsigned long long>(done), static_cast<unsigned long long>(held),
              static_cast<unsigned long long>(refused), static_cast<unsigned long long>(bad));
}

}  // namespace
}  // namespace earshot::query
