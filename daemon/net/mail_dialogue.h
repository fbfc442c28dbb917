// The client's side of SMTP without a socket: replies in, commands out.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "net/decode.h"
#include "net/mail.h"

namespace earshot::net {

struct Reply {
  unsigned code = 0;               // 200 … 599
  std::vector<std::string> lines;  // without code, printable
  std::string text() const;        // one line, at most 1,000 bytes
};

// Bytes → replies (RFC 5321 §4.2). Lenient about a bare LF, strict about everything that could hide a reply.
class ReplyReader {
 public:
  void put(std::string_view bytes) { pending_ += bytes; }
  // The next whole reply; nothing: more bytes are needed, or it is broken().
  std::optional<Reply> next();
  bool broken() const { return broken_; }
  // Nothing came that was not asked for.
  bool empty() const { return pending_.empty() && reply_.lines.empty(); }

 private:
  std::string pending_;
  Reply reply_;
  bool broken_ = false;
};

class MailDialogue {
 public:
  // `mail` passes check_mail() and must outlive this.
  explicit MailDialogue(const Mail& mail) : mail_(mail) {}

  enum class Wants : std::uint8_t {
    reply,  // after what take() gives has been sent
    tls,    // a handshake, then secured()
    nothing
  };
  Wants wants() const { return wants_; }
  std::string take() { return std::exchange(out_, {}); }
  void put(const Reply& reply);
  void secured();

  // How long the next reply may take.
  Duration patience() const;
  // What of it was answered last, for people: "greeting", "rcpt" …
  std::string_view step() const;
  // Ended without a reply to go by.
  const std::optional<Failure>& failure() const { return failure_; }
  MailAnswer& answer() { return answer_; }

 private:
  enum class Step : std::uint8_t { greeting, ehlo, starttls, auth, mail, rcpt, data, message };

  void say(Step step, std::string_view line);
  void end(const Reply& reply);
  void fail(net::Step step, std::string text);
  void hello();
  void extensions(const Reply& reply);
  void after_hello();
  void authenticate();
  void begin_mail();
  void next_recipient();
  void put_recipient(const Reply& reply);

  const Mail& mail_;
  Step step_ = Step::greeting;
  Wants wants_ = Wants::reply;
  std::string out_;
  MailAnswer answer_;
  std::optional<Failure> failure_;
  bool tls_ = false, offers_tls_ = false, offers_size_ = false;
  std::uint64_t size_ = 0;            // the most the server takes; 0: not said
  std::string mechanisms_;            // " PLAIN LOGIN "
  std::vector<std::string> secrets_;  // still to be said in AUTH, the next one last
  std::size_t recipient_ = 0;
};

// The message as DATA carries it: dots doubled at the beginnings of lines, and the final dot (§4.5.2).
std::string dot_stuffed(std::string_view message);

}  // namespace earshot::net
