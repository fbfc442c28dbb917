#include "web/signature.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <string>

namespace earshot::web {
namespace {

const EVP_MD* method(std::string_view name) {
  if (name == "sha256") return EVP_sha256();
  if (name == "sha1") return EVP_sha1();
  if (name == "sha384") return EVP_sha384();
  if (name == "sha512") return EVP_sha512();
  return nullptr;
}

int nibble(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

bool signed_with(std::string_view secret, std::string_view header, std::string_view body) {
  const std::size_t equals = header.find('=');
  if (secret.empty() || equals == header.npos) return false;
  const EVP_MD* hash = method(header.substr(0, equals));
  if (!hash) return false;
  std::array<unsigned char, EVP_MAX_MD_SIZE> ours{}, theirs{};
  unsigned size = 0;
  if (!HMAC(hash, secret.data(), static_cast<int>(secret.size()), reinterpret_cast<const unsigned char*>(body.data()),
            body.size(), ours.data(), &size))
    return false;
  const std::string_view hex = header.substr(equals + 1);
  if (hex.size() != 2 * std::size_t{size}) return false;
  for (std::size_t i = 0; i < size; ++i) {
    const int high = nibble(hex[2 * i]), low = nibble(hex[2 * i + 1]);
    if (high < 0 || low < 0) return false;
    theirs[i] = static_cast<unsigned char>(high << 4 | low);
  }
  return CRYPTO_memcmp(ours.data(), theirs.data(), size) == 0;
}

}  // namespace earshot::web
