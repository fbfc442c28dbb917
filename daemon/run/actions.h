// "I take it" and "Not relevant": the buttons under an alert, and the page behind them. Only where server.public_url
// says how people reach this daemon.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/texts/texts.h"
#include "run/house.h"
#include "web/message.h"
#include "web/ticket.h"

namespace earshot::run {

// On the I/O thread only.
class Actions {
 public:
  // `asked` is called when somebody asked for something: it lies in the store's inbox, durable.
  Actions(House& house, std::function<void()> asked);

  // Reads what links are signed with, or makes it: it stays the same as long as the store does.
  boost::asio::awaitable<Status> start();
  // Pages that are being made.
  std::size_t busy() const { return busy_; }

  // Label → URL, in the words of the channel: "I take it", or "Done" where somebody has, and "Not relevant". None
  // where an alert is about no mention that somebody could take.
  std::vector<std::pair<std::string, std::string>> buttons(const Alert& alert, const texts::Texts& texts) const;
  // The page behind a button: looking at it does nothing, what is posted acts. The path is a signed ticket.
  boost::asio::awaitable<web::Answer> answer(web::Request request);

 private:
  boost::asio::awaitable<web::Answer> show(web::Ticket ticket, web::Request request);

  House& house_;
  std::function<void()> asked_;
  std::string key_;
  std::size_t busy_ = 0;
};

}  // namespace earshot::run
