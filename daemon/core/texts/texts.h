// What Earshot says to people in alerts and on its pages: every sentence by its name, in the language of a channel, and
// the way that channel wants it.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/result.h"
#include "core/texts/known.h"

namespace earshot::texts {

// Name → pattern.
using Own = std::vector<std::pair<std::string, std::string>>;

// Nothing changes in it: any thread may use it.
class Texts {
 public:
  // As they are shipped: en nl de fr es, English for others. Lives as long as the program.
  static const std::shared_ptr<const Texts>& shipped(std::string_view language);
  // With some of them said another way. The error names the text that cannot be read; the configuration's checks come
  // to the same.
  static Result<std::shared_ptr<const Texts>> with(std::string_view language, const Own& own);
  Texts(const Texts&) = delete;
  Texts& operator=(const Texts&) = delete;
  ~Texts();

  // Throws std::logic_error where there is no text of that name: they are all written in known.cpp.
  std::string say(std::string_view name, const Values& values = {}) const;
  const std::string& language() const;
  // The pattern as it was written.
  std::string_view pattern(std::string_view name) const;

 private:
  struct Made;
  explicit Texts(std::unique_ptr<Made> made);
  std::unique_ptr<Made> made_;
};

}  // namespace earshot::texts
