// A sink's request for smtp(s): as the mail it stands for, and the server's word as the sink's response: what plugin.h
// says under MAIL.
#pragma once

#include "core/result.h"
#include "net/mail.h"
#include "plugin/exchange.h"

namespace earshot::run {

// Takes headers and body out of `request`. The error says what of the contract the plugin broke, without a value.
Result<net::Mail> to_mail(host::Request&& request);

net::Response to_response(const net::MailAnswer& answer, std::string_view url);

}  // namespace earshot::run
