// What a good configuration becomes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/config/support.h"

namespace earshot::config {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

using testing::Pair;

constexpr const char* kRest = R"(
sources: [{name: blog, type: feed, url: https://a.example/feed}]
channels: [{name: here, type: console}]
)";

Config good(const std::string& text) {
  Loaded loaded = load_text(text);
  EXPECT_TRUE(loaded.ok()) << printed(loaded.problems);
  return std::move(loaded.config);
}

TEST(Load, DefaultsInKeysAreThoseInTheModel) {
  const Config loaded = good(kRest);
  const Config made;
  EXPECT_EQ(loaded.server.listen, made.server.listen);
  EXPECT_EQ(loaded.storage.keep_mentions, made.storage.keep_mentions);
  EXPECT_EQ(loaded.storage.keep_unmatched, made.storage.keep_unmatched);
  EXPECT_EQ(loaded.fetch.interval_min, made.fetch.interval_min);
  EXPECT_EQ(loaded.fetch.interval_max, made.fetch.interval_max);
  EXPECT_EQ(loaded.fetch.host_connections, made.fetch.host_connections);
  EXPECT_EQ(loaded.fetch.host_delay, made.fetch.host_delay);
  EXPECT_EQ(loaded.fetch.timeout, made.fetch.timeout);
  EXPECT_EQ(loaded.fetch.max_size, made.fetch.max_size);
  EXPECT_EQ(loaded.fetch.concurrency, made.fetch.concurrency);
  EXPECT_EQ(loaded.fetch.budget, made.fetch.budget);
  EXPECT_EQ(loaded.fetch.backfill, made.fetch.backfill);
  EXPECT_EQ(loaded.timezone, made.timezone);
  EXPECT_EQ(loaded.channels[0].language, Channel{}.language);
  EXPECT_EQ(loaded.sources[0].enabled, Source{}.enabled);
}

TEST(Load, ReadsEverySection) {
  const Config c = good(R"(
server: {listen: "[::1]:80", public_url: https://e.example/, token: "${env:TOKEN}"}
storage: {path: /var/lib/x, retention: {mentions: 10d, unmatched: 1d}}
fetch:
  contact: me@example.com
  interval: {min: 10s, max: 1h}
  per_host: {connections: 5, delay: 250ms}
  timeout: 5s
  max_size: 1 MiB
  concurrency: 7
  budget: 1000
  allow_private: [10.0.0.0/8, "::1/128"]
  backfill: 2d
timezone: Europe/Amsterdam
topics:
  - {name: brand, query: acme, severity: high, labels: {team: pr}, description: us, accents: keep}
sources:
  - {name: a, type: feed, url: https://a.example/f, labels: {kind: owned}, topics: [brand], interval: 15m, backfill: 0s,
     headers: {Authorization: "Bearer ${env:TOKEN}"}, allow_private: [192.168.0.0/16], enabled: false}
  - {name: b, type: feed, url: https://a.example/g, max_items: 5}
channels:
  - {name: pr, type: slack, url: "${file:/etc/earshot/slack-pr}", language: nl}
reports:
  - {name: weekly, at: "mon-wed,fri 09:30", channels: [pr], topics: [brand]}
)");
  EXPECT_EQ(c.server.listen, "[::1]:80");
  EXPECT_EQ(c.server.token, "hush-hush-0123456789");
  EXPECT_EQ(c.storage.path, "/var/lib/x");
  EXPECT_EQ(c.storage.keep_mentions, 240h);
  EXPECT_EQ(c.fetch.contact, "me@example.com");
  EXPECT_EQ(c.fetch.interval_min, 10s);
  EXPECT_EQ(c.fetch.host_connections, 5U);
  EXPECT_EQ(c.fetch.host_delay, 250ms);
  EXPECT_EQ(c.fetch.max_size, 1048576U);
  EXPECT_EQ(c.fetch.concurrency, 7U);
  EXPECT_EQ(c.fetch.budget, 1000U);
  EXPECT_THAT(c.fetch.allow_private, ElementsAre("10.0.0.0/8", "::1/128"));
  EXPECT_EQ(c.timezone, "Europe/Amsterdam");

  ASSERT_EQ(c.topics.size(), 1U);
  EXPECT_EQ(c.topics[0].severity, Severity::high);
  EXPECT_FALSE(c.topics[0].fold_accents);
  EXPECT_THAT(c.topics[0].labels, ElementsAre(Pair("team", "pr")));
  EXPECT_EQ(c.topics[0].query_place, (Place{"earshot.yaml", 16, 26}));

  ASSERT_EQ(c.sources.size(), 2U);
  EXPECT_EQ(c.sources[0].interval_min, 15min);
  EXPECT_EQ(c.sources[0].interval_max, 15min);
  EXPECT_EQ(c.sources[0].backfill, 0s);
  EXPECT_FALSE(c.sources[0].enabled);
  EXPECT_THAT(c.sources[0].traits().headers, ElementsAre(Pair("Authorization", "Bearer hush-hush-0123456789")));
  EXPECT_EQ(c.sources[0].full_settings(), R"({"url":"https://a.example/f","max_items":100,"strict":false})");
  EXPECT_EQ(c.sources[1].interval_min, 10s);  // of fetch
  EXPECT_EQ(c.sources[1].backfill, 48h);
  EXPECT_EQ(c.sources[1].full_settings(), R"({"url":"https://a.example/g","max_items":5,"strict":false})");

  EXPECT_EQ(c.channels[0].language, "nl");
  EXPECT_EQ(c.channels[0].settings, R"({"url":"https://hooks.slack.example/services/T0/B0/keepmequiet"})");
  EXPECT_EQ(c.reports[0].at.days, 0b0101110);
  EXPECT_EQ(c.reports[0].at.minute, 9 * 60 + 30);
  EXPECT_THAT(c.secrets, ElementsAre("https://hooks.slack.example/services/T0/B0/keepmequiet", "hush-hush-0123456789"));
}

TEST(Load, ReadsRoutes) {
  const Config c = good(std::string(R"(
topics: [{name: brand, query: acme, labels: {team: pr}}, {name: b, query: x}]
routes:
  - name: first
    when: {topic: [brand, b], source: blog, site: a.example, lang: en, severity: [high, low], team: pr, likes: {min: 5}, query: y}
    channels: [here]
    group: {by: [topic, source], wait: 30s, repeat: 4h}
    quiet: {from: "19:00", to: "07:00", days: [mon, sunday], then: send, except: [critical]}
    limit: {alerts: 3, per: 1h}
    silence: {query: z, until: 2026-12-01T09:00+01:00, by: Ann, why: ours}
    escalate: {after: 30m, channels: [here]}
    stop: true
  - {when: {}, channels: [here], digest: {at: [09:00, mon 10:00]}, silence: [{query: v}, {query: w, until: 2026-12-01}]}
  - {default: true, channels: [here], digest: {every: 6h}, group: {}}
)") + kRest);
  ASSERT_EQ(c.routes.size(), 3U);
  const Route& r = c.routes[0];
  EXPECT_EQ(r.name, "first");
  EXPECT_THAT(r.when.topics, ElementsAre("brand", "b"));
  EXPECT_THAT(r.when.sources, ElementsAre("blog"));
  EXPECT_THAT(r.when.sites, ElementsAre("a.example"));
  EXPECT_THAT(r.when.languages, ElementsAre("en"));
  EXPECT_THAT(r.when.severities, ElementsAre(Severity::high, Severity::low));
  EXPECT_THAT(r.when.labels, ElementsAre(Pair("team", ElementsAre("pr"))));
  ASSERT_EQ(r.when.numbers.size(), 1U);
  EXPECT_EQ(r.when.numbers[0].name, "likes");
  EXPECT_EQ(r.when.numbers[0].min, 5);
  EXPECT_EQ(r.when.numbers[0].max, std::nullopt);
  EXPECT_EQ(r.when.query, "y");
  EXPECT_FALSE(r.when.everything());
  EXPECT_THAT(r.group->by, ElementsAre(GroupBy::topic, GroupBy::source));
  EXPECT_EQ(r.group->wait, 30s);
  EXPECT_EQ(r.group->repeat, 4h);
  EXPECT_EQ(r.quiet->from, 19 * 60);
  EXPECT_EQ(r.quiet->to, 7 * 60);
  EXPECT_EQ(r.quiet->days, 0b11);
  EXPECT_EQ(r.quiet->then, AfterQuiet::send);
  EXPECT_THAT(r.quiet->except, ElementsAre(Severity::critical));
  EXPECT_EQ(r.limit->alerts, 3U);
  EXPECT_EQ(r.limit->per, 1h);
  ASSERT_EQ(r.silences.size(), 1U);
  EXPECT_EQ(rfc3339(*r.silences[0].until), "2026-12-01T08:00:00Z");
  EXPECT_EQ(r.silences[0].by, "Ann");
  EXPECT_EQ(r.escalate->after, 30min);
  EXPECT_THAT(r.escalate->channels, ElementsAre("here"));
  EXPECT_TRUE(r.stop);
  EXPECT_FALSE(r.digest.has_value());

  EXPECT_TRUE(c.routes[1].when.everything());
  ASSERT_EQ(c.routes[1].digest->at.size(), 2U);
  EXPECT_EQ(c.routes[1].digest->at[1].days, 0b10);
  EXPECT_EQ(c.routes[1].silences.size(), 2U);
  EXPECT_FALSE(c.routes[1].group.has_value());

  EXPECT_TRUE(c.routes[2].fallback);
  EXPECT_EQ(c.routes[2].digest->every, 6h);
  EXPECT_THAT(c.routes[2].group->by, ElementsAre(GroupBy::story));
}

TEST(Load, FilesAreOneConfiguration) {
  const std::vector<File> files{{"earshot.yaml", "topics: [{name: a, query: x}]\n"},
                                {"sources.d/1.yaml", kRest},
                                {"sources.d/2.yaml", "topics: [{name: b, query: '@{a} y'}]\nfetch: {timeout: 9s}\n"}};
  const Loaded loaded = load(files, plugins(), secret);
  EXPECT_TRUE(loaded.ok()) << printed(loaded.problems);
  EXPECT_EQ(loaded.config.topics.size(), 2U);
  EXPECT_EQ(loaded.config.topics[1].place, (Place{"sources.d/2.yaml", 1, 10}));
  EXPECT_EQ(loaded.config.fetch.timeout, 9s);
}

TEST(Load, AnchorsAndMergeKeys) {
  const Config c = good(R"(
x-base: &base {type: feed, url: https://a.example/feed, labels: &l {kind: press}}
sources:
  - {<<: *base, name: a}
  - <<: [{url: https://b.example/feed}, *base]
    name: b
    labels: *l
channels: [{name: here, type: console}]
)");
  EXPECT_THAT(c.sources[0].traits().labels, ElementsAre(Pair("kind", "press")));
  EXPECT_EQ(c.sources[0].traits().labels, c.sources[1].traits().labels);
  EXPECT_NE(c.sources[1].settings.find("b.example"), std::string::npos);
}

// A million sources are to fit: what they say alike is kept once, and what they do not say takes no room.
TEST(Load, SourcesShareWhatTheySayAlike) {
  const Config c = good(R"(
sources:
  - {name: a, type: feed, url: https://a.example/feed, labels: {team: pr}, allow_private: [10.0.0.0/8]}
  - {name: b, type: feed, url: https://b.example/feed, labels: {team: pr}, allow_private: [10.0.0.0/8]}
  - {name: c, type: feed, url: https://c.example/feed, labels: {team: ops}, allow_private: [10.0.0.0/8]}
  - {name: d, type: feed, url: https://d.example/feed}
  - {name: e, type: feed, url: https://e.example/feed, strict: false}
  - {name: f, type: feed, url: https://f.example/feed, max_items: 100, strict: true}
channels: [{name: here, type: console}]
)");
  ASSERT_EQ(c.sources.size(), 6U);
  ASSERT_NE(c.sources[0].shared_traits, nullptr);
  EXPECT_EQ(c.sources[0].shared_traits, c.sources[1].shared_traits);
  EXPECT_NE(c.sources[0].shared_traits, c.sources[2].shared_traits);
  EXPECT_THAT(c.sources[1].traits().labels, ElementsAre(Pair("team", "pr")));
  EXPECT_THAT(c.sources[2].traits().labels, ElementsAre(Pair("team", "ops")));
  EXPECT_THAT(c.sources[2].traits().allow_private, ElementsAre("10.0.0.0/8"));
  EXPECT_TRUE(c.sources[3].traits().labels.empty());
  EXPECT_EQ(c.sources[3].settings, R"({"url":"https://d.example/feed"})");
  EXPECT_EQ(c.sources[3].full_settings(), R"({"url":"https://d.example/feed","max_items":100,"strict":false})");
  EXPECT_EQ(c.sources[4].full_settings(), R"({"url":"https://e.example/feed","strict":false,"max_items":100})");
  EXPECT_EQ(c.sources[5].shared_traits, nullptr);  // it says all that it could
  EXPECT_EQ(c.sources[5].full_settings(), R"({"url":"https://f.example/feed","max_items":100,"strict":true})");
  EXPECT_LE(sizeof(Source), 144U);
}

TEST(Load, ReferencesAndTheirEscape) {
  const Config c = good(R"(
server: {listen: "127.0.0.1:${env:PORT}"}
fetch: {concurrency: "${env:PORT}"}
sources: [{name: blog, type: feed, url: "https://a.example/$${x}?k=${env:TOKEN}&l=${env:TOKEN}"}]
channels: [{name: here, type: console}]
)");
  EXPECT_EQ(c.server.listen, "127.0.0.1:8080");
  EXPECT_EQ(c.fetch.concurrency, 8080U);
  EXPECT_NE(c.sources[0].settings.find("/${x}?k=hush-hush-0123456789&l=hush-hush-0123456789"), std::string::npos);
  EXPECT_THAT(c.secrets, ElementsAre("8080", "hush-hush-0123456789"));
}

TEST(Load, ASecretWrittenIntoTheFileIsHiddenToo) {
  const Config c = good(std::string("server: {token: 0123456789abcdefg}") + kRest);
  EXPECT_THAT(c.secrets, ElementsAre("0123456789abcdefg"));
}

TEST(Load, ASecretIsReadOnce) {
  int reads = 0;
  const std::vector<File> files{{"earshot.yaml",
                                 "sources: [{name: a, type: feed, url: '${env:X}'}, {name: b, type: feed, "
                                 "url: '${env:X}'}]\nchannels: [{name: here, type: console}]\n"}};
  const Loaded loaded = load(files, plugins(), [&](std::string_view, std::string_view) {
    ++reads;
    return Result<std::string>("https://a.example/");
  });
  EXPECT_TRUE(loaded.ok());
  EXPECT_EQ(reads, 1);
}

TEST(Load, WindowsLineEndsAndColumnsInCharacters) {
  const Loaded loaded = load_text("topics:\r\n  - {name: a, description: \"naïve café\", sevrity: high, query: x}\r\n" +
                                  std::string(kRest));
  ASSERT_EQ(loaded.problems.size(), 1U) << printed(loaded.problems);
  EXPECT_EQ(loaded.problems[0].place, (Place{"earshot.yaml", 2, 42}));
}

// ---- hostile input: an error, soon, and never a crash

TEST(Hostile, AliasesDoNotExplode) {
  std::string text = "x-a: &a0 [1,1,1,1,1,1,1,1,1,1]\n";
  for (int i = 1; i < 30; ++i) {
    text += "x-" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
    for (int k = 0; k < 10; ++k) text += "*a" + std::to_string(i - 1) + ",";
    text += "]\n";
  }
  const Loaded loaded = load_text(text + kRest);
  EXPECT_NE(printed(loaded.problems).find("beyond any configuration"), std::string::npos);
}

TEST(Hostile, MergesDoNotExplode) {
  std::string text = "x-m: &m0 {a: 1}\n";
  for (int i = 1; i < 3000; ++i)
    text += "x-" + std::to_string(i) + ": &m" + std::to_string(i) + " {<<: *m" + std::to_string(i - 1) + ", k" +
            std::to_string(i) + ": 1}\n";
  const Loaded loaded = load_text(text + kRest);
  EXPECT_FALSE(loaded.ok());
}

TEST(Hostile, DeepNesting) {
  for (const std::size_t depth : {std::size_t{60}, std::size_t{100}, std::size_t{10000}, std::size_t{1000000}}) {
    const Loaded loaded = load_text("x-deep: " + std::string(depth, '[') + std::string(depth, ']') + "\n" + kRest);
    EXPECT_EQ(loaded.ok(), depth < kMaxDepth) << depth;
  }
}

TEST(Hostile, MoreProblemsThanAnybodyReads) {
  std::string text = "fetch:\n";
  for (std::size_t i = 0; i < 2 * kMaxProblems; ++i) text += "  k" + std::to_string(i) + ": 1\n";
  const Loaded loaded = load_text(text + kRest);
  EXPECT_EQ(loaded.problems.size(), kMaxProblems + 1);
  EXPECT_EQ(loaded.problems.back().message, "and 1000 problems more, not shown; mend these first");
}

TEST(Hostile, TooLarge) {
  const Loaded loaded = load_text(std::string(kMaxFileBytes + 1, '#'));
  ASSERT_FALSE(loaded.ok());
  EXPECT_NE(loaded.problems[0].message.find("at most 16 MiB"), std::string::npos);
}

TEST(Hostile, ManySources) {
  std::string text = "channels: [{name: here, type: console}]\nsources:\n";
  for (int i = 0; i < 20'000; ++i)
    text += "  - {name: s" + std::to_string(i) + ", type: feed, url: 'https://a.example/" + std::to_string(i) + "'}\n";
  const Loaded loaded = load_text(text);
  EXPECT_TRUE(loaded.ok()) << printed(loaded.problems);
  EXPECT_EQ(loaded.config.sources.size(), 20'000U);
}

}  // namespace
}  // namespace earshot::config
