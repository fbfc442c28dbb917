// Alerts by e-mail through a submission server (RFC 6409). The host speaks SMTP; here the message is made and the
// server's replies are read.
#include <earshot/plugin.hpp>

#include "common/sink/answer.h"
#include "common/sink/card.h"
#include "common/sink/clean.h"
#include "common/sink/settings.h"
#include "common/text/base64.h"
#include "embedded.h"
#include "message.h"
#include "reply.h"

namespace earshot {
namespace {

using plugin::Call;
using plugin::Failure;
using plugin::Outcome;
using plugin::Request;

constexpr std::int64_t kSubmission = 587, kSubmissions = 465;  // RFC 6409 §3.1, RFC 8314 §3.3

class Email final : public plugin::Sink {
 public:
  Email(const sink::Settings& settings, Failure& failure) {
    const std::string server = settings.text("server"), tls = settings.text("tls");
    const std::int64_t port = settings.integer("port", tls == "implicit" ? kSubmissions : kSubmission);
    const bool implicit = tls == "implicit" || (tls.empty() && port == kSubmissions);
    unencrypted_ = tls == "off";
    if (server.empty() || server.find_first_of("/@?# <>\r\n") != std::string::npos ||
        server.find("://") != std::string::npos)
      failure("server must be the name or address of the mail server alone, such as smtp.example.com");
    if (port < 1 || port > 65535) failure("port must be between 1 and 65535");
    const bool v6 = server.find(':') != std::string::npos && !server.starts_with('[');
    url_ = (implicit ? "smtps://" : "smtp://") + (v6 ? "[" + server + "]" : server) + ":" + std::to_string(port);

    user_ = settings.text("user");
    password_ = settings.text("password");
    if (user_.empty() != password_.empty()) failure("user and password belong together: give both, or neither");
    if (unencrypted_ && !user_.empty())
      failure("tls: off would show the password to everybody in between; leave tls away, or user and password");
    if (user_.find_first_of("\r\n") != std::string::npos || password_.find_first_of("\r\n") != std::string::npos)
      failure("user and password must be one line each");
    secrets_.add(password_);
    secrets_.add(text::to_base64(password_));
    using namespace std::string_literals;
    if (!password_.empty()) secrets_.add(text::to_base64("\0"s + user_ + "\0"s + password_));

    if (auto from = mime::mailbox(settings.text("from")))
      head_.from = std::move(*from);
    else
      failure("from must be an address such as \"Earshot <earshot@acme.example>\"");
    for (const std::string& text : settings.texts("to")) {
      if (auto to = mime::mailbox(text))
        head_.to.push_back(std::move(*to));
      else
        failure(
            "every line of to must be an address such as team@acme.example (ASCII; an international domain in its "
            "xn-- form)");
    }
    if (head_.to.empty()) failure("to must name at least one recipient");
    head_.prefix = sink::clean_line(settings.text("subject_prefix"));
  }

  Request request(const Call& call, const earshot_alert& alert, Failure&) override {
    const Progress progress = Progress::read(call.state);
    Request out;
    out.url = url_;
    out.headers.push_back({"from", head_.from.address});
    std::size_t left = 0;
    for (const mime::Mailbox& to : head_.to) left += progress.is_done(to.address) ? 0 : 1;
    for (const mime::Mailbox& to : head_.to)  // all again where the settings changed so that nobody would be left
      if (left == 0 || !progress.is_done(to.address)) out.headers.push_back({"to", to.address});
    out.headers.push_back({"hello", std::string(head_.from.domain())});
    if (!user_.empty()) {
      out.headers.push_back({"user", user_});
      out.headers.push_back({"password", password_});
    }
    if (unencrypted_) out.headers.push_back({"tls", "off"});
    out.body = message(alert, head_);
    return out;
  }

  Outcome outcome(const Call& call, const earshot_alert& alert, const plugin::Response& response, Failure&) override {
    return judge({"the mail server", call, alert, response, secrets_}, Progress::read(call.state));
  }

 private:
  std::string url_, user_, password_;
  bool unencrypted_ = false;
  Letterhead head_;
  sink::Secrets secrets_;
};

std::unique_ptr<plugin::Sink> create(const plugin::Config& config, Failure& failure) {
  const sink::Settings settings(config, failure);
  return std::make_unique<Email>(settings, failure);
}

constexpr plugin::Info kInfo{"email",
                             "0.1.0",
                             "Sends alerts by e-mail through an SMTP submission server",
                             embedded::schema,
                             embedded::sample,
                             EARSHOT_NEEDS_SMTP,
                             {},
                             sink::kTextsMinor};

}  // namespace
}  // namespace earshot

EARSHOT_SINK_PLUGIN(earshot::kInfo, earshot::create)
