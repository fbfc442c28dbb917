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
      if (auto key = SigningKey::read(secret, failure)) keys_.push_back(*std::move(key));
    }
  }

  std::string body(const earshot_alert& alert) override { return sink::event(alert, limit_); }

  void finish(const Call& call, const earshot_alert& alert, Request& request) const override {
    const std::string id(plugin::view(alert.delivery_id));
    const std::string timestamp = std::to_string(call.now / 1000);  // of this attempt: verifiers allow five minutes
    request.headers.push_back({"webhook-id", id});
    request.headers.push_back({"webhook-timestamp", timestamp});
    const std::string content = signed_content(id, timestamp, request.body);
    std::string signatures;
    for (const SigningKey& key : keys_) {
      if (!signatures.empty()) signatures += ' ';
      signatures += key.sign(content);
    }
    if (!signatures.empty()) request.headers.push_back({"webhook-signature", signatures});
  }

 private:
  std::vector<SigningKey> keys_;  // new and old while a secret is rotated, of either scheme
  std::size_t limit_;
};

constexpr plugin::Info kInfo{"webhook",        "0.1.0",          "Posts alerts as signed JSON (Standard Webhooks)",
                             embedded::schema, embedded::sample, 0};

}  // namespace
}  // namespace earshot

EARSHOT_SINK_PLUGIN(earshot::kInfo, earshot::sink::create<earshot::Webhook>)
