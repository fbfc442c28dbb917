// Settings for an instance that nobody configured: `earshot parse` and the golden cases only need a plugin to start.
#pragma once

#include <string>
#include <string_view>

#include "core/result.h"

namespace earshot::host {

// The least JSON object that the schema's `required` asks for: of each property its default, else its first enum value
// or example, else the smallest value of its type; what is called "url" or has the format "uri" gets `url`.
Result<std::string> minimal_settings(std::string_view schema, std::string_view url);

}  // namespace earshot::host
