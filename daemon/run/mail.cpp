#include "run/mail.h"

#include <fmt/format.h>

#include <charconv>
#include <utility>

#include "core/url/url.h"

namespace earshot::run {
namespace {

// "smtp://mail.example.com:587" → host and port, the name as DNS takes it.
Status read_server(net::Mail& mail, std::string_view url) {
  const std::size_t begin = url.find("://") + 3;
  const std::string_view authority = url.substr(begin, url.find_first_of("/?#", begin) - begin);
  const std::size_t colon = authority.rfind(':');
  std::uint16_t port = 0;
  if (colon != std::string_view::npos && authority.find(']', colon) == std::string_view::npos)
    std::from_chars(authority.data() + colon + 1, authority.data() + authority.size(), port);
  if (port == 0) return fail("asks to send mail to a URL without a port");
  if (authority.find('@') != std::string_view::npos) return fail("asks to send mail to a URL with a user name in it");
  auto host = url::normalise_host(authority.substr(0, colon));
  if (!host) return fail("asks to send mail to a host that is none");
  mail.host = std::move(*host);
  mail.port = port;
  return {};
}

}  // namespace

Result<net::Mail> to_mail(host::Request&& request) {
  net::Mail mail;
  if (const Status read = read_server(mail, request.url); !read) return tl::unexpected(read.error());
  const bool implicit = (request.url[4] | 0x20) == 's';
  mail.security = implicit ? net::Mail::Security::implicit : net::Mail::Security::starttls;
  for (auto& [name, value] : request.headers) {
    if (name == "from")
      mail.from = std::move(value);
    else if (name == "to")
      mail.to.push_back(std::move(value));
    else if (name == "hello")
      mail.hello = std::move(value);
    else if (name == "user")
      mail.user = std::move(value);
    else if (name == "password")
      mail.password = std::move(value);
    else if (name == "tls" && value == "off" && !implicit)
      mail.security = net::Mail::Security::off;
    else
      return fail(fmt::format("asks to send mail with the header {}, which means nothing there", name));
  }
  mail.message = std::move(request.body);
  if (auto wrong = net::check_mail(mail)) return fail(std::move(*wrong));
  return mail;
}

net::Response to_response(const net::MailAnswer& answer, std::string_view url) {
  net::Response response;
  response.status = answer.code;
  response.url = url;
  response.body = answer.text;
  response.headers.push_back({"step", answer.step});
  for (const std::string& address : answer.taken) response.headers.push_back({"taken", address});
  for (const net::MailAnswer::Refused& refused : answer.refused)
    response.headers.push_back({"refused", fmt::format("{} {} {}", refused.code, refused.address, refused.text)});
  return response;
}

}  // namespace earshot::run
