// What a channel is told in.
#pragma once

#include <algorithm>
#include <string_view>
#include <vector>

#include "core/config/model.h"

namespace earshot::run {

// English where there is no such channel. Lives as long as `channels`.
inline const texts::Texts& texts_of(const std::vector<config::Channel>& channels, std::string_view channel) {
  const auto found = std::ranges::find(channels, channel, &config::Channel::name);
  return found == channels.end() ? *texts::Texts::shipped("en") : *found->texts;
}

}  // namespace earshot::run
