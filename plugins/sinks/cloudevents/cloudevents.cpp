// CloudEvents 1.0 over HTTP (cloudevents.io, HTTP protocol binding 1.0.2), in binary or structured mode.
#include <algorithm>
#include <boost/json.hpp>
#include <earshot/plugin.hpp>
#include <optional>

#include "common/sink/clean.h"
#include "common/sink/event.h"
#include "common/sink/link.h"
#include "common/sink/unicode.h"
#include "common/sink/webhook_sink.h"
#include "embedded.h"
#include "handshake.h"

namespace earshot {
namespace {

namespace json = boost::json;
using plugin::Call;
using plugin::Failure;
using plugin::Outcome;
using plugin::Request;

constexpr std::size_t kEvent = 60'000;  // bytes: every intermediary takes 64 KiB, attributes included

// Header values of attributes (binding 3.1.3.2): UTF-8 bytes outside U+0021–U+007E, '"' and '%' as %XX.
std::string attribute(std::string_view value) {
  std::string out;
  for (const char c : value) {
    if (c > 0x20 && c < 0x7F && c != '"' && c != '%')
      out += c;
    else
      out += sink::percent_encode(std::string_view(&c, 1));
  }
  return out;
}

class CloudEvents final : public sink::WebhookSink {
 public:
  CloudEvents(const sink::Settings& settings, Failure& failure)
      : WebhookSink("the receiver", settings, failure),
        source_(settings.text("source", "earshot")),
        prefix_(settings.text("type_prefix", "org.earshot")),
        structured_(settings.text("mode") == "structured") {
    authorization_ = settings.text("authorization");
    secrets_.add(authorization_);
    if (const auto handshake = settings.part("handshake"))
      handshake_.emplace(handshake->text("origin"), handshake->integer("rate", 0));
  }

  // In binary mode the content type is the event's datacontenttype.
  std::string_view content_type() const override {
    return structured_ ? "application/cloudevents+json" : "application/json";
  }

  std::string body(const earshot_alert& alert) override {
    std::string data = sink::event_data(alert, kEvent);
    if (!structured_) return data;
    json::object event;
    for (const auto& [name, value] : attributes(alert)) event[name] = value;
    event["datacontenttype"] = "application/json";
    std::string out = json::serialize(event);
    out.back() = ',';
    return out + "\"data\":" + data + "}";
  }

  void finish(const Call& call, const earshot_alert& alert, Request& request) const override {
    if (handshake_) handshake_->prepare(call.now, request);
    if (structured_ || request.tag == Handshake::kTag) return;
    for (const auto& [name, value] : attributes(alert)) request.headers.push_back({"ce-" + name, attribute(value)});
  }

  Outcome judge(const sink::Answer& answer) override {
    if (!handshake_) return judge_delivery(answer);
    Tries tries = Tries::read(answer.call.state, answer.alert.attempt);
    Outcome made;
    if (answer.response.tag == Handshake::kTag) {
      made = handshake_->judge(answer, tries);
      pace_ms_ = handshake_->pace_ms();
    } else {
      earshot_alert alert = answer.alert;
      alert.attempt -= tries.asked;
      tries.refused = 0;
      made = judge_delivery({answer.service, answer.call, alert, answer.response, answer.secrets});
      if (made.result == EARSHOT_RETRY) made.retry_after_ms = std::max(made.retry_after_ms, pace_ms_);
    }
    made.state = tries.written();
    return made;
  }

 private:
  static Outcome judge_delivery(const sink::Answer& answer) {
    if (answer.response.status == 415) return sink::rejected(answer, "it wants the other mode: structured or binary");
    return sink::by_status(answer);
  }

  std::vector<plugin::Header> attributes(const earshot_alert& alert) const {
    std::vector<plugin::Header> out{{"specversion", "1.0"},
                                    {"id", std::string(plugin::view(alert.delivery_id))},
                                    {"source", source_},
                                    {"type", prefix_ + "." + std::string(sink::event_type(alert.kind))}};
    if (std::string time = sink::rfc3339(alert.created); !time.empty()) out.push_back({"time", std::move(time)});
    if (alert.kind == EARSHOT_ALERT_MENTION && alert.n_mentions == 1)
      if (const std::string id = sink::clean_line(plugin::view(plugin::read(alert.mentions[0]).id)); !id.empty())
        out.push_back({"subject", sink::truncate(id, 200, sink::Unit::bytes)});
    return out;
  }

  std::string source_, prefix_;
  bool structured_;
  std::optional<Handshake> handshake_;  // where the settings want it
};

constexpr plugin::Info kInfo{"cloudevents",    "0.1.0",          "Posts alerts as CloudEvents 1.0 over HTTP",
                             embedded::schema, embedded::sample, 0};

}  // namespace
}  // namespace earshot

EARSHOT_SINK_PLUGIN(earshot::kInfo, earshot::sink::create<earshot::CloudEvents>)
