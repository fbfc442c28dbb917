// What a channel is told of a spike.
#pragma once

#include <string>

#include "core/spike/story_watch.h"
#include "core/spike/watch.h"
#include "core/texts/texts.h"
#include "run/heard.h"

namespace earshot::run {

// "brand: 47 stories in an hour, usually 6".
std::string spike_headline(const std::string& topic, const spike::Spike& spike, const texts::Texts& texts);
// "brand: one story told 40 times in an hour, the biggest usually 2.1".
std::string spike_headline(const std::string& topic, const spike::Wave& wave, const texts::Texts& texts);
// The terms, outlets and languages it consists of, a line each.
std::string spike_text(const Heard& heard, const texts::Texts& texts);

}  // namespace earshot::run
