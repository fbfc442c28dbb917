#include "common/text/base64.h"

#include <openssl/evp.h>

#include <cstdint>

#include "common/text/space.h"

namespace earshot::text {

std::string from_base64(std::string_view s) {
  std::string out;
  std::uint32_t bits = 0;
  int n = 0;
  for (const char c : s) {
    std::uint32_t v;
    if (c >= 'A' && c <= 'Z')
      v = static_cast<std::uint32_t>(c - 'A');
    else if (c >= 'a' && c <= 'z')
      v = static_cast<std::uint32_t>(c - 'a' + 26);
    else if (is_digit(c))
      v = static_cast<std::uint32_t>(c - '0' + 52);
    else if (c == '+' || c == '-')
      v = 62;
    else if (c == '/' || c == '_')
      v = 63;
    else
      continue;
    bits = bits << 6 | v;
    if ((n += 6) >= 8) {
      n -= 8;
      out.push_back(static_cast<char>(bits >> n & 0xFF));
    }
  }
  return out;
}

std::string to_base64(std::string_view bytes) {
  std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0');  // EVP_EncodeBlock ends it with a NUL
  const int n = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  out.resize(static_cast<std::size_t>(n));
  return out;
}

}  // namespace earshot::text
