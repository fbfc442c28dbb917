// A message as a mail program reads it. Only what our own messages are made of; e2e has Python's parser as a judge.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "driver.h"

namespace earshot::test {

struct Message {
  Pairs headers;                   // unfolded, encoded words decoded
  std::string text, html;          // decoded; line ends "\n"
  std::vector<std::string> wrong;  // what breaks RFC 5322, 2045 or 2047, in words
  std::string header(std::string_view name) const;
};

Message read_message(const std::string& bytes);

}  // namespace earshot::test
