// Alerts as JSON to any HTTP endpoint, signed as Standard Webhooks (https://www.standardwebhooks.com) ask.
#include <earshot/plugin.hpp>

#include "common/sink/event.h"
#include "common/sink/webhook_sink.h"
#include "embedded.h"
#include "signature.h"

namespace earshot {
namespace {

using plugin::Call;
using plugin::Failure;
using plugin::Request;

constexpr std::int64_t kAdvisedSize = 20'000;  // bytes: the specification advises payloads under 20 kB

class Webhook final : public sink::WebhookSink {
 public:
  Webhook(const sink::Settings& settings, Failure& failure)
      : WebhookSink("the endpoint", settings, failure),
        limit_(static_cast<std::size_t>(settings.integer("max_size", kAdvisedSize))) {
    authorization_ = settings.text("authorization");
    secrets_.add(authorization_);
    for (const std::string& secret : settings.texts("secret")) {
      secrets_.add(secret);
      if (auto key = signing_key(secret))
        keys_.push_back(std::move(*key));
      else
        failure(
            "secret must be \"whsec_\" followed by the base64 of 24 to 64 random bytes; `openssl rand -base64 32` "
            "makes one");
    }
  }

  std::string body(const earshot_alert& alert) override { return sink::event(alert, limit_); }

  void finish(const Call& call, const earshot_alert& alert, Request& request) const override {
    const std::string id(plugin::view(alert.delivery_id));
    const std::string timestamp = std::to_string(call.now / 1000);  // of this attempt: verifiers allow five minutes
    request.headers.push_back({"webhook-id", id});
    request.headers.push_back({"webhook-timestamp", timestamp});
    std::string signatures;
    for (const std::string& key : keys_)
      signatures += (signatures.empty() ? "" : " ") + signature(key, id, timestamp, request.body);
    if (!signatures.empty()) request.headers.push_back({"webhook-signature", signatures});
  }

 private:
  std::vector<std::string> keys_;  // new and old while a secret is rotated
  std::size_t limit_;
};

constexpr plugin::Info kInfo{"webhook",        "0.1.0",          "Posts alerts as signed JSON (Standard Webhooks)",
                             embedded::schema, embedded::sample, 0};

}  // namespace
}  // namespace earshot

EARSHOT_SINK_PLUGIN(earshot::kInfo, earshot::sink::create<earshot::Webhook>)
