#include "common/sink/webhook_sink.h"

#include <algorithm>

namespace earshot::sink {

WebhookSink::WebhookSink(std::string_view service, const Settings& settings, plugin::Failure& failure)
    : url_(settings.url("url", failure)), service_(service) {
  secrets_.add_url(url_);
}

plugin::Request WebhookSink::request(const plugin::Call& call, const earshot_alert& alert, plugin::Failure&) {
  plugin::Request r;
  r.method = "POST";
  r.url = address(alert);
  r.headers.push_back({"Content-Type", std::string(content_type())});
  if (!authorization_.empty()) r.headers.push_back({"Authorization", authorization_});
  r.body = body(alert);
  finish(call, alert, r);
  return r;
}

plugin::Outcome WebhookSink::outcome(const plugin::Call& call, const earshot_alert& alert,
                                     const plugin::Response& response, plugin::Failure&) {
  plugin::Outcome made = judge({service_, call, alert, response, secrets_});
  if (made.result == EARSHOT_DELIVERED) made.retry_after_ms = std::max(made.retry_after_ms, pace_ms_);
  return made;
}

}  // namespace earshot::sink
