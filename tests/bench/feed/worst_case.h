// Documents that a reader with a quadratic corner would choke on.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace earshot::bench {

struct Hostile {
  std::string_view name;
  std::string_view before, unit, after;  // `unit` is repeated to the size that is asked for
};

const std::vector<Hostile>& hostile_shapes();
std::string hostile_document(const Hostile& shape, std::size_t size);

}  // namespace earshot::bench
