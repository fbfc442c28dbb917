#include "plugin/instance.h"

#include <fmt/format.h>

#include <exception>
#include <stdexcept>
#include <utility>

#include "core/utf8.h"

namespace earshot::host {
namespace {

earshot_str str(std::string_view s) { return {s.data(), s.size()}; }

}  // namespace

Instance::Instance(std::shared_ptr<const Plugin> plugin, std::string name, const Limits& limits)
    : plugin_(std::move(plugin)), name_(std::move(name)), limits_(limits) {}

Result<std::unique_ptr<Instance>> Instance::create(std::shared_ptr<const Plugin> plugin, Kind kind, std::string name,
                                                   std::string_view settings, const Limits& limits) {
  if (plugin->kind() != kind)
    return fail(fmt::format("{}: the plugin {} is a {}, not a {}", name, plugin->name(), to_string(plugin->kind()),
                            to_string(kind)));
  std::unique_ptr<Instance> made{new Instance(std::move(plugin), std::move(name), limits)};
  earshot_config config{};
  config.size = sizeof config;
  config.name = str(made->name_);
  config.settings = str(settings);

  OpenCall call{made->limits_, made->plugin_->capabilities()};
  const earshot_create_out out = call.create_out();
  void* instance = nullptr;
  const Status status = made->run("create", call, [&](void*) {
    return made->plugin_->table().create(&made->plugin_->host(), &config, &out, &instance);
  });
  if (!status) {
    // A failed create owns nothing (plugin.h); whatever it left in `instance` is not ours to touch.
    return tl::unexpected{status.error()};
  }
  made->instance_ = instance;
  if (!instance) return made->failed("create of the plugin succeeded without an instance");
  return made;
}

Instance::~Instance() {
  // An instance that let an exception through may hold locks or half-built objects: destroying it could hang or crash
  // the daemon, so its memory is given up instead.
  if (!instance_ || quarantined_) return;
  guarded([&] {
    plugin_->table().destroy(instance_);
    return EARSHOT_OK;
  });
}

Status Instance::enter() {
  if (quarantined_)
    return failed("is out of service since its plugin let an exception through; it is made anew at the next reload");
  if (busy_.exchange(true, std::memory_order_acquire)) throw std::logic_error(name_ + ": two calls at the same time");
  return {};
}

Status Instance::settle(std::string_view function, OpenCall& call, const Returned& returned) {
  if (returned.threw) {
    quarantined_ = true;
    return failed(
        fmt::format("the plugin {} let an exception out of {} ({}), which breaks its contract: it is out of "
                    "service. Update or remove {}",
                    plugin_->name(), function, to_valid_utf8(returned.exception), plugin_->path().string()));
  }
  if (call.intake.broken())
    return failed(
        fmt::format("the plugin {} breaks its contract: {} {}", plugin_->name(), function, *call.intake.broken()));
  if (call.error) return failed(call.error->empty() ? "failed with an empty reason" : *call.error);
  if (returned.status == EARSHOT_FAILED)
    return failed(fmt::format("{} of the plugin {} failed without a reason", function, plugin_->name()));
  if (returned.status != EARSHOT_OK)
    return failed(
        fmt::format("the plugin {} breaks its contract: {} returned {}, which is neither EARSHOT_OK nor "
                    "EARSHOT_FAILED",
                    plugin_->name(), function, returned.status));
  return {};
}

tl::unexpected<Error> Instance::failed(std::string_view what) const { return fail(fmt::format("{}: {}", name_, what)); }

earshot_call to_abi(const Call& call) {
  earshot_call out{};
  out.size = sizeof out;
  out.now = to_ms(call.now);
  out.random = call.random;
  if (!call.state.empty()) out.state = str(call.state);
  return out;
}

AbiResponse::AbiResponse(const Response& from) {
  headers_.reserve(from.headers.size());
  for (const auto& [name, value] : from.headers) headers_.push_back({str(name), str(value)});
  response_.size = sizeof response_;
  response_.status = from.status;
  response_.tag = from.tag;
  response_.url = str(from.url);
  response_.headers = headers_.data();
  response_.n_headers = headers_.size();
  response_.body = str(from.body);
}

}  // namespace earshot::host
