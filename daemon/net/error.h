// What can go wrong between asking for a URL and having its bytes.
#pragma once

#include <cstdint>
#include <string>

#include "core/result.h"

namespace earshot::net {

// The steps of a fetch, in their order; an error names the one that failed.
enum class Step : std::uint8_t {
  url,        // what was asked for is no URL or header that can be sent
  guard,      // the address is not to be talked to (private, metadata, blocked port)
  queue,      // no free connection within the time allowed
  resolve,    // DNS
  connect,    // TCP, or a proxy that would not tunnel
  tls,        // handshake or certificate
  send,       // writing the request
  header,     // waiting for, or reading, status line and headers
  body,       // reading the body
  decode,     // undoing Content-Encoding
  redirect,   // loop, too many, https → http, unusable Location
  limit,      // larger than the caller allows
  cancelled,  // by the caller, or the client was closed
};

// "dns", "tls" …: one lower-case word for metrics and JSON.
const char* to_string(Step step);

struct FetchError {
  Step step = Step::url;
  std::string message;     // a sentence: what, where, what to do; URLs in it are redacted
  bool retryable = false;  // the same request may well succeed later
  bool timeout = false;    // a time limit of that step ended it
};

}  // namespace earshot::net
