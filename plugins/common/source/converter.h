// Character encodings by name: ICU's converters, and a few old one-byte alphabets that only the C library has.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct UConverter;

namespace earshot::source {

// The name by which an encoding is known here: labels mean a superset in practice (WHATWG Encoding §4.2), and ICU
// spells some otherwise. What is not in the table stays as it is.
std::string_view standard_name(std::string_view label);

struct Converted {
  std::string utf8;
  std::size_t bad = 0;  // U+FFFD that came out
};

class Converter {
 public:
  // Nothing when nobody knows the encoding.
  static std::optional<Converter> open(std::string_view label);

  Converted convert(std::string_view bytes) const;
  bool one_byte_each() const;
  // UTF-16 or UTF-32.
  bool wide() const;

 private:
  struct Close {
    void operator()(UConverter* c) const;
  };
  std::unique_ptr<UConverter, Close> icu_;
  std::unique_ptr<char32_t[]> table_;  // of 256, where ICU does not know it
};

}  // namespace earshot::source
