// "did you mean …": the nearest of the names that would have been right.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace earshot::config {

// The nearest name by edits (insert, delete, replace, swap of neighbours; case and -/_ count for nothing), if it is
// near enough to be what was meant: one edit in three characters. Names over 64 bytes are never near.
std::optional<std::string_view> nearest(std::string_view written, std::span<const std::string_view> names);

// ; did you mean "x"? — or ; known: a, b and c (at most twelve of them) — or nothing when there are no names.
std::string hint(std::string_view written, std::span<const std::string_view> names);

// "a", "a or b", "a, b or c".
std::string listed(std::span<const std::string_view> names, std::string_view joint);

}  // namespace earshot::config
