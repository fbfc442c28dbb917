#include <fmt/format.h>

#include <deque>

#include "core/config/config.h"
#include "core/config/cross.h"
#include "core/config/findings.h"
#include "core/config/read.h"
#include "core/config/references.h"
#include "core/config/schema.h"
#include "core/config/suggest.h"
#include "core/config/walk.h"
#include "core/config/words.h"
#include "core/config/yaml.h"

namespace earshot::config {
namespace {

// One file's sections beside those of the files before it.
class Merger {
 public:
  Merger(Walker& walker, Findings& findings) : walker_(walker), findings_(findings) {}

  void add(const Node& root) {
    if (root.kind == NodeKind::null) return;
    if (root.kind != NodeKind::mapping)
      return findings_.error(
          root.place(),
          "a configuration is a mapping: \"topics:\", \"sources:\", \"channels:\" … each with what belongs to it");
    for (const Node::Entry& entry : root.entries) {
      if (entry.key->text.starts_with("x-")) continue;  // a place for anchors
      const Schema* schema = own_keys().root().property(entry.key->text);
      if (!schema)
        unknown(*entry.key);
      else if (schema->types == kArray)
        list(*entry.key, *entry.value, *schema);
      else
        single(*entry.key, *entry.value, *schema);
    }
  }

  Sections take() && {
    for (const Schema::Property& p : own_keys().root().properties) {
      if (!p.schema->fallback || sections_.single.contains(p.name)) continue;
      boost::json::value value = *p.schema->fallback;
      fill_in(value, *p.schema);
      sections_.single.emplace(p.name, Sections::Entry{nullptr, std::move(value)});
    }
    return std::move(sections_);
  }

 private:
  void list(const Node& key, const Node& value, const Schema& schema) {
    const std::string what = fmt::format("\"{}\"", key.text);
    if (value.kind != NodeKind::sequence) {
      walker_.walk(value, schema, what);  // empty, or an error that says what a list looks like
      return;
    }
    std::vector<Sections::Entry>& section = sections_.lists[key.text];
    for (const Node* item : value.items)
      section.push_back({item, walker_.walk(*item, *schema.items, "an entry of " + what)});
  }

  void single(const Node& key, const Node& value, const Schema& schema) {
    if (const auto [first, fresh] = given_.emplace(key.text, &key); !fresh) {
      const Place at = first->second->place();
      return findings_.error(key.place(), fmt::format("\"{}\" is already given at {}:{}:{}; keep one of them", key.text,
                                                      at.file, at.line, at.column));
    }
    sections_.single.emplace(key.text,
                             Sections::Entry{&value, walker_.walk(value, schema, fmt::format("\"{}\"", key.text))});
  }

  void unknown(const Node& key) {
    std::vector<std::string_view> names;
    if (!findings_.more()) return findings_.error(key.place(), {});  // counted only
    for (const Schema::Property& p : own_keys().root().properties) {
      names.emplace_back(p.name);
      if (p.schema->property(key.text))
        return findings_.error(key.place(), fmt::format("\"{}\" belongs under \"{}:\"", key.text, p.name));
    }
    findings_.error(key.place(), fmt::format("unknown key {}{}", shown(key.text), hint(key.text, names)));
  }

  Walker& walker_;
  Findings& findings_;
  Sections sections_;
  std::map<std::string, const Node*> given_;
};

}  // namespace

Loaded load(std::span<const File> files, const PluginSchemas& plugins, const SecretReader& secrets) {
  Findings findings;
  References references(secrets);
  Walker walker(plugins, references, findings);
  Merger merger(walker, findings);
  std::deque<Tree> trees;  // the walker and the sections point into them
  std::vector<std::string> names;
  bool whole = true;
  for (const File& file : files) {
    names.push_back(file.name);
    const Tree& tree = trees.emplace_back(parse_yaml(file, findings));
    if (tree.root)
      merger.add(*tree.root);
    else
      whole = false;
  }
  const Sections sections = std::move(merger).take();
  Loaded loaded;
  loaded.config = read(sections);
  const Place start{files.empty() ? "configuration" : files.front().name, 1, 1};
  cross_check(loaded.config, sections, walker.used(), whole, start, findings);
  check_texts(loaded.config, sections, findings);
  check_queries(loaded.config, walker.used(), whole, findings);
  loaded.config.secrets = references.secrets();
  loaded.problems = std::move(findings).take(names);
  return loaded;
}

}  // namespace earshot::config
