// Matching: our sets beside bare vectorscan literals, over the same posts, pass by pass in turn, so that what else the
// machine does falls on both. Prints one table a kind of topics, as a team would have them:
//   bench_query [--passes N] [--sizes 10,1000]
// Times are processor time, user and system; MB/s are of the posts' own bytes; of the passes the best counts.
#include <fmt/format.h>
#include <hs/hs.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "bench/query/corpus.h"
#include "core/query/set.h"

namespace earshot::bench {
namespace {

double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

double time_of(const std::function<void()>& work) {
  const double start = cpu_seconds();
  work();
  return cpu_seconds() - start;
}

const Corpus& corpus() {
  static const Corpus made = make_corpus(20'000, 7);
  return made;
}

// One pass over all posts, measured again and again.
struct Contender {
  std::string name;
  std::function<std::size_t()> pass;  // gives the hits
  double compile = 0;                 // seconds
  double bytes = 0;                   // of memory, all topics together
  double best = 1e9;
  std::size_t hits = 0;
};

struct Freed {
  void operator()(hs_database_t* db) const { hs_free_database(db); }
  void operator()(hs_scratch_t* scratch) const { hs_free_scratch(scratch); }
};

// The line to beat: the same terms as bare literals, ASCII case folded, no word boundaries, hits only counted.
Contender bare_vectorscan(const std::vector<std::string>& terms) {
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
  Contender out{"vectorscan literals", {}};
  out.compile = time_of([&] {
    hs_compile_lit_multi(texts.data(), flags.data(), ids.data(), sizes.data(), static_cast<unsigned>(terms.size()),
                         HS_MODE_BLOCK, nullptr, &db, &error);
  });
  if (db == nullptr) {
    fmt::print(stderr, "vectorscan could not compile: {}\n", error->message);
    std::exit(1);
  }
  const std::shared_ptr<hs_database_t> owned(db, Freed());
  hs_scratch_t* made = nullptr;
  hs_alloc_scratch(db, &made);
  const std::shared_ptr<hs_scratch_t> scratch(made, Freed());
  std::size_t bytes = 0;
  hs_database_size(db, &bytes);
  out.bytes = static_cast<double>(bytes);
  out.pass = [owned, scratch] {
    std::size_t hits = 0;
    const auto count = [](unsigned, unsigned long long, unsigned long long, unsigned, void* context) {
      ++*static_cast<std::size_t*>(context);
      return 0;
    };
    for (const std::string& post : corpus().posts)
      hs_scan(owned.get(), post.data(), static_cast<unsigned>(post.size()), 0, scratch.get(), count, &hits);
    return hits;
  };
  return out;
}

enum class Kind : std::uint8_t {
  words,    // one term a topic
  boolean,  // what teams write: a name and trouble
  mixed,    // phrases, beginnings, NEAR, fields
};

// The term as a beginning, where it is one that a query may have.
std::string beginning(const std::string& term) { return query::parse(term + "*") ? term + "*" : term; }

std::vector<query::Topic> make_topics(const std::vector<std::string>& terms, Kind kind) {
  const std::size_t n = terms.size();
  const std::vector<std::string> common = make_terms(200, 12);
  std::vector<query::Topic> topics;
  for (std::size_t i = 0; i < n; ++i) {
    std::string text = "\"" + terms[i] + "\"";
    const std::string& other = terms[(i * 7 + 1) % n];
    if (kind == Kind::boolean)
      text = "(" + terms[i] + " OR #" + other + " OR \"" + terms[i] + " " + other + "\") (" + common[i % 200] + " OR " +
             common[(i + 1) % 200] + " OR the) -" + common[(i + 2) % 200];
    if (kind == Kind::mixed && i % 4 == 1) text = beginning(terms[i]) + " -lang:nl";
    if (kind == Kind::mixed && i % 4 == 2)
      text = terms[i] + " NEAR/5 (" + other + " OR " + beginning(common[i % 200]) + ")";
    if (kind == Kind::mixed && i % 4 == 3) text = "title:" + terms[i] + " OR (" + other + " likes:>=10)";
    topics.push_back({"t" + std::to_string(i), std::move(text)});
  }
  return topics;
}

Contender earshot(std::string name, const std::vector<query::Topic>& topics, bool evidence) {
  Contender out{std::move(name), {}};
  std::shared_ptr<const query::Set> set;
  out.compile = time_of([&] {
    auto made = query::compile(topics, {});
    if (!made) {
      fmt::print(stderr, "{}\n", made.error()[0].problem.message);
      std::exit(1);
    }
    set = std::make_shared<const query::Set>(*std::move(made));
  });
  out.bytes = static_cast<double>(set->stats().bytes);
  out.pass = [set, evidence, scratch = std::make_shared<query::Scratch>()] {
    std::size_t hits = 0;
    std::vector<std::uint32_t> found;
    for (const std::string& post : corpus().posts) {
      query::Document document;
      document.content = post;
      if (evidence) {
        hits += set->match(document, *scratch).size();
      } else {
        set->match_topics(document, *scratch, found);
        hits += found.size();
      }
    }
    return hits;
  };
  return out;
}

void run(std::size_t topics, int passes) {
  const std::vector<std::string> terms = make_terms(topics, 11);
  std::vector<Contender> all;
  all.push_back(bare_vectorscan(terms));
  all.push_back(earshot("words", make_topics(terms, Kind::words), false));
  all.push_back(earshot("words, evidence", make_topics(terms, Kind::words), true));
  all.push_back(earshot("boolean, evidence", make_topics(terms, Kind::boolean), true));
  all.push_back(earshot("mixed, evidence", make_topics(terms, Kind::mixed), true));
  for (int i = 0; i < passes; ++i)
    for (Contender& c : all) c.best = std::min(c.best, time_of([&c] { c.hits = c.pass(); }));
  const auto posts = static_cast<double>(corpus().posts.size()), bytes = static_cast<double>(corpus().bytes);
  for (const Contender& c : all)
    fmt::print("{:>7} {:<20}{:>8.0f}{:>10.2f}{:>11.2f}{:>12.3f}{:>12.0f}{:>11.3f}\n", topics, c.name,
               bytes / c.best / 1e6, c.best / posts * 1e6, all.front().best / c.best, c.compile,
               c.bytes / static_cast<double>(topics), static_cast<double>(c.hits) / posts);
}

}  // namespace
}  // namespace earshot::bench

int main(int argc, char** argv) {
  int passes = 15;
  std::string sizes = "10,1000,10000,100000";
  for (int i = 1; i + 1 < argc; i += 2) {
    if (std::string_view(argv[i]) == "--passes") passes = std::atoi(argv[i + 1]);
    if (std::string_view(argv[i]) == "--sizes") sizes = argv[i + 1];
  }
  using earshot::bench::corpus;
  fmt::print("{} posts, {} bytes on average; best of {} passes\n", corpus().posts.size(),
             corpus().bytes / corpus().posts.size(), passes);
  fmt::print(" topics                         MB/s   us/post   x vectorsc.   compile s  bytes/topic  hits/post\n");
  for (std::size_t at = 0; at < sizes.size();) {
    const std::size_t end = std::min(sizes.find(',', at), sizes.size());
    earshot::bench::run(std::strtoull(sizes.substr(at, end - at).c_str(), nullptr, 10), passes);
    at = end + 1;
  }
}
