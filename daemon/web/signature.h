// What a hub signs its deliveries with: X-Hub-Signature (WebSub, section 7).
#pragma once

#include <string_view>

namespace earshot::web {

// `header` is "sha256=<hex>", or with sha1, sha384 or sha512, and is the HMAC of the body with that secret. Compared in
// constant time; an empty secret signs nothing.
bool signed_with(std::string_view secret, std::string_view header, std::string_view body);

}  // namespace earshot::web
