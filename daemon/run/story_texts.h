// Which story an alert is about, and what it says of it.
#pragma once

#include <string>

#include "core/mention/mention.h"
#include "core/result.h"
#include "core/texts/texts.h"
#include "store/store.h"
#include "store/story.h"

namespace earshot::run {

// "5 outlets · en nl · first: wire.example".
std::string story_text(const store::Story& story, const texts::Texts& texts);

// The same of the story that the alert is about; empty where it tells of no story as a whole. On a worker.
Result<std::string> story_text(const Alert& alert, const store::Store& store, const texts::Texts& texts);

// The id of the one story that all of the alert's mentions belong to; empty: of none. On a worker.
Result<std::string> common_story(const Alert& alert, const store::Store& store);

}  // namespace earshot::run
