// What a channel is told in: its language, and its own texts.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "core/config/model.h"
#include "core/texts/texts.h"

namespace earshot::run {

// Made from the configuration, which was checked: a text that cannot be read after all is said as it is shipped.
std::shared_ptr<const texts::Texts> texts_of(const config::Channel& channel);
// The same by name; English where there is no such channel.
std::shared_ptr<const texts::Texts> texts_of(const std::vector<config::Channel>& channels, std::string_view channel);

}  // namespace earshot::run
