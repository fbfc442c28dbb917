// What a plugin may have the host send, and what an answer's status means where the plugin leaves it to the host.
#pragma once

#include <cstdint>
#include <string_view>

#include "core/result.h"
#include "core/time.h"
#include "plugin/exchange.h"

namespace earshot::host {

// http:// or https:// (any case), a host, and no space or control character anywhere.
bool is_http_url(std::string_view url);

// smtp:// or smtps:// and a host.
bool is_mail_url(std::string_view url);

// Whether a plugin of these capabilities may ask for this URL: http and https always; ws and wss as a WebSocket with
// EARSHOT_STREAMS, which event streams need too; file: with EARSHOT_NEEDS_FILES; console: with EARSHOT_NEEDS_CONSOLE;
// smtp and smtps with EARSHOT_NEEDS_SMTP.
Status check_request_url(std::string_view url, std::uint32_t flags, std::uint32_t capabilities);

// A method is a token of RFC 9110 §5.6.2; CONNECT and TRACE are the host's business and refused (§9.3.6, §9.3.8).
Status check_method(std::string_view method);

// A header's name is a token and none that frames the message or belongs to the connection: Host, Content-Length,
// Transfer-Encoding, Connection and the other hop-by-hop ones (RFC 9110 §7.6.1), Expect, Accept-Encoding (the host
// undoes the coding), and what opens a WebSocket except its subprotocol. A value has no control character but the tab
// (§5.5), so none can begin a further header line.
Status check_header(std::string_view name, std::string_view value);

// Delivered on 2xx; retry on 408, 425, 429 and 5xx, not before Retry-After; channel gone on 401, 403, 404 and 410;
// rejected on all others. `longest` caps the wait.
Outcome outcome_of_status(const Response& response, Time now, Duration longest);

// The same for a server's reply to mail (RFC 5321 §4.2.1), which shares numbers with HTTP and nothing else: delivered
// on 2xx; channel gone when AUTH or STARTTLS got a 5xx; rejected on any other 5xx; retry on all else.
Outcome outcome_of_reply(const Response& response);

}  // namespace earshot::host
