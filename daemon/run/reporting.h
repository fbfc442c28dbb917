// Reports (core/report) of what is stored: written when they are due, and for `earshot report`.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/report/report.h"
#include "run/house.h"
#include "run/loop.h"

namespace earshot::run {

// What a report is about: its own topics, else all there are. `report` may be null.
std::vector<std::string> report_topics(const config::Config& config, const config::Report* report);

// On a worker: takes about 10 µs for each mention of the period and of the one before.
Result<report::Report> write_report(const store::Store& store, report::Period period, std::vector<std::string> topics);

// The same delivery id whenever the same report is written for the same channel and period.
Alert report_alert(const report::Report& report, const std::string& name, const config::Channel& channel,
                   const route::Zone& zone, Time now);

// Sends each configured report when it is due. One that was due while the daemon was down is sent when it is back, of
// several only the latest: the figures of the others are in it or in the archive. The alerts and the note that the
// report is written are one act of the store. On the I/O thread only.
class Reporter {
 public:
  // `owed` is called after a report was put into the outbox.
  Reporter(House& house, std::function<void()> owed);

  // Reads which reports were written, and begins. A report that is new in the configuration starts now.
  boost::asio::awaitable<Status> start();
  void stop() { loop_.stop(); }
  std::size_t busy() const { return loop_.busy(); }

 private:
  boost::asio::awaitable<Duration> turn();
  // On a worker.
  Status load();
  Result<bool> write_due(const config::Report& report, Time now);
  // When the next one is due.
  std::optional<Time> next() const;

  House& house_;
  std::function<void()> owed_;
  std::map<std::string, Time> written_;  // by name: the end of the last period
  Loop loop_;
};

}  // namespace earshot::run
