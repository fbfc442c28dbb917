// A configured source: an instance of a source plugin, called with everything it gives copied and checked.
//
// A call that fails gives the error "<name>: <what the plugin said>" and nothing else; the caller keeps the old state.
// Not thread-safe: one call at a time for one instance, from any thread (two at once throw std::logic_error). Different
// instances may be called at the same time.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "core/result.h"
#include "plugin/exchange.h"
#include "plugin/limits.h"
#include "plugin/plugin.h"

namespace earshot::host {

class Instance;

class SourceInstance {
 public:
  // `settings` is a JSON object valid against the plugin's schema, secrets filled in; the plugin may still refuse it.
  static Result<std::unique_ptr<SourceInstance>> create(std::shared_ptr<const Plugin> plugin, std::string name,
                                                        std::string_view settings, const Limits& limits = {});
  ~SourceInstance();
  SourceInstance(const SourceInstance&) = delete;
  SourceInstance& operator=(const SourceInstance&) = delete;

  // A poll is due: what shall be asked? A round without requests is a source that wants nothing this time.
  Result<Round> begin(const Call& call);
  // An answer came to one of its requests.
  Result<Round> response(const Call& call, const Response& response);
  // A message of a stream that one of its requests opened. Only plugins with EARSHOT_STREAMS.
  Result<Round> frame(const Call& call, const Frame& frame);

  const std::string& name() const;
  const Plugin& plugin() const;
  // The plugin let an exception through, so the instance cannot be trusted to be whole: every further call fails. Make
  // a new one.
  bool quarantined() const;

 private:
  explicit SourceInstance(std::unique_ptr<Instance> instance);
  std::unique_ptr<Instance> instance_;
};

}  // namespace earshot::host
