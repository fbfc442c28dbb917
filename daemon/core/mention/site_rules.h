// What is known of certain sites: the lists (*.txt) of this folder, read once. Internal to this room.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace earshot::mention {

// "www.", "m.", "mobile." and "amp." in front of a name that can stand alone, and known aliases, give the host under
// which the page is filed. `host` is lower-case ASCII without a final dot. Idempotent.
std::string filed_host(std::string_view host);

// `parameter` is "name" or "name=value" as it stands in the query.
bool is_tracking(std::string_view host, std::string_view parameter);

// The names of the parameters, separated by blanks, in which a redirect wrapper carries its page; empty for other
// addresses. `host` as filed.
std::string_view wrapper_parameters(std::string_view host, std::string_view path);

// google.com, google.co.uk, google.de …
bool is_google(std::string_view host);

}  // namespace earshot::mention
