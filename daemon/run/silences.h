// The silences that people made, compiled: what they find is kept and nobody is told.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "core/config/model.h"
#include "core/query/set.h"
#include "core/result.h"
#include "core/route/silence.h"
#include "core/time.h"

namespace earshot::run {

// Immutable; any thread.
class Silences {
 public:
  // Those that do not compile any more (they name a topic that is gone) are left out and described in `problems`.
  Silences(std::span<const route::Silence> silences, const std::vector<config::Topic>& topics,
           std::vector<std::string>& problems);

  // The first that holds at document.now and finds it; nullptr: none.
  const route::Silence* over(const query::Document& document) const;
  std::size_t size() const { return all_.size(); }

 private:
  struct Compiled {
    route::Silence silence;
    query::Set set;
    std::uint32_t place;  // of its query in the set
  };
  std::vector<Compiled> all_;
};

// Does this query compile beside these topics? The error has a caret under what is wrong.
Status check_silence(const std::string& query, const std::vector<config::Topic>& topics);

// Where the silences of the moment hang: taken by the workers, changed by the one who reads the inbox. Any thread.
class SilenceBoard {
 public:
  std::shared_ptr<const Silences> now() const {
    const std::lock_guard guard(mutex_);
    return silences_;
  }
  void hang(std::shared_ptr<const Silences> silences) {
    const std::lock_guard guard(mutex_);
    silences_ = std::move(silences);
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const Silences> silences_;  // nullptr: none
};

}  // namespace earshot::run
