// What stands after a field's colon: numbers, times, and values that are compared as a whole.
#pragma once

#include <re2/re2.h>

#include <optional>
#include <string>
#include <string_view>

#include "core/query/set.h"
#include "core/query/tree.h"

namespace earshot::query {

// Each reader returns nothing when all is well, else what the field takes ("a number, as in 100 or 2.5k").
bool read_compare(std::string_view& operand, Compare& compare);  // takes >= … off; true: there was none
std::optional<std::string> read_number(std::string_view text, double& number);                       // 100 2.5k 1M
std::optional<std::string> read_length(std::string_view text, std::int64_t& ms);                     // 24h 7d
std::optional<std::string> read_time(std::string_view text, std::int64_t& low, std::int64_t& high);  // [low, high) ms
std::optional<std::string> check_value(ValueField field, std::string_view text);

// Lower-cased by Unicode's full case folding, for values and names that are compared as a whole.
std::string fold_value(std::string_view text);
// The host of an absolute URL, lower-cased, without port and user; empty when there is none.
std::string host_of(std::string_view url);

// Whether the document has the value. `wanted` is folded; a * at its end stands for any rest.
bool value_holds(ValueField field, std::string_view wanted, const Document& document);
// Whether `have` compared with the constant holds; `low`, `high`: the constant as a half-open range.
bool compare_holds(Compare compare, double have, double number);
bool time_holds(Compare compare, std::int64_t have, std::int64_t low, std::int64_t high);

re2::RE2::Options regex_options(bool ignore_case);

}  // namespace earshot::query
