#include "signature.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <stdexcept>

#include "common/text/base64.h"

namespace earshot {

std::optional<std::string> signing_key(std::string_view secret) {
  constexpr std::string_view prefix = "whsec_";
  if (!secret.starts_with(prefix)) return std::nullopt;
  secret.remove_prefix(prefix.size());
  if (secret.empty() || secret.size() > 128 || secret.size() % 4 != 0) return std::nullopt;
  const std::size_t padding = secret.ends_with("==") ? 2 : secret.ends_with("=") ? 1 : 0;
  // EVP_DecodeBlock would take white space at the ends, and '=' anywhere, for data.
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  if (secret.substr(0, secret.size() - padding).find_first_not_of(alphabet) != std::string_view::npos)
    return std::nullopt;
  std::string key(secret.size() / 4 * 3, '\0');
  const int n = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(key.data()),
                                reinterpret_cast<const unsigned char*>(secret.data()), static_cast<int>(secret.size()));
  if (n < 0) return std::nullopt;
  key.resize(static_cast<std::size_t>(n) - padding);
  if (key.size() < 24 || key.size() > 64) return std::nullopt;
  return key;
}

std::string signature(std::string_view key, std::string_view id, std::string_view timestamp, std::string_view body) {
  std::string text;
  text.reserve(id.size() + timestamp.size() + body.size() + 2);
  text.append(id).append(".").append(timestamp).append(".").append(body);
  unsigned char mac[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  if (!HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(text.data()),
            text.size(), mac, &size))
    throw std::runtime_error("OpenSSL cannot compute HMAC-SHA256");
  return "v1," + text::to_base64({reinterpret_cast<const char*>(mac), size});
}

}  // namespace earshot
