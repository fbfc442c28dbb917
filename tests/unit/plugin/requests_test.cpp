// What a plugin may have the host send.
#include "core/utf8.h"
#include "plugin/http_rules.h"
#include "script.h"

namespace earshot::host::test {
namespace {

class RequestsTest : public ScriptTest {
 protected:
  static Result<Round> of(const earshot_request& request, std::uint32_t capabilities = EARSHOT_STREAMS) {
    return round([&](const earshot_source_out& out) { out.request(out.ctx, &request); }, {}, capabilities);
  }
  static earshot_request request(std::string_view url, std::uint32_t flags = 0) {
    earshot_request out{};
    out.size = sizeof out;
    out.url = str(url);
    out.flags = flags;
    return out;
  }
  // What the contract's breach says, without the words before it.
  static std::string breach(const Result<Round>& result) {
    const std::string text = error(result), prefix = "name: the plugin scripted breaks its contract: source_begin ";
    return text.starts_with(prefix) ? text.substr(prefix.size()) : text;
  }
};

TEST_F(RequestsTest, EveryFieldArrives) {
  const earshot_pair headers[] = {{str("Accept"), str("text/html")}, {str("X-Empty"), {}}};
  earshot_request in = request("https://example.com/?q=1", EARSHOT_REQUEST_CONDITIONAL);
  in.method = str("PUT");
  in.headers = headers;
  in.n_headers = 2;
  in.body = str("body");
  in.tag = 42;
  const auto result = of(in);
  ASSERT_TRUE(result) << result.error().message;
  ASSERT_EQ(result->requests.size(), 1U);
  const Request& out = result->requests[0];
  EXPECT_EQ(out.method, "PUT");
  EXPECT_EQ(out.url, "https://example.com/?q=1");
  EXPECT_EQ(out.headers, (std::vector<std::pair<std::string, std::string>>{{"Accept", "text/html"}, {"X-Empty", ""}}));
  EXPECT_EQ(out.body, "body");
  EXPECT_EQ(out.tag, 42U);
  EXPECT_TRUE(out.conditional());
  EXPECT_FALSE(out.websocket());
}

TEST_F(RequestsTest, WhatABreachNamesIsTextOfOneLine) {
  const std::string said = error(of(request("htt\xD8ps\n://example.com/")));
  EXPECT_TRUE(is_valid_utf8(said)) << said;
  EXPECT_EQ(said.find('\n'), std::string::npos) << said;
}

TEST_F(RequestsTest, TheMethodFollowsFromTheBody) {
  earshot_request in = request("https://example.com/");
  EXPECT_EQ(of(in)->requests.at(0).method, "GET");
  in.body = str("x");
  EXPECT_EQ(of(in)->requests.at(0).method, "POST");
  for (const char* bad : {"GET ", "GET\r\nX: y", "G\xC3\x89T"}) {
    in.method = str(bad);
    EXPECT_EQ(breach(of(in)), "asks with a method that is no token of HTTP") << bad;
  }
  in.method = str("CONNECT");
  EXPECT_EQ(breach(of(in)), "asks with the method CONNECT, which is not for plugins");
}

TEST_F(RequestsTest, SchemesNeedTheirCapability) {
  struct {
    const char* url;
    std::uint32_t flags, capability;
  } const cases[] = {{"file:///var/log/feed.xml", 0, EARSHOT_NEEDS_FILES},
                     {"console:", 0, EARSHOT_NEEDS_CONSOLE},
                     {"wss://example.com/", EARSHOT_REQUEST_WEBSOCKET, EARSHOT_STREAMS},
                     {"ws://example.com/", EARSHOT_REQUEST_WEBSOCKET, EARSHOT_STREAMS},
                     {"https://example.com/events", EARSHOT_REQUEST_EVENTS, EARSHOT_STREAMS},
                     {"smtp://mail.example.com:587", 0, EARSHOT_NEEDS_SMTP},
                     {"SMTPS://mail.example.com:465", 0, EARSHOT_NEEDS_SMTP}};
  constexpr std::uint32_t all = EARSHOT_NEEDS_FILES | EARSHOT_NEEDS_CONSOLE | EARSHOT_STREAMS | EARSHOT_NEEDS_SMTP;
  for (const auto& c : cases) {
    EXPECT_TRUE(of(request(c.url, c.flags), c.capability)) << c.url;
    const std::uint32_t others = all & ~c.capability;
    EXPECT_NE(breach(of(request(c.url, c.flags), others)).find("among its capabilities"), std::string::npos) << c.url;
  }
  for (const char* bad : {"", "gopher://example.com/", "/relative", "example.com", "wss://example.com/", "https://",
                          "javascript:alert(1)", "https:example.com", "smtp://", "smtp:x"})
    EXPECT_FALSE(of(request(bad), all)) << bad;
  EXPECT_FALSE(of(request("https://example.com/", EARSHOT_REQUEST_WEBSOCKET), all));
  EXPECT_FALSE(of(request("https://example.com/a b"), all));
  EXPECT_FALSE(of(request("https://example.com/\r\nHost: evil"), all));
  EXPECT_FALSE(of(request("https://example.com/\xFF"), all));
}

TEST_F(RequestsTest, HeadersOfTheHostAreItsOwn) {
  for (const char* name : {"Host", "content-length", "Transfer-Encoding", "CONNECTION", "Keep-Alive", "Upgrade", "TE",
                           "Trailer", "Proxy-Authorization", "Expect", "Accept-Encoding", "Sec-WebSocket-Key"}) {
    const earshot_pair header{str(name), str("x")};
    earshot_request in = request("https://example.com/");
    in.headers = &header;
    in.n_headers = 1;
    EXPECT_EQ(breach(of(in)), std::string{"sets the header "} + name + ", which is the host's own");
  }
  for (const char* name : {"Authorization", "Sec-WebSocket-Protocol", "If-None-Match", "Hosts", "t"})
    EXPECT_TRUE(check_header(name, "x")) << name;
}

TEST_F(RequestsTest, NoHeaderHoldsAnother) {
  const std::string_view values[] = {"a\r\nX-Evil: 1", "a\nb",    "a\rb", std::string_view{"a\0b", 3},
                                     "a\x7F",          "\x1B[31m"};
  for (const std::string_view value : values) {
    const earshot_pair header{str("X-Test"), str(value)};
    earshot_request in = request("https://example.com/");
    in.headers = &header;
    in.n_headers = 1;
    EXPECT_EQ(breach(of(in)), "sets the header X-Test to a value with a control character in it");
  }
  for (const char* name : {"", "X Test", "X-Test:", "X\r\nY", "X\xC3\xA9"})
    EXPECT_FALSE(check_header(name, "x")) << name;
  EXPECT_TRUE(check_header("X-Test", "a\tb \xC3\xA9"));
}

TEST_F(RequestsTest, AreCapped) {
  Limits limits;
  limits.requests = 2;
  const auto result = round(
      [&](const earshot_source_out& out) {
        const earshot_request in = request("https://example.com/");
        EXPECT_EQ(out.request(out.ctx, &in), EARSHOT_OK);
        EXPECT_EQ(out.request(out.ctx, &in), EARSHOT_OK);
        EXPECT_EQ(out.request(out.ctx, &in), EARSHOT_FULL);
        EXPECT_EQ(out.request(out.ctx, &in), EARSHOT_FULL);
      },
      limits);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->requests.size(), 2U);
  EXPECT_EQ(result->warnings,
            std::vector<std::string>{"asks for more than 2 requests at once; the others are ignored"});

  const std::vector<earshot_pair> many(65, earshot_pair{str("X"), str("y")});
  earshot_request in = request("https://example.com/");
  in.headers = many.data();
  in.n_headers = many.size();
  EXPECT_EQ(breach(of(in)), "sets 65 headers; 64 are allowed");
  in.headers = nullptr;
  in.n_headers = 1;
  EXPECT_EQ(breach(of(in)), "hands over request headers as null with a length of 1");
}

TEST_F(RequestsTest, FramesAreSentOnlyWhereThereIsAStream) {
  EXPECT_EQ(breach(round([](const earshot_source_out& out) { out.send(out.ctx, "hi", 2); })),
            "sends a frame where there is no stream: only source_frame may");
  script().frame = [](const earshot_call*, const earshot_frame* frame, const earshot_source_out* out) {
    EXPECT_EQ(frame->kind, std::uint32_t{EARSHOT_FRAME_EVENT});
    EXPECT_EQ(frame->tag, 9U);
    EXPECT_EQ(text(frame->event) + text(frame->id) + text(frame->data), "update17data");
    out->send(out->ctx, "one", 3);
    return out->send(out->ctx, "two", 3);
  };
  const auto result = source()->frame({}, {FrameKind::event, 9, "update", "17", "data"});
  ASSERT_TRUE(result);
  EXPECT_EQ(result->sends, (std::vector<std::string>{"one", "two"}));
}

}  // namespace
}  // namespace earshot::host::test
