// The Link header (RFC 8288, section 3), as far as a listener needs it: where a relation points to.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace earshot::url {

// The target of the first link of that relation in the value of a Link header, as written; nothing when there is none.
// Relations are compared without case; a link with an `anchor` speaks of another document and is passed over. Lenient:
// what is ill-formed is passed over.
std::optional<std::string> link_target(std::string_view header, std::string_view relation);

}  // namespace earshot::url
