// Where the alerts arrive: an HTTP/1.1 server at many loopback addresses that answers 204 and keeps connections open.
// On one thread of its own, so that its CPU can be told from that of the delivering side. It also watches that each
// channel's alerts come in order, each once, and never a second one before the first was answered.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "core/time.h"

namespace earshot::bench {

// A request must be to url() of its channel and carry this as its webhook-id; `number` counts from 0 for each channel.
std::string delivery_id(std::size_t channel, std::uint64_t number);

class Receiver {
 public:
  // Listens at that many addresses, all with one port.
  Receiver(std::size_t addresses, std::size_t channels);
  ~Receiver();
  Receiver(const Receiver&) = delete;
  Receiver& operator=(const Receiver&) = delete;

  std::string url(std::size_t address, std::size_t channel) const;
  // Number 0 is expected of every channel next. While no request is under way.
  void expect_from_start();
  // From the next request on, those to this channel are answered so much later.
  void answer_after(std::size_t channel, Duration delay);

  std::uint64_t received() const { return received_; }
  // Requests that came out of order, a second time, or before the one ahead of them was answered.
  std::uint64_t disorderly() const { return disorderly_; }
  double cpu_us();  // user and system time of its thread

 private:
  struct Channel {
    std::uint64_t expected = 0;
    bool under_way = false;
    Duration delay{};
  };
  struct Peer {
    int fd = -1;
    std::string in;
    std::size_t channel = 0;  // of the request that was read last
  };
  struct Answer {
    double due = 0;  // µs of the steady clock
    std::size_t peer = 0;
  };

  void run();
  void accept_all(int listener);
  void read_from(std::size_t number);
  void take(std::size_t number, std::string_view head);
  void answer_those_due();
  void hang_up(Peer& peer);

  std::vector<int> listeners_;
  int epoll_ = -1, port_ = 0;
  std::vector<Peer> peers_;
  std::vector<Answer> answers_;
  std::mutex mutex_;  // guards channels_: taken once a turn
  std::vector<Channel> channels_;
  std::atomic<std::uint64_t> received_ = 0, disorderly_ = 0;
  std::atomic<bool> ending_ = false;
  std::thread thread_;
};

}  // namespace earshot::bench
