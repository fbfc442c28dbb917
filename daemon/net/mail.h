// Hands one message to a submission server: SMTP (RFC 5321) with STARTTLS (RFC 3207) or TLS from the first byte
// (RFC 8314), AUTH (RFC 4954) and SIZE (RFC 1870), over the same resolver, guard, TLS and deadlines as fetch().
//
// Why not libcurl: its SMTP waits for the reply to QUIT inside whichever call closes the connection, so that one hung
// server would stop all mail of a multi handle, or cost a thread each; it brings a second resolver and trust store; and
// it tells the reply of each recipient only through its debug output.
//
// Threads, errors and ownership as in http.h. An HTTP proxy is not used.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "net/http.h"

namespace earshot::net {

// RFC 5321 §4.5.3.2 wants a client to be this patient. Nobody but the channel's own next alert waits meanwhile.
struct MailLimits {
  Duration resolve{10'000}, connect{10'000}, tls{10'000};
  Duration command{300'000};  // the greeting, and every reply but the following
  Duration data{120'000};     // to DATA
  Duration block{180'000};    // to take what is written
  Duration accept{600'000};   // to the end of the message: the server may be delivering it
  Duration goodbye{2'000};    // to QUIT, when all is over
  Duration whole{1'800'000};
};

struct Mail {
  enum class Security : std::uint8_t { starttls, implicit, off };
  std::string host;  // a name or an address
  std::uint16_t port = 587;
  Security security = Security::starttls;
  std::string user, password;  // no user: no AUTH. Never without TLS
  std::string hello;           // our name for EHLO: a domain, or an address in brackets
  std::string from;            // ASCII addr-spec
  std::vector<std::string> to;
  std::string message;                    // RFC 5322, ASCII, every line ended by CRLF
  const AddressPolicy* policy = nullptr;  // as in Request
  MailLimits limits;
};

struct MailAnswer {
  struct Refused {
    unsigned code = 0;
    std::string address, text;
  };
  unsigned code = 0;               // of the reply that decided: 250, or why nothing was taken
  std::string step;                // what that reply answers: greeting ehlo starttls auth mail rcpt data message
  std::string text;                // its words in one line, at most 1,000 bytes
  std::vector<std::string> taken;  // who will get it; nobody unless code is 2xx
  std::vector<Refused> refused;
};

// What is wrong with a mail, or nothing: an address, a line that would be read as something else, credentials without
// TLS.
std::optional<std::string> check_mail(const Mail& mail);

// A reply such as 550 is an answer, not an error. An error may mean that the server has the message nonetheless.
boost::asio::awaitable<Result<MailAnswer, FetchError>> send_mail(Client& client, Mail mail);

}  // namespace earshot::net
