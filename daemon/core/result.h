// Expected failures are values: Result<T> must be looked at, and its Error is a sentence a person can act on.
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace earshot {

// What went wrong, where, and what to do about it. Never holds a secret.
struct Error {
  std::string message;
};

template <class T, class E = Error>
class [[nodiscard]] Result : public tl::expected<T, E> {
 public:
  using tl::expected<T, E>::expected;
};

// Result<void> is a Status.
using Status = Result<void>;

inline tl::unexpected<Error> fail(std::string message) { return tl::unexpected<Error>(Error{std::move(message)}); }

}  // namespace earshot
