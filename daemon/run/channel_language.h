// Which language a channel speaks.
#pragma once

#include <algorithm>
#include <string_view>
#include <vector>

#include "core/config/model.h"

namespace earshot::run {

// Empty, which everywhere is as English, where there is no such channel. Points into `channels`.
inline std::string_view channel_language(const std::vector<config::Channel>& channels, std::string_view channel) {
  const auto found = std::ranges::find(channels, channel, &config::Channel::name);
  return found == channels.end() ? std::string_view() : std::string_view(found->language);
}

}  // namespace earshot::run
