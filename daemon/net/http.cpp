#include "net/http.h"

#include <algorithm>

#include "net/text.h"

namespace earshot::net {

const char* to_string(Step step) {
  switch (step) {
    case Step::url: return "url";
    case Step::guard: return "guard";
    case Step::queue: return "queue";
    case Step::resolve: return "dns";
    case Step::connect: return "connect";
    case Step::tls: return "tls";
    case Step::send: return "send";
    case Step::header: return "header";
    case Step::body: return "body";
    case Step::decode: return "decode";
    case Step::redirect: return "redirect";
    case Step::limit: return "limit";
    case Step::cancelled: return "cancelled";
  }
  return "unknown";
}

const std::string* Headers::find(std::string_view name) const {
  const auto it = std::ranges::find_if(*this, [&](const Header& h) { return same_word(h.name, name); });
  return it == end() ? nullptr : &it->value;
}

std::string_view Response::permanent_url() const {
  std::string_view last;
  for (const Hop& hop : hops) {
    if (hop.status != 301 && hop.status != 308) break;
    last = hop.url;
  }
  return last;
}

}  // namespace earshot::net
