// Works the outbox: store → sink plugin → net → settled in the store. One coroutine a channel, in order, at least once,
// the same delivery id at every try. A channel that waits or fails holds up no other.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "plugin/people_time.h"
#include "plugin/sink.h"
#include "run/house.h"

namespace earshot::run {

// How long a delivery is tried before it becomes a dead letter. Standard Webhooks' schedule spans about that long.
inline constexpr Duration kGiveUp = std::chrono::days{3};
// A channel that is gone is asked again this much later: somebody may have mended it.
inline constexpr Duration kParked = std::chrono::hours{1};
// How often an alert is given to a plugin that lets an exception through on it, each time to an instance made anew,
// before it becomes a dead letter: what no instance can render must not hold up the channel.
inline constexpr std::uint32_t kBrokenTries = 3;
// Answers of chat services are a few bytes; more is not read.
inline constexpr std::uint64_t kMaxAnswer = 256U << 10;

// A configured channel, ready to render alerts.
struct Channel {
  const config::Channel* config = nullptr;
  std::unique_ptr<host::SinkInstance> sink;
  host::AlertContext context;
};

// Every enabled channel; the error names the one that its plugin refuses.
Result<std::vector<Channel>> make_channels(const config::Config& config, const host::Catalogue& catalogue);

// What one try came to.
struct Attempt {
  host::Outcome outcome;
  bool cancelled = false;  // the daemon is stopping: as if there had been no try
  bool broken = false;     // the plugin let an exception through: its instance is of no more use
  bool answered = false;   // the outcome is the plugin's word on an answer
};

// Renders, sends and reads the answer; stores nothing. Redirects are not followed and private addresses are allowed:
// the operator wrote the URL. `state` is what the outcome of this alert's last try wanted to have back. `channel`,
// `alert` and `state` must live until it is done.
boost::asio::awaitable<Attempt> attempt(const PollTools& tools, Channel& channel, const Alert& alert,
                                        std::uint32_t number, std::string_view state = {});

// Tries of one channel since the start.
struct Tries {
  std::string channel;
  std::uint64_t delivered = 0, retried = 0, given_up = 0;
};

// On the I/O thread only.
class Deliverer {
 public:
  Deliverer(House& house, std::vector<Channel> channels);

  // What stands under an alert to a channel of that language: label → URL.
  using Buttons =
      std::function<std::vector<std::pair<std::string, std::string>>(const Alert&, std::string_view language)>;
  void offer(Buttons buttons) { buttons_ = std::move(buttons); }
  // Buries what is owed to channels that are no longer configured, and begins.
  boost::asio::awaitable<Status> start();
  // Something was put into the outbox.
  void wake();
  // Begins no further try.
  void stop();
  std::size_t busy() const { return busy_; }
  std::vector<Tries> tries() const;

 private:
  struct Line {  // of alerts to one channel
    Line(Channel&& c, const boost::asio::any_io_executor& io)
        : channel(std::move(c)), timer(io), tries{.channel = channel.config->name} {}
    Channel channel;
    boost::asio::steady_timer timer;
    bool woken = false;
    Time parked_until{};  // the channel is gone, or asked for a pause
    Tries tries;
  };

  boost::asio::awaitable<void> work(Line& line);
  boost::asio::awaitable<void> wait(Line& line, Duration most);
  // False: the line has to be looked at again (it waits, or the try failed).
  boost::asio::awaitable<bool> advance(Line& line, const store::Delivery& delivery);
  // Where the plugin of the line let an exception through: another instance of it.
  boost::asio::awaitable<Status> renew(Line& line);
  store::Settlement settlement(Line& line, const store::Delivery& delivery, const Attempt& made, Time now);

  House& house_;
  std::vector<std::unique_ptr<Line>> lines_;
  Buttons buttons_;
  std::size_t busy_ = 0;
  bool stopping_ = false;
};

}  // namespace earshot::run
