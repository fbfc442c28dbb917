// Alerts as JSON to any HTTP endpoint, signed as Standard Webhooks (https://www.standardwebhooks.com) ask.
#include <earshot/plugin.hpp>

#include "common/sink/answer.h"
#include "common/sink/event.h"
#include "common/sink/settings.h"
#include "embedded.h"
#include "signature.h"

namespace earshot {
namespace {

using plugin::Call;
using plugin::Config;
using plugin::Failure;
using plugin::Outcome;
using plugin::Request;
using plugin::Response;

constexpr std::int64_t kAdvisedSize = 20'000;  // bytes: the specification advises payloads under 20 kB

class Webhook final : public plugin::Sink {
 public:
  static std::unique_ptr<Sink> create(const Config& config, Failure& failure) {
    const sink::Settings settings(config, failure);
    auto made = std::make_unique<Webhook>();
    made->url_ = settings.url("url", failure);
    made->authorization_ = settings.text("authorization");
    made->limit_ = static_cast<std::size_t>(settings.integer("max_size", kAdvisedSize));
    made->secrets_.add_url(made->url_);
    made->secrets_.add(made->authorization_);
    for (const std::string& secret : settings.texts("secret")) {
      made->secrets_.add(secret);
      if (auto key = signing_key(secret))
        made->keys_.push_back(std::move(*key));
      else
        failure(
            "secret must be \"whsec_\" followed by the base64 of 24 to 64 random bytes; `openssl rand -base64 32` "
            "makes one");
    }
    return made;
  }

  Request request(const Call& call, const earshot_alert& alert, Failure&) override {
    Request r;
    r.method = "POST";
    r.url = url_;
    r.body = sink::event(alert, limit_);
    r.headers.push_back({"Content-Type", "application/json"});
    if (!authorization_.empty()) r.headers.push_back({"Authorization", authorization_});
    const std::string id(plugin::view(alert.delivery_id));
    const std::string timestamp = std::to_string(call.now / 1000);  // of this attempt: verifiers allow five minutes
    r.headers.push_back({"webhook-id", id});
    r.headers.push_back({"webhook-timestamp", timestamp});
    std::string signatures;
    for (const std::string& key : keys_)
      signatures += (signatures.empty() ? "" : " ") + signature(key, id, timestamp, r.body);
    if (!signatures.empty()) r.headers.push_back({"webhook-signature", signatures});
    return r;
  }

  Outcome outcome(const Call& call, const earshot_alert& alert, const Response& response, Failure&) override {
    return sink::by_status({"the endpoint", call, alert, response, secrets_});
  }

 private:
  std::string url_, authorization_;
  std::vector<std::string> keys_;  // new and old while a secret is rotated
  std::size_t limit_ = 0;
  sink::Secrets secrets_;
};

constexpr plugin::Info kInfo{"webhook",        "0.1.0",          "Posts alerts as signed JSON (Standard Webhooks)",
                             embedded::schema, embedded::sample, 0};

}  // namespace
}  // namespace earshot

EARSHOT_SINK_PLUGIN(earshot::kInfo, earshot::Webhook::create)
