// A configured channel: an instance of a sink plugin, called with everything it gives copied and checked. Errors and
// threads as with a source (source.h).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "core/mention/mention.h"
#include "core/result.h"
#include "core/texts/texts.h"
#include "plugin/exchange.h"
#include "plugin/limits.h"
#include "plugin/plugin.h"

namespace earshot::host {

class Instance;

// How an alert is put to people.
struct AlertContext {
  std::function<std::string(Time)> when;                                    // an instant for people (people_time.h)
  std::shared_ptr<const texts::Texts> texts = texts::Texts::shipped("en");  // never null
};

class SinkInstance {
 public:
  static Result<std::unique_ptr<SinkInstance>> create(std::shared_ptr<const Plugin> plugin, std::string name,
                                                      std::string_view settings, const Limits& limits = {});
  ~SinkInstance();
  SinkInstance(const SinkInstance&) = delete;
  SinkInstance& operator=(const SinkInstance&) = delete;

  // What is to be sent for this alert: exactly one request. `attempt` is 1 at the first try.
  Result<Request> request(const Call& call, const Alert& alert, std::uint32_t attempt, const AlertContext& context);
  // What the answer to it means. Where the plugin leaves that to the host, the status decides (http_rules.h).
  Result<Outcome> outcome(const Call& call, const Alert& alert, std::uint32_t attempt, const AlertContext& context,
                          const Response& response);

  const std::string& name() const;
  const Plugin& plugin() const;
  bool quarantined() const;  // as SourceInstance::quarantined

 private:
  explicit SinkInstance(std::unique_ptr<Instance> instance);
  std::unique_ptr<Instance> instance_;
};

}  // namespace earshot::host
