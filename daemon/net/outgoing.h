// A request → the bytes that are sent. Pure.
#pragma once

#include <string>

#include "net/decode.h"
#include "net/http.h"

namespace earshot::net {

// What cannot be sent as it is: a method or header that is none, or one that belongs to the client.
std::optional<Failure> check_request(const Request& request);

// "earshot/1.0 (+team@example.com)"; what could break a header line is left out.
std::string user_agent(const Options& options);

// "Basic dXNlcjpwdw==" from a URL's credentials.
std::string basic_authorization(const url::Url& url);

struct Outgoing {
  std::string_view method;
  const url::Url* url = nullptr;
  const Headers* headers = nullptr;
  const Validators* validators = nullptr;
  std::string_view body;
  std::string_view user_agent;
  std::string_view proxy_authorization;  // set: the request goes to a proxy in absolute form, if not tunnelled
  bool absolute_form = false;
};

// Appends request line, headers and body.
void write_request(const Outgoing& what, std::string& to);

// After a redirect to another origin only headers that say what is wanted go along, none that may say who asks:
// everything but Accept, Accept-Language, Accept-Encoding, A-IM, Cache-Control and User-Agent is dropped.
void drop_credentials(Headers& headers);

}  // namespace earshot::net
