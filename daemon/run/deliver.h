// Works the outbox: store → sink plugin → net → settled in the store. One coroutine a channel, in order, at least once,
// the same delivery id at every try, no faster than the service allows. A channel that waits or fails holds up no
// other.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/schedule/throttle.h"
#include "run/channel.h"
#include "run/house.h"

namespace earshot::run {

// Tries of one channel since the start.
struct Tries {
  std::string channel;
  std::uint64_t delivered = 0, retried = 0, given_up = 0;
};

// On the I/O thread only.
class Deliverer {
 public:
  // `exchange` posts to the channels.
  Deliverer(House& house, Exchange& exchange, std::vector<Channel> channels);

  // What stands under an alert, in the words of its channel: label → URL.
  using Buttons = std::function<std::vector<std::pair<std::string, std::string>>(const Alert&, const texts::Texts&)>;
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
        : channel(std::move(c)), timer(io), throttle(limits(channel)), tries{.channel = channel.config->name} {}
    const std::string& name() const { return channel.config->name; }

    Channel channel;
    boost::asio::steady_timer timer;
    schedule::Throttle throttle;
    bool woken = false;
    Time quiet_until{};              // the channel is gone, or asked for a pause
    std::optional<Time> gone_since;  // and the others of its team were told
    bool try_at_once = false;        // it was gone before this configuration, which may have mended it
    Tries tries;
  };

  boost::asio::awaitable<void> work(Line& line);
  boost::asio::awaitable<void> wait(Line& line, Duration most);
  // The store fails: later again.
  boost::asio::awaitable<void> wait_for_store(Line& line, const Error& error);
  // Until the head of the line may be tried. False: the daemon is stopping.
  boost::asio::awaitable<bool> wait_for_turn(Line& line, const store::Delivery& head);
  // The head of a line, a long backlog of it as a digest. On a worker.
  Result<std::vector<store::Delivery>> look(const Line& line);
  bool folds(const Line& line, std::span<const store::Delivery> head) const;
  // False: the line has to be looked at again (it waits, or the try failed).
  boost::asio::awaitable<bool> advance(Line& line, const store::Delivery& delivery);
  // Where the plugin of the line let an exception through: another instance of it.
  boost::asio::awaitable<Status> renew(Line& line);
  // Whether the channel works has changed: the others of its team are told, once.
  boost::asio::awaitable<void> tell_others(Line& line, bool gone, std::string reason);

  House& house_;
  Exchange& exchange_;
  std::vector<std::unique_ptr<Line>> lines_;
  Buttons buttons_;
  std::size_t busy_ = 0;
  bool stopping_ = false;
};

}  // namespace earshot::run
