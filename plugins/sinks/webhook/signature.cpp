#include "signature.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <memory>
#include <stdexcept>
#include <utility>

#include "common/text/base64.h"

namespace earshot {
namespace {

constexpr std::size_t kSeed = 32, kPublic = 32, kSignature = 64;  // bytes; RFC 8032, 5.1.5 and 5.1.6

unsigned char* bytes(std::string& s) { return reinterpret_cast<unsigned char*>(s.data()); }
const unsigned char* bytes(std::string_view s) { return reinterpret_cast<const unsigned char*>(s.data()); }

// Exactly what RFC 4648 §4 allows, with its padding.
std::optional<std::string> decode(std::string_view base64) {
  if (base64.empty() || base64.size() > 128 || base64.size() % 4 != 0) return std::nullopt;
  const std::size_t padding = base64.ends_with("==") ? 2 : base64.ends_with("=") ? 1 : 0;
  // EVP_DecodeBlock would take white space at the ends, and '=' anywhere, for data.
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  if (base64.substr(0, base64.size() - padding).find_first_not_of(alphabet) != std::string_view::npos)
    return std::nullopt;
  std::string out(base64.size() / 4 * 3, '\0');
  const int n = EVP_DecodeBlock(bytes(out), bytes(base64), static_cast<int>(base64.size()));
  if (n < 0) return std::nullopt;
  out.resize(static_cast<std::size_t>(n) - padding);
  return out;
}

using Pair = std::unique_ptr<EVP_PKEY, decltype([](EVP_PKEY* key) { EVP_PKEY_free(key); })>;
using Digest = std::unique_ptr<EVP_MD_CTX, decltype([](EVP_MD_CTX* context) { EVP_MD_CTX_free(context); })>;

Pair pair_of(std::string_view seed) {
  Pair pair{EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, bytes(seed), seed.size())};
  if (!pair) throw std::runtime_error("OpenSSL cannot make an ed25519 key");
  return pair;
}

std::string public_key(std::string_view seed) {
  std::string out(kPublic, '\0');
  std::size_t size = out.size();
  if (EVP_PKEY_get_raw_public_key(pair_of(seed).get(), bytes(out), &size) != 1 || size != kPublic)
    throw std::runtime_error("OpenSSL cannot compute an ed25519 public key");
  return out;
}

std::string ed25519(std::string_view seed, std::string_view content) {
  const Pair pair = pair_of(seed);
  const Digest digest{EVP_MD_CTX_new()};
  std::string out(kSignature, '\0');
  std::size_t size = out.size();
  if (!digest || EVP_DigestSignInit(digest.get(), nullptr, nullptr, nullptr, pair.get()) != 1 ||
      EVP_DigestSign(digest.get(), bytes(out), &size, bytes(content), content.size()) != 1 || size != kSignature)
    throw std::runtime_error("OpenSSL cannot sign with ed25519");
  return out;
}

std::string hmac_sha256(std::string_view key, std::string_view content) {
  std::string out(EVP_MAX_MD_SIZE, '\0');
  unsigned int size = 0;
  if (!HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes(content), content.size(), bytes(out), &size))
    throw std::runtime_error("OpenSSL cannot compute HMAC-SHA256");
  out.resize(size);
  return out;
}

}  // namespace

std::string signed_content(std::string_view id, std::string_view timestamp, std::string_view body) {
  std::string out;
  out.reserve(id.size() + timestamp.size() + body.size() + 2);
  return out.append(id).append(".").append(timestamp).append(".").append(body);
}

std::optional<SigningKey> SigningKey::read(std::string_view secret, plugin::Failure& failure) {
  const auto refuse = [&](const char* why) {
    failure(why);
    return std::nullopt;
  };
  if (secret.starts_with("whpk_"))
    return refuse(
        "secret is a public key (whpk_), which belongs to the receiver; put the secret key (whsk_) of the same pair "
        "here");
  const bool symmetric = secret.starts_with("whsec_");
  if (!symmetric && !secret.starts_with("whsk_"))
    return refuse(
        "secret must begin with \"whsec_\" (HMAC-SHA256) or \"whsk_\" (ed25519); `echo whsec_$(openssl rand -base64 "
        "32)` makes one");
  std::optional<std::string> key = decode(secret.substr(secret.find('_') + 1));
  if (symmetric) {
    if (!key || key->size() < 24 || key->size() > 64)
      return refuse(
          "secret must be \"whsec_\" followed by the base64 of 24 to 64 random bytes; `openssl rand -base64 32` makes "
          "one");
    return SigningKey{Scheme::hmac_sha256, *std::move(key)};
  }
  if (!key || (key->size() != kSeed && key->size() != kSeed + kPublic))
    return refuse(
        "secret must be \"whsk_\" followed by the base64 of an ed25519 key: its 32 bytes, or 64 with the public key; "
        "`openssl rand -base64 32` makes one");
  if (key->size() > kSeed &&
      std::string_view(*key).substr(kSeed) != public_key(std::string_view(*key).substr(0, kSeed)))
    return refuse("secret begins with whsk_, but the public key in its last 32 bytes is not that of its first 32");
  key->resize(kSeed);
  return SigningKey{Scheme::ed25519, *std::move(key)};
}

std::string SigningKey::sign(std::string_view content) const {
  return scheme_ == Scheme::ed25519 ? "v1a," + text::to_base64(ed25519(key_, content))
                                    : "v1," + text::to_base64(hmac_sha256(key_, content));
}

}  // namespace earshot
