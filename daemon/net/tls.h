// TLS as a client: one SSL_CTX for all connections, the system's trusted roots, and sessions kept for resumption.
#pragma once

#include <deque>
#include <list>
#include <string>
#include <unordered_map>

#include "net/asio/asio.h"
#include "net/decode.h"

namespace earshot::net {

using TlsStream = asio::ssl::stream<tcp::socket&>;

// Sessions by origin. A TLS 1.3 ticket is used once (RFC 8446 §C.4), a TLS 1.2 session as long as it lives.
class TlsSessions {
 public:
  explicit TlsSessions(std::size_t most) : most_(most) {}
  ~TlsSessions();
  TlsSessions(const TlsSessions&) = delete;
  TlsSessions& operator=(const TlsSessions&) = delete;

  void put(const std::string& origin, SSL_SESSION* session);  // takes the reference
  SSL_SESSION* take(const std::string& origin);               // a reference of the caller's own, or null

 private:
  struct Origin {
    std::deque<SSL_SESSION*> sessions;  // newest last
    std::list<std::string>::iterator order;
  };
  void forget(const std::string& origin);

  std::size_t most_;
  std::list<std::string> order_;  // least recently used first
  std::unordered_map<std::string, Origin> origins_;
};

class Tls {
 public:
  // `ca_file` adds roots to the system's. What is wrong with it is found in problem().
  explicit Tls(const std::string& ca_file);
  const std::string& problem() const { return problem_; }

  // One connection's part in the session cache; must outlive its stream.
  struct Slot {
    Tls* tls = nullptr;
    std::string origin;
  };

  // Makes a stream ready for a handshake with `host` (a name or an address, which the certificate has to name).
  // `http`: ALPN says so. Returns why it cannot, if it cannot.
  std::optional<Failure> prepare(TlsStream& stream, const std::string& host, Slot& slot, bool http = true);
  // A handshake failed: why, in words that help.
  static Failure explain(TlsStream& stream, const std::string& host, error_code ec);
  static bool resumed(TlsStream& stream) { return SSL_session_reused(stream.native_handle()) == 1; }
  // To be called before a stream is destroyed without a TLS shutdown: OpenSSL throws the session away otherwise.
  static void keep_session(TlsStream& stream);

  asio::ssl::context& context() { return context_; }

 private:
  asio::ssl::context context_;
  TlsSessions sessions_;
  std::string problem_;
};

}  // namespace earshot::net
