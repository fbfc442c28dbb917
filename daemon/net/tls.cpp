#include "net/tls.h"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "core/url/ip.h"

namespace earshot::net {
namespace {

constexpr std::size_t kSessionsKept = 10'000;  // origins; a session with its certificates takes 2 to 8 KiB
constexpr std::size_t kSessionsPerOrigin = 2;  // as many as OpenSSL-based servers hand out at once

int slot_index() {
  static const int index = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return index;
}

}  // namespace

TlsSessions::~TlsSessions() {
  for (auto& [name, origin] : origins_)
    for (SSL_SESSION* session : origin.sessions) SSL_SESSION_free(session);
}

void TlsSessions::put(const std::string& origin, SSL_SESSION* session) {
  const auto [it, is_new] = origins_.try_emplace(origin);
  if (is_new) {
    it->second.order = order_.insert(order_.end(), origin);
  } else {
    order_.splice(order_.end(), order_, it->second.order);
  }
  auto& sessions = it->second.sessions;
  sessions.push_back(session);
  if (sessions.size() > kSessionsPerOrigin) {
    SSL_SESSION_free(sessions.front());
    sessions.pop_front();
  }
  if (origins_.size() > most_) forget(std::string(order_.front()));
}

SSL_SESSION* TlsSessions::take(const std::string& origin) {
  const auto it = origins_.find(origin);
  if (it == origins_.end()) return nullptr;
  auto& sessions = it->second.sessions;
  SSL_SESSION* session = sessions.back();
  if (SSL_SESSION_get_protocol_version(session) < TLS1_3_VERSION) {
    SSL_SESSION_up_ref(session);
    return session;
  }
  sessions.pop_back();
  if (sessions.empty()) forget(origin);
  return session;
}

void TlsSessions::forget(const std::string& origin) {
  const auto it = origins_.find(origin);
  if (it == origins_.end()) return;
  for (SSL_SESSION* session : it->second.sessions) SSL_SESSION_free(session);
  order_.erase(it->second.order);
  origins_.erase(it);
}

Tls::Tls(const std::string& ca_file) : context_(asio::ssl::context::tls_client), sessions_(kSessionsKept) {
  SSL_CTX* const context = context_.native_handle();
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  // Honours SSL_CERT_FILE and SSL_CERT_DIR, as all programs with OpenSSL do.
  if (SSL_CTX_set_default_verify_paths(context) != 1)
    problem_ = "the system's trusted roots cannot be read (is ca-certificates installed?)";
  if (!ca_file.empty() && SSL_CTX_load_verify_file(context, ca_file.c_str()) != 1)
    problem_ = fmt::format("the file of trusted roots \"{}\" cannot be read as PEM certificates", ca_file);
  ERR_clear_error();
  // Our own cache, by origin; OpenSSL's client side has none to look sessions up in.
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
  SSL_CTX_sess_set_new_cb(context, [](SSL* ssl, SSL_SESSION* session) {
    auto* slot = static_cast<Slot*>(SSL_get_ex_data(ssl, slot_index()));
    if (slot == nullptr || slot->tls == nullptr) return 0;
    slot->tls->sessions_.put(slot->origin, session);
    return 1;
  });
}

std::optional<Failure> Tls::prepare(TlsStream& stream, const std::string& host, Slot& slot, bool http) {
  SSL* const ssl = stream.native_handle();
  if (!problem_.empty()) return Failure{Step::tls, problem_};
  const bool address = url::parse_ip(host).has_value();
  // Server Name Indication is for names only (RFC 6066 §3), without a final dot.
  std::string name = host;
  if (name.ends_with('.')) name.pop_back();
  const bool ready = address
                         ? X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), name.c_str()) == 1
                         : SSL_set1_host(ssl, name.c_str()) == 1 && SSL_set_tlsext_host_name(ssl, name.c_str()) == 1;
  if (!ready) return Failure{Step::tls, "the host's name cannot be used for TLS"};
  SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  static constexpr unsigned char kHttp11[] = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
  if (http) SSL_set_alpn_protos(ssl, kHttp11, sizeof kHttp11);
  SSL_set_ex_data(ssl, slot_index(), &slot);
  if (SSL_SESSION* session = sessions_.take(slot.origin); session != nullptr) {
    SSL_set_session(ssl, session);
    SSL_SESSION_free(session);
  }
  return std::nullopt;
}

Failure Tls::explain(TlsStream& stream, const std::string& host, error_code ec) {
  const long verdict = SSL_get_verify_result(stream.native_handle());
  if (verdict == X509_V_ERR_HOSTNAME_MISMATCH || verdict == X509_V_ERR_IP_ADDRESS_MISMATCH)
    return {Step::tls, fmt::format("the server's certificate is for other names than {}", host)};
  if (verdict != X509_V_OK)
    return {Step::tls,
            fmt::format("the server's certificate is not to be trusted: {}", X509_verify_cert_error_string(verdict))};
  if (ec == asio::error::eof || ec == asio::ssl::error::stream_truncated || ec == asio::error::connection_reset)
    return {Step::tls,
            "the server ended the TLS handshake (it may want another protocol version or no TLS on this port)"};
  const unsigned long code = static_cast<unsigned long>(ec.value());
  if (ec.category() == asio::error::get_ssl_category() && ERR_GET_LIB(code) == ERR_LIB_SSL) {
    switch (ERR_GET_REASON(code)) {
      case SSL_R_UNSUPPORTED_PROTOCOL:
      case SSL_R_TLSV1_ALERT_PROTOCOL_VERSION:
      case SSL_R_VERSION_TOO_LOW: return {Step::tls, "the server speaks no TLS 1.2 or newer"};
      case SSL_R_WRONG_VERSION_NUMBER:
        return {Step::tls, "what answers there does not speak TLS (another port, or one without TLS?)"};
      default: break;
    }
  }
  return {Step::tls, fmt::format("the TLS handshake failed: {}", ec.message())};
}

void Tls::keep_session(TlsStream& stream) {
  SSL* const ssl = stream.native_handle();
  if (SSL_is_init_finished(ssl) == 1) SSL_set_shutdown(ssl, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
}

}  // namespace earshot::net
