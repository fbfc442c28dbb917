// What the web server shows of the daemon, and the server itself as long as the daemon runs.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>

#include "run/engine.h"
#include "web/server.h"

namespace earshot::run {

// On the I/O thread only.
class Pages {
 public:
  // `engine` is asked at each request: a reload changes it; null: there is none at the moment.
  Pages(const Foundation& foundation, std::function<Engine*()> engine);

  // Listens where the configuration says, and goes on trying when that place is taken: the daemon's work does not
  // wait for it. Called again after a reload.
  void serve(const config::Server& how);
  void stop();
  // Connections that have not ended: what the pages refer to must outlive them.
  std::size_t busy() const;

 private:
  boost::asio::awaitable<void> keep_listening(std::uint64_t round);
  boost::asio::awaitable<web::Answer> health();
  boost::asio::awaitable<web::Answer> metrics();
  boost::asio::awaitable<web::Answer> action(web::Request request);
  boost::asio::awaitable<web::Answer> hub(web::Request request);
  std::unique_ptr<web::Server> make_server();

  const Foundation& foundation_;
  std::function<Engine*()> engine_;
  config::Server how_;
  std::unique_ptr<web::Server> server_;
  std::vector<std::unique_ptr<web::Server>> old_;  // closed, with connections that have not ended
  boost::asio::steady_timer timer_;
  std::uint64_t round_ = 0;  // of serve(): an older one's coroutine ends
  Time started_;
};

}  // namespace earshot::run
