#include "core/report/in_words.h"

#include <fmt/format.h>
#include <unicode/locid.h>
#include <unicode/smpdtfmt.h>
#include <unicode/timezone.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace earshot::report {
namespace {

using texts::Texts;
using texts::Values;

constexpr std::size_t kTopicLines = 15;

// "▲ 31 %", "▲ 40×"; empty where there is nothing to compare with, or no change that a whole percent shows.
std::string change(std::uint64_t now, std::uint64_t before) {
  if (before == 0) return {};
  if (now / before >= 10) return fmt::format("▲ {}×", now / before);
  const double percent = 100 * (static_cast<double>(now) - static_cast<double>(before)) / static_cast<double>(before);
  const auto whole = static_cast<long long>(std::llround(std::abs(percent)));
  return whole == 0 ? std::string() : fmt::format("{} {} %", percent > 0 ? "▲" : "▼", whole);
}

// "mentions" and "mentions_change".
void add(Values& values, const std::string& name, std::uint64_t now, std::uint64_t before) {
  values.emplace_back(name, now);
  values.emplace_back(name + "_change", change(now, before));
}

std::string roughly(Duration time) {
  const double minutes = std::chrono::duration<double, std::ratio<60>>(time).count();
  if (minutes < 90) return fmt::format("{:.0f} min", std::max(minutes, 1.0));
  if (minutes < 48 * 60) return fmt::format("{:.0f} h", minutes / 60);
  return fmt::format("{:.0f} d", minutes / 1440);
}

std::string date(const route::Zone& zone, Time at, const char* pattern, std::string_view language) {
  UErrorCode error = U_ZERO_ERROR;
  icu::SimpleDateFormat format(pattern, icu::Locale(std::string(language).c_str()), error);
  if (U_FAILURE(error)) return rfc3339(at).substr(0, 10);
  format.setTimeZone(*icu::TimeZone::getGMT());  // the day is the zone's already
  const auto day = std::chrono::duration_cast<Duration>(zone.wall(at).day.time_since_epoch());
  icu::UnicodeString text;
  format.format(static_cast<UDate>(day.count()), text);
  std::string out;
  return text.toUTF8String(out);
}

std::vector<Topic> shown(const Report& report) {
  std::vector<Topic> topics = report.topics;
  if (topics.size() > kTopicLines)
    std::ranges::stable_sort(topics, std::greater<>{}, [](const Topic& t) { return t.figures.now.mentions; });
  std::erase_if(topics, [](const Topic& t) { return t.figures.now.mentions + t.figures.before.mentions == 0; });
  return topics;
}

void add_topics(std::vector<std::string>& lines, const Report& report, const Texts& texts) {
  if (report.topics.size() < 2) return;  // its figures stand above
  const std::vector<Topic> topics = shown(report);
  for (std::size_t i = 0; i < topics.size() && i < kTopicLines; ++i) {
    const auto& [name, figures, not_relevant] = topics[i];
    Values values{{"topic", name}};
    add(values, "mentions", figures.now.mentions, figures.before.mentions);
    if (figures.now.stories != figures.now.mentions)
      add(values, "stories", figures.now.stories, figures.before.stories);
    if (not_relevant > 0) values.emplace_back("not_relevant", not_relevant);
    lines.push_back(texts.say("report_topic", values));
  }
  if (topics.size() > kTopicLines)
    lines.push_back(texts.say("report_more_topics", {{"n", topics.size() - kTopicLines}}));
}

void add_work(std::vector<std::string>& lines, const Work& work, const Texts& texts) {
  if (work.taken + work.done + work.not_relevant == 0) return;
  Values values{{"taken", work.taken}};
  if (work.half_within) values.emplace_back("time", roughly(*work.half_within));
  for (const auto& [name, n] : {std::pair{"done", work.done}, {"not_relevant", work.not_relevant}, {"open", work.open}})
    if (n > 0) values.emplace_back(name, n);
  lines.push_back(texts.say("report_work", values));
}

}  // namespace

std::string bars(const std::vector<std::uint64_t>& counts) {
  constexpr std::array<std::string_view, 8> kBars{"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  const std::uint64_t most = counts.empty() ? 0 : std::ranges::max(counts);
  std::string out;
  for (const std::uint64_t n : counts)
    out += kBars.at(
        most == 0 ? 0 : static_cast<std::size_t>(std::ceil(7.0 * static_cast<double>(n) / static_cast<double>(most))));
  return out;
}

std::string listed(const std::vector<Share>& shares, const Texts& texts) {
  std::string out;
  for (const Share& share : shares)
    out += (out.empty() ? "" : " · ") + texts.say("share", {{"name", share.name}, {"n", share.mentions}});
  return out;
}

Words in_words(const Report& report, std::string_view name, const Texts& texts, const route::Zone& zone) {
  Words out;
  out.headline = texts.say("report_headline", {{"name", name.empty() ? texts.say("kind_report") : std::string(name)},
                                               {"from", date(zone, report.period.from, "d MMM", texts.language())},
                                               {"to", date(zone, report.period.to, "d MMM y", texts.language())}});
  const auto& [now, before] = report.figures;
  Values counts;
  add(counts, "mentions", now.mentions, before.mentions);
  add(counts, "stories", now.stories, before.stories);
  add(counts, "outlets", now.outlets, before.outlets);
  out.lines.push_back(texts.say(now.mentions == 0 ? "report_nothing" : "report_counts", counts));
  add_topics(out.lines, report, texts);
  if (now.mentions > 0 && !report.days.empty())
    out.lines.push_back(texts.say("report_days", {{"bars", bars(report.days)}}));
  if (report.outlets.size() > 1)
    out.lines.push_back(texts.say("report_outlets", {{"list", listed(report.outlets, texts)}}));
  if (report.languages.size() > 1)
    out.lines.push_back(texts.say("report_languages", {{"list", listed(report.languages, texts)}}));
  for (const BigStory& story : report.stories)
    out.lines.push_back(texts.say("report_story", {{"title", story.title}, {"outlets", story.outlets}}));
  add_work(out.lines, report.work, texts);
  std::erase(out.lines, std::string());  // what a channel does not want to hear
  return out;
}

}  // namespace earshot::report
