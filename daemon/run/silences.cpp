#include "run/silences.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "run/document.h"

namespace earshot::run {
namespace {

// No topic can have that name.
constexpr const char* kName = "\x01silence";

struct Alone {
  query::Set set;
  std::uint32_t place;
};

// A query stands alone unless it names topics: ten thousand of them would be compiled for nothing.
Result<Alone, std::string> compile(const std::string& query, const std::vector<config::Topic>& topics) {
  std::vector<query::Topic> all;
  if (query.find("@{") != std::string::npos)
    for (const config::Topic& topic : topics) all.push_back(topic_of(topic));
  const auto place = static_cast<std::uint32_t>(all.size());
  all.push_back({kName, query});
  auto set = query::compile(all, {});
  if (set) return Alone{std::move(*set), place};
  const query::TopicProblem& first = set.error().front();
  return tl::unexpected(
      fmt::format("{}\n{}", first.problem.message, query::caret_message(all[first.topic].query, first.problem)));
}

}  // namespace

Silences::Silences(std::span<const route::Silence> silences, const std::vector<config::Topic>& topics,
                   std::vector<std::string>& problems) {
  for (const route::Silence& silence : silences) {
    auto alone = compile(silence.query, topics);
    if (alone)
      all_.push_back({silence, std::move(alone->set), alone->place});
    else
      problems.push_back(fmt::format("silence {}: {}", silence.id, alone.error()));
  }
}

const route::Silence* Silences::over(const query::Document& document) const {
  thread_local query::Scratch scratch;
  thread_local std::vector<std::uint32_t> found;
  for (const Compiled& one : all_) {
    if (!one.silence.holds(document.now)) continue;
    found.clear();
    one.set.match_topics(document, scratch, found);
    if (std::ranges::find(found, one.place) != found.end()) return &one.silence;
  }
  return nullptr;
}

Status check_silence(const std::string& query, const std::vector<config::Topic>& topics) {
  auto alone = compile(query, topics);
  if (!alone) return fail(alone.error());
  return {};
}

}  // namespace earshot::run
