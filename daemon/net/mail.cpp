#include "net/mail.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "net/client.h"
#include "net/guard.h"
#include "net/mail_dialogue.h"

namespace earshot::net {
namespace {

constexpr std::size_t kLongestAddress = 254;  // RFC 5321 §4.5.3.1.3, without the brackets
constexpr std::size_t kMostRecipients = 100;  // §4.5.3.1.8: what every server takes at once
constexpr std::size_t kLongestLine = 998;     // RFC 5322 §2.1.1
constexpr std::size_t kLongestCredential = 4096;

// Nothing that could end the command or begin another parameter.
bool is_address(std::string_view text) {
  const std::size_t at = text.rfind('@');
  return at != std::string_view::npos && at > 0 && at + 1 < text.size() && text.size() <= kLongestAddress &&
         std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7F && c != '<' && c != '>'; });
}

bool is_hello(std::string_view text) {
  return !text.empty() && text.size() <= 255 && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view(".-:[]").find(c) != std::string_view::npos;
  });
}

// Every CR and LF is half of a CRLF: what a server might take for an end of line otherwise is how a message smuggles in
// another one.
bool is_message(std::string_view text) {
  if (!text.ends_with("\r\n")) return false;
  std::size_t line = 0;
  for (std::size_t i = 0; i < text.size(); ++i, ++line) {
    const char c = text[i];
    if (c == 0 || static_cast<unsigned char>(c) >= 0x80) return false;
    if (c == '\n') return false;
    if (c != '\r') continue;
    if (i + 1 == text.size() || text[i + 1] != '\n' || line > kLongestLine) return false;
    ++i;
    line = static_cast<std::size_t>(-1);
  }
  return true;
}

Failure lost(Operation& operation, const MailDialogue& dialogue, error_code error) {
  return operation.explain(fmt::format("the connection broke (step {}): {}", dialogue.step(),
                                       error == asio::error::eof || error == asio::ssl::error::stream_truncated
                                           ? "the server closed it"
                                           : error.message()));
}

// The last words; whatever comes of them, the mail's fate is known.
awaitable<void> leave(Operation& operation, const Mail& mail, Connection& connection) {
  static constexpr std::string_view kQuit = "QUIT\r\n";
  operation.enter(Step::header, mail.limits.goodbye, connection);
  const auto [error, written] = co_await connection.write(asio::buffer(kQuit));
  std::array<char, 512> bytes;
  if (!error && !operation.ended()) co_await connection.read_some(asio::buffer(bytes));
  operation.leave();
}

awaitable<Result<MailAnswer, Failure>> converse(Operation& operation, const Mail& mail, Route& route,
                                                const Limits& limits, Client::Impl& client, Connection& connection) {
  MailDialogue dialogue(mail);
  ReplyReader reader;
  std::array<char, 4096> bytes;
  while (dialogue.wants() != MailDialogue::Wants::nothing) {
    if (dialogue.wants() == MailDialogue::Wants::tls) {
      // Commands and replies smuggled in before the handshake would count as said after it (CVE-2011-0411).
      if (!reader.empty())
        co_return tl::unexpected(Failure{Step::tls, "the server, or somebody in between, answered what was not asked"});
      route.tls_host = mail.host;
      auto secured = co_await client.secure(operation, route, limits, connection);
      if (!secured) co_return tl::unexpected(std::move(secured.error()));
      dialogue.secured();
      continue;
    }
    const std::string out = dialogue.take();
    if (!out.empty()) {
      operation.enter(Step::send, mail.limits.block, connection);
      const auto [error, written] = co_await connection.write(asio::buffer(out));
      if (error || operation.ended()) co_return tl::unexpected(lost(operation, dialogue, error));
    }
    operation.enter(Step::header, dialogue.patience(), connection);
    std::optional<Reply> reply = reader.next();
    while (!reply) {
      if (reader.broken())
        co_return tl::unexpected(
            Failure{Step::header, fmt::format("what answers there does not speak SMTP (step {})", dialogue.step())});
      const auto [error, count] = co_await connection.read_some(asio::buffer(bytes));
      if (error || operation.ended()) co_return tl::unexpected(lost(operation, dialogue, error));
      reader.put({bytes.data(), count});
      reply = reader.next();
    }
    dialogue.put(*reply);
  }
  if (dialogue.failure()) co_return tl::unexpected(*dialogue.failure());
  co_await leave(operation, mail, connection);
  co_return std::move(dialogue.answer());
}

awaitable<Result<MailAnswer, FetchError>> perform(Client::Impl& client, Mail mail) {
  const bool implicit = mail.security == Mail::Security::implicit;
  std::string shown = fmt::format("{}://{}:{}", implicit ? "smtps" : "smtp", mail.host, mail.port);
  const auto fail_with = [&](const Failure& failure, bool timeout = false) {
    return tl::unexpected(to_error(shown, failure, timeout));
  };
  if (client.closed) co_return fail_with({Step::cancelled, "the client was closed"});
  if (!client.problem.empty()) co_return fail_with({Step::url, client.problem});
  if (auto wrong = check_mail(mail)) co_return fail_with({Step::url, *wrong});

  Operation operation(client.deadlines, co_await asio::this_coro::cancellation_state);
  client.operations.push_back(operation);
  Route route;
  route.host = mail.host;
  route.port = mail.port;
  route.ip = url::parse_ip(mail.host);
  if (implicit) route.tls_host = mail.host;
  route.http = false;
  route.key = shown;
  Request request;
  request.policy = mail.policy;
  request.limits.resolve = mail.limits.resolve;
  request.limits.connect = mail.limits.connect;
  request.limits.tls = mail.limits.tls;
  request.limits.whole = mail.limits.whole;
  Lent lent;
  Timings timings;
  auto dialled = co_await client.dial(operation, route, request, lent, timings);
  if (!dialled) co_return fail_with(dialled.error(), operation.timed_out());
  if (mail.security == Mail::Security::off && !(lent.connection->peer && not_public(*lent.connection->peer)))
    co_return fail_with(
        {Step::guard, "this server has a public address, and mail goes there only encrypted: leave tls: off away"});
  auto answer = co_await converse(operation, mail, route, request.limits, client, *lent.connection);
  if (!answer) co_return fail_with(answer.error(), operation.timed_out());
  co_return std::move(*answer);
}

}  // namespace

std::optional<std::string> check_mail(const Mail& mail) {
  if (mail.host.empty() || mail.port == 0) return "there is no server to send it to";
  if (!is_hello(mail.hello)) return "the name for EHLO is no domain";
  if (!is_address(mail.from)) return "the sender's address cannot be sent (ASCII, name@domain)";
  if (mail.to.empty()) return "there is no recipient";
  if (mail.to.size() > kMostRecipients) return fmt::format("there are more than {} recipients", kMostRecipients);
  if (!std::ranges::all_of(mail.to, is_address)) return "a recipient's address cannot be sent (ASCII, name@domain)";
  if (!mail.user.empty() && mail.security == Mail::Security::off)
    return "a user name and password are not sent without encryption";
  if (std::max(mail.user.size(), mail.password.size()) > kLongestCredential ||
      (mail.user + mail.password).find('\0') != std::string::npos)
    return "the user name and password cannot be sent";
  if (!is_message(mail.message)) return "the message is not ASCII in lines of at most 998 octets that end with CRLF";
  return std::nullopt;
}

awaitable<Result<MailAnswer, FetchError>> send_mail(Client& client, Mail mail) {
  const std::shared_ptr<Client::Impl> impl = client.impl();  // NOLINT(performance-unnecessary-copy-initialization): it
                                                             // must outlive the client
  const bool throws = co_await asio::this_coro::throw_if_cancelled();
  co_await asio::this_coro::throw_if_cancelled(false);
  auto result = co_await perform(*impl, std::move(mail));
  co_await asio::this_coro::throw_if_cancelled(throws);
  co_return result;
}

}  // namespace earshot::net
