// An alert as a whole message: multipart/alternative of plain text and HTML, made to be read on a phone.
#pragma once

#include <earshot/plugin.h>

#include <string>
#include <vector>

#include "mime.h"

namespace earshot {

struct Letterhead {
  mime::Mailbox from;
  std::vector<mime::Mailbox> to;
  std::string prefix;  // before every subject; may be empty
};

// RFC 5322. The same alert gives the same bytes at every try. Its Message-ID is made of the delivery id, so whoever
// gets it twice can tell; alerts about one story refer to one id, which no message has, and so make one thread (as
// RFC 5322 §3.6.4 allows: clients sort by what is referred to).
std::string message(const earshot_alert& alert, const Letterhead& head);

}  // namespace earshot
