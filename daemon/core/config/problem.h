// What is wrong with a configuration, and where: the words `earshot check` prints.
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace earshot::config {

// Lines and columns count from 1; a column counts characters (code points), as editors do. Line 0: the file as a whole.
struct Place {
  std::string file;
  int line = 0, column = 0;

  bool operator==(const Place&) const = default;
};

enum class Gravity : std::uint8_t { error, warning };

// `message` says what is wrong and how to mend it; `note` holds further lines to show below it (a query with a caret
// under the place), without a final newline. Neither ever holds the value of a secret.
struct Problem {
  Place place;
  Gravity gravity = Gravity::error;
  std::string message;
  std::string note;
};

// "file:line:col: error: message", then the note's lines, each indented by two spaces. No final newline.
std::string format(const Problem& problem);

// How many of them are errors.
std::size_t errors(std::span<const Problem> problems);

}  // namespace earshot::config
