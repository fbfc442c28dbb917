// Standard Webhooks signatures (standard-webhooks specification, "Webhook signature"), symmetric scheme v1.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace earshot {

// The HMAC key of a secret "whsec_" + base64 of 24–64 bytes: the decoded bytes. Nothing when it is no such secret.
std::optional<std::string> signing_key(std::string_view secret);

// "v1,<base64 of HMAC-SHA256(key, id.timestamp.body)>". `id` holds no '.'; `timestamp` is in seconds, decimal.
std::string signature(std::string_view key, std::string_view id, std::string_view timestamp, std::string_view body);

}  // namespace earshot
