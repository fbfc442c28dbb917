// What channels are told of sources and of each other, in their languages. `{}` stands for the name.
#pragma once

#include <array>
#include <string_view>

#include "core/config/model.h"

namespace earshot::run {

struct HealthWords {
  std::string_view language;
  std::array<std::string_view, 7> source;  // by schedule::Health
  std::string_view channel_gone, channel_kept, channel_back;
};

// Of config::Channel::language; English where there is no such channel or language.
const HealthWords& health_words(const config::Config& config, std::string_view channel);

}  // namespace earshot::run
