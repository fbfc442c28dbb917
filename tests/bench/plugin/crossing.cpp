// What an item costs on its way from a plugin to the host: copied, checked for UTF-8 and limits, and for `earshot
// parse` written as JSON. The goal is well below 1 µs for an item with 2 KB of content.
#include <benchmark/benchmark.h>

#include <earshot/plugin.hpp>
#include <stdexcept>
#include <string>

#include "core/json/item_json.h"
#include "core/utf8.h"
#include "plugin/source.h"

namespace {

using namespace earshot;
namespace face = earshot::plugin;

constexpr int kItems = 100;  // a round

// `bytes` of text that repeats `sentence`.
std::string text_of(std::string_view sentence, std::size_t bytes) {
  std::string out;
  while (out.size() < bytes) out += sentence;
  return std::string{cut_utf8(out, bytes)};
}

constexpr std::string_view kEnglish = "<p>The bank said on Monday that its app was down for three hours.</p> ";
constexpr std::string_view kFrench = "<p>La banque a déclaré lundi que son appli était indisponible, à regret.</p> ";
constexpr std::string_view kRussian = "<p>Банк сообщил в понедельник, что приложение не работало три часа.</p> ";
constexpr std::string_view kJapanese = "<p>銀行は月曜日、アプリが三時間停止したと発表した。</p> ";

// Gives the same item a hundred times, its content being the body it is given.
struct Giver final : face::Source {
  static std::unique_ptr<face::Source> create(const face::Config&, face::Failure&) { return std::make_unique<Giver>(); }
  void begin(const face::Call&, face::SourceOut&, face::Failure&) override {}
  void response(const face::Call&, const face::Response& response, face::SourceOut& out, face::Failure&) override {
    auto item = face::sized<earshot_item>();
    item.id = face::str("https://www.example.com/news/2026/11/23/bank-app-down?id=1234567");
    item.url = item.id;
    item.title = face::str("Bank says its app was down for three hours on Monday morning");
    item.author = face::str("Anna Janssen");
    item.published = 1'795'468'200'000;
    const earshot_category categories[] = {{face::str("banking"), {}, {}}, {face::str("outage"), {}, {}}};
    item.categories = categories;
    item.n_categories = 2;
    item.content = face::str(response.body);
    for (int i = 0; i < kItems; ++i) out.item(item);
  }
};

constexpr face::Info kInfo{"giver", "1", "", R"({"type":"object"})", "", 0};
constexpr earshot_plugin kGiver = face::source_table<&Giver::create>(kInfo);

void cross(benchmark::State& state, std::string_view sentence) {
  const std::string content = text_of(sentence, static_cast<std::size_t>(state.range(0)));
  const auto source = *host::SourceInstance::create(*host::Plugin::from_table(kGiver), "bench", "{}");
  host::Response response;
  response.status = 200;
  response.body = content;
  for (auto _ : state) {
    auto round = source->response({}, response);
    if (!round || round->items.size() != kItems || !round->warnings.empty())
      throw std::logic_error("not all items came");
    benchmark::DoNotOptimize(round);
  }
  state.SetItemsProcessed(state.iterations() * kItems);
  state.SetBytesProcessed(state.iterations() * kItems * static_cast<std::int64_t>(content.size()));
}
BENCHMARK_CAPTURE(cross, english, kEnglish)->Arg(200)->Arg(2'000)->Arg(20'000);
BENCHMARK_CAPTURE(cross, french, kFrench)->Arg(2'000);
BENCHMARK_CAPTURE(cross, russian, kRussian)->Arg(2'000);
BENCHMARK_CAPTURE(cross, japanese, kJapanese)->Arg(2'000);

// The floor: what the copies alone would cost.
void copy_only(benchmark::State& state) {
  Item item;
  item.id = item.url = "https://www.example.com/news/2026/11/23/bank-app-down?id=1234567";
  item.title = "Bank says its app was down for three hours on Monday morning";
  item.author = "Anna Janssen";
  item.categories = {{"banking", {}, {}}, {"outage", {}, {}}};
  item.content = text_of(kEnglish, static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) {
    std::vector<Item> items;
    for (int i = 0; i < kItems; ++i) items.push_back(item);
    benchmark::DoNotOptimize(items);
  }
  state.SetItemsProcessed(state.iterations() * kItems);
}
BENCHMARK(copy_only)->Arg(2'000);

void check_utf8(benchmark::State& state, std::string_view sentence) {
  const std::string text = text_of(sentence, 1 << 20);
  for (auto _ : state) benchmark::DoNotOptimize(is_valid_utf8(text));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}
BENCHMARK_CAPTURE(check_utf8, english, kEnglish);
BENCHMARK_CAPTURE(check_utf8, french, kFrench);
BENCHMARK_CAPTURE(check_utf8, russian, kRussian);
BENCHMARK_CAPTURE(check_utf8, japanese, kJapanese);

void write_json(benchmark::State& state, std::string_view sentence) {
  Item item;
  item.id = item.url = "https://www.example.com/news/2026/11/23/bank-app-down?id=1234567";
  item.title = "Bank says its app was down for three hours on Monday morning";
  item.content = text_of(sentence, 2'000);
  item.published = from_ms(1'795'468'200'000);
  std::string out;
  for (auto _ : state) {
    out.clear();
    append_json(out, item);
    benchmark::DoNotOptimize(out);
  }
  state.SetItemsProcessed(state.iterations());
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(out.size()));
}
BENCHMARK_CAPTURE(write_json, english, kEnglish);
BENCHMARK_CAPTURE(write_json, russian, kRussian);

}  // namespace

BENCHMARK_MAIN();
