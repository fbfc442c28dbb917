// One JSON item a line.
#pragma once

#include <string_view>

#include "common/source/warnings.h"
#include "sources/feed/reader.h"

namespace earshot::file {

// Whether the first line that is not blank is a JSON object of its own and no JSON Feed.
bool is_json_lines(std::string_view text);

// Gives every good line's item; a line that is none is a warning with its number.
void read_json_lines(std::string_view text, const feed::Limits& limits, feed::Output& output,
                     source::Warnings& warnings);

}  // namespace earshot::file
