// What plugins have the host send, and what sinks make of the answer.
#include "core/utf8.h"
#include "plugin/http_rules.h"
#include "plugin/intake_impl.h"

namespace earshot::host {

std::optional<Request> Intake::request(const earshot_request* from, std::uint32_t capabilities) {
  const auto in = known(from, "request");
  if (!in) return std::nullopt;
  const auto check = [&](const Status& status) {
    if (!status) breach(status.error().message);
  };
  const auto at = [](std::string_view field) { return Where{"request", field}; };
  constexpr std::uint32_t kFlags = EARSHOT_REQUEST_CONDITIONAL | EARSHOT_REQUEST_WEBSOCKET | EARSHOT_REQUEST_EVENTS;

  Request out;
  out.flags = in->flags & kFlags;  // what a newer contract may add is not asked of this host: needs_minor says so
  out.tag = in->tag;
  if (const auto body = bytes(in->body.data, in->body.len, limits_.body, "a request's body")) out.body = *body;
  if (const auto url = bytes(in->url.data, in->url.len, limits_.url, "a request's URL")) {
    out.url = *url;
    check(check_request_url(out.url, out.flags, capabilities));
    if (!is_valid_utf8(out.url)) breach("asks for a URL that is not UTF-8");
  }
  if (const auto method = bytes(in->method.data, in->method.len, 32, "a method")) {
    out.method = !method->empty() ? *method : out.body.empty() ? "GET" : "POST";
    check(check_method(out.method));
  }
  if (in->n_headers > limits_.headers)
    breach(fmt::format("sets {} headers; {} are allowed", in->n_headers, limits_.headers));
  if (broken_) return std::nullopt;
  each(in->headers, in->n_headers, limits_.headers, at("headers"), [&](const earshot_pair& h) {
    auto name = bytes(h.name.data, h.name.len, 256, "a header's name");
    auto value = bytes(h.value.data, h.value.len, limits_.header, "a header's value");
    if (!name || !value) return;
    check(check_header(*name, *value));
    out.headers.emplace_back(*std::move(name), *std::move(value));
  });
  if (broken_) return std::nullopt;
  return out;
}

std::optional<Outcome> Intake::outcome(const earshot_outcome* from) {
  const auto in = known(from, "outcome");
  if (!in) return std::nullopt;
  if (in->result < EARSHOT_DELIVERED || in->result > EARSHOT_CHANNEL_GONE) {
    breach(fmt::format("gives an outcome {} that is none of EARSHOT_DELIVERED, RETRY, REJECTED, CHANNEL_GONE",
                       in->result));
    return std::nullopt;
  }
  Outcome out;
  out.result = static_cast<Outcome::Result>(in->result);
  out.retry_after = std::clamp(Duration{in->retry_after_ms}, Duration{0}, limits_.retry_after);
  out.reason = line(in->reason.data, in->reason.len, "an outcome's reason");
  out.remote_id = text(in->remote_id, limits_.id, {"outcome", "remote_id"}, Cut::whole);
  if (const auto state = bytes(in->state.data, in->state.len, limits_.state, "an outcome's state")) out.state = *state;
  if (broken_) return std::nullopt;
  return out;
}

}  // namespace earshot::host
