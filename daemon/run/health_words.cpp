#include "run/health_words.h"

#include "core/in_language.h"
#include "run/channel_language.h"

namespace earshot::run {
namespace {

constexpr std::array<HealthWords, 5> kWords{{
    {"en",
     {"Source {} works again", "Source {} has gone quiet", "Source {} brings nothing any more", "Source {} is blocked",
      "Source {} is gone", "Source {} has moved", "Source {} is broken"},
     "Channel {} cannot be written to",
     "What it should have been told is kept, and sent when it works again.",
     "Channel {} works again"},
    {"nl",
     {"Bron {} werkt weer", "Bron {} is stilgevallen", "Bron {} levert niets meer", "Bron {} is geblokkeerd",
      "Bron {} bestaat niet meer", "Bron {} is verhuisd", "Bron {} is stuk"},
     "Kanaal {} kan niet worden bereikt",
     "Wat het had moeten horen is bewaard, en wordt verstuurd zodra het weer werkt.",
     "Kanaal {} werkt weer"},
    {"de",
     {"Quelle {} geht wieder", "Quelle {} ist verstummt", "Quelle {} bringt nichts mehr", "Quelle {} ist gesperrt",
      "Quelle {} gibt es nicht mehr", "Quelle {} ist umgezogen", "Quelle {} ist gestört"},
     "In den Kanal {} kann nicht geschrieben werden",
     "Was er erfahren sollte, ist aufgehoben und wird gesendet, sobald er wieder geht.",
     "Kanal {} geht wieder"},
    {"fr",
     {"La source {} fonctionne à nouveau", "La source {} s’est tue", "La source {} n’apporte plus rien",
      "La source {} est bloquée", "La source {} n’existe plus", "La source {} a déménagé", "La source {} est en panne"},
     "Impossible d’écrire dans le canal {}",
     "Ce qu’il devait apprendre est conservé, et envoyé dès qu’il fonctionnera à nouveau.",
     "Le canal {} fonctionne à nouveau"},
    {"es",
     {"La fuente {} vuelve a funcionar", "La fuente {} ha enmudecido", "La fuente {} ya no trae nada",
      "La fuente {} está bloqueada", "La fuente {} ya no existe", "La fuente {} se ha mudado",
      "La fuente {} está averiada"},
     "No se puede escribir en el canal {}",
     "Lo que debía saber se guarda y se envía en cuanto vuelva a funcionar.",
     "El canal {} vuelve a funcionar"},
}};

}  // namespace

const HealthWords& health_words(const config::Config& config, std::string_view channel) {
  return in_language(kWords, channel_language(config.channels, channel), &HealthWords::language);
}

}  // namespace earshot::run
