// An instant as the team reads it: in its time zone and the alert's language, "Mon 23 Nov 2026 21:10 CET".
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "core/result.h"
#include "core/time.h"

namespace earshot::host {

// Immutable, may be shared between threads.
class PeopleTime {
 public:
  // `zone` is an IANA name such as Europe/Amsterdam, `language` en nl de fr es. An unknown zone is an error.
  static Result<PeopleTime> create(std::string_view zone, std::string_view language);
  PeopleTime(PeopleTime&&) noexcept;
  PeopleTime& operator=(PeopleTime&&) noexcept;
  ~PeopleTime();

  std::string operator()(Time t) const;

 private:
  struct Format;
  explicit PeopleTime(std::unique_ptr<const Format> format);
  std::unique_ptr<const Format> format_;
};

}  // namespace earshot::host
