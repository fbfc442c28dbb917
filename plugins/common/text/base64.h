// Base64 (RFC 4648): as it is found in feeds, and as it is written.
#pragma once

#include <string>
#include <string_view>

namespace earshot::text {

// The bytes that `s` stands for, in the usual alphabet or the one for URLs (RFC 4648 §4 and §5). Padding, white space
// and whatever else does not belong are passed over; a last group that is cut off gives its whole bytes.
std::string from_base64(std::string_view s);

// In the usual alphabet, padded, in one line (RFC 4648 §4).
std::string to_base64(std::string_view bytes);

}  // namespace earshot::text
