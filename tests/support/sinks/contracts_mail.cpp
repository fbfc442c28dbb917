// E-mail: the contract is that of the host's smtp: (plugin.h, MAIL), of RFC 5321 and of RFC 5322.
#include <algorithm>

#include "contracts.h"
#include "mime.h"

namespace earshot::test {

Contract email_contract() {
  Contract c;
  c.settings = R"({"server":"smtp.example.com","user":"u@acme.example","password":"S3CR3Tpassword",)"
               R"("from":"Earshot, Acme <earshot@acme.example>","to":["a@b.example","Bö <c@d.example>"]})";
  c.accepted = "2.0.0 Ok: queued as 4F2ABC";
  c.accepted_status = 250;
  c.mail = true;
  c.at = c.markdown = false;  // nobody is called by name in mail, and no mail program reads Markdown
  c.never = {"<script", "<img", "<at"};
  c.parsed = [](const Posted& p) { return std::vector{read_message(p.body).html}; };
  const auto at = [](const char* step, Pairs more = {}) {
    more.insert(more.begin(), {"step", step});
    return more;
  };
  c.replies = {
      {250, "2.0.0 Ok: queued as 4F2ABC", EARSHOT_DELIVERED, at("message", {{"taken", "a@b.example"}}), 0, 1, "4F2ABC"},
      {250, "OK", EARSHOT_DELIVERED, at("message", {{"taken", "a@b.example"}, {"refused", "550 c@d.example gone"}})},
      {250, "OK", EARSHOT_RETRY, at("message", {{"taken", "a@b.example"}, {"refused", "451 c@d.example later"}})},
      {421, "4.3.2 shutting down", EARSHOT_RETRY, at("greeting")},
      {450, "4.2.0 Greylisted", EARSHOT_RETRY, at("rcpt", {{"refused", "450 a@b.example Greylisted"}}), 300'000},
      {451, "4.7.1 try again in 90 seconds", EARSHOT_RETRY, at("rcpt"), 90'000},
      {451, "4.7.1 please come back in 7 minutes", EARSHOT_RETRY, at("mail"), 420'000},
      {452, "4.3.1 disk full", EARSHOT_RETRY, at("message")},
      {454, "4.7.0 try again later", EARSHOT_RETRY, at("auth")},
      {535, "5.7.8 bad credentials", EARSHOT_RETRY, at("auth"), 60'000, 1},
      {535, "5.7.8 bad credentials", EARSHOT_CHANNEL_GONE, at("auth"), 0, 2},
      {530, "5.7.0 log in first", EARSHOT_CHANNEL_GONE, at("mail"), 0, 2},
      {553, "5.7.1 not your address", EARSHOT_CHANNEL_GONE, at("mail"), 0, 2},
      {550, "5.1.1 no such user", EARSHOT_CHANNEL_GONE, at("rcpt"), 0, 2},
      {554, "5.7.1 no mail from you", EARSHOT_CHANNEL_GONE, at("greeting"), 0, 2},
      {552, "5.3.4 too big", EARSHOT_REJECTED, at("mail")},
      {554, "5.7.1 looks like spam", EARSHOT_REJECTED, at("message")},
      {550, "5.7.1 looks like spam", EARSHOT_REJECTED, at("data")},
      {503, "5.5.1 bad sequence", EARSHOT_REJECTED, at("data")},
  };
  c.refused = {
      R"({"server":"https://S3CR3T/","from":"a@b.example","to":"c@d.example"})",
      R"({"server":"m.example","from":"a@b.example\r\nBcc: S3CR3T@evil.example","to":"c@d.example"})",
      R"({"server":"m.example","from":"a@b.example","to":"c@d.example>\r\nRCPT TO:<S3CR3T@evil.example"})",
      R"({"server":"m.example","from":"a@b.example","to":[]})",
      R"({"server":"m.example","from":"a b@c.example","to":"S3CR3T"})",
      R"({"server":"m.example","from":"a@b.example","to":"c@d.example","user":"u"})",
      R"({"server":"m.example","from":"a@b.example","to":"c@d.example","user":"u","password":"S3CR3T","tls":"off"})",
      R"({"server":"m.example","from":"a@b.example","to":"c@d.example","user":"u","password":"S3CR3T\r\nx"})",
  };
  c.broken_limits = [](const Posted& p) {
    const Message m = read_message(p.body);
    std::vector<std::string> broken = m.wrong;
    at_most(p.body.size(), 400'000, "message", broken);
    at_most(m.html.size(), 102 * 1024, "HTML that Gmail shows whole", broken);
    at_most(m.header("Subject").size(), 700, "subject", broken);
    if (p.url != "smtp://smtp.example.com:587") broken.push_back(p.url);
    Pairs envelope{{"from", "earshot@acme.example"}, {"to", "a@b.example"},      {"to", "c@d.example"},
                   {"hello", "acme.example"},        {"user", "u@acme.example"}, {"password", "S3CR3Tpassword"}};
    if (p.headers != envelope) broken.emplace_back("envelope");
    for (const auto& [name, want] : std::initializer_list<std::pair<const char*, const char*>>{
             {"From", "\"Earshot, Acme\" <earshot@acme.example>"},
             {"To", "a@b.example, Bö <c@d.example>"},
             {"Auto-Submitted", "auto-generated"},
             {"MIME-Version", "1.0"}})
      if (m.header(name) != want) broken.push_back(std::string(name) + ": " + m.header(name));
    for (const char* name : {"Date", "Message-ID", "List-Id", "Subject"})
      if (std::ranges::count(m.headers, name, [](const auto& h) { return h.first; }) != 1)
        broken.push_back(std::string("not one ") + name);
    for (const auto& [name, value] : m.headers)  // what foreign text could bring in
      if (name == "Bcc" || name == "Cc" || name == "X-Priority") broken.push_back(name);
    for (const auto& [open, close] : {std::pair{"<a ", "</a>"},
                                      {"<b>", "</b>"},
                                      {"<blockquote", "</blockquote>"},
                                      {"<ul", "</ul>"},
                                      {"<p ", "</p>"}}) {
      int n = 0;
      for (std::size_t i = 0; (i = m.html.find(open, i)) != std::string::npos; ++i) ++n;
      for (std::size_t i = 0; (i = m.html.find(close, i)) != std::string::npos; ++i) --n;
      if (n != 0) broken.push_back(std::string("unbalanced ") + open);
    }
    if (m.text.empty() || m.html.empty()) broken.emplace_back("an empty part");
    return broken;
  };
  return c;
}

}  // namespace earshot::test
