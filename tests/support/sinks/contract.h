// What each sink's service promises and demands, as data for the shared tables (REFERENCE of each: the sink's README).
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "driver.h"

namespace earshot::test {

struct Reply {
  std::uint32_t status;
  std::string body;
  std::uint32_t result;  // EARSHOT_DELIVERED …
  Pairs headers{};
  std::int64_t wait_ms = 0;  // at least: before the next try, or before the next alert
  std::uint32_t attempt = 1;
  std::string remote_id{};  // that comes back when delivered
};

struct Contract {
  std::string sink{};           // its plugin; empty: the contract has the plugin's name
  std::string settings;         // every secret in it contains "S3CR3T"
  std::string accepted = "ok";  // body of the 2xx that means "posted"
  std::uint32_t accepted_status = 200;
  bool data = false;           // carries texts as data for programs: nothing is escaped but by JSON
  bool mail = false;           // its answers are SMTP replies
  bool topic_in_body = false;  // ntfy's JSON form names the topic, which is as good as a password, in the body
  bool at = true, angle = true, markdown = true;  // what its texts are searched for
  bool backslash = false;                         // a backslash takes its meaning from any punctuation behind it
  std::vector<std::string> never;                 // what no parsed string may contain, whatever came in
  std::vector<std::string> nowhere;               // the same for every string, parsed or not
  // The strings in which the service looks for markup; absent: all visible ones.
  std::function<std::vector<std::string>(const Posted&)> parsed;
  std::vector<Reply> replies;                                    // beyond the table that all share
  std::vector<std::pair<std::uint32_t, std::uint32_t>> rates{};  // documented: so many in so many ms
  std::vector<std::string> refused;                              // settings that create must refuse
  // Every limit of the service that the request breaks, in words; nothing when it keeps them.
  std::function<std::vector<std::string>(const Posted&)> broken_limits;
};

// Throws when there is none: a sink without a contract may not be built.
const Contract& contract_of(const std::string& name);

// The names of all built sinks, and of the further ways to set one up that have a contract of their own ("slack_bot").
std::vector<std::string> contract_names();

// Every string a person or a markup parser over there would see: all strings of JSON, decoded values of forms, else
// the body itself, and the header values that carry text.
std::vector<std::string> visible(const Posted& posted);

// UTF-16 units; code points.
std::size_t utf16(const std::string& text);
std::size_t code_points(const std::string& text);

}  // namespace earshot::test
