// A plugin's settings in words: what `earshot plugins NAME` prints of its JSON Schema.
#pragma once

#include <cstddef>
#include <string>

#include "core/config/schema.h"

namespace earshot::cli {

// One entry a setting, required ones first, nested ones under their dotted name:
//   interval   duration, default 15m, at least 1m
//     How often to ask.
// `width` is the number of columns to keep within.
std::string explain_schema(const config::Schema& schema, std::size_t width);

}  // namespace earshot::cli
