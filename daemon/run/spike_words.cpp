#include "run/spike_words.h"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "core/in_language.h"

namespace earshot::run {
namespace {

struct Language {
  std::string_view code, headline, wave, terms, from, languages;
};
constexpr std::array<Language, 5> kLanguages{{
    {"en", "{}: {} stories in an hour, usually {}", "{}: one story told {} times in an hour, the biggest usually {}",
     "Terms", "From", "Languages"},
    {"nl", "{}: {} verhalen in een uur, normaal {}",
     "{}: één verhaal {} keer verteld in een uur, het grootste normaal {}", "Woorden", "Van", "Talen"},
    {"de", "{}: {} Themen in einer Stunde, sonst {}", "{}: ein Thema {}-mal in einer Stunde, das größte sonst {}",
     "Wörter", "Von", "Sprachen"},
    {"fr", "{} : {} sujets en une heure, d’habitude {}",
     "{} : un sujet repris {} fois en une heure, le plus grand d’habitude {}", "Mots", "De", "Langues"},
    {"es", "{}: {} historias en una hora, lo normal {}",
     "{}: una historia contada {} veces en una hora, la mayor normalmente {}", "Palabras", "De", "Idiomas"},
}};

const Language& language_of(std::string_view code) { return in_language(kLanguages, code, &Language::code); }

std::string usually(double n) { return n >= 10 ? fmt::format("{:.0f}", n) : fmt::format("{:.1f}", n); }

}  // namespace

std::string spike_headline(const std::string& topic, const spike::Spike& spike, std::string_view language) {
  return fmt::format(fmt::runtime(language_of(language).headline), topic, spike.stories, usually(spike.usual));
}

std::string spike_headline(const std::string& topic, const spike::Wave& wave, std::string_view language) {
  return fmt::format(fmt::runtime(language_of(language).wave), topic, wave.mentions, usually(wave.usual));
}

std::string spike_text(const Heard& heard, std::string_view code) {
  const Language& language = language_of(code);
  std::string text;
  for (const auto& [label, counts] : {std::pair{language.terms, &heard.terms},
                                      {language.from, &heard.outlets},
                                      {language.languages, &heard.languages}}) {
    if (counts->empty()) continue;
    std::string line;
    for (const report::Share& count : *counts)
      line += fmt::format("{}{} {}", line.empty() ? "" : " · ", count.name, count.mentions);
    text += fmt::format("{}{}: {}", text.empty() ? "" : "\n", label, line);
  }
  return text;
}

}  // namespace earshot::run
