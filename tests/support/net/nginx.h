// nginx from Debian on loopback, as a child, in a folder of its own: the server that benchmarks are measured against.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <string_view>

#include "support/net/tls.h"

namespace earshot::test {

class Nginx {
 public:
  // Serves www/ over HTTP and HTTPS, kept alive; what lies packed beside it (.gz) is sent packed. Below /closing/ the
  // same, with each connection closed after its answer.
  Nginx();
  ~Nginx();
  Nginx(const Nginx&) = delete;
  Nginx& operator=(const Nginx&) = delete;

  // Puts a document in, with its packed form.
  void put(std::string_view name, const std::string& document) const;
  std::filesystem::path www() const { return folder_ / "www"; }

  Authority authority;
  int port, tls_port;

 private:
  std::filesystem::path folder_;
  pid_t pid_ = 0;
};

// A port of 127.0.0.1 that is free now.
int free_port();
// A blocking connection to it, or -1.
int dial(int port);
std::string gzip(const std::string& plain);

}  // namespace earshot::test
