// One poll of one source: its requests are carried out and its plugin turns the answers into items. Nothing is stored
// here, so `earshot watch` and `earshot poll` use the very same poll as the daemon.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/config/model.h"
#include "core/item.h"
#include "core/schedule/http_cache.h"
#include "plugin/source.h"
#include "run/exchange.h"
#include "store/source.h"

namespace earshot::run {

struct Polled {
  enum class Kind : std::uint8_t {
    items,         // the plugin read at least one answer; `items` may be empty
    not_modified,  // every answer was a 304
    failed,        // `error` says why; what came before the failure is still in `items`
    cancelled      // the daemon is stopping: as if there had been no poll
  };
  Kind kind = Kind::items;
  unsigned status = 0;  // of the answer that decided; 0: none came
  std::string error;    // a sentence for people, without secrets
  std::vector<Item> items;
  std::optional<FeedInfo> feed;
  std::optional<std::string> plugin_state;   // nothing: the old one stays
  std::vector<store::Validator> validators;  // to be sent next time
  std::vector<std::string> warnings;
  schedule::ServerWord server;  // when to come again, says the server
  store::Move moved;            // of the first request, as it is to be remembered
  std::string hub, topic;       // who pushes it, and its name there (WebSub, section 4): absolute URLs, or empty
  bool challenged = false;      // failed: the answer was a page that asks whether we are a person
  std::uint64_t bytes = 0;      // received
};

struct PollTools {
  Exchange& exchange;
  Workers& workers;
  std::function<Time()> now;
  std::function<std::uint64_t()> random;
};

// How a source's requests are to be made.
struct Manner {
  net::Headers headers;
  const net::AddressPolicy* policy = nullptr;
  net::Limits limits;
  bool hub = false;  // look for who pushes the source: Polled::hub and topic
};

// At most this many requests in one poll, whatever the plugin asks for.
inline constexpr std::size_t kMaxRequests = 20;

// A permanent redirect is believed, and its target asked at once, when this many polls in a row saw it: one may be a
// server's slip, or the login page of a hotel's network.
inline constexpr std::uint32_t kMovesToBelieve = 2;

// `first` is what instance.begin() asked for. `state` is what was stored of the source. Both and the instance must live
// until the poll has ended.
boost::asio::awaitable<Polled> poll(const PollTools& tools, host::SourceInstance& instance, host::Round first,
                                    const store::SourceState& state, const Manner& manner);

// What a document says that came without being asked for. Validators and redirects stay as they are in `state`.
boost::asio::awaitable<Polled> digest(const PollTools& tools, host::SourceInstance& instance,
                                      const store::SourceState& state, const net::Response& document);

}  // namespace earshot::run
