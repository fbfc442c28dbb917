// What the tests of the client share: an io_context, an authority, a client that may talk to this machine.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "net/asio/asio.h"
#include "net/http.h"
#include "support/net/server.h"

namespace earshot::net {

using test::header_of;
using test::ok;
using test::Peer;
using test::Server;
using Answer = Result<Response, FetchError>;

class NetTest : public testing::Test {
 protected:
  NetTest() { local_.allow_all_private = true; }

  Client& client() {
    if (!client_) client_.emplace(io_.get_executor(), options_);
    return *client_;
  }
  Request request(std::string url) const {
    Request out;
    out.url = std::move(url);
    out.policy = &local_;
    return out;
  }
  Answer fetch(Request what) { return test::run(io_, client().fetch(std::move(what))); }
  Answer fetch(std::string url) { return fetch(request(std::move(url))); }

  // A server that says `answer` to everything, on as many connections as it likes.
  Server::Script always(std::string answer) {
    return [answer](Peer& peer) -> awaitable<void> {
      while (co_await peer.request())
        if (!co_await peer.send(answer)) break;
    };
  }
  // A server that says `bytes` once and closes.
  Server::Script once(std::string bytes) {
    return [bytes](Peer& peer) -> awaitable<void> {
      if (co_await peer.request()) co_await peer.send(bytes);
    };
  }

  asio::io_context io_{1};
  test::Authority authority_;
  AddressPolicy local_;
  Options options_{.user_agent = "earshot/1.0", .contact = "team@example.com", .ca_file = authority_.file()};
  std::optional<Client> client_;
};

// The failure of a fetch that must fail: "step: message".
inline std::string failure(const Answer& answer) {
  if (answer) return "no error, status " + std::to_string(answer->status);
  return std::string(to_string(answer.error().step)) + ": " + answer.error().message;
}

}  // namespace earshot::net
