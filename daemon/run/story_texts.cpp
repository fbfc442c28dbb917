#include "run/story_texts.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace earshot::run {

std::string story_text(const store::Story& story, const texts::Texts& texts) {
  return texts.say("story", {{"outlets", story.outlets.size()},
                             {"plus", story.outlets.size() == store::kOutlets ? "+" : ""},
                             {"languages", fmt::to_string(fmt::join(story.languages, " "))},
                             {"first", story.first_outlet}});
}

Result<std::string> story_text(const Alert& alert, const store::Store& store, const texts::Texts& texts) {
  if ((alert.kind != AlertKind::story && alert.kind != AlertKind::growth) || alert.story.empty()) return std::string{};
  const auto story = store.story(alert.story);
  if (!story) return tl::unexpected(story.error());
  return *story ? story_text(**story, texts) : std::string{};
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
