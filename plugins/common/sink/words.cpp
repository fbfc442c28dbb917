#include "common/sink/words.h"

namespace earshot::sink {
namespace {

constexpr std::array<Words, 5> kLanguages{{
    {"en",
     {"", "Low", "Normal", "High", "Critical"},
     {"", "New mention", "Story", "Story is growing", "Digest", "More mentions", "Spike", "Nobody has taken this yet",
      "Health", "Report", "Test alert", "Mention was edited"},
     "{} mention",
     "{} mentions",
     "and {} more",
     "and {} more",
     "Open",
     "(no title)",
     ",",
     false,
     {"views", "likes", "reposts", "shares", "quotes", "replies", "comments", "points", "votes", "reach"}},
    {"nl",
     {"", "Laag", "Normaal", "Hoog", "Kritiek"},
     {"", "Nieuwe vermelding", "Verhaal", "Verhaal groeit", "Overzicht", "Meer vermeldingen", "Piek",
      "Nog door niemand opgepakt", "Toestand", "Rapport", "Testmelding", "Vermelding gewijzigd"},
     "{} vermelding",
     "{} vermeldingen",
     "en nog {}",
     "en nog {}",
     "Openen",
     "(zonder titel)",
     ".",
     false,
     {"weergaven", "likes", "reposts", "keer gedeeld", "citaten", "antwoorden", "reacties", "punten", "stemmen",
      "bereik"}},
    {"de",
     {"", "Niedrig", "Normal", "Hoch", "Kritisch"},
     {"", "Neue Erwähnung", "Thema", "Thema wächst", "Übersicht", "Weitere Erwähnungen", "Ausschlag",
      "Noch von niemandem übernommen", "Zustand", "Bericht", "Testmeldung", "Erwähnung geändert"},
     "{} Erwähnung",
     "{} Erwähnungen",
     "und {} weitere",
     "und {} weitere",
     "Öffnen",
     "(ohne Titel)",
     ".",
     false,
     {"Aufrufe", "Likes", "Reposts", "Mal geteilt", "Zitate", "Antworten", "Kommentare", "Punkte", "Stimmen",
      "Reichweite"}},
    {"fr",
     {"", "Faible", "Normale", "Élevée", "Critique"},
     {"", "Nouvelle mention", "Sujet", "Le sujet prend de l’ampleur", "Récapitulatif", "Autres mentions", "Pic",
      "Personne ne s’en occupe encore", "État", "Rapport", "Alerte de test", "Mention modifiée"},
     "{} mention",
     "{} mentions",
     "et {} autre",
     "et {} autres",
     "Ouvrir",
     "(sans titre)",
     "\u202F",
     true,
     {"vues", "j’aime", "republications", "partages", "citations", "réponses", "commentaires", "points", "votes",
      "portée"}},
    {"es",
     {"", "Baja", "Normal", "Alta", "Crítica"},
     {"", "Nueva mención", "Historia", "La historia crece", "Resumen", "Más menciones", "Pico",
      "Nadie se ha ocupado todavía", "Estado", "Informe", "Alerta de prueba", "Mención modificada"},
     "{} mención",
     "{} menciones",
     "y {} más",
     "y {} más",
     "Abrir",
     "(sin título)",
     ".",
     false,
     {"visualizaciones", "me gusta", "republicaciones", "compartidos", "citas", "respuestas", "comentarios", "puntos",
      "votos", "alcance"}},
}};

std::string fill(std::string_view pattern, std::string_view value) {
  const std::size_t at = pattern.find("{}");
  return std::string(pattern.substr(0, at)).append(value).append(pattern.substr(at + 2));
}

bool singular(const Words& words, std::uint64_t n) { return n == 1 || (n == 0 && words.zero_is_one); }

}  // namespace

const Words& words(std::string_view language) {
  const std::string_view primary = language.substr(0, language.find_first_of("-_"));
  for (const Words& w : kLanguages)
    if (w.language == primary) return w;
  return kLanguages.front();
}

std::string number(const Words& words, std::uint64_t n) {
  const std::string digits = std::to_string(n);
  std::string out;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    // Four digits stay together, as Spanish and SI style ask; groups begin at five.
    if (i > 0 && digits.size() > 4 && (digits.size() - i) % 3 == 0) out += words.thousands;
    out += digits[i];
  }
  return out;
}

std::string mentions(const Words& words, std::uint64_t n) {
  return fill(singular(words, n) ? words.one_mention : words.mentions, number(words, n));
}

std::string more(const Words& words, std::uint64_t n) {
  return fill(singular(words, n) ? words.one_more : words.more, number(words, n));
}

}  // namespace earshot::sink
