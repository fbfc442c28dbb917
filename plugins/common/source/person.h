// Who wrote it: "mail (Name)", "Name <mail>", "Name", "mail".
#pragma once

#include <string>
#include <string_view>

namespace earshot::source {

// The name; the mail address where there is no name. `text` is plain text.
std::string person_name(std::string_view text);

}  // namespace earshot::source
