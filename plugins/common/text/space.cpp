#include "common/text/space.h"

#include <algorithm>

namespace earshot::text {

std::string_view trim(std::string_view s) noexcept {
  while (!s.empty() && is_space(s.front())) s.remove_prefix(1);
  while (!s.empty() && is_space(s.back())) s.remove_suffix(1);
  return s;
}

std::string_view trim_all(std::string_view s) noexcept {
  for (std::size_t n; !s.empty() && (n = space_at(s, 0)) != 0;) s.remove_prefix(n);
  for (;;) {
    std::size_t n = 0;
    if (!s.empty() && is_space(s.back())) n = 1;
    if (n == 0 && s.size() >= 2 && space_at(s, s.size() - 2) == 2) n = 2;
    if (n == 0 && s.size() >= 3 && space_at(s, s.size() - 3) == 3) n = 3;
    if (n == 0) return s;
    s.remove_suffix(n);
  }
}

std::string fold_space(std::string_view s) {
  std::string out;
  out.reserve(s.size());
  bool gap = false;
  for (std::size_t i = 0; i < s.size();) {
    if (const std::size_t n = space_at(s, i)) {
      gap = !out.empty();
      i += n;
      continue;
    }
    if (gap) out.push_back(' ');
    gap = false;
    out.push_back(s[i++]);
  }
  return out;
}

bool same(std::string_view a, std::string_view b) noexcept {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == lower(y); });
}

bool starts_with(std::string_view s, std::string_view prefix) noexcept {
  return same(s.substr(0, prefix.size()), prefix);
}

std::size_t find_same(std::string_view s, std::string_view needle, std::size_t from) noexcept {
  if (from > s.size()) return std::string_view::npos;
  const auto at = std::search(s.begin() + static_cast<std::ptrdiff_t>(from), s.end(), needle.begin(), needle.end(),
                              [](char x, char y) { return lower(x) == lower(y); });
  return at == s.end() && !needle.empty() ? std::string_view::npos : static_cast<std::size_t>(at - s.begin());
}

std::string to_lower(std::string_view s) {
  std::string out(s);
  std::ranges::transform(out, out.begin(), lower);
  return out;
}

}  // namespace earshot::text
