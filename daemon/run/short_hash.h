// Of a name, where it has to stand in a delivery id: eight hex digits instead of what people call things.
#pragma once

#include <xxhash.h>

#include <cstdint>
#include <string_view>

namespace earshot::run {

inline std::uint32_t short_hash(std::string_view name) {
  return static_cast<std::uint32_t>(XXH3_64bits(name.data(), name.size()));
}

}  // namespace earshot::run
