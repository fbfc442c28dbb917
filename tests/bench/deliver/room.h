// The daemon's own pieces from outbox to settled delivery, with channels of the webhook sink: it declares no rates, so
// that nothing but the work itself takes time.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "net/asio/asio.h"
#include "receiver.h"
#include "run/deliver.h"

namespace earshot::bench {

struct Round {
  double wall_us = 0;
  double cpu_us = 0;                     // of this process without the receiver's thread
  double server_us = 0;                  // CPU of that
  std::uint64_t alerts = 0, opened = 0;  // connections
};

class Room {
 public:
  // A store in a folder of its own, which goes with the room. `one_address`: all channels are at one server, as those
  // of a chat service are; else each has its own.
  Room(Receiver& receiver, std::size_t channels, bool one_address);
  ~Room();
  Room(const Room&) = delete;
  Room& operator=(const Room&) = delete;

  // Puts so many alerts into the outbox for each channel, fewer for the last one if it is `slow`; works it until all
  // but the slow channel's are settled, which ends the round, and then until nothing is owed.
  Round deliver(std::size_t each, bool slow = false);
  // The client alone posts what the sink makes of the same alerts: per channel one after another, nothing stored.
  Round post(std::size_t each);
  // Appends as long as a settled delivery, each synced by itself, beside the store: what the disk grants per second.
  double syncs_per_second() const;

 private:
  Alert alert(std::size_t channel, std::uint64_t number) const;
  void fill(std::size_t each, std::size_t last);
  std::vector<std::vector<net::Request>> requests(std::size_t each);
  Round since(const Round& before) const;
  Round now() const;

  Receiver& receiver_;
  std::filesystem::path folder_;
  boost::asio::io_context io_{1};
  run::Workers workers_;
  std::unique_ptr<store::Store> store_;
  std::optional<store::Committer> committer_;
  host::Catalogue catalogue_;
  config::Config config_;
  std::optional<net::Client> client_;
};

}  // namespace earshot::bench
