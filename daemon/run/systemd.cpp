#include "run/systemd.h"

#include <fmt/format.h>
#include <systemd/sd-daemon.h>

#include <chrono>
#include <cstdint>

namespace earshot::run::systemd {
namespace {

void say(const std::string& state) { sd_notify(0, state.c_str()); }

}  // namespace

void ready(const std::string& status) { say("READY=1\nSTATUS=" + status); }

void reloading() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();  // CLOCK_MONOTONIC on Linux
  say(fmt::format("RELOADING=1\nMONOTONIC_USEC={}",
                  std::chrono::duration_cast<std::chrono::microseconds>(now).count()));
}

void stopping() { say("STOPPING=1"); }
void status(const std::string& text) { say("STATUS=" + text); }
void alive() { say("WATCHDOG=1"); }

Duration watchdog_interval() {
  std::uint64_t usec = 0;
  if (sd_watchdog_enabled(0, &usec) <= 0) return Duration{0};
  return std::chrono::ceil<Duration>(std::chrono::microseconds{usec});
}

}  // namespace earshot::run::systemd
