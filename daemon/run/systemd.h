// The service's talk with systemd: sd_notify(3) and the watchdog (sd_watchdog_enabled(3)). Without systemd all of it
// does nothing.
#pragma once

#include <string>

#include "core/time.h"

namespace earshot::run::systemd {

void ready(const std::string& status);
// With the monotonic time that Type=notify-reload wants (systemd.service(5)).
void reloading();
void stopping();
void status(const std::string& text);
void alive();

// How often alive() must be called at the least; zero: nobody is watching.
Duration watchdog_interval();

}  // namespace earshot::run::systemd
