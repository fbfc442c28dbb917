// Plugins of this program whose functions are what a test says, so that each test reads from top to bottom.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <earshot/plugin.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "plugin/plugin.h"
#include "plugin/sink.h"
#include "plugin/source.h"

namespace earshot::host::test {

constexpr earshot_str str(std::string_view s) { return {s.data(), s.size()}; }
inline std::string text(earshot_str s) { return {s.data ? s.data : "", s.len}; }

// What the scripted plugins do; a function that is not set succeeds without giving anything (create gives an instance).
struct Script {
  std::function<std::int32_t(const earshot_host*, const earshot_config*, const earshot_create_out*, void**)> create;
  std::function<void(void*)> destroy;
  std::function<std::int32_t(const earshot_call*, const earshot_source_out*)> begin;
  std::function<std::int32_t(const earshot_call*, const earshot_response*, const earshot_source_out*)> response;
  std::function<std::int32_t(const earshot_call*, const earshot_frame*, const earshot_source_out*)> frame;
  std::function<std::int32_t(const earshot_call*, const earshot_alert*, const earshot_sink_out*)> request;
  std::function<std::int32_t(const earshot_call*, const earshot_alert*, const earshot_response*,
                             const earshot_sink_out*)>
      outcome;
};

// The one that runs. Set by ScriptTest for each test.
Script& script();

// Complete tables that run the script.
earshot_plugin source_table(std::uint32_t capabilities = EARSHOT_STREAMS);
earshot_plugin sink_table(std::uint32_t capabilities = 0);

class ScriptTest : public testing::Test {
 protected:
  ScriptTest() { script() = {}; }
  ~ScriptTest() override { script() = {}; }

  // Instances called "name" with the settings {}.
  static std::unique_ptr<SourceInstance> source(const Limits& limits = {},
                                                std::uint32_t capabilities = EARSHOT_STREAMS);
  static std::unique_ptr<SinkInstance> sink(const Limits& limits = {}, std::uint32_t capabilities = 0);

  // One begin that runs `body`; body's result counts as EARSHOT_OK.
  static Result<Round> round(const std::function<void(const earshot_source_out&)>& body, const Limits& limits = {},
                             std::uint32_t capabilities = EARSHOT_STREAMS);
  // The error of what should have failed, or "succeeded".
  template <class T>
  static std::string error(const Result<T>& result) {
    return result ? "succeeded" : result.error().message;
  }
};

}  // namespace earshot::host::test
