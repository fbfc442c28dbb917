#include "net/registrable.h"

#include <libpsl.h>

#include <memory>

#include "core/url/ip.h"

namespace earshot::net {

std::string registrable(std::string_view host) {
  // The list of Debian's package publicsuffix where it is installed and newer, else the one built into the library.
  static const std::unique_ptr<psl_ctx_t, void (*)(psl_ctx_t*)> list{psl_latest(nullptr), psl_free};
  std::string name(host);
  if (list == nullptr || url::parse_ip(name)) return name;
  const char* domain = psl_registrable_domain(list.get(), name.c_str());
  return domain == nullptr ? name : std::string(domain);
}

}  // namespace earshot::net
