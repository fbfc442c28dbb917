#include "core/report/words.h"

#include <fmt/format.h>
#include <unicode/locid.h>
#include <unicode/smpdtfmt.h>
#include <unicode/timezone.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "core/in_language.h"

namespace earshot::report {
namespace {

// Labels before figures, so that no language needs a plural.
struct Language {
  std::string_view code, thousands, report, mentions, stories, outlets, nothing, per_day, most, languages, big, taken,
      done, not_relevant, open, half_within, more;
};

constexpr std::array<Language, 5> kLanguages{{
    {"en", ",", "Report", "Mentions", "Stories", "Outlets", "Nothing was heard.", "Per day", "Most from", "Languages",
     "Biggest story", "Taken", "done", "not relevant", "still open", "half of them within", "Further topics"},
    {"nl", ".", "Rapport", "Vermeldingen", "Verhalen", "Media", "Er is niets gehoord.", "Per dag", "Meest van", "Talen",
     "Grootste verhaal", "Opgepakt", "afgehandeld", "niet relevant", "nog open", "de helft binnen",
     "Overige onderwerpen"},
    {"de", ".", "Bericht", "Erwähnungen", "Themen", "Medien", "Es war nichts zu hören.", "Je Tag", "Am meisten von",
     "Sprachen", "Größtes Thema", "Übernommen", "erledigt", "nicht relevant", "noch offen", "die Hälfte binnen",
     "Weitere Suchthemen"},
    {"fr", "\u202F", "Rapport", "Mentions", "Sujets", "Médias", "Rien n’a été entendu.", "Par jour", "Surtout de",
     "Langues", "Plus grand sujet", "Prises en charge", "traitées", "hors sujet", "encore ouvertes", "la moitié en",
     "Autres thèmes"},
    {"es", ".", "Informe", "Menciones", "Historias", "Medios", "No se ha oído nada.", "Por día", "Sobre todo de",
     "Idiomas", "Mayor historia", "Asumidas", "resueltas", "no relevantes", "aún abiertas", "la mitad en",
     "Otros temas"},
}};

constexpr std::size_t kTopicLines = 15;

std::string number(std::uint64_t n, const Language& language) {
  std::string out = fmt::to_string(n);
  for (std::size_t at = out.size(); at > 3;) out.insert(at -= 3, language.thousands);
  return out;
}

// " ▲ 31 %", " ▲ 40×"; empty where there is nothing to compare with, or no change that a whole percent shows.
std::string change(std::uint64_t now, std::uint64_t before) {
  if (before == 0) return {};
  if (now / before >= 10) return fmt::format(" ▲ {}×", now / before);
  const double percent = 100 * (static_cast<double>(now) - static_cast<double>(before)) / static_cast<double>(before);
  const auto whole = static_cast<long long>(std::llround(std::abs(percent)));
  return whole == 0 ? std::string() : fmt::format(" {} {} %", percent > 0 ? "▲" : "▼", whole);
}

std::string counted(std::string_view label, std::uint64_t now, std::uint64_t before, const Language& language) {
  return fmt::format("{} {}{}", label, number(now, language), change(now, before));
}

std::string shares(const std::vector<Share>& all, const Language& language) {
  std::string out;
  for (const Share& share : all)
    out += fmt::format("{}{} {}", out.empty() ? "" : " · ", share.name, number(share.mentions, language));
  return out;
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

void add_topics(std::vector<std::string>& lines, const Report& report, const Language& language) {
  if (report.topics.size() < 2) return;  // its figures stand above
  const std::vector<Topic> topics = shown(report);
  for (std::size_t i = 0; i < topics.size() && i < kTopicLines; ++i) {
    const auto& [name, figures, not_relevant] = topics[i];
    std::string line = fmt::format("{}: {}", name,
                                   counted(language.mentions, figures.now.mentions, figures.before.mentions, language));
    if (figures.now.stories != figures.now.mentions)
      line += fmt::format(" · {}", counted(language.stories, figures.now.stories, figures.before.stories, language));
    if (not_relevant > 0) line += fmt::format(" · {} {}", language.not_relevant, number(not_relevant, language));
    lines.push_back(std::move(line));
  }
  if (topics.size() > kTopicLines)
    lines.push_back(fmt::format("{}: {}", language.more, number(topics.size() - kTopicLines, language)));
}

void add_work(std::vector<std::string>& lines, const Work& work, const Language& language) {
  if (work.taken + work.done + work.not_relevant == 0) return;
  std::string line = fmt::format("{}: {}", language.taken, number(work.taken, language));
  if (work.half_within) line += fmt::format(", {} {}", language.half_within, roughly(*work.half_within));
  for (const auto& [label, value] :
       {std::pair{language.done, work.done}, {language.not_relevant, work.not_relevant}, {language.open, work.open}})
    if (value > 0) line += fmt::format(" · {} {}", label, number(value, language));
  lines.push_back(std::move(line));
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

Words in_words(const Report& report, std::string_view name, std::string_view code, const route::Zone& zone) {
  const Language& language = in_language(kLanguages, code, &Language::code);
  Words out;
  out.headline = fmt::format("{}: {} – {}", name.empty() ? language.report : name,
                             date(zone, report.period.from, "d MMM", language.code),
                             date(zone, report.period.to, "d MMM y", language.code));
  const auto& [now, before] = report.figures;
  out.lines.push_back(now.mentions == 0
                          ? std::string(language.nothing)
                          : fmt::format("{} · {} · {}",
                                        counted(language.mentions, now.mentions, before.mentions, language),
                                        counted(language.stories, now.stories, before.stories, language),
                                        counted(language.outlets, now.outlets, before.outlets, language)));
  add_topics(out.lines, report, language);
  if (now.mentions > 0 && !report.days.empty())
    out.lines.push_back(fmt::format("{}: {}", language.per_day, bars(report.days)));
  if (report.outlets.size() > 1)
    out.lines.push_back(fmt::format("{}: {}", language.most, shares(report.outlets, language)));
  if (report.languages.size() > 1)
    out.lines.push_back(fmt::format("{}: {}", language.languages, shares(report.languages, language)));
  for (const BigStory& story : report.stories)
    out.lines.push_back(
        fmt::format("{}: {} — {} {}", language.big, story.title, language.outlets, number(story.outlets, language)));
  add_work(out.lines, report.work, language);
  return out;
}

}  // namespace earshot::report
