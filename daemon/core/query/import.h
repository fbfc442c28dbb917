// Queries written for other tools, rewritten in Earshot's language as far as it goes.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/query/query.h"

namespace earshot::query {

enum class Dialect { meltwater, talkwalker, brandwatch, x, google };

std::optional<Dialect> dialect(std::string_view name);

struct Imported {
  std::string query;            // parses with parse()
  std::vector<Problem> losses;  // what could not be carried over, or means something slightly different; bytes of the
                                // original text
};

// Fails only when nothing usable is left or brackets and quotes do not close.
Result<Imported, std::vector<Problem>> import_query(Dialect from, std::string_view text);

}  // namespace earshot::query
