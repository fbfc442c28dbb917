// Who is one host to a polite client: a registrable domain with all its subdomains, because they are usually served by
// the same machines and always run by the same people.
#pragma once

#include <string>
#include <string_view>

namespace earshot::net {

// "feeds.news.example.co.uk" → "example.co.uk", by the Public Suffix List (publicsuffix.org), private section included:
// two blogs on github.io are two. `host` as url::Url has it, lower-case and in punycode. What has no registrable
// domain (an address, a public suffix itself, a name in a local network) is returned as it is.
std::string registrable(std::string_view host);

}  // namespace earshot::net
