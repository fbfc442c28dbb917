// Feed bytes → normalised items, beside pugixml alone and pugixml with the same fields copied, in one run:
//
//   build/release/tests/bench/feed/bench_feed
//
// Figures are MB of feed a second of CPU time. The worst cases show time per byte at two sizes: a quadratic one doubles
// it.
#include <benchmark/benchmark.h>

#include <cstdio>
#include <cstring>
#include <map>
#include <pugixml.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bench/feed/corpus.h"
#include "sources/feed/reader.h"

namespace {

using namespace earshot;
using bench::Shape;

struct Sink final : feed::Output {
  std::size_t bytes = 0, items = 0;
  bool item(const feed::Item& item) override {
    bytes += item.title.size() + item.content_text.size() + item.summary_text.size();
    ++items;
    return true;
  }
  void feed(const feed::Feed&) override {}
};

void earshot_reads(const std::string& document, std::size_t& sum) {
  Sink sink;
  source::Warnings warnings;
  std::string next_url;
  benchmark::DoNotOptimize(feed::read_feed({document, "https://acme.example/feed/", {}}, {}, sink, warnings, next_url));
  sum += sink.bytes;
}

void pugixml_parses(const std::string& document, std::size_t& sum) {
  pugi::xml_document dom;
  sum += static_cast<std::size_t>(dom.load_buffer(document.data(), document.size()).status);
}

void pugixml_copies(const std::string& document, std::size_t& sum) {
  pugi::xml_document dom;
  dom.load_buffer(document.data(), document.size());
  std::string title, link, id, date, content;
  const auto take = [&](const pugi::xml_node item) {
    for (const pugi::xml_node field : item.children()) {
      const std::string_view name = field.name();
      if (name == "title") title = field.child_value();
      if (name == "link") link = *field.child_value() ? field.child_value() : field.attribute("href").value();
      if (name == "guid" || name == "id") id = field.child_value();
      if (name == "pubDate" || name == "published") date = field.child_value();
      if (name == "description" || name == "content:encoded" || name == "content") content = field.child_value();
    }
    sum += title.size() + link.size() + id.size() + date.size() + content.size();
  };
  for (const pugi::xml_node item : dom.child("rss").child("channel").children("item")) take(item);
  for (const pugi::xml_node entry : dom.child("feed").children("entry")) take(entry);
}

using Reader = void (*)(const std::string&, std::size_t&);

void run(benchmark::State& state, const std::vector<std::string>& corpus, Reader read) {
  std::size_t bytes = 0, sum = 0;
  for (const std::string& d : corpus) bytes += d.size();
  for (auto _ : state)
    for (const std::string& d : corpus) read(d, sum);
  benchmark::DoNotOptimize(sum);
  state.SetBytesProcessed(static_cast<std::int64_t>(bytes * state.iterations()));
}

// What a quadratic reader would choke on.
std::string worst_case(std::string_view unit, std::size_t size) {
  std::string s = "<rss><channel><item><description>";
  while (s.size() < size) s += unit;
  return s;
}

// Prints a row per set at the end, with the ratios that are the goal.
class Table final : public benchmark::ConsoleReporter {
 public:
  void ReportRuns(const std::vector<Run>& runs) override {
    ConsoleReporter::ReportRuns(runs);
    for (const Run& r : runs) {
      const auto rate = r.counters.find("bytes_per_second");
      if (r.run_type == Run::RT_Iteration && rate != r.counters.end()) {
        double& best = mbs_[r.benchmark_name()];
        best = std::max(best, rate->second.value / 1e6);
      }
    }
  }
  void print() const {
    std::printf("\n%-14s %10s %14s %10s %12s %18s\n", "MB/s", "pugixml", "pugixml+copy", "earshot", "of pugixml",
                "of pugixml+copy");
    for (const auto& [name, rate] : mbs_) {
      if (!name.ends_with("/earshot")) continue;
      const std::string set = name.substr(0, name.size() - 8);
      const auto dom = mbs_.find(set + "/pugixml"), copy = mbs_.find(set + "/pugixml_copy");
      if (dom == mbs_.end() || copy == mbs_.end()) continue;
      std::printf("%-14s %10.0f %14.0f %10.0f %11.0f%% %17.0f%%\n", set.c_str(), dom->second, copy->second, rate,
                  100 * rate / dom->second, 100 * rate / copy->second);
    }
  }

 private:
  std::map<std::string, double> mbs_;
};

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  static std::map<std::string, std::vector<std::string>> sets;
  const std::pair<const char*, Shape> shapes[] = {
      {"plain", Shape::plain}, {"clean", Shape::clean}, {"dirty", Shape::dirty}};
  for (const auto& [name, shape] : shapes) {
    sets[std::string(name) + "-mixed"] = bench::make_corpus(shape, 10'000'000);
    sets[std::string(name) + "-large"] = {bench::make_feed(shape, 3000, 1), bench::make_feed(shape, 3000, 2)};
  }
  const std::pair<const char*, Reader> readers[] = {
      {"pugixml", pugixml_parses}, {"pugixml_copy", pugixml_copies}, {"earshot", earshot_reads}};
  for (const auto& [set, corpus] : sets)
    for (const auto& [name, read] : readers)
      benchmark::RegisterBenchmark((set + "/" + name).c_str(), run, corpus, read)->Unit(benchmark::kMillisecond);
  static constexpr std::string_view hostile[] = {"<a>",
                                                 "</a>",
                                                 "<a b='",
                                                 "<!--",
                                                 "<![CDATA[",
                                                 "&",
                                                 "&amp;lt;b&amp;gt;",
                                                 "<item>",
                                                 "<a xmlns:x='y'>",
                                                 "&lt;table&gt;",
                                                 "&lt;b&gt;&lt;p&gt;",
                                                 "&lt;a b=&quot;",
                                                 "<title>",
                                                 "\xC3",
                                                 "&lt;li&gt;&lt;b&gt;"};
  for (const std::string_view unit : hostile)
    for (const std::size_t size : {std::size_t{1} << 20, std::size_t{1} << 22})
      benchmark::RegisterBenchmark(
          ("worst/" + std::string(unit == "\xC3" ? "bad byte" : unit) + "/" + std::to_string(size >> 20) + "MiB")
              .c_str(),
          run, std::vector<std::string>{worst_case(unit, size)}, earshot_reads)
          ->Unit(benchmark::kMillisecond);
  Table table;
  benchmark::RunSpecifiedBenchmarks(&table);
  table.print();
}
