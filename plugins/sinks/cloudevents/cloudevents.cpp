// CloudEvents 1.0 over HTTP (cloudevents.io, HTTP protocol binding 1.0.2), in binary or structured mode.
#include <boost/json.hpp>
#include <earshot/plugin.hpp>

#include "common/sink/answer.h"
#include "common/sink/clean.h"
#include "common/sink/event.h"
#include "common/sink/link.h"
#include "common/sink/settings.h"
#include "common/sink/unicode.h"
#include "embedded.h"

namespace earshot {
namespace {

namespace json = boost::json;
using plugin::Call;
using plugin::Config;
using plugin::Failure;
using plugin::Outcome;
using plugin::Request;
using plugin::Response;

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

class CloudEvents final : public plugin::Sink {
 public:
  static std::unique_ptr<Sink> create(const Config& config, Failure& failure) {
    const sink::Settings settings(config, failure);
    auto made = std::make_unique<CloudEvents>();
    made->url_ = settings.url("url", failure);
    made->secrets_.add_url(made->url_);
    made->source_ = settings.text("source", "earshot");
    made->prefix_ = settings.text("type_prefix", "org.earshot");
    made->structured_ = settings.text("mode") == "structured";
    made->authorization_ = settings.text("authorization");
    made->secrets_.add(made->authorization_);
    return made;
  }

  Request request(const Call&, const earshot_alert& alert, Failure&) override {
    Request r;
    r.method = "POST";
    r.url = url_;
    if (!authorization_.empty()) r.headers.push_back({"Authorization", authorization_});
    std::vector<plugin::Header> attributes{{"specversion", "1.0"},
                                           {"id", std::string(plugin::view(alert.delivery_id))},
                                           {"source", source_},
                                           {"type", prefix_ + "." + std::string(sink::event_type(alert.kind))}};
    if (std::string time = sink::rfc3339(alert.created); !time.empty()) attributes.push_back({"time", std::move(time)});
    if (alert.kind == EARSHOT_ALERT_MENTION && alert.n_mentions == 1)
      if (const std::string id = sink::clean_line(plugin::view(plugin::read(alert.mentions[0]).id)); !id.empty())
        attributes.push_back({"subject", sink::truncate(id, 200, sink::Unit::bytes)});
    const std::string data = sink::event_data(alert, kEvent);
    if (structured_) {
      json::object event;
      for (const auto& [name, value] : attributes) event[name] = value;
      event["datacontenttype"] = "application/json";
      r.body = json::serialize(event);
      r.body.back() = ',';
      r.body += "\"data\":" + data + "}";
      r.headers.push_back({"Content-Type", "application/cloudevents+json"});
    } else {
      for (const auto& [name, value] : attributes) r.headers.push_back({"ce-" + name, attribute(value)});
      r.headers.push_back({"Content-Type", "application/json"});  // is the event's datacontenttype
      r.body = data;
    }
    return r;
  }

  Outcome outcome(const Call& call, const earshot_alert& alert, const Response& response, Failure&) override {
    const sink::Answer answer{"the receiver", call, alert, response, secrets_};
    if (response.status == 415) return sink::rejected(answer, "it wants the other mode: structured or binary");
    return sink::by_status(answer);
  }

 private:
  std::string url_, source_, prefix_, authorization_;
  bool structured_ = false;
  sink::Secrets secrets_;
};

constexpr plugin::Info kInfo{"cloudevents",    "0.1.0",          "Posts alerts as CloudEvents 1.0 over HTTP",
                             embedded::schema, embedded::sample, 0};

}  // namespace
}  // namespace earshot

EARSHOT_SINK_PLUGIN(earshot::kInfo, earshot::CloudEvents::create)
