// What sources and sinks share: an instance's life, and a call into its plugin with everything that may go wrong.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "core/result.h"
#include "plugin/exchange.h"
#include "plugin/limits.h"
#include "plugin/open_call.h"
#include "plugin/plugin.h"

namespace earshot::host {

class Instance {
 public:
  static Result<std::unique_ptr<Instance>> create(std::shared_ptr<const Plugin> plugin, Kind kind, std::string name,
                                                  std::string_view settings, const Limits& limits);
  ~Instance();
  Instance(const Instance&) = delete;
  Instance& operator=(const Instance&) = delete;

  // Runs `invoke(void* instance) -> int32_t`, which calls the plugin's `function` while `call` is open. Good only when
  // the plugin said EARSHOT_OK, gave no error and kept the contract.
  template <class Invoke>
  Status run(std::string_view function, OpenCall& call, Invoke&& invoke) {
    if (auto status = enter(); !status) return status;
    const Leave leave{busy_};
    return settle(function, call, guarded([&] { return invoke(instance_); }));
  }
  // An error in this instance's name.
  tl::unexpected<Error> failed(std::string_view what) const;

  const std::string& name() const { return name_; }
  const Plugin& plugin() const { return *plugin_; }
  const Limits& limits() const { return limits_; }
  bool quarantined() const { return quarantined_; }

 private:
  // What came back over the boundary: a status, or an exception that should never have.
  struct Returned {
    std::int32_t status = EARSHOT_FAILED;
    bool threw = false;
    std::string exception;
  };
  struct Leave {
    std::atomic<bool>& busy;
    ~Leave() { busy.store(false, std::memory_order_release); }
  };

  Instance(std::shared_ptr<const Plugin> plugin, std::string name, const Limits& limits);
  template <class Body>
  static Returned guarded(Body&& body) {
    try {
      return {body(), false, {}};
    } catch (const std::exception& e) {
      return {EARSHOT_FAILED, true, e.what()};
    } catch (...) {
      return {EARSHOT_FAILED, true, "of a type unknown to the host"};
    }
  }
  Status enter();
  Status settle(std::string_view function, OpenCall& call, const Returned& returned);

  std::shared_ptr<const Plugin> plugin_;
  std::string name_;
  Limits limits_;
  void* instance_ = nullptr;
  bool quarantined_ = false;
  std::atomic<bool> busy_ = false;
};

// What a call is given, for the plugin to read.
earshot_call to_abi(const Call& call);

// A response and the array behind its headers; both must outlive what was made of them.
class AbiResponse {
 public:
  explicit AbiResponse(const Response& from);
  AbiResponse(const AbiResponse&) = delete;
  AbiResponse& operator=(const AbiResponse&) = delete;
  const earshot_response* get() const { return &response_; }

 private:
  std::vector<earshot_pair> headers_;
  earshot_response response_{};
};

}  // namespace earshot::host
