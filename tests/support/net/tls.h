// Certificates made on the spot, for servers that have to be believed, or not.
#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <string>
#include <vector>

namespace earshot::test {

struct CertificateSettings {
  std::vector<std::string> names = {"localhost"};  // DNS names
  std::vector<std::string> addresses = {"127.0.0.1", "::1"};
  long valid_from = -3600, valid_until = 3600;  // seconds from now
  bool self_signed = false;                     // else signed by the authority
};

// A certificate authority that lives in a test; its root is a PEM file for Options::ca_file.
class Authority {
 public:
  Authority();
  ~Authority();
  Authority(const Authority&) = delete;
  Authority& operator=(const Authority&) = delete;
  const std::string& file() const { return file_; }
  // A server's SSL_CTX with a certificate made to those settings.
  std::shared_ptr<SSL_CTX> server(const CertificateSettings& settings = {}) const;
  // The certificate and key of such a server, for programs that read files.
  static std::string certificate_pem(const std::shared_ptr<SSL_CTX>& server);
  static std::string key_pem(const std::shared_ptr<SSL_CTX>& server);

 private:
  EVP_PKEY* key_;
  X509* root_;
  std::string file_;
};

}  // namespace earshot::test
