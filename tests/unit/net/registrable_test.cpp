#include "net/registrable.h"

#include <gtest/gtest.h>

namespace earshot::net {
namespace {

TEST(Registrable, ADomainIsOneHostWithItsSubdomains) {
  for (const auto& [host, domain] : std::initializer_list<std::pair<const char*, const char*>>{
           {"example.com", "example.com"},
           {"feeds.news.example.com", "example.com"},
           {"www.example.co.uk", "example.co.uk"},  // co.uk is nobody's
           {"ann.github.io", "ann.github.io"},      // private section: two people
           {"a.b.ann.github.io", "ann.github.io"},
           {"www.xn--85x722f.com.cn", "xn--85x722f.com.cn"},
           {"co.uk", "co.uk"},  // a suffix itself
           {"localhost", "localhost"},
           {"wiki.intranet", "wiki.intranet"},  // an unlisted ending counts as one (publicsuffix.org, rule *)
           {"192.0.2.7", "192.0.2.7"},
           {"2001:db8::7", "2001:db8::7"},
           {"", ""}})
    EXPECT_EQ(registrable(host), domain) << host;
}

}  // namespace
}  // namespace earshot::net
