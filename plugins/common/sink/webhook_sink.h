// What every sink that posts over HTTP shares: the address as a secret, the frame of a request, the judging of answers.
// A sink adds how its body looks and what the words of its service mean.
#pragma once

#include <cstdint>
#include <earshot/plugin.hpp>
#include <memory>
#include <string>
#include <string_view>

#include "common/sink/answer.h"
#include "common/sink/settings.h"

namespace earshot::sink {

class WebhookSink : public plugin::Sink {
 public:
  plugin::Request request(const plugin::Call& call, const earshot_alert& alert, plugin::Failure& failure) final;
  plugin::Outcome outcome(const plugin::Call& call, const earshot_alert& alert, const plugin::Response& response,
                          plugin::Failure& failure) final;

 protected:
  // `service` is its name for people and a string literal. This one posts to the setting `url`, which is a secret;
  // `failure` says when it is no good.
  WebhookSink(std::string_view service, const Settings& settings, plugin::Failure& failure);
  // This one posts to an address that the sink makes itself; what is secret in it the sink adds to secrets_.
  explicit WebhookSink(std::string_view service) : service_(service) {}

  virtual std::string body(const earshot_alert& alert) = 0;
  virtual std::string address(const earshot_alert&) const { return url_; }
  virtual std::string_view content_type() const { return "application/json"; }
  // Adds what only this service wants; `request` is whole but for that.
  virtual void finish(const plugin::Call&, const earshot_alert&, plugin::Request& /*request*/) const {}
  // What an answer means: the rules common to all, unless the service has words of its own.
  virtual plugin::Outcome judge(const Answer& answer) { return by_status(answer); }

  std::string url_;            // where to, byte for byte as in the settings
  std::string authorization_;  // value of that header; empty: none is sent
  Secrets secrets_;            // what no reason may show
  std::int64_t pace_ms_ = 0;   // least time between two posts, where it depends on the settings (else: Info::rates)

 private:
  std::string_view service_;
};

// The `create` of a sink whose constructor takes settings and failure.
template <class Made>
std::unique_ptr<plugin::Sink> create(const plugin::Config& config, plugin::Failure& failure) {
  const Settings settings(config, failure);
  return std::make_unique<Made>(settings, failure);
}

}  // namespace earshot::sink
