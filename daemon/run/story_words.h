// What an alert says of the story it is about, in the channel's language.
#pragma once

#include <string>
#include <string_view>

#include "store/story.h"

namespace earshot::run {

// "5 outlets · en nl · first: wire.example". `language` as config::Channel has it; an unknown one is English.
std::string story_words(const store::Story& story, std::string_view language);

}  // namespace earshot::run
