// What a mail server's reply means for the alert, and who of the recipients still waits for it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/sink/answer.h"

namespace earshot {

// Kept between the tries of one alert: JSON in Outcome::state.
struct Progress {
  std::vector<std::string> done;     // addresses that have it, or will never take it
  std::vector<std::string> refused;  // of these, the latter: the server's words

  static Progress read(std::string_view state);
  std::string write() const;
  bool is_done(std::string_view address) const;
};

// RFC 5321 §4.2.3 and RFC 3463. 2xx: delivered, but for recipients that are to be tried later; 4xx: later; 5xx: no
// matter what (rejected), or only until the channel's settings are mended (gone, once a second try says the same).
plugin::Outcome judge(const sink::Answer& answer, Progress progress);

// "try again in 300 seconds", "retry in 5 minutes": ms, at most an hour; 0 when it does not say.
std::int64_t asked_wait(std::string_view words);

}  // namespace earshot
