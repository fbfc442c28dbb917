#include "run/story_words.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>

#include "core/in_language.h"

namespace earshot::run {
namespace {

struct Words {
  std::string_view language, outlet, outlets, first;
};

constexpr std::array<Words, 5> kWords{{{"en", "outlet", "outlets", "first: "},
                                       {"nl", "medium", "media", "eerst: "},
                                       {"de", "Medium", "Medien", "zuerst: "},
                                       {"fr", "média", "médias", "d’abord : "},
                                       {"es", "medio", "medios", "primero: "}}};

}  // namespace

std::string story_words(const store::Story& story, std::string_view language) {
  const Words& words = in_language(kWords, language, &Words::language);
  std::string out = fmt::format("{}{} {}", story.outlets.size(), story.outlets.size() == store::kOutlets ? "+" : "",
                                story.outlets.size() == 1 ? words.outlet : words.outlets);
  if (!story.languages.empty()) out += fmt::format(" · {}", fmt::join(story.languages, " "));
  if (!story.first_outlet.empty()) out += fmt::format(" · {}{}", words.first, story.first_outlet);
  return out;
}

Result<std::string> story_text(const Alert& alert, const store::Store& store, std::string_view language) {
  if ((alert.kind != AlertKind::story && alert.kind != AlertKind::growth) || alert.story.empty()) return std::string{};
  const auto story = store.story(alert.story);
  if (!story) return tl::unexpected(story.error());
  return *story ? story_words(**story, language) : std::string{};
}

Result<std::string> common_story(const Alert& alert, const store::Store& store) {
  std::string root;
  for (const Mention& mention : alert.mentions) {
    auto story = store.story_of(mention.id);
    if (!story) return tl::unexpected(story.error());
    if (!root.empty() && *story != root) return std::string{};
    root = std::move(*story);
  }
  return root;
}

}  // namespace earshot::run
