// A configured channel, and one try to deliver an alert to it.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "core/config/model.h"
#include "core/mention/mention.h"
#include "core/schedule/throttle.h"
#include "plugin/catalogue.h"
#include "plugin/people_time.h"
#include "plugin/sink.h"
#include "run/poll.h"

namespace earshot::run {

struct Channel {
  const config::Channel* config = nullptr;
  std::unique_ptr<host::SinkInstance> sink;
  host::AlertContext context;
};

// An instance of the plugin for it; the error names the channel.
Result<std::unique_ptr<host::SinkInstance>> make_sink(const config::Channel& from, const host::Catalogue& catalogue);
// Every enabled channel; the error names the one that its plugin refuses.
Result<std::vector<Channel>> make_channels(const config::Config& config, const host::Catalogue& catalogue);

// The documented limits of its service, as the plugin has them.
std::vector<schedule::Rate> limits(const Channel& channel);

// What one try came to.
struct Attempt {
  host::Outcome outcome;
  bool cancelled = false;  // the daemon is stopping: as if there had been no try
  bool broken = false;     // the plugin let an exception through: its instance is of no more use
  bool answered = false;   // the outcome is the plugin's word on an answer
  bool editable = false;   // what was delivered can be replaced, by its remote_id
};

// Renders, sends and reads the answer; stores nothing. Redirects are not followed and private addresses are allowed:
// the operator wrote the URL. `state` is what the outcome of this alert's last try wanted to have back. `channel`,
// `alert` and `state` must live until it is done.
boost::asio::awaitable<Attempt> attempt(const PollTools& tools, Channel& channel, const Alert& alert,
                                        std::uint32_t number, std::string_view state = {});

}  // namespace earshot::run
