// Query text → tokens. Never fails on the whole: what is wrong becomes a problem and the rest is still cut up.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "core/query/tree.h"

namespace earshot::query {

// The tokens' places cover `text` without gap or overlap.
std::vector<Token> tokenize(std::string_view text, std::vector<Problem>& problems);

// What a field's name stands for, or nothing.
struct FieldName {
  enum Kind : std::uint8_t { text, value, number, time } kind;
  std::uint8_t mask = 0;
  ValueField value_field = ValueField::site;
  TimeField time_field = TimeField::published;
};
std::optional<FieldName> field_named(std::string_view name);

}  // namespace earshot::query
