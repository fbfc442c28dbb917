// JSON as it is found in the wild.
#pragma once

#include <boost/json/storage_ptr.hpp>
#include <boost/json/value.hpp>
#include <string>
#include <string_view>

#include "common/source/warnings.h"

namespace earshot::feed {

// Strictly first (RFC 8259); then, with a warning, without what hand-made JSON gets wrong: commas too many or too few,
// comments, line ends inside strings, unknown escapes, half surrogate pairs, NaN, text behind the end; then a body that
// was cut off, up to its last whole item. Null, with the strict parser's reason in `error`, where nothing helps.
boost::json::value parse_json(std::string_view text, const boost::json::storage_ptr& memory, source::Warnings& warnings,
                              std::string& error);

}  // namespace earshot::feed
