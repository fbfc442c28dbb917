// What the owners of sites ask of those who poll them, kept by whole polls: server → client → plugin → pace → store.
#include "polls.h"

namespace earshot::run {
namespace {

using namespace std::chrono_literals;
using testing::Each;
using testing::ElementsAre;

using Manners = Polls;

std::string sent_etag(const std::string& request) { return header_of(request, "If-None-Match"); }
std::string sent_date(const std::string& request) { return header_of(request, "If-Modified-Since"); }
std::string path(const std::string& request) { return request.substr(4, request.find(' ', 4) - 4); }
std::vector<std::string> paths(const Server& server) {
  std::vector<std::string> out;
  for (const std::string& request : server.requests) out.push_back(path(request));
  return out;
}

TEST_F(Manners, ARequestSaysWhoAsksAndForWhatAndNoMore) {
  Server server(io_, saying({feed({"a"}, "Set-Cookie: id=1\r\n"), feed({"a"})}));
  source(server.url("/feed?b=2&a=%7e|x"));
  poll();
  poll();
  ASSERT_EQ(server.requests.size(), 2U);  // one a poll: no HEAD, no favicon, no home page
  for (const std::string& request : server.requests) {
    EXPECT_TRUE(request.starts_with("GET /feed?b=2&a=%7e|x HTTP/1.1\r\n")) << request;  // the URL as it was given
    EXPECT_EQ(header_of(request, "User-Agent"), "Earshot/" EARSHOT_VERSION " (team@example.com)");
    for (const char* type : {"application/atom+xml", "application/rss+xml", "application/feed+json"})
      EXPECT_THAT(header_of(request, "Accept"), testing::HasSubstr(type));
    EXPECT_EQ(header_of(request, "Accept-Encoding"), "gzip, deflate, br");
    EXPECT_EQ(header_of(request, "A-IM"), "feed");
    for (const char* none : {"Cookie", "Referer", "Origin", "From", "Connection"})
      EXPECT_EQ(header_of(request, none), "") << none;
  }
}

TEST_F(Manners, ValidatorsAreThoseOfTheLastGoodCopy) {
  const std::string odd = "W/not quoted, \xC3\xA9", date = "sometime in May";
  const std::string broken = "HTTP/1.1 200 OK\r\nETag: \"cut\"\r\nContent-Length: 9999\r\n\r\n<rss><channel>";
  Server server(io_, [&](Peer& peer) -> asio::awaitable<void> {
    const std::vector<std::string> answers = {
        feed({"a"}, "ETag: " + odd + "\r\nLast-Modified: " + date + "\r\n"),
        answer("500 Oops", "ETag: \"500\"\r\n"),
        answer("429 Slow", "ETag: \"429\"\r\n"),
        answer("503 Later", "Last-Modified: never\r\n"),
        test::ok("<html><body>Welcome</body></html>", "Content-Type: text/html\r\nETag: \"page\"\r\n"),
        broken,
        "HTTP/1.1 304 Not Modified\r\n\r\n",
        "HTTP/1.1 304 Not Modified\r\nETag: \"new\"\r\n\r\n",
        feed({"a", "b"}),
        feed({"a", "b"})};
    while (co_await peer.request()) {
      const std::string bytes = answers[std::min(said_++, answers.size() - 1)];
      co_await peer.send(bytes);
      if (bytes == broken) co_return;
    }
  });
  source(server.url("/feed"));
  for (int i = 0; i < 10; ++i) poll();
  ASSERT_EQ(server.requests.size(), 10U);
  EXPECT_EQ(sent_etag(server.requests[0]), "");  // none invented
  EXPECT_EQ(sent_date(server.requests[0]), "");
  for (std::size_t i = 1; i <= 7; ++i) {  // whatever went wrong in between, and over a 304 without any
    EXPECT_EQ(sent_etag(server.requests[i]), odd) << i;
    EXPECT_EQ(sent_date(server.requests[i]), date) << i;
  }
  EXPECT_EQ(sent_etag(server.requests[8]), "\"new\"");  // the 304's own
  EXPECT_EQ(sent_date(server.requests[8]), date);
  EXPECT_EQ(sent_etag(server.requests[9]), "");  // a 200 without any clears them
  EXPECT_EQ(sent_date(server.requests[9]), "");
}

TEST_F(Manners, ADeltaIsTakenAsWhatIsNew) {
  std::string delta = feed({"b"}, "ETag: \"2\"\r\nIM: feed\r\n");
  delta.replace(0, delta.find("\r\n"), "HTTP/1.1 226 IM Used");
  Server server(io_, saying({feed({"a"}, "ETag: \"1\"\r\n"), delta, "HTTP/1.1 304 Not Modified\r\n\r\n"}));
  source(server.url("/feed"));
  poll();
  poll();
  poll();
  EXPECT_EQ(store_->mentions({})->mentions.size(), 2U);
  EXPECT_EQ(sent_etag(server.requests[2]), "\"2\"");
}

TEST_F(Manners, APermanentRedirectIsRememberedWhenSeenTwice) {
  bool back = false;
  Server server(io_, [&](Peer& peer) -> asio::awaitable<void> {
    while (const auto request = co_await peer.request()) {
      if (path(*request) == (back ? "/new" : "/old")) {
        const std::string bytes = back ? answer("404 Not here") : answer("301 Moved", "Location: /new\r\n");
        co_await peer.send(bytes);
      } else {
        const std::string bytes = feed({"a"}, "ETag: \"1\"\r\n");
        co_await peer.send(bytes);
      }
    }
  });
  source(server.url("/old"));
  poll();
  poll();
  EXPECT_THAT(paths(server), ElementsAre("/old", "/new", "/old", "/new"));
  server.requests.clear();
  const auto moved = poll();
  EXPECT_THAT(paths(server), ElementsAre("/new"));
  EXPECT_EQ(sent_etag(server.requests[0]), "\"1\"");  // conditional behind the redirect too
  EXPECT_EQ(moved.moved.to, server.url("/new"));
  back = true;  // it moves back: nothing is lost
  server.requests.clear();
  const auto after = poll();
  EXPECT_THAT(paths(server), ElementsAre("/new", "/old"));
  EXPECT_EQ(after.failures, 0U);
  EXPECT_EQ(after.moved.to, "");
}

TEST_F(Manners, ARedirectThroughATemporaryHopIsNotRemembered) {
  Server server(io_, [&](Peer& peer) -> asio::awaitable<void> {
    while (const auto request = co_await peer.request()) {
      if (path(*request) == "/old")
        co_await peer.send(answer("302 Found", "Location: /between\r\n"));
      else if (path(*request) == "/between")
        co_await peer.send(answer("301 Moved", "Location: /new\r\n"));
      else {
        const std::string bytes = feed({"a"});
        co_await peer.send(bytes);
      }
    }
  });
  source(server.url("/old"));
  for (int i = 0; i < 4; ++i) poll();
  EXPECT_EQ(std::ranges::count(paths(server), "/old"), 4);
}

TEST_F(Manners, CredentialsDoNotGoWhereARememberedRedirectLeads) {
  Server other(io_, saying({feed({"a"})}), nullptr, "::1");
  Server server(io_, saying({answer("308 Moved", "Location: " + other.url("/new") + "\r\n")}));
  config::SourceTraits own;
  own.headers = {{"Authorization", "Bearer s3cret"}};
  source(server.url("/old")).shared_traits = std::make_shared<config::SourceTraits>(own);
  for (int i = 0; i < 3; ++i) poll();
  ASSERT_EQ(server.requests.size(), 2U);
  ASSERT_EQ(other.requests.size(), 3U);
  EXPECT_EQ(header_of(server.requests[0], "Authorization"), "Bearer s3cret");
  for (const std::string& request : other.requests) EXPECT_EQ(header_of(request, "Authorization"), "");
}

TEST_F(Manners, WhereASourceAloneMayGoIsItsOwn) {
  Server server(io_, saying({feed({"a"})}));
  config_.fetch.allow_private.clear();
  source(server.url("/1"), "c");
  config::SourceTraits own;
  own.allow_private = {"127.0.0.0/8"};
  source(server.url("/2"), "a").shared_traits = std::make_shared<config::SourceTraits>(own);
  source(server.url("/3"), "b").enabled = false;
  EXPECT_EQ(poll("a").failures, 0U);
  EXPECT_GT(poll("c").failures, 0U);
  EXPECT_EQ(paths(server), std::vector<std::string>{"/2"});
}

TEST_F(Manners, TheServersWordOnWhenToComeAgainIsKept) {
  struct Row {
    std::string what, bytes;
    Duration at_least;
  };
  const std::string date = "Date: Wed, 18 Nov 2026 11:06:40 GMT\r\n";
  const std::vector<Row> rows = {
      {"max-age", feed({"a"}, "Cache-Control: max-age=36000\r\n"), 10h},
      {"max-age less Age", feed({"a"}, "Cache-Control: max-age=36000\r\nAge: 3600\r\n"), 9h},
      {"Expires", feed({"a"}, date + "Expires: Wed, 18 Nov 2026 19:06:40 GMT\r\n"), 8h},
      {"max-age over Expires",
       feed({"a"}, date + "Cache-Control: max-age=18000\r\nExpires: Wed, 18 Nov 2026 19:06:40 GMT\r\n"), 5h},
      {"Retry-After on 503", answer("503 Later", "Retry-After: 20000\r\n"), 20'000s},
      {"Retry-After as a date", answer("503 Later", "Retry-After: Wed, 18 Nov 2026 19:00:00 GMT\r\n"), 7h},
      {"Retry-After on 429", answer("429 Slow", "Retry-After: 20000\r\n"), 20'000s},
      {"ttl", feed({"a"}, {}, "<ttl>300</ttl>"), 5h},
      {"sy:updatePeriod",
       feed({"a"}, {}, "<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>"), 12h},
      {"sy:updateBase",
       feed({"a"}, {}, "<sy:updatePeriod>daily</sy:updatePeriod><sy:updateBase>2000-01-01T08:00+02:00</sy:updateBase>"),
       18h + 53min},
      {"skipHours",
       feed({"a"}, {}, "<skipHours><hour>11</hour><hour>12</hour><hour>13</hour><hour>14</hour></skipHours>"), 3h},
      {"skipDays", feed({"a"}, {}, "<skipDays><day>Wednesday</day></skipDays>"), 12h}};
  for (const Row& row : rows) {
    said_ = 0;
    Server server(io_, saying({row.bytes}));
    config_.sources.clear();
    source(server.url("/"), row.what);
    const auto state = poll(row.what);
    EXPECT_GE(state.next_due - *state.last_attempt, row.at_least - 1min) << row.what;
    EXPECT_LE(state.next_due - *state.last_attempt, row.at_least + 4h) << row.what;
  }
}

TEST_F(Manners, TheWordOf304sAndRedirectsCountsToo) {
  Server server(
      io_,
      saying({feed({"a"}, "ETag: \"1\"\r\n", "<ttl>120</ttl>"),
              "HTTP/1.1 304 Not Modified\r\nCache-Control: max-age=36000\r\n\r\n", "HTTP/1.1 304 Not Modified\r\n\r\n",
              answer("302 Found", "Location: /n\r\nRetry-After: 50000\r\n"), "HTTP/1.1 304 Not Modified\r\n\r\n"}));
  source(server.url("/"));
  const auto wait = [&] {
    const auto state = poll();
    return state.next_due - *state.last_attempt;
  };
  EXPECT_GE(wait(), 2h);
  EXPECT_GE(wait(), 10h);
  const Duration by_ttl = wait();  // the document's word holds over 304s
  EXPECT_GE(by_ttl, 2h);
  EXPECT_LT(by_ttl, 10h);
  EXPECT_GE(wait(), 50'000s);
}

TEST_F(Manners, TheInstantsOfAnUpdateBaseAreKept) {
  Server server(io_, saying({feed({"a"}, "ETag: \"1\"\r\n",
                                  "<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>"
                                  "<sy:updateBase>2000-01-01T08:00+02:00</sy:updateBase>"),
                             "HTTP/1.1 304 Not Modified\r\n\r\n"}));
  source(server.url("/"));
  config_.fetch.interval_max = 6h;  // its own pace is faster
  Time before{};
  for (int i = 0; i < 4; ++i) {
    const Time due = poll().next_due;
    const Duration after = (due - from_ms(0)) % (12h) - 6h;
    EXPECT_GE(after, 0h) << rfc3339(due);
    EXPECT_LE(after, 5min) << rfc3339(due);
    if (i > 0) {
      EXPECT_NEAR((due - before) / 1.0h, 12, 0.1);
    }
    before = due;
  }
}

TEST_F(Manners, AnIntervalOfTheUsersOwnIsNoLicenceToHammer) {
  Server server(io_, saying({feed({"a"}, "Cache-Control: max-age=7200\r\n")}));
  config::Source& own = source(server.url("/"));
  own.interval_min = own.interval_max = 1min;
  const auto state = poll();
  EXPECT_GE(state.next_due - *state.last_attempt, 2h);
}

TEST_F(Manners, FailuresAreTriedAgainLessAndLess) {
  for (const char* status : {"500 Oops", "404 Not here", "429 Slow"}) {
    said_ = 0;
    Server server(io_, saying({answer(status)}));
    config_.sources.clear();
    source(server.url("/"), status);
    std::vector<Duration> waits;
    for (int i = 0; i < 6; ++i) {
      const auto state = poll(status);
      waits.push_back(state.next_due - *state.last_attempt);
    }
    EXPECT_GT(waits[5], waits[0] * 4) << status;
    EXPECT_LE(waits[5], 25h) << status;
    EXPECT_EQ(server.requests.size(), 6U) << status;
  }
}

TEST_F(Manners, A410EndsItUntilTheAddressIsAnother) {
  Server server(io_, [](Peer& peer) -> asio::awaitable<void> {
    while (const auto request = co_await peer.request()) {
      const std::string bytes = path(*request) == "/old" ? answer("410 Gone") : feed({"a"});
      co_await peer.send(bytes);
    }
  });
  source(server.url("/old"));
  EXPECT_EQ(poll().next_due, schedule::kNever);
  now_ += 48h;
  round("");
  EXPECT_THAT(paths(server), ElementsAre("/old"));
  config_.sources.clear();
  source(server.url("/new"));
  EXPECT_NE(poll().next_due, schedule::kNever);
  EXPECT_THAT(paths(server), ElementsAre("/old", "/new"));
}

TEST_F(Manners, ARestartNeitherRepeatsNorForgetsPolls) {
  Server server(io_, saying({feed({"a"})}));
  source(server.url("/"));
  const Time due = poll().next_due;
  round("");  // started again at once: not due
  EXPECT_EQ(server.requests.size(), 1U);
  EXPECT_EQ(state("blog")->next_due, due);
  poll();
  EXPECT_EQ(server.requests.size(), 2U);
}

TEST_F(Manners, AFeedIsTakenUnderAnyContentType) {
  for (const char* type : {"text/html", "text/plain", "application/octet-stream", "image/png", "nonsense"}) {
    said_ = 0;
    Server server(io_, saying({feed({"a"}, "Content-Type: " + std::string(type) + "\r\n")}));
    config_.sources.clear();
    source(server.url("/"), std::string(1, type[0]) + std::to_string(server.port()));
    EXPECT_EQ(poll(config_.sources[0].name).last_error, "") << type;
  }
}

TEST_F(Manners, AnHtmlPageIsNoFeedWhateverItSaysItIs) {
  Server server(
      io_, saying({test::ok("<!doctype html><html><body>rss</body></html>", "Content-Type: application/rss+xml\r\n")}));
  source(server.url("/"));
  EXPECT_NE(poll().last_error, "");
}

}  // namespace
}  // namespace earshot::run
