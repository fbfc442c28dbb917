// YAML text → a tree that knows its places, duplicates and merge keys already dealt with. Built from yaml-cpp's events
// rather than its nodes, because those keep one of two equal keys silently, do not know `<<`, and grow with aliases.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/config.h"
#include "core/config/findings.h"

namespace earshot::config {

enum class NodeKind : std::uint8_t { null, scalar, sequence, mapping };

struct Node {
  struct Entry {
    const Node* key;  // always a scalar
    const Node* value;
  };

  const File* file = nullptr;
  std::size_t offset = 0;  // of its first byte in file->text
  int line = 0, column = 0;
  NodeKind kind = NodeKind::null;
  bool quoted = false;       // a scalar that can only be text: quoted, a block, or !!str
  std::uint32_t weight = 1;  // nodes in it, an alias counted as what it stands for
  std::string text;
  std::vector<const Node*> items;
  std::vector<Entry> entries;  // keys unique; merged ones after its own

  Place place() const { return {file->name, line, column}; }
  // Where that byte of the text stands, if the text stands in the file as it is; else where the text begins.
  Place place(std::size_t byte) const;
  // The value under that key, or null.
  const Node* find(std::string_view key) const;
};

struct Tree {
  std::deque<Node> nodes;      // owns all; addresses stay
  const Node* root = nullptr;  // null: nothing could be read
};

// `file` must outlive the tree. What is wrong goes to `findings`; after a syntax error there is no root.
Tree parse_yaml(const File& file, Findings& findings);

}  // namespace earshot::config
