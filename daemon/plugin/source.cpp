#include "plugin/source.h"

#include <utility>

#include "plugin/instance.h"

namespace earshot::host {
namespace {

earshot_str str(std::string_view s) { return {s.data(), s.size()}; }

// `function` is a member of the plugin's table; `arguments` stand between the call and the out.
template <class Function, class... Arguments>
Result<Round> round_of(Instance& instance, std::string_view name, Function earshot_plugin::*function, const Call& call,
                       bool may_send, const Arguments*... arguments) {
  OpenCall open{instance.limits(), instance.plugin().capabilities()};
  const earshot_call in = to_abi(call);
  const earshot_source_out out = open.source_out(may_send);
  const Status status = instance.run(
      name, open, [&](void* self) { return (instance.plugin().table().*function)(self, &in, arguments..., &out); });
  if (!status) return tl::unexpected{status.error()};
  open.round.warnings = open.intake.take_warnings();
  return std::move(open.round);
}

}  // namespace

Result<std::unique_ptr<SourceInstance>> SourceInstance::create(std::shared_ptr<const Plugin> plugin, std::string name,
                                                               std::string_view settings, const Limits& limits) {
  auto made = Instance::create(std::move(plugin), Kind::source, std::move(name), settings, limits);
  if (!made) return tl::unexpected{made.error()};
  return std::unique_ptr<SourceInstance>{new SourceInstance(*std::move(made))};
}

SourceInstance::SourceInstance(std::unique_ptr<Instance> instance) : instance_(std::move(instance)) {}
SourceInstance::~SourceInstance() = default;

const std::string& SourceInstance::name() const { return instance_->name(); }
const Plugin& SourceInstance::plugin() const { return instance_->plugin(); }
bool SourceInstance::quarantined() const { return instance_->quarantined(); }

Result<Round> SourceInstance::begin(const Call& call) {
  return round_of(*instance_, "source_begin", &earshot_plugin::source_begin, call, false);
}

Result<Round> SourceInstance::response(const Call& call, const Response& response) {
  const AbiResponse in{response};
  return round_of(*instance_, "source_response", &earshot_plugin::source_response, call, false, in.get());
}

Result<Round> SourceInstance::frame(const Call& call, const Frame& frame) {
  if (!plugin().table().source_frame) return instance_->failed("its plugin does not stream");
  earshot_frame in{};
  in.size = sizeof in;
  in.kind = static_cast<std::uint32_t>(frame.kind);
  in.tag = frame.tag;
  in.event = str(frame.event);
  in.id = str(frame.id);
  in.data = str(frame.data);
  return round_of(*instance_, "source_frame", &earshot_plugin::source_frame, call, true, &in);
}

}  // namespace earshot::host
