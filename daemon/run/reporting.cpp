#include "run/reporting.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>
#include <array>
#include <utility>

#include "core/report/in_words.h"
#include "run/log.h"
#include "run/wish.h"

namespace earshot::run {
namespace {

namespace asio = boost::asio;

constexpr std::string_view kNotePrefix = "report/";  // and the report's name; its value: rfc3339 of Reporter::written_
constexpr std::size_t kPage = 1'000;
// How soon the clock is looked at again: it may be set while a report is days away.
constexpr Duration kLongest = std::chrono::minutes{10};
constexpr Duration kStoreTrouble = std::chrono::seconds{30};

// Everything that was heard from the period before on.
Status add_mentions(report::Tally& tally, const store::Store& store, report::Period period) {
  store::MentionQuery ask{.since = period.before().from, .until = period.to, .oldest_first = true, .limit = kPage};
  do {
    auto page = store.mentions(ask);
    if (!page) return tl::unexpected(page.error());
    for (const Mention& mention : page->mentions) {
      const auto story = store.story_of(mention.id);
      if (!story) return tl::unexpected(story.error());
      tally.add(mention, *story);
    }
    ask.cursor = std::move(page->next);
  } while (!ask.cursor.empty());
  return {};
}

Status add_claims(report::Tally& tally, const store::Store& store) {
  const auto claims = read_claims(store);
  if (!claims) return tl::unexpected(claims.error());
  for (const route::Claim& claim : *claims) {
    const auto mention = store.mention(claim.mention);
    if (!mention) return tl::unexpected(mention.error());
    tally.add(claim, *mention ? std::optional((*mention)->seen) : std::nullopt);
  }
  return {};
}

}  // namespace

std::vector<std::string> report_topics(const config::Config& config, const config::Report* report) {
  if (report && !report->topics.empty()) return report->topics;
  std::vector<std::string> names;
  for (const config::Topic& topic : config.topics) names.push_back(topic.name);
  if (names.empty()) names.emplace_back(kEverything);
  return names;
}

Result<report::Report> write_report(const store::Store& store, report::Period period, std::vector<std::string> topics) {
  report::Tally tally(period, std::move(topics));
  if (const Status added = add_mentions(tally, store, period); !added) return tl::unexpected(added.error());
  if (const Status added = add_claims(tally, store); !added) return tl::unexpected(added.error());
  std::optional<Error> trouble;
  auto written = tally.finish([&](std::string_view id) -> std::optional<Mention> {
    auto mention = store.mention(id);
    if (mention) return std::move(*mention);
    trouble = mention.error();
    return std::nullopt;
  });
  if (trouble) return tl::unexpected(std::move(*trouble));
  return written;
}

Alert report_alert(const report::Report& report, const std::string& name, const config::Channel& channel,
                   const route::Zone& zone, Time now) {
  report::Words words = report::in_words(report, name, *channel.texts, zone);
  const std::string whose = fmt::format("{}\n{}", name, channel.name);
  Alert alert;
  alert.kind = AlertKind::report;
  alert.channel = channel.name;
  alert.delivery_id =
      fmt::format("report-{:x}-{:016x}", to_ms(report.period.to) / 1000, XXH3_64bits(whose.data(), whose.size()));
  alert.headline = std::move(words.headline);
  for (const std::string& line : words.lines) alert.text += (alert.text.empty() ? "" : "\n") + line;
  alert.created = now;
  alert.mentions = report.quotes;
  alert.total = report.figures.now.mentions;
  return alert;
}

Reporter::Reporter(House& house, std::function<void()> owed) : house_(house), owed_(std::move(owed)), loop_(house.io) {}

Status Reporter::load() {
  std::vector<store::Note> fresh;
  for (const config::Report& report : house_.config.reports) {
    std::string key = std::string(kNotePrefix) + report.name;
    const auto note = house_.store.note(key);
    if (!note) return tl::unexpected(note.error());
    if (const auto at = *note ? parse_rfc3339(**note) : std::nullopt) {
      written_[report.name] = *at;
    } else {
      written_[report.name] = house_.now();
      fresh.push_back({std::move(key), rfc3339(house_.now())});
    }
  }
  return fresh.empty() ? Status{} : house_.store.enqueue({}, fresh, house_.now());
}

std::optional<Time> Reporter::next() const {
  std::optional<Time> first;
  for (const config::Report& report : house_.config.reports) {
    const auto at = report::next_moment(report.at, house_.rules->zone, written_.at(report.name));
    if (at && (!first || *at < *first)) first = at;
  }
  return first;
}

Result<bool> Reporter::write_due(const config::Report& report, Time now) {
  const auto period = report::last_period(report.at, house_.rules->zone, now);
  if (!period || period->to <= written_.at(report.name)) return false;
  const auto written = write_report(house_.store, *period, report_topics(house_.config, &report));
  if (!written) return tl::unexpected(written.error());
  std::vector<Alert> alerts;
  for (const config::Channel& channel : house_.config.channels)
    if (channel.enabled && std::ranges::find(report.channels, channel.name) != report.channels.end())
      alerts.push_back(report_alert(*written, report.name, channel, house_.rules->zone, now));
  const std::array notes{store::Note{std::string(kNotePrefix) + report.name, rfc3339(period->to)}};
  if (const Status put = house_.store.enqueue(alerts, notes, now); !put) return tl::unexpected(put.error());
  written_[report.name] = period->to;
  log::info("report", {{"report", report.name},
                       {"mentions", fmt::to_string(written->figures.now.mentions)},
                       {"channels", fmt::to_string(alerts.size())}});
  return true;
}

asio::awaitable<Status> Reporter::start() {
  if (house_.config.reports.empty()) co_return Status{};
  auto read = [this] { return load(); };
  if (const Status loaded = co_await house_.workers.run(std::move(read)); !loaded) co_return loaded;
  loop_.begin([this] { return turn(); });
  co_return Status{};
}

asio::awaitable<Duration> Reporter::turn() {
  bool failed = false;
  for (const config::Report& report : house_.config.reports) {
    if (loop_.stopping()) break;
    auto write = [&] { return write_due(report, house_.now()); };
    const auto written = co_await house_.workers.run(std::move(write));
    if (written && *written) owed_();
    failed = failed || !written;
    if (!written)
      log::error("a report cannot be written", {{"report", report.name}, {"error", written.error().message}});
  }
  if (failed) co_return kStoreTrouble;
  const auto due = next();
  co_return due ? std::clamp<Duration>(*due - house_.now(), Duration{0}, kLongest) : kLongest;
}

}  // namespace earshot::run
