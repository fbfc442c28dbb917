// Numbers as bytes, little-endian, for the states that the store keeps. Internal to this room.
#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "core/time.h"

namespace earshot::schedule {

class Writer {
 public:
  template <std::integral T>
  void put(T value) {
    auto bits = static_cast<std::make_unsigned_t<T>>(value);
    for (std::size_t i = 0; i < sizeof(T); ++i) out_ += static_cast<char>(std::uint64_t{bits} >> (8 * i) & 0xff);
  }
  void put(float value) { put(std::bit_cast<std::uint32_t>(value)); }
  void put(Duration value) { put(static_cast<std::int64_t>(value.count())); }
  void put(Time value) { put(value.time_since_epoch()); }
  void put(std::string_view text) {
    put(static_cast<std::uint16_t>(text.size()));
    out_ += text;
  }
  std::string take() { return std::move(out_); }

 private:
  std::string out_;
};

// Reads what Writer wrote; after the end of the bytes everything is zero and good() is false.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  template <std::integral T>
  void get(T& value) {
    std::uint64_t bits = 0;
    if (rest_.size() < sizeof(T)) {
      good_ = false;
      rest_ = {};
    } else {
      for (std::size_t i = 0; i < sizeof(T); ++i)
        bits |= std::uint64_t{static_cast<unsigned char>(rest_[i])} << (8 * i);
      rest_.remove_prefix(sizeof(T));
    }
    value = static_cast<T>(bits);
  }
  void get(float& value) {
    std::uint32_t bits = 0;
    get(bits);
    value = std::bit_cast<float>(bits);
  }
  void get(Duration& value) {
    std::int64_t ms = 0;
    get(ms);
    value = Duration{ms};
  }
  void get(Time& value) {
    Duration since{};
    get(since);
    value = Time{since};
  }
  void get(std::string& text) {
    std::uint16_t size = 0;
    get(size);
    good_ = good_ && size <= rest_.size();
    text = good_ ? rest_.substr(0, size) : std::string_view{};
    rest_.remove_prefix(text.size());
  }
  bool good() const { return good_; }
  bool at_end() const { return rest_.empty(); }

 private:
  std::string_view rest_;
  bool good_ = true;
};

}  // namespace earshot::schedule
