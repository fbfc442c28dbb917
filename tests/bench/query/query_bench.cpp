// Matching: our sets beside bare vectorscan literals, in the same run and over the same posts.
//   bench_query                          the whole table
//   bench_query --benchmark_filter=/10000
// MB/s are of CPU time and of the posts' own bytes.
#include <benchmark/benchmark.h>
#include <hs/hs.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "bench/query/corpus.h"
#include "core/query/set.h"

namespace earshot::bench {
namespace {

const Corpus& corpus() {
  static const Corpus made = make_corpus(20'000, 7);
  return made;
}

void report(benchmark::State& state, std::size_t hits) {
  const auto rounds = static_cast<double>(state.iterations());
  state.SetBytesProcessed(static_cast<std::int64_t>(rounds * static_cast<double>(corpus().bytes)));
  state.counters["us_per_post"] = benchmark::Counter(rounds * static_cast<double>(corpus().posts.size()) * 1e-6,
                                                     benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
  state.counters["hits_per_post"] = static_cast<double>(hits) / rounds / static_cast<double>(corpus().posts.size());
}

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// The line to beat: the same terms as bare literals, ASCII case folded, no word boundaries, hits only counted.
void bare_vectorscan(benchmark::State& state) {
  const std::vector<std::string> terms = make_terms(static_cast<std::size_t>(state.range(0)), 11);
  std::vector<const char*> texts;
  std::vector<std::size_t> sizes;
  std::vector<unsigned> flags(terms.size(), HS_FLAG_CASELESS), ids;
  for (const std::string& term : terms) {
    texts.push_back(term.data());
    sizes.push_back(term.size());
    ids.push_back(static_cast<unsigned>(ids.size()));
  }
  hs_database_t* db = nullptr;
  hs_compile_error_t* error = nullptr;
  const auto start = std::chrono::steady_clock::now();
  if (hs_compile_lit_multi(texts.data(), flags.data(), ids.data(), sizes.data(), static_cast<unsigned>(terms.size()),
                           HS_MODE_BLOCK, nullptr, &db, &error) != HS_SUCCESS)
    return state.SkipWithError("vectorscan could not compile");
  state.counters["compile_s"] = seconds_since(start);
  hs_scratch_t* scratch = nullptr;
  hs_alloc_scratch(db, &scratch);
  std::size_t hits = 0;
  const auto count = [](unsigned, unsigned long long, unsigned long long, unsigned, void* context) {
    ++*static_cast<std::size_t*>(context);
    return 0;
  };
  for (auto _ : state)
    for (const std::string& post : corpus().posts)
      hs_scan(db, post.data(), static_cast<unsigned>(post.size()), 0, scratch, count, &hits);
  report(state, hits);
  std::size_t bytes = 0;
  hs_database_size(db, &bytes);
  state.counters["bytes_per_topic"] = static_cast<double>(bytes) / static_cast<double>(terms.size());
  hs_free_scratch(scratch);
  hs_free_database(db);
}

enum Kind : int { words, boolean, mixed };

// words: one term a topic. boolean: what teams write, a name and trouble. mixed: phrases, beginnings, NEAR, fields.
std::vector<query::Topic> make_topics(std::size_t n, Kind kind) {
  const std::vector<std::string> terms = make_terms(n, 11);
  const std::vector<std::string> common = make_terms(200, 12);
  std::vector<query::Topic> topics;
  for (std::size_t i = 0; i < n; ++i) {
    std::string text = "\"" + terms[i] + "\"";
    const std::string& other = terms[(i * 7 + 1) % n];
    if (kind == boolean)
      text = "(" + terms[i] + " OR #" + other + " OR \"" + terms[i] + " " + other + "\") (" + common[i % 200] + " OR " +
             common[(i + 1) % 200] + " OR the) -" + common[(i + 2) % 200];
    if (kind == mixed && i % 4 == 1) text = terms[i] + "* -lang:nl";
    if (kind == mixed && i % 4 == 2) text = terms[i] + " NEAR/5 (" + other + " OR " + common[i % 200] + "*)";
    if (kind == mixed && i % 4 == 3) text = "title:" + terms[i] + " OR (" + other + " likes:>=10)";
    topics.push_back({"t" + std::to_string(i), std::move(text)});
  }
  return topics;
}

void earshot_match(benchmark::State& state, Kind kind, bool evidence) {
  const std::vector<query::Topic> topics = make_topics(static_cast<std::size_t>(state.range(0)), kind);
  const auto start = std::chrono::steady_clock::now();
  auto set = query::compile(topics, {});
  if (!set) return state.SkipWithError(set.error()[0].problem.message.c_str());
  state.counters["compile_s"] = seconds_since(start);
  query::Scratch scratch;
  std::vector<std::uint32_t> found;
  std::size_t hits = 0;
  for (auto _ : state)
    for (const std::string& post : corpus().posts) {
      query::Document document;
      document.content = post;
      if (evidence) {
        hits += set->match(document, scratch).size();
      } else {
        set->match_topics(document, scratch, found);
        hits += found.size();
      }
    }
  report(state, hits);
  const query::SetStats stats = set->stats();
  state.counters["bytes_per_topic"] = static_cast<double>(stats.bytes) / static_cast<double>(topics.size());
  state.counters["literals"] = static_cast<double>(stats.literals);
}

void sizes(benchmark::internal::Benchmark* b) {
  for (const int n : {10, 1'000, 10'000, 100'000}) b->Arg(n);
  b->Unit(benchmark::kMillisecond);
}

BENCHMARK(bare_vectorscan)->Apply(sizes);
BENCHMARK_CAPTURE(earshot_match, words, words, false)->Apply(sizes);
BENCHMARK_CAPTURE(earshot_match, words_with_evidence, words, true)->Apply(sizes);
BENCHMARK_CAPTURE(earshot_match, boolean_with_evidence, boolean, true)->Apply(sizes);
BENCHMARK_CAPTURE(earshot_match, mixed_with_evidence, mixed, true)->Apply(sizes);

}  // namespace
}  // namespace earshot::bench

BENCHMARK_MAIN();
