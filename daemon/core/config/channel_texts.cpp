#include <fmt/format.h>

#include <set>
#include <string>
#include <vector>

#include "core/config/cross.h"
#include "core/config/suggest.h"
#include "core/texts/texts.h"

namespace earshot::config {
namespace {

// What patterns may call the labels of sources and topics.
std::set<std::string, std::less<>> label_arguments(const Config& config) {
  std::set<std::string, std::less<>> out;
  const auto add = [&](const Labels& labels) {
    for (const auto& [name, value] : labels) out.insert(texts::label_argument(name));
  };
  for (const Topic& topic : config.topics) add(topic.labels);
  for (const Source& source : config.sources) add(source.traits().labels);
  return out;
}

}  // namespace

void check_texts(const Config& config, const Sections& sections, Findings& findings) {
  const std::vector<Sections::Entry>& channels = sections.list("channels");
  std::set<std::string, std::less<>> labels;
  for (std::size_t i = 0; i < channels.size(); ++i) {
    const Node* written = channels[i].node->kind == NodeKind::mapping ? channels[i].node->find("texts") : nullptr;
    if (!written) continue;
    if (labels.empty()) labels = label_arguments(config);
    const std::vector<std::string_view> names(labels.begin(), labels.end());
    for (const auto& [name, pattern] : config.channels[i].texts) {
      const texts::Text* text = texts::find(name);
      const Node* node = written->find(name);
      if (!text || !node) continue;  // what stands there is no text, or has no such name: reported
      const auto parsed = texts::Pattern::parse(pattern, config.channels[i].language, text->arguments);
      if (!parsed) {
        findings.error(node->place(parsed.error().offset), fmt::format("\"{}\": {}", name, parsed.error().message));
        continue;
      }
      for (const std::string& argument : parsed->arguments())
        if (argument.starts_with(texts::kLabelPrefix) && !labels.contains(argument))
          findings.warning(node->place(),
                           fmt::format("\"{}\": no source or topic has a label for {{{}}}, so it is always empty{}",
                                       name, argument, hint(argument, names)));
    }
  }
}

}  // namespace earshot::config
