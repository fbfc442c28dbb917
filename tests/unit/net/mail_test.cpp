// Mail: the dialogue by itself, and over real sockets.
#include "net/mail.h"

#include "fixture.h"
#include "net/mail_dialogue.h"

namespace earshot::net {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using Wants = MailDialogue::Wants;

Mail mail() {
  Mail out;
  out.host = "localhost";
  out.security = Mail::Security::off;
  out.hello = "acme.example";
  out.from = "earshot@acme.example";
  out.to = {"a@b.example"};
  out.message = "Subject: x\r\n\r\n.one\r\n..\r\n";
  return out;
}

// What a client says to a server that gives these replies, "→ reply" and "← commands" in turn; then how it ended.
std::string talk(const Mail& what, const std::vector<std::string>& replies) {
  MailDialogue dialogue(what);
  std::string said;
  for (const std::string& bytes : replies) {
    if (dialogue.wants() == Wants::nothing) return said + "(ended before all was said)";
    if (dialogue.wants() == Wants::tls) {
      said += "TLS ";
      dialogue.secured();
    }
    said += dialogue.take();
    ReplyReader reader;
    reader.put(bytes + "\r\n");
    const auto reply = reader.next();
    if (!reply) return said + "(no reply)";
    dialogue.put(*reply);
  }
  if (dialogue.wants() == Wants::tls) return said + "wants TLS";
  said += dialogue.take();
  if (dialogue.wants() != Wants::nothing) return said + "waits at " + std::string(dialogue.step());
  if (dialogue.failure()) return said + "failed: " + dialogue.failure()->text;
  const MailAnswer& a = dialogue.answer();
  said += std::to_string(a.code) + " to " + a.step + " (" + a.text + ")";
  for (const std::string& address : a.taken) said += " +" + address;
  for (const MailAnswer::Refused& r : a.refused) said += " -" + r.address + " " + std::to_string(r.code) + " " + r.text;
  return said;
}

TEST(MailDialogue, TheShortestWay) {
  EXPECT_EQ(talk(mail(), {"220 hello", "250 hi", "250 ok", "250 ok", "354 go on", "250 2.0.0 queued as 7"}),
            "EHLO acme.example\r\nMAIL FROM:<earshot@acme.example>\r\nRCPT TO:<a@b.example>\r\nDATA\r\n"
            "Subject: x\r\n\r\n..one\r\n...\r\n.\r\n"
            "250 to message (2.0.0 queued as 7) +a@b.example");
}

TEST(MailDialogue, NothingIsSaidBeforeStartTls) {
  Mail m = mail();
  m.security = Mail::Security::starttls;
  m.user = "u";
  m.password = "p";
  EXPECT_EQ(talk(m, {"220 hello", "250-hi\r\n250-AUTH PLAIN\r\n250 STARTTLS", "220 go",
                     "250-hi\r\n250-SIZE 0\r\n250 AUTH LOGIN PLAIN", "235 ok"}),
            "EHLO acme.example\r\nSTARTTLS\r\nTLS EHLO acme.example\r\nAUTH PLAIN AHUAcA==\r\n"
            "MAIL FROM:<earshot@acme.example> SIZE=24\r\nwaits at mail");
  EXPECT_THAT(talk(m, {"220 hello", "250-hi\r\n250 AUTH PLAIN"}), HasSubstr("failed: the server offers no STARTTLS"));
  EXPECT_EQ(talk(m, {"220 hello", "250-hi\r\n250 STARTTLS", "454 no TLS now"}),
            "EHLO acme.example\r\nSTARTTLS\r\n454 to starttls (no TLS now)");
  // What was offered before the handshake counts no more.
  EXPECT_THAT(talk(m, {"220 hello", "250-AUTH PLAIN\r\n250 STARTTLS", "220 go", "250 hi"}),
              HasSubstr("offers no AUTH"));
}

TEST(MailDialogue, LogsInAsTheServerWantsIt) {
  Mail m = mail();
  m.security = Mail::Security::implicit;
  m.user = "u";
  m.password = "p";
  EXPECT_EQ(talk(m, {"220 hello", "250-hi\r\n250 AUTH=LOGIN", "334 VXNlcm5hbWU6", "334 UGFzc3dvcmQ6", "535 5.7.8 no"}),
            "EHLO acme.example\r\nAUTH LOGIN\r\ndQ==\r\ncA==\r\n535 to auth (5.7.8 no)");
  EXPECT_THAT(talk(m, {"220 hello", "250-hi\r\n250 AUTH XOAUTH2"}), HasSubstr("failed: the server wants another way"));
  EXPECT_EQ(talk(m, {"220 hello", "250 AUTH LOGIN"}).find("dQ=="), std::string::npos);
  // A server that keeps asking is told nothing twice.
  EXPECT_THAT(talk(m, {"220 hello", "250-hi\r\n250 AUTH PLAIN", "334 more"}), HasSubstr("no SMTP"));
}

TEST(MailDialogue, SomeRecipientsMayBeRefused) {
  Mail m = mail();
  m.to = {"a@b.example", "c@d.example", "e@f.example"};
  EXPECT_THAT(talk(m, {"220 hello", "250 hi", "250 ok", "250 ok", "550-5.1.1 no\r\n550 such user", "451 later",
                       "354 go", "250 ok"}),
              HasSubstr("250 to message (ok) +a@b.example -c@d.example 550 5.1.1 no such user -e@f.example 451 later"));
  // Nobody is left: what may change by itself decides.
  EXPECT_THAT(talk(m, {"220 hello", "250 hi", "250 ok", "550 no", "451 later", "550 no"}),
              HasSubstr("451 to rcpt (later)"));
  EXPECT_THAT(talk(m, {"220 hello", "250 hi", "250 ok", "550 no", "551 no", "553 no"}),
              HasSubstr("550 to rcpt (no) -a@b"));
  // Those it had accepted get nothing, either, when it then refuses the message or hangs up.
  EXPECT_THAT(talk(m, {"220 hello", "250 hi", "250 ok", "250 ok", "421 bye"}), testing::EndsWith("421 to rcpt (bye)"));
  EXPECT_THAT(talk(m, {"220 hello", "250 hi", "250 ok", "250 ok", "250 ok", "250 ok", "354 go", "554 spam"}),
              testing::EndsWith("554 to message (spam)"));
}

TEST(MailDialogue, WhatIsNoRefusalAndNoSuccessIsNoSmtp) {
  for (const std::vector<std::string>& replies : {std::vector<std::string>{"250 hello"},
                                                  {"220 hello", "220 hi"},
                                                  {"220 hello", "250 hi", "354 ok"},
                                                  {"220 hello", "250 hi", "250 ok", "250 ok", "250 done"},
                                                  {"220 hello", "250 hi", "250 ok", "250 ok", "354 go", "354 more"}})
    EXPECT_THAT(talk(mail(), replies), HasSubstr("which is no SMTP")) << replies.back();
  EXPECT_THAT(talk(mail(), {"554 go away"}), "554 to greeting (go away)");
}

TEST(MailDialogue, ATooLargeMessageIsNotSent) {
  EXPECT_THAT(talk(mail(), {"220 hello", "250-hi\r\n250 SIZE 10"}), HasSubstr("552 to mail (the message has 24 bytes"));
}

TEST(ReplyReader, TakesRepliesInPiecesAndRefusesWhatIsNone) {
  ReplyReader reader;
  for (const char c : std::string("250-one\r\n250-\r\n250 two\r\n")) reader.put({&c, 1});
  const auto reply = reader.next();
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->code, 250U);
  EXPECT_THAT(reply->lines, ElementsAre("one", "", "two"));
  EXPECT_TRUE(reader.empty());
  for (const std::string& bad :
       {std::string("HTTP/1.1 400 Bad Request\r\n"), std::string("25\r\n"), std::string("2500 x\r\n"),
        std::string("250-a\r\n251 b\r\n"), std::string("150 x\r\n"), std::string("650 x\r\n"), std::string(5000, 'x'),
        std::string("\r\n"), std::string("250_x\r\n")}) {
    ReplyReader broken;
    broken.put(bad);
    EXPECT_FALSE(broken.next()) << bad;
    EXPECT_TRUE(broken.broken()) << bad;
  }
  ReplyReader endless;
  for (int i = 0; i < 1000; ++i) endless.put("250-more\r\n");
  EXPECT_FALSE(endless.next());
  EXPECT_TRUE(endless.broken());
  ReplyReader controls;
  controls.put("550 a\x1b[31m\tb\x7f\n");
  EXPECT_EQ(controls.next()->text(), "a [31m b ");
}

TEST(CheckMail, NothingThatCouldBeReadAsSomethingElse) {
  EXPECT_EQ(check_mail(mail()), std::nullopt);
  for (const char* bad : {"", "a", "@b", "a@", "a b@c", "a@b>", "a@b\r\nRCPT TO:<c@d>", "ä@b.example", "a@b\n"}) {
    Mail m = mail();
    m.to.emplace_back(bad);
    EXPECT_TRUE(check_mail(m)) << bad;
    m = mail();
    m.from = bad;
    EXPECT_TRUE(check_mail(m)) << bad;
  }
  // SMTP smuggling: an end of line that only one side takes for one.
  for (const std::string& bad : {std::string(""), std::string("x"), std::string("x\n"), std::string("x\r\n.\n\r\n"),
                                 std::string("x\r.\r\n"), std::string("x\n.\r\n"), std::string("\xc3\xa4\r\n"),
                                 std::string("a\0b\r\n", 5), std::string(999, 'x') + "\r\n", std::string("x\r\n\r")}) {
    Mail m = mail();
    m.message = bad;
    EXPECT_TRUE(check_mail(m)) << bad;
  }
  Mail m = mail();
  m.message = std::string(998, 'x') + "\r\n";
  EXPECT_FALSE(check_mail(m));
  m.user = "u";
  EXPECT_TRUE(check_mail(m)) << "credentials without TLS";
  m = mail();
  m.hello = "x\r\nMAIL";
  EXPECT_TRUE(check_mail(m));
}

class MailOverSockets : public NetTest {
 protected:
  using Sent = Result<MailAnswer, FetchError>;

  Mail to(const Server& server) const {
    Mail m = mail();
    m.host = "127.0.0.1";
    m.port = server.port();
    m.policy = &local_;
    return m;
  }
  Sent send(Mail m) { return test::run(io_, send_mail(client(), std::move(m))); }
  static std::string failure(const Sent& sent) {
    return sent ? "no error" : std::string(to_string(sent.error().step)) + ": " + sent.error().message;
  }
  // Answers each line that comes with the next reply, and the message with one.
  Server::Script replies(std::vector<std::string> given) {
    return [this, given](Peer& peer) -> awaitable<void> {
      std::size_t next = 0;
      std::string pending;
      bool in_message = false;
      if (!co_await peer.send(given[next++] + "\r\n")) co_return;
      while (next < given.size()) {
        const std::string end = in_message ? "\r\n.\r\n" : "\r\n";
        const std::size_t at = pending.find(end);
        if (at == std::string::npos) {
          std::array<char, 4096> bytes;
          const std::size_t n = co_await peer.read_some(asio::buffer(bytes));
          if (n == 0) co_return;
          pending.append(bytes.data(), n);
          continue;
        }
        lines_.push_back(pending.substr(0, at));
        in_message = lines_.back() == "DATA";
        pending.erase(0, at + end.size());
        const std::string reply = given[next++] + "\r\n";
        if (!co_await peer.send(reply)) co_return;
      }
      co_await peer.until_closed();
    };
  }

  std::vector<std::string> lines_;
};

TEST_F(MailOverSockets, Arrives) {
  Server server(io_, replies({"220 hello", "250 hi", "250 ok", "250 ok", "354 go", "250 queued as 1", "221 bye"}));
  const Sent sent = send(to(server));
  ASSERT_TRUE(sent) << failure(sent);
  EXPECT_EQ(sent->code, 250U);
  EXPECT_THAT(sent->taken, ElementsAre("a@b.example"));
  EXPECT_THAT(lines_, ElementsAre("EHLO acme.example", "MAIL FROM:<earshot@acme.example>", "RCPT TO:<a@b.example>",
                                  "DATA", "Subject: x\r\n\r\n..one\r\n...", "QUIT"));
}

TEST_F(MailOverSockets, OverTlsFromTheFirstByte) {
  Server server(
      io_,
      replies({"220 hello", "250-hi\r\n250 AUTH PLAIN", "235 ok", "250 ok", "250 ok", "354 go", "250 ok", "221 bye"}),
      authority_.server());
  Mail m = to(server);
  m.security = Mail::Security::implicit;
  m.user = "u";
  m.password = "p";
  const Sent sent = send(m);
  ASSERT_TRUE(sent) << failure(sent);
  EXPECT_EQ(sent->step, "message");
  const test::Authority stranger;
  Server other(io_, replies({"220 hello"}), stranger.server());
  m = to(other);
  m.security = Mail::Security::implicit;
  EXPECT_THAT(failure(send(m)), HasSubstr("tls: "));
  EXPECT_THAT(failure(send(m)), HasSubstr("not to be trusted"));
}

TEST_F(MailOverSockets, AServerThatNeverSaysGoodbyeIsLeft) {
  Server server(io_, replies({"220 hello", "250 hi", "250 ok", "250 ok", "354 go", "250 ok"}));
  Mail m = to(server);
  m.limits.goodbye = Duration{20};
  const Sent sent = send(m);
  ASSERT_TRUE(sent) << failure(sent);
  EXPECT_EQ(sent->code, 250U);
}

TEST_F(MailOverSockets, ASilentServerIsLeftInTime) {
  Server server(io_, replies({"220 hello", "250 hi"}));
  Mail m = to(server);
  m.limits.command = Duration{50};
  const Sent sent = send(m);
  ASSERT_FALSE(sent);
  EXPECT_TRUE(sent.error().timeout);
  EXPECT_TRUE(sent.error().retryable);
  EXPECT_THAT(failure(sent), HasSubstr("did not answer within"));
}

TEST_F(MailOverSockets, ALostConnectionIsNoAnswer) {
  Server server(io_, [](Peer& peer) -> awaitable<void> {
    co_await peer.send("220 hello\r\n");
    peer.close();
  });
  const Sent sent = send(to(server));
  ASSERT_FALSE(sent);
  EXPECT_TRUE(sent.error().retryable);
  EXPECT_THAT(failure(sent), HasSubstr("step ehlo"));
  Server web(io_, [](Peer& peer) -> awaitable<void> {
    co_await peer.send("HTTP/1.1 400 Bad Request\r\n\r\n");
    co_await peer.until_closed();
  });
  EXPECT_THAT(failure(send(to(web))), HasSubstr("does not speak SMTP"));
}

TEST_F(MailOverSockets, EndsWithTheClient) {
  Server server(io_, replies({"220 hello"}));
  std::optional<Sent> sent;
  asio::co_spawn(io_, send_mail(client(), to(server)),
                 [&](const std::exception_ptr&, Sent result) { sent = std::move(result); });
  while (lines_.empty() && server.open == 0) io_.run_one();
  client().close();
  while (!sent) io_.run_one();
  EXPECT_EQ(sent->error().step, Step::cancelled);
}

TEST_F(MailOverSockets, PrivateServersNeedLeave) {
  Server server(io_, replies({"220 hello"}));
  Mail m = to(server);
  m.policy = nullptr;
  EXPECT_THAT(failure(send(m)), HasSubstr("guard: "));
  EXPECT_EQ(server.connections, 0);
}

}  // namespace
}  // namespace earshot::net
