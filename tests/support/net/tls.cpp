#include "support/net/tls.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <stdexcept>

namespace earshot::test {
namespace {

void require(bool good, const char* what) {
  if (!good) throw std::runtime_error(what);
}

void extend(X509* certificate, X509* issuer, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
  require(extension != nullptr, "X509V3_EXT_conf_nid");
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

// Without issuer the certificate signs itself.
X509* certify(EVP_PKEY* key, const char* subject, long from, long until, X509* issuer, EVP_PKEY* issuer_key,
              const std::vector<std::pair<int, std::string>>& extensions) {
  static long serial = 1;
  X509* certificate = X509_new();
  X509_set_version(certificate, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), ++serial);
  X509_gmtime_adj(X509_getm_notBefore(certificate), from);
  X509_gmtime_adj(X509_getm_notAfter(certificate), until);
  X509_set_pubkey(certificate, key);
  X509_NAME* name = X509_get_subject_name(certificate);
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(subject), -1, -1, 0);
  X509_set_issuer_name(certificate, issuer ? X509_get_subject_name(issuer) : name);
  for (const auto& [nid, value] : extensions) extend(certificate, issuer ? issuer : certificate, nid, value);
  require(X509_sign(certificate, issuer_key ? issuer_key : key, EVP_sha256()) > 0, "X509_sign");
  return certificate;
}

}  // namespace

Authority::Authority() : key_(EVP_EC_gen("P-256")) {
  require(key_ != nullptr, "EVP_EC_gen");
  root_ = certify(key_, "Earshot test authority", -7200, 7200, nullptr, nullptr,
                  {{NID_basic_constraints, "critical,CA:TRUE"}, {NID_key_usage, "critical,keyCertSign"}});
  const char* folder = std::getenv("TMPDIR");
  file_ = std::string(folder ? folder : "/tmp") + "/earshot-test-ca-XXXXXX";
  const int fd = mkstemp(file_.data());
  require(fd >= 0, "mkstemp");
  std::FILE* out = fdopen(fd, "w");
  PEM_write_X509(out, root_);
  std::fclose(out);
}

Authority::~Authority() {
  unlink(file_.c_str());
  X509_free(root_);
  EVP_PKEY_free(key_);
}

std::shared_ptr<SSL_CTX> Authority::server(const CertificateSettings& settings) const {
  std::string names;
  for (const auto& name : settings.names) names += (names.empty() ? "DNS:" : ",DNS:") + name;
  for (const auto& address : settings.addresses) names += (names.empty() ? "IP:" : ",IP:") + address;
  EVP_PKEY* key = EVP_EC_gen("P-256");
  require(key != nullptr, "EVP_EC_gen");
  X509* certificate =
      certify(key, "server", settings.valid_from, settings.valid_until, settings.self_signed ? nullptr : root_,
              settings.self_signed ? nullptr : key_, {{NID_subject_alt_name, names}});
  std::shared_ptr<SSL_CTX> context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
  require(SSL_CTX_use_certificate(context.get(), certificate) == 1 && SSL_CTX_use_PrivateKey(context.get(), key) == 1,
          "the certificate cannot be used");
  static constexpr unsigned char kSession[] = "earshot";
  SSL_CTX_set_session_id_context(context.get(), kSession, sizeof kSession);
  X509_free(certificate);
  EVP_PKEY_free(key);
  return context;
}

namespace {

std::string text_of(BIO* memory) {
  char* data = nullptr;
  const long length = BIO_get_mem_data(memory, &data);
  std::string out(data, static_cast<std::size_t>(length));
  BIO_free(memory);
  return out;
}

}  // namespace

std::string Authority::certificate_pem(const std::shared_ptr<SSL_CTX>& server) {
  BIO* memory = BIO_new(BIO_s_mem());
  PEM_write_bio_X509(memory, SSL_CTX_get0_certificate(server.get()));
  return text_of(memory);
}

std::string Authority::key_pem(const std::shared_ptr<SSL_CTX>& server) {
  BIO* memory = BIO_new(BIO_s_mem());
  PEM_write_bio_PrivateKey(memory, SSL_CTX_get0_privatekey(server.get()), nullptr, nullptr, 0, nullptr, nullptr);
  return text_of(memory);
}

}  // namespace earshot::test
