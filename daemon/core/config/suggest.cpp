#include "core/config/suggest.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>

namespace earshot::config {
namespace {

constexpr std::size_t kLongest = 64;
constexpr std::size_t kListed = 12;

char folded(char c) {
  if (c >= 'A' && c <= 'Z') return static_cast<char>(c + 32);
  return c == '-' ? '_' : c;
}

// Optimal string alignment distance: Levenshtein with swaps of neighbours (Damerau 1964), three rows at a time.
std::size_t distance(std::string_view a, std::string_view b) {
  using Row = std::array<std::size_t, kLongest + 1>;
  Row before{}, last{}, now{};
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    now[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool same = folded(a[i - 1]) == folded(b[j - 1]);
      now[j] = std::min({last[j] + 1, now[j - 1] + 1, last[j - 1] + (same ? 0 : 1)});
      if (i > 1 && j > 1 && folded(a[i - 1]) == folded(b[j - 2]) && folded(a[i - 2]) == folded(b[j - 1]))
        now[j] = std::min(now[j], before[j - 2] + 1);
    }
    before = last;
    last = now;
  }
  return last[b.size()];
}

}  // namespace

std::optional<std::string_view> nearest(std::string_view written, std::span<const std::string_view> names) {
  if (written.empty() || written.size() > kLongest) return std::nullopt;
  std::optional<std::string_view> best;
  std::size_t least = std::max<std::size_t>(1, written.size() / 3) + 1;
  for (const std::string_view name : names) {
    if (name.size() > kLongest) continue;
    const std::size_t d = distance(written, name);
    if (d < least && d < name.size()) {
      least = d;
      best = name;
    }
  }
  return best;
}

std::string listed(std::span<const std::string_view> names, std::string_view joint) {
  std::string out;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) out += i + 1 == names.size() ? fmt::format(" {} ", joint) : ", ";
    out += names[i];
  }
  return out;
}

std::string hint(std::string_view written, std::span<const std::string_view> names) {
  if (const auto near = nearest(written, names)) return fmt::format("; did you mean \"{}\"?", *near);
  if (names.empty()) return {};
  if (names.size() <= kListed) return fmt::format("; known: {}", listed(names, "and"));
  return fmt::format("; known: {} and {} more", fmt::join(names.first(kListed), ", "), names.size() - kListed);
}

}  // namespace earshot::config
