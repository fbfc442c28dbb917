#include "core/schedule/robots.h"

#include <algorithm>
#include <cstring>

#include "common/text/space.h"

namespace earshot::schedule {
namespace {

constexpr std::size_t kMostBytes = 500U << 10;

std::string_view trim(std::string_view text) {
  constexpr std::string_view blank = " \t";
  const auto first = text.find_first_not_of(blank);
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(blank) - first + 1);
}

int hex(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

bool unreserved(unsigned char c) {
  return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || std::strchr("-._~", c) != nullptr;
}

// One spelling for all that mean the same (§2.2.2): bytes beyond ASCII escaped, escapes of unreserved characters
// undone, the others with capital digits.
std::string normalised(std::string_view path) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  out.reserve(path.size());
  const auto escape = [&](unsigned char c) { (out += '%').append({digits[c >> 4], digits[c & 15]}); };
  for (std::size_t i = 0; i < path.size(); ++i) {
    const auto c = static_cast<unsigned char>(path[i]);
    if (c == '%' && i + 2 < path.size() && hex(path[i + 1]) >= 0 && hex(path[i + 2]) >= 0) {
      const auto byte = static_cast<unsigned char>(hex(path[i + 1]) << 4 | hex(path[i + 2]));
      if (byte != 0 && unreserved(byte))
        out += static_cast<char>(byte);
      else
        escape(byte);
      i += 2;
    } else if (c >= 0x80 || c <= 0x20) {
      escape(c);
    } else {
      out += path[i];
    }
  }
  return out;
}

// Linear in both: every piece between two stars is looked for once, from where the one before it ended.
bool matches(std::string_view pattern, std::string_view path) {
  const bool to_end = pattern.ends_with('$');
  if (to_end) pattern.remove_suffix(1);
  bool first = true;
  for (;;) {
    const auto star = pattern.find('*');
    const std::string_view piece = pattern.substr(0, star);
    const bool last = star == pattern.npos;
    if (first) {
      if (!path.starts_with(piece)) return false;
      path.remove_prefix(piece.size());
    } else if (last && to_end) {
      return path.ends_with(piece);
    } else if (!piece.empty()) {
      const void* at = memmem(path.data(), path.size(), piece.data(), piece.size());
      if (at == nullptr) return false;
      path.remove_prefix(static_cast<std::size_t>(static_cast<const char*>(at) - path.data()) + piece.size());
    }
    if (last) return !to_end || path.empty();
    pattern.remove_prefix(star + 1);
    first = false;
  }
}

// "Earshot/1.0" names earshot: what stands behind the product token is no part of it.
std::string_view product_token(std::string_view value) {
  const auto end = std::ranges::find_if(
      value, [](unsigned char c) { return !((c | 0x20) >= 'a' && (c | 0x20) <= 'z') && c != '-' && c != '_'; });
  return value.substr(0, static_cast<std::size_t>(end - value.begin()));
}

}  // namespace

Robots Robots::parse(std::string_view text, std::string_view product) {
  if (text.size() > kMostBytes) {  // half a rule would say something else
    text = text.substr(0, kMostBytes);
    text = text.substr(0, text.find_last_of("\r\n") + 1);
  }
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  std::vector<Rule> ours, everybodys;
  bool named = false, mine = false, all = false, in_head = false;  // of the group that is being read
  while (!text.empty()) {
    const auto end = std::min(text.find_first_of("\r\n"), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    line = line.substr(0, line.find('#'));
    const auto colon = line.find(':');
    if (colon == line.npos) continue;
    const std::string_view key = trim(line.substr(0, colon)), value = trim(line.substr(colon + 1));
    if (text::same(key, "user-agent")) {
      if (!in_head) mine = all = false;
      in_head = true;
      all = all || value == "*";
      const bool ours_too = text::same(product_token(value), product);
      mine = mine || ours_too;
      named = named || ours_too;
      continue;
    }
    const bool allow = text::same(key, "allow");
    if (!allow && !text::same(key, "disallow")) continue;
    in_head = false;
    if (value.empty()) continue;
    if (mine) ours.push_back({normalised(value), allow});
    if (all) everybodys.push_back({normalised(value), allow});
  }
  Robots robots;
  robots.rules_ = named ? std::move(ours) : std::move(everybodys);
  return robots;
}

Robots Robots::without_text(unsigned status) {
  Robots robots;
  if (status == 0 || status >= 500) robots.rules_.push_back({"/", false});
  return robots;
}

bool Robots::allows(std::string_view target) const {
  if (target == "/robots.txt") return true;
  const std::string path = normalised(target);
  const Rule* best = nullptr;
  for (const Rule& rule : rules_) {
    if (best != nullptr &&
        (rule.pattern.size() < best->pattern.size() || (rule.pattern.size() == best->pattern.size() && !rule.allow)))
      continue;
    if (matches(rule.pattern, path)) best = &rule;
  }
  return best == nullptr || best->allow;
}

}  // namespace earshot::schedule
