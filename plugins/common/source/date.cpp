#include "common/source/date.h"

#include <string>

#include "common/source/date_names.h"
#include "common/source/date_parts.h"
#include "common/text/space.h"

namespace earshot::source {
namespace {

constexpr std::size_t longest = 100;

// Lower case, one blank at a time, without what stands in round brackets.
std::string prepared(std::string_view text) {
  std::string plain = plain_word(text);
  std::string out;
  out.reserve(plain.size());
  int depth = 0;
  for (const char c : plain) {
    if (c == '(') ++depth;
    if (depth == 0 && !(text::is_space(c) && (out.empty() || out.back() == ' ')))
      out.push_back(text::is_space(c) ? ' ' : c);
    if (c == ')' && depth > 0) --depth;
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

}  // namespace

std::optional<std::int64_t> parse_date(std::string_view text) {
  text = text::trim_all(text);
  if (text.empty() || text.size() > longest) return std::nullopt;
  if (const auto t = plain_date(text)) return t;
  if (text.starts_with('@')) text.remove_prefix(1);  // @1520932969
  const std::string s = prepared(text);
  if (s.empty()) return std::nullopt;
  if (const auto t = iso_date(s)) return t;
  return worded_date(s, text);
}

}  // namespace earshot::source
