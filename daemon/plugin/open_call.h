// One call into a plugin while it runs, and the callbacks through which the plugin hands things over.
//
// A callback's ctx is no pointer but the number of a call, valid only on the thread that makes the call and until it
// returns. So a plugin that keeps its `out`, or calls from a thread of its own, reaches nothing: the callback answers
// EARSHOT_FAILED, and a later call of that thread that it disturbs fails and says so.
#pragma once

#include <earshot/plugin.h>

#include <cstdint>
#include <optional>
#include <string>

#include "plugin/exchange.h"
#include "plugin/intake.h"
#include "plugin/limits.h"

namespace earshot::host {

class OpenCall {
 public:
  // Becomes the running call of this thread until destroyed; calls nest. `capabilities` are the plugin's. `limits` must
  // outlive it.
  OpenCall(const Limits& limits, std::uint32_t capabilities);
  ~OpenCall();
  OpenCall(const OpenCall&) = delete;
  OpenCall& operator=(const OpenCall&) = delete;

  // What the plugin is given to call back with.
  earshot_source_out source_out(bool may_send);
  earshot_sink_out sink_out() const;
  earshot_create_out create_out() const;

  // What the plugin gave so far: complete once its function has returned.
  Round round;
  std::optional<Outcome> outcome;
  std::optional<std::string> error;  // why it fails, in its own words: one line
  Intake intake;

 private:
  friend struct Callbacks;
  void* ctx() const;

  std::uintptr_t number_;
  OpenCall* outer_;
  std::uint32_t capabilities_;
  bool may_send_ = false, items_full_ = false, requests_full_ = false;
};

}  // namespace earshot::host
