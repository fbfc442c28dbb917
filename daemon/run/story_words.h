// Which story an alert is about, and what it says of it in the channel's language.
#pragma once

#include <string>
#include <string_view>

#include "core/mention/mention.h"
#include "core/result.h"
#include "store/store.h"
#include "store/story.h"

namespace earshot::run {

// "5 outlets · en nl · first: wire.example". `language` as config::Channel has it; an unknown one is English.
std::string story_words(const store::Story& story, std::string_view language);

// The same of the story that the alert is about; empty where it tells of no story as a whole. On a worker.
Result<std::string> story_text(const Alert& alert, const store::Store& store, std::string_view language);

// The id of the one story that all of the alert's mentions belong to; empty: of none. On a worker.
Result<std::string> common_story(const Alert& alert, const store::Store& store);

}  // namespace earshot::run
