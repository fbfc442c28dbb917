// The templates of Intake, for the files that implement it.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <type_traits>

#include "plugin/intake.h"

namespace earshot::host {

template <class T>
std::optional<T> Intake::known(const T* from, std::string_view thing) {
  static_assert(std::is_trivially_copyable_v<T> && std::is_same_v<decltype(T::size), std::uint32_t>);
  if (!from) {
    breach(fmt::format("hands over a null {}", thing));
    return std::nullopt;
  }
  // Byte by byte: nothing says that the pointer is aligned, nor that more than `size` bytes are there.
  std::uint32_t size = 0;
  std::memcpy(&size, from, sizeof size);
  if (size < sizeof size) {
    breach(fmt::format("hands over {} of size {}; set `size` to sizeof(earshot_{})", thing, size, thing));
    return std::nullopt;
  }
  T value{};
  std::memcpy(static_cast<void*>(&value), from, std::min<std::size_t>(size, sizeof value));
  return value;
}

template <class T, class Take>
void Intake::each(const T* elements, std::size_t n, std::size_t max, const Where& where, Take&& take) {
  static_assert(std::is_trivially_copyable_v<T>);
  if (n == 0 || !readable(elements, n, sizeof(T), where)) return;
  if (n > max) warn(fmt::format("{} has {} entries; {} are kept", name(where), n, max));
  const auto* bytes = reinterpret_cast<const unsigned char*>(elements);
  for (std::size_t i = 0; i < std::min(n, max) && !broken_; ++i) {
    T element{};
    std::memcpy(static_cast<void*>(&element), bytes + i * sizeof(T), sizeof element);
    take(element);
  }
}

}  // namespace earshot::host
