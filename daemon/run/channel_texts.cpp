#include "run/channel_texts.h"

#include <algorithm>

#include "run/log.h"

namespace earshot::run {

using texts::Texts;

std::shared_ptr<const Texts> texts_of(const config::Channel& channel) {
  auto own = Texts::with(channel.language, channel.texts);
  if (own) return *own;
  log::warn("texts of a channel", {{"channel", channel.name}, {"error", own.error().message}});
  return Texts::shipped(channel.language);
}

std::shared_ptr<const Texts> texts_of(const std::vector<config::Channel>& channels, std::string_view channel) {
  const auto found = std::ranges::find(channels, channel, &config::Channel::name);
  return found == channels.end() ? Texts::shipped("en") : texts_of(*found);
}

}  // namespace earshot::run
