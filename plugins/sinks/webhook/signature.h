// Standard Webhooks signatures (standard-webhooks specification, "Signature scheme"): symmetric v1, asymmetric v1a.
#pragma once

#include <earshot/plugin.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace earshot {

// What is signed: "id.timestamp.body". `id` holds no '.'; `timestamp` is in seconds, decimal.
std::string signed_content(std::string_view id, std::string_view timestamp, std::string_view body);

class SigningKey {
 public:
  // Of a secret as it stands in the settings:
  //   "whsec_" + base64 of 24–64 bytes: the key of HMAC-SHA256.
  //   "whsk_" + base64 of an ed25519 key: the 32-byte seed (RFC 8032, 5.1.5: "private key"), or the 64 bytes of seed
  //   and public key. The specification says no more than "standard ed25519 key pair, base64 encoded"; the seed is what
  //   its Go library takes (standard-webhooks pull request 253, NewKeyFromSeed), the pair what Svix's server keeps
  //   (KeyPair::from_slice in core/cryptography.rs), as do Go and libsodium.
  // Nothing when it is no such secret; `failure` says what is wrong with it, and nothing of it.
  static std::optional<SigningKey> read(std::string_view secret, plugin::Failure& failure);

  // "v1,<base64 of HMAC-SHA256>" or "v1a,<base64 of the 64-byte signature>" of the signed content.
  std::string sign(std::string_view content) const;

 private:
  enum class Scheme { hmac_sha256, ed25519 };
  SigningKey(Scheme scheme, std::string key) : scheme_(scheme), key_(std::move(key)) {}

  Scheme scheme_;
  std::string key_;  // of HMAC; the seed
};

}  // namespace earshot
