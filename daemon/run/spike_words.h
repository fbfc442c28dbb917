// What a channel is told of a spike, in its language.
#pragma once

#include <string>
#include <string_view>

#include "core/spike/story_watch.h"
#include "core/spike/watch.h"
#include "run/heard.h"

namespace earshot::run {

// "brand: 47 stories in an hour, usually 6.0". `language` as config::Channel has it; an unknown one is English.
std::string spike_headline(const std::string& topic, const spike::Spike& spike, std::string_view language);
// "brand: one story told 40 times in an hour, the biggest usually 2.1".
std::string spike_headline(const std::string& topic, const spike::Wave& wave, std::string_view language);
// The terms, outlets and languages it consists of, a line each.
std::string spike_text(const Heard& heard, std::string_view language);

}  // namespace earshot::run
