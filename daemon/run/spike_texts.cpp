#include "run/spike_texts.h"

#include <cmath>
#include <utility>

#include "core/report/in_words.h"

namespace earshot::run {
namespace {

double usually(double n) { return n >= 10 ? std::round(n) : std::round(10 * n) / 10; }

}  // namespace

std::string spike_headline(const std::string& topic, const spike::Spike& spike, const texts::Texts& texts) {
  return texts.say("spike", {{"topic", topic}, {"stories", spike.stories}, {"usual", usually(spike.usual)}});
}

std::string spike_headline(const std::string& topic, const spike::Wave& wave, const texts::Texts& texts) {
  return texts.say("spike_story", {{"topic", topic}, {"n", wave.mentions}, {"usual", usually(wave.usual)}});
}

std::string spike_text(const Heard& heard, const texts::Texts& texts) {
  std::string text;
  for (const auto& [name, counts] : {std::pair{"spike_terms", &heard.terms},
                                     {"spike_outlets", &heard.outlets},
                                     {"spike_languages", &heard.languages}}) {
    if (counts->empty()) continue;
    const std::string line = texts.say(name, {{"list", report::listed(*counts, texts)}});
    if (!line.empty()) text += (text.empty() ? "" : "\n") + line;
  }
  return text;
}

}  // namespace earshot::run
