#include "core/config/yaml.h"

#include <fmt/format.h>
#include <unicode/utf8.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <sstream>
#include <unordered_map>

#include "core/config/words.h"

namespace earshot::config {
namespace {

constexpr std::string_view kBom = "\xEF\xBB\xBF";
constexpr std::string_view kStringTag = "tag:yaml.org,2002:str";

// Byte offsets → line and column as editors count them.
class Lines {
 public:
  explicit Lines(std::string_view text) : text_(text) {
    starts_.push_back(0);
    for (std::size_t i = 0; i < text.size(); ++i)
      if (text[i] == '\n') starts_.push_back(i + 1);
  }

  void locate(std::size_t offset, int& line, int& column) const {
    offset = std::min(offset, text_.size());
    const auto next = std::ranges::upper_bound(starts_, offset);
    const std::size_t start = *(next - 1);
    line = static_cast<int>(next - starts_.begin());
    // A line of megabytes would make every place in it cost its length: beyond 4 KiB bytes are as good as characters.
    const std::string_view before = text_.substr(start, offset - start);
    const auto follows = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; };
    column = static_cast<int>(before.size()) + 1;
    if (before.size() <= 4096) column -= static_cast<int>(std::ranges::count_if(before, follows));
  }

  std::string_view line(int number) const {
    const std::size_t start = starts_[static_cast<std::size_t>(number) - 1];
    return text_.substr(start, std::min(text_.find('\n', start), text_.size()) - start);
  }

 private:
  std::string_view text_;
  std::vector<std::size_t> starts_;
};

// Receives the events. Never throws: what cannot be kept is reported, and after a limit all further events are ignored.
class Builder final : public YAML::EventHandler {
 public:
  Builder(const File& file, std::size_t skipped, const Lines& lines, Tree& tree, Findings& findings)
      : file_(file), skipped_(skipped), lines_(lines), tree_(tree), findings_(findings) {}

  void OnDocumentStart(const YAML::Mark& mark) override {
    ++documents_;
    // Anchors are numbered anew in every document.
    anchors_.clear();
    if (documents_ == 1) first_at_ = mark.pos;
    if (documents_ == 2) {
      Node at = made(mark);
      // yaml-cpp 0.7 finds an empty document in front of a ',' and stays there for ever.
      if (mark.pos == first_at_)
        return findings_.error(at.place(),
                               "this is no YAML: a document cannot begin with such a character; take it out");
      findings_.error(at.place(), "a second YAML document begins here; take the \"---\" out: one file is one document");
    }
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    if (ignoring()) return;
    Node& node = add(mark);
    // A value that is not written at all is marked where the next thing stands: it belongs to its key.
    const char c = node.offset < file_.text.size() ? file_.text[node.offset] : '\n';
    if (c != '~' && c != 'n' && c != 'N' && !open_.empty() && open_.back().key) {
      node.offset = open_.back().key->offset;
      node.line = open_.back().key->line;
      node.column = open_.back().key->column;
    }
    remember(anchor, node);
    attach(node);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    if (ignoring()) return;
    const auto known = anchors_.find(anchor);
    if (known == anchors_.end() || known->second == nullptr) {
      Node& node = add(mark);
      findings_.error(node.place(), "this alias stands inside what it repeats; that has no end");
      return attach(node);
    }
    attach(*known->second);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    if (ignoring()) return;
    Node& node = add(mark);
    node.kind = NodeKind::scalar;
    node.quoted = tag == "!" || tag == kStringTag;
    node.text = value;
    check_tag(node, tag);
    check_closed(node);
    remember(anchor, node);
    attach(node);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    begin(NodeKind::sequence, mark, tag, anchor);
  }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    begin(NodeKind::mapping, mark, tag, anchor);
  }
  void OnSequenceEnd() override { end(); }
  void OnMapEnd() override { end(); }

  const Node* root() const { return root_; }
  bool enough() const { return documents_ > 1; }

 private:
  struct Open {
    Node* node;
    YAML::anchor_t anchor;
    const Node* key = nullptr;  // of a mapping, while its value is awaited
    bool awaits_value = false;
    std::vector<const Node*> merges{};
    std::unordered_map<std::string_view, const Node*> keys{};
  };

  bool ignoring() const { return full_ || documents_ > 1; }

  Node made(const YAML::Mark& mark) const {
    Node node;
    node.file = &file_;
    node.offset = static_cast<std::size_t>(std::max(mark.pos, 0)) + skipped_;
    lines_.locate(node.offset, node.line, node.column);
    return node;
  }
  Node& add(const YAML::Mark& mark) { return tree_.nodes.emplace_back(made(mark)); }

  void remember(YAML::anchor_t anchor, const Node& node) {
    if (anchor != YAML::NullAnchor) anchors_[anchor] = &node;
  }

  void check_tag(const Node& node, const std::string& tag) {
    if (tag.empty() || tag == "?" || tag == "!" || tag == kStringTag) return;
    if (tag.starts_with("tag:yaml.org,2002:")) return;  // !!int and friends: what the value is, is checked anyhow
    findings_.error(node.place(), fmt::format("the tag \"{}\" means nothing here; take it out (a secret is written "
                                              "${{file:…}}, ${{env:…}} or ${{credential:…}})",
                                              tag));
  }

  // yaml-cpp 0.7 takes the end of the file for the end of a quoted text, and all that stood after it is gone unsaid.
  void check_closed(const Node& node) {
    const std::string_view text = file_.text;
    const char quote = node.offset < text.size() ? text[node.offset] : ' ';
    if (quote != '"' && quote != '\'') return;
    for (std::size_t i = node.offset + 1; i < text.size(); ++i) {
      if (text[i] == quote && (quote == '"' || i + 1 == text.size() || text[i + 1] != quote)) return;
      if (text[i] == quote || (quote == '"' && text[i] == '\\')) ++i;  // '' and \"
    }
    findings_.error(node.place(), fmt::format("the quote {} that opens here is never closed", quote));
  }

  void begin(NodeKind kind, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    if (ignoring()) {
      ++skipping_;
      return;
    }
    Node& node = add(mark);
    node.kind = kind;
    check_tag(node, tag);
    if (anchor != YAML::NullAnchor) anchors_[anchor] = nullptr;  // known, but not whole yet
    if (open_.size() >= kMaxDepth) give_up(node, fmt::format("more than {} levels deep", kMaxDepth));
    open_.push_back({&node, anchor});
  }

  void end() {
    if (skipping_ > 0) {
      --skipping_;
      return;
    }
    if (open_.empty()) return;
    Open done = std::move(open_.back());
    open_.pop_back();
    for (const Node* from : done.merges) merge(done, *from);
    remember(done.anchor, *done.node);
    if (!full_) attach(*done.node);
  }

  // The finished node takes its place in what is open, as an item, a key or a value.
  void attach(const Node& node) {
    if (open_.empty()) {
      root_ = &node;
      return;
    }
    Open& in = open_.back();
    if (in.node->kind == NodeKind::sequence) {
      in.node->items.push_back(&node);
      return grow(in, node);
    }
    if (!in.awaits_value) {
      in.awaits_value = true;
      in.key = node.kind == NodeKind::scalar ? &node : nullptr;
      if (!in.key) findings_.error(node.place(), "a key must be a single word, not a list, a mapping or nothing");
      return;
    }
    const Node* key = std::exchange(in.key, nullptr);
    in.awaits_value = false;
    if (!key) return;
    if (!key->quoted && key->text == "<<") {
      in.merges.push_back(&node);
      return;
    }
    const auto [first, fresh] = in.keys.emplace(key->text, key);
    if (!fresh) {
      const Node& other = *first->second;
      findings_.error(key->place(), fmt::format("\"{}\" is already given in this mapping, on line {}; keep one of them",
                                                key->text, other.line));
      return;
    }
    in.node->entries.push_back({key, &node});
    grow(in, node);
  }

  // YAML merge keys (https://yaml.org/type/merge.html): what the mapping says itself wins, then the earlier source.
  void merge(Open& into, const Node& from) {
    if (from.kind == NodeKind::sequence) {
      for (const Node* item : from.items)
        if (item->kind == NodeKind::mapping)
          merge(into, *item);
        else
          findings_.error(item->place(), "\"<<\" takes mappings only");
      return;
    }
    if (from.kind != NodeKind::mapping)
      return findings_.error(from.place(), "\"<<\" takes a mapping or a list of them, such as *name");
    for (const Node::Entry& entry : from.entries) {
      if (full_) return;
      if (!into.keys.emplace(entry.key->text, entry.key).second) continue;
      into.node->entries.push_back(entry);
      grow(into, *entry.value);
    }
  }

  void grow(Open& in, const Node& child) {
    const std::uint64_t sum = std::uint64_t{in.node->weight} + child.weight;
    in.node->weight = static_cast<std::uint32_t>(std::min<std::uint64_t>(sum, kMaxNodes + 1));
    if (in.node->weight > kMaxNodes) give_up(*in.node, fmt::format("more than {} values, aliases counted", kMaxNodes));
  }

  void give_up(const Node& node, const std::string& why) {
    if (full_) return;
    full_ = true;
    findings_.error(node.place(), fmt::format("{}: that is beyond any configuration; reading of this file stops", why));
  }

  const File& file_;
  const std::size_t skipped_;
  const Lines& lines_;
  Tree& tree_;
  Findings& findings_;
  std::vector<Open> open_;
  std::unordered_map<YAML::anchor_t, const Node*> anchors_;
  const Node* root_ = nullptr;
  std::size_t skipping_ = 0;  // collections begun while ignoring
  int documents_ = 0;
  int first_at_ = 0;  // where the first began
  bool full_ = false;
};

// YAML allows neither; yaml-cpp takes U+0004 for the end of the file and guesses UTF-16 from NULs.
bool readable(const File& file, const Lines& lines, Findings& findings) {
  Place at{file.name, 1, 1};
  if (file.text.size() > kMaxFileBytes) {
    findings.error(at, fmt::format("the file has {} bytes; at most {} MiB are read. Split it into sources.d/*.yaml",
                                   file.text.size(), kMaxFileBytes >> 20U));
    return false;
  }
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(file.text.data());
  const auto size = static_cast<std::int32_t>(file.text.size());
  for (std::int32_t i = 0; i < size;) {
    const std::int32_t start = i;
    UChar32 c = 0;
    U8_NEXT(bytes, i, size, c);
    const bool control = c >= 0 && (c < 0x20 || c == 0x7F) && c != '\t' && c != '\n' && c != '\r';
    if (c >= 0 && !control) continue;
    lines.locate(static_cast<std::size_t>(start), at.line, at.column);
    findings.error(at, c < 0 ? fmt::format("byte 0x{:02X} is not UTF-8; save the file as UTF-8", bytes[start])
                             : fmt::format("control character U+{:04X}; take it out", c));
    return false;
  }
  return true;
}

}  // namespace

Place Node::place(std::size_t byte) const {
  Place at = place();
  const std::string_view whole = file->text;
  const bool quote = offset < whole.size() && (whole[offset] == '\'' || whole[offset] == '"');
  const std::size_t start = std::min(offset + (quote ? 1 : 0), whole.size());
  if (text.find('\n') != std::string::npos || whole.substr(start, text.size()) != text) return at;
  at.column += quote ? 1 : 0;
  for (const char c : std::string_view(text).substr(0, byte))
    if ((static_cast<unsigned char>(c) & 0xC0U) != 0x80U) ++at.column;
  return at;
}

const Node* Node::find(std::string_view key) const {
  for (const Entry& entry : entries)
    if (entry.key->text == key) return entry.value;
  return nullptr;
}

Tree parse_yaml(const File& file, Findings& findings) {
  Tree tree;
  const Lines lines(file.text);
  if (!readable(file, lines, findings)) return tree;
  const std::size_t skipped = file.text.starts_with(kBom) ? kBom.size() : 0;
  Builder builder(file, skipped, lines, tree, findings);
  std::istringstream in(file.text.substr(skipped));
  try {
    YAML::Parser parser(in);
    while (!builder.enough() && parser.HandleNextDocument(builder)) {
    }
  } catch (const YAML::Exception& e) {  // yaml-cpp's way to say "syntax error"; it knows one at a time
    Place at{file.name, 1, 1};
    lines.locate(static_cast<std::size_t>(std::max(e.mark.pos, 0)) + skipped, at.line, at.column);
    findings.error(at, yaml_trouble(e.msg, lines.line(at.line)) + "; the rest of this file was not looked at");
    return tree;
  }
  tree.root = builder.root();
  if (!tree.root) {  // an empty file says nothing, which is allowed
    Node& nothing = tree.nodes.emplace_back();
    nothing.file = &file;
    nothing.line = nothing.column = 1;
    tree.root = &nothing;
  }
  return tree;
}

}  // namespace earshot::config
