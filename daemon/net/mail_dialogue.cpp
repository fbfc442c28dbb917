#include "net/mail_dialogue.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "common/text/base64.h"
#include "net/text.h"

namespace earshot::net {
namespace {

// RFC 5321 §4.5.3.1.5 allows 512 octets a line; servers' explanations are longer now and then.
constexpr std::size_t kLongestLine = 4096, kMostLines = 128, kLongestText = 1000;

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
  return out;
}

bool digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

std::string Reply::text() const {
  std::string out;
  for (const std::string& line : lines) {
    if (line.empty()) continue;
    if (!out.empty()) out += ' ';
    out += line;
    if (out.size() > kLongestText) break;
  }
  out.resize(std::min(out.size(), kLongestText));
  return out;
}

std::optional<Reply> ReplyReader::next() {
  while (!broken_) {
    const std::size_t end = pending_.find('\n');
    if (end == std::string::npos) {
      broken_ = pending_.size() > kLongestLine;
      return std::nullopt;
    }
    std::string line = pending_.substr(0, end);
    pending_.erase(0, end + 1);
    if (line.ends_with('\r')) line.pop_back();
    const bool coded = line.size() >= 3 && line[0] >= '2' && line[0] <= '5' && digit(line[1]) && digit(line[2]);
    const char mark = line.size() > 3 ? line[3] : ' ';
    if (!coded || (mark != ' ' && mark != '-') || line.size() > kLongestLine || reply_.lines.size() >= kMostLines) {
      broken_ = true;
      return std::nullopt;
    }
    const unsigned code = static_cast<unsigned>((line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0'));
    if (!reply_.lines.empty() && code != reply_.code) {
      broken_ = true;
      return std::nullopt;
    }
    reply_.code = code;
    for (char& c : line)
      if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
    reply_.lines.push_back(line.size() > 4 ? line.substr(4) : std::string());
    if (mark == ' ') return std::exchange(reply_, {});
  }
  return std::nullopt;
}

std::string dot_stuffed(std::string_view message) {
  std::string out;
  out.reserve(message.size() + message.size() / 64 + 8);
  bool begins = true;
  for (const char c : message) {
    if (begins && c == '.') out += '.';
    out += c;
    begins = c == '\n';
  }
  out += ".\r\n";
  return out;
}

void MailDialogue::say(Step step, std::string_view line) {
  step_ = step;
  out_ += line;
  out_ += "\r\n";
  wants_ = Wants::reply;
}

void MailDialogue::end(const Reply& reply) {
  const bool accepted = step_ == Step::message && reply.code / 100 == 2;
  if (!accepted && reply.code < 400)
    return fail(net::Step::header, fmt::format("the server answered {} to {}, which is no SMTP", reply.code, step()));
  if (!accepted) answer_.taken.clear();
  answer_.code = reply.code;
  answer_.step = step();
  answer_.text = reply.text();
  wants_ = Wants::nothing;
}

void MailDialogue::fail(net::Step step, std::string text) {
  failure_ = Failure{step, std::move(text)};
  wants_ = Wants::nothing;
}

void MailDialogue::put(const Reply& reply) {
  // The server is about to close the connection, whatever was asked (§3.8, §4.2.1).
  if (reply.code == 421 && step_ != Step::greeting) return end(reply);
  switch (step_) {
    case Step::greeting:
      tls_ = mail_.security == Mail::Security::implicit;
      return reply.code == 220 ? hello() : end(reply);
    case Step::ehlo:
      if (reply.code != 250) return end(reply);
      extensions(reply);
      return after_hello();
    case Step::starttls:
      if (reply.code != 220) return end(reply);
      wants_ = Wants::tls;
      return;
    case Step::auth:
      if (reply.code == 235) return begin_mail();
      if (reply.code != 334 || secrets_.empty()) return end(reply);
      say(Step::auth, secrets_.back());
      secrets_.pop_back();
      return;
    case Step::mail: return reply.code == 250 ? next_recipient() : end(reply);
    case Step::rcpt: return put_recipient(reply);
    case Step::data:
      if (reply.code != 354) return end(reply);
      step_ = Step::message;
      out_ = dot_stuffed(mail_.message);
      return;
    case Step::message: return end(reply);
  }
}

void MailDialogue::hello() { say(Step::ehlo, "EHLO " + mail_.hello); }

void MailDialogue::secured() {
  tls_ = true;
  hello();  // what was said before is forgotten (RFC 3207 §4.2): anybody may have said it
}

void MailDialogue::extensions(const Reply& reply) {
  offers_tls_ = offers_size_ = false;
  size_ = 0;
  mechanisms_.clear();
  for (std::size_t i = 1; i < reply.lines.size(); ++i) {
    const std::string line = upper(reply.lines[i]);
    const std::string_view word = std::string_view(line).substr(0, line.find_first_of(" ="));
    const std::string_view rest = std::string_view(line).substr(std::min(word.size() + 1, line.size()));
    if (word == "STARTTLS") offers_tls_ = true;
    if (word == "SIZE") {
      offers_size_ = true;
      std::from_chars(rest.data(), rest.data() + rest.size(), size_);
    }
    if (word == "AUTH") mechanisms_ += fmt::format(" {} ", rest);  // "AUTH=LOGIN" is an old form of some servers
  }
}

void MailDialogue::after_hello() {
  if (mail_.security == Mail::Security::starttls && !tls_) {
    if (offers_tls_) return say(Step::starttls, "STARTTLS");
    return fail(net::Step::tls,
                "the server offers no STARTTLS on this port, or somebody in between takes it away; nothing was sent "
                "(a port with TLS from the first byte, often 465, needs tls: implicit)");
  }
  if (size_ > 0 && mail_.message.size() > size_) {
    step_ = Step::mail;
    return end({552, {fmt::format("the message has {} bytes, and the server takes {}", mail_.message.size(), size_)}});
  }
  mail_.user.empty() ? begin_mail() : authenticate();
}

void MailDialogue::authenticate() {
  if (mechanisms_.find(" PLAIN ") != std::string::npos) {
    using namespace std::string_literals;
    return say(Step::auth, "AUTH PLAIN " + text::to_base64("\0"s + mail_.user + "\0"s + mail_.password));
  }
  if (mechanisms_.find(" LOGIN ") != std::string::npos) {
    secrets_ = {text::to_base64(mail_.password), text::to_base64(mail_.user)};
    return say(Step::auth, "AUTH LOGIN");
  }
  fail(net::Step::header, mechanisms_.empty()
                              ? "the server takes no user name and password on this port (it offers no AUTH)"
                              : "the server wants another way to log in than AUTH PLAIN or LOGIN, such as OAuth; an "
                                "app password may do where there are such");
}

void MailDialogue::begin_mail() {
  std::string line = fmt::format("MAIL FROM:<{}>", mail_.from);
  if (offers_size_) line += fmt::format(" SIZE={}", mail_.message.size());
  say(Step::mail, line);
}

void MailDialogue::next_recipient() {
  if (recipient_ < mail_.to.size()) return say(Step::rcpt, fmt::format("RCPT TO:<{}>", mail_.to[recipient_]));
  if (!answer_.taken.empty()) return say(Step::data, "DATA");
  // Nobody: what may change by itself decides, so that nobody is lost who would be taken later.
  const auto later = std::ranges::find_if(answer_.refused, [](const auto& r) { return r.code / 100 == 4; });
  const MailAnswer::Refused& decides = later != answer_.refused.end() ? *later : answer_.refused.front();
  end({decides.code, {decides.text}});
}

void MailDialogue::put_recipient(const Reply& reply) {
  const std::string& address = mail_.to[recipient_++];
  if (reply.code / 100 == 2)
    answer_.taken.push_back(address);
  else
    answer_.refused.push_back({reply.code, address, reply.text()});
  next_recipient();
}

Duration MailDialogue::patience() const {
  switch (step_) {
    case Step::data: return mail_.limits.data;
    case Step::message: return mail_.limits.accept;
    default: return mail_.limits.command;
  }
}

std::string_view MailDialogue::step() const {
  switch (step_) {
    case Step::greeting: return "greeting";
    case Step::ehlo: return "ehlo";
    case Step::starttls: return "starttls";
    case Step::auth: return "auth";
    case Step::mail: return "mail";
    case Step::rcpt: return "rcpt";
    case Step::data: return "data";
    case Step::message: return "message";
  }
  return "";
}

}  // namespace earshot::net
