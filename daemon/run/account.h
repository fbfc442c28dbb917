// What routing made of a mention when it came in: kept with it, for `earshot why`.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace earshot::run {

struct Verdict {
  enum class Fate : std::uint8_t {
    sent,      // into the outbox, at once
    waits,     // for company, for the end of the quiet, for a digest, or under a limit
    dropped,   // the quiet says so
    silenced,  // by a silence
    before,    // it was there before the source's first poll: no news
  };
  std::string route;  // its key
  std::string channel;
  std::string reason;  // why this route: "route 2: team=pr"
  Fate fate = Fate::sent;
  std::string detail;  // which silence, which quiet …; empty when there is nothing to say
};

std::string_view to_string(Verdict::Fate fate);

std::string encode(const std::vector<Verdict>& account);
// What cannot be read is left out.
std::vector<Verdict> decode_account(std::string_view bytes);

}  // namespace earshot::run
