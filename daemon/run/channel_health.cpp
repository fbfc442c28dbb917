#include "run/channel_health.h"

#include <fmt/format.h>

#include <algorithm>

#include "run/channel_texts.h"
#include "run/short_hash.h"

namespace earshot::run {
namespace {

bool enabled(const config::Config& config, std::string_view channel) {
  const auto found = std::ranges::find(config.channels, channel, &config::Channel::name);
  return found != config.channels.end() && found->enabled;
}

// An alert to each of the others; `say` gives it headline and text.
template <class Say>
std::vector<Alert> alerts(const config::Config& config, const std::string& channel, std::string_view what, Time since,
                          const Say& say) {
  std::vector<Alert> out;
  for (const std::string& other : others_of_the_team(config, channel)) {
    Alert& alert = out.emplace_back();
    alert.kind = AlertKind::health;
    alert.channel = other;
    alert.delivery_id =
        fmt::format("channel-{:08x}-{}-{:x}-{:08x}", short_hash(channel), what, to_ms(since), short_hash(other));
    alert.total = 0;
    say(alert, texts_of(config.channels, other));
  }
  return out;
}

}  // namespace

std::vector<std::string> others_of_the_team(const config::Config& config, std::string_view channel) {
  std::vector<std::string> out;
  const auto add = [&](const std::vector<std::string>& names) {
    for (const std::string& name : names)
      if (name != channel && enabled(config, name) && std::ranges::find(out, name) == out.end()) out.push_back(name);
  };
  add(config.health.channels);
  if (!out.empty()) return out;
  for (const config::Route& route : config.routes) {
    std::vector<std::string> told = route.channels;
    if (route.escalate) told.insert(told.end(), route.escalate->channels.begin(), route.escalate->channels.end());
    if (std::ranges::find(told, channel) != told.end()) add(told);
  }
  return out;
}

std::vector<Alert> gone_alerts(const config::Config& config, const std::string& channel, std::string_view reason,
                               Time since) {
  return alerts(config, channel, "gone", since, [&](Alert& alert, const texts::Texts& texts) {
    alert.severity = Severity::high;
    alert.headline = texts.say("channel_gone", {{"channel", channel}});
    alert.text = fmt::format("{}\n{}", reason, texts.say("channel_kept", {{"channel", channel}}));
    alert.created = since;
  });
}

std::vector<Alert> back_alerts(const config::Config& config, const std::string& channel, Time since, Time now) {
  return alerts(config, channel, "back", since, [&](Alert& alert, const texts::Texts& texts) {
    alert.headline = texts.say("channel_back", {{"channel", channel}});
    alert.created = now;
  });
}

}  // namespace earshot::run
