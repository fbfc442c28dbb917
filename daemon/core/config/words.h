// How the checks put things into words.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/config/schema.h"

namespace earshot::config {

// What a plain scalar is by the core schema of YAML 1.2 (§10.3.2), which knows no `yes` and no sexagesimals.
// odd_number: 007, 0x1F, .inf: numbers that readers disagree about.
enum class Written : std::uint8_t { text, boolean, integer, number, odd_number };
Written written(std::string_view plain);

// What a schema asks for: "a whole number", "a duration such as 90s, 15m, 6h or 7d", "a, b or c".
std::string expectation(const Schema& schema);

// Its first sentence, without the stop.
std::string first_sentence(const std::string& description);

// As it stands in the middle of a message: "The feed's address" → "the feed's address"; "IANA …" stays.
std::string inside(std::string sentence);

// How yaml-cpp's word for a syntax error helps a person; `line` is the one it stands in.
std::string yaml_trouble(std::string_view message, std::string_view line);

// "text" in quotes, on one line and cut after some sixty bytes.
std::string shown(std::string_view text);

}  // namespace earshot::config
