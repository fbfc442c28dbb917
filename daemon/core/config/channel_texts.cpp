#include <fmt/format.h>

#include <boost/json/object.hpp>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/config/cross.h"
#include "core/config/suggest.h"
#include "core/texts/texts.h"

namespace earshot::config {
namespace {

// Names of arguments.
using Labels = std::set<std::string, std::less<>>;

// What patterns may call the labels of sources and topics.
Labels label_arguments(const Config& config) {
  Labels out;
  const auto add = [&](const earshot::Labels& labels) {
    for (const auto& [name, value] : labels) out.insert(texts::label_argument(name));
  };
  for (const Topic& topic : config.topics) add(topic.labels);
  for (const Source& source : config.sources) add(source.traits().labels);
  return out;
}

void check_text(const Node& node, const std::string& name, const std::string& pattern, const std::string& language,
                const Labels& labels, Findings& findings) {
  const texts::Text* text = texts::find(name);
  if (!text) return;  // reported
  const auto parsed = texts::Pattern::parse(pattern, language, text->arguments);
  if (!parsed)
    return findings.error(node.place(parsed.error().offset), fmt::format("\"{}\": {}", name, parsed.error().message));
  const std::vector<std::string_view> names(labels.begin(), labels.end());
  for (const std::string& argument : parsed->arguments())
    if (argument.starts_with(texts::kLabelPrefix) && !labels.contains(argument))
      findings.warning(node.place(),
                       fmt::format("\"{}\": no source or topic has a label for {{{}}}, so it is always empty{}", name,
                                   argument, hint(argument, names)));
}

}  // namespace

void check_texts(const Config& config, const Sections& sections, Findings& findings) {
  const std::vector<Sections::Entry>& channels = sections.list("channels");
  std::optional<Labels> labels;
  for (std::size_t i = 0; i < channels.size(); ++i) {
    const boost::json::object* channel = channels[i].value.if_object();
    const boost::json::value* texts = channel ? channel->if_contains("texts") : nullptr;
    const Node* written = texts && texts->is_object() ? channels[i].node->find("texts") : nullptr;
    if (!written) continue;
    if (!labels) labels = label_arguments(config);
    for (const auto& [name, pattern] : texts->get_object())
      if (const Node* node = pattern.is_string() ? written->find(name) : nullptr)
        check_text(*node, name, std::string(pattern.get_string()), config.channels[i].language, *labels, findings);
  }
}

}  // namespace earshot::config
