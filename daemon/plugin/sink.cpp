#include "plugin/sink.h"

#include <fmt/format.h>

#include <utility>

#include "plugin/alert_view.h"
#include "plugin/http_rules.h"
#include "plugin/instance.h"

namespace earshot::host {

Result<std::unique_ptr<SinkInstance>> SinkInstance::create(std::shared_ptr<const Plugin> plugin, std::string name,
                                                           std::string_view settings, const Limits& limits) {
  auto made = Instance::create(std::move(plugin), Kind::sink, std::move(name), settings, limits);
  if (!made) return tl::unexpected{made.error()};
  return std::unique_ptr<SinkInstance>{new SinkInstance(*std::move(made))};
}

SinkInstance::SinkInstance(std::unique_ptr<Instance> instance) : instance_(std::move(instance)) {}
SinkInstance::~SinkInstance() = default;

const std::string& SinkInstance::name() const { return instance_->name(); }
const Plugin& SinkInstance::plugin() const { return instance_->plugin(); }
bool SinkInstance::quarantined() const { return instance_->quarantined(); }

Result<Request> SinkInstance::request(const Call& call, const Alert& alert, std::uint32_t attempt,
                                      const AlertContext& context) {
  OpenCall open{instance_->limits(), plugin().capabilities()};
  const earshot_call in = to_abi(call);
  const AlertView view{alert, attempt, context};
  const earshot_sink_out out = open.sink_out();
  const Status status = instance_->run(
      "sink_request", open, [&](void* self) { return plugin().table().sink_request(self, &in, view.get(), &out); });
  if (!status) return tl::unexpected{status.error()};
  if (open.round.requests.size() != 1)
    return instance_->failed(
        fmt::format("the plugin {} breaks its contract: sink_request gives {} requests and no "
                    "error; exactly one is wanted",
                    plugin().name(), open.round.requests.size()));
  open.round.requests.front().warnings = open.intake.take_warnings();
  return std::move(open.round.requests.front());
}

Result<Outcome> SinkInstance::outcome(const Call& call, const Alert& alert, std::uint32_t attempt,
                                      const AlertContext& context, const Response& response) {
  if (!plugin().table().sink_outcome)
    return is_mail_url(response.url) ? outcome_of_reply(response)
                                     : outcome_of_status(response, call.now, instance_->limits().retry_after);
  OpenCall open{instance_->limits(), plugin().capabilities()};
  const earshot_call in = to_abi(call);
  const AlertView view{alert, attempt, context};
  const AbiResponse answer{response};
  const earshot_sink_out out = open.sink_out();
  const Status status = instance_->run("sink_outcome", open, [&](void* self) {
    return plugin().table().sink_outcome(self, &in, view.get(), answer.get(), &out);
  });
  if (!status) return tl::unexpected{status.error()};
  if (!open.outcome)
    return instance_->failed(
        fmt::format("the plugin {} breaks its contract: sink_outcome gives neither an outcome nor "
                    "an error",
                    plugin().name()));
  open.outcome->warnings = open.intake.take_warnings();
  return *std::move(open.outcome);
}

}  // namespace earshot::host
