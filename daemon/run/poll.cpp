#include "run/poll.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <iterator>
#include <utility>

namespace earshot::run {
namespace {

net::Validators find_validators(const std::vector<store::Validator>& all, std::string_view url) {
  const auto at = std::ranges::find(all, url, &store::Validator::url);
  return at == all.end() ? net::Validators{} : net::Validators{at->etag, at->last_modified};
}

// Those of one URL are replaced as a whole: an answer without validators leaves none (RFC 9111 §4.3.4).
void replace_validators(std::vector<store::Validator>& all, const std::string& url, const net::Validators& fresh) {
  std::erase_if(all, [&](const store::Validator& v) { return v.url == url; });
  if (!fresh.etag.empty() || !fresh.last_modified.empty()) all.push_back({url, fresh.etag, fresh.last_modified});
}

schedule::ServerWord server_word(const net::Response& response, Time now) {
  std::vector<schedule::HeaderView> headers;
  headers.reserve(response.headers.size());
  for (const net::Header& header : response.headers) headers.push_back({header.name, header.value});
  return schedule::server_word(headers, now);
}

template <class T>
void append(std::vector<T>& to, std::vector<T>&& from) {
  std::ranges::move(from, std::back_inserter(to));
}

void take(Polled& polled, host::Round&& round, std::deque<host::Request>& waiting) {
  append(polled.items, std::move(round.items));
  append(polled.warnings, std::move(round.warnings));
  if (round.feed && !polled.feed) polled.feed = std::move(round.feed);
  if (round.state) polled.plugin_state = std::move(round.state);
  std::ranges::move(round.requests, std::back_inserter(waiting));
}

}  // namespace

boost::asio::awaitable<Polled> poll(const PollTools& tools, host::SourceInstance& instance, host::Round first,
                                    const store::SourceState& state, const Manner& manner) {
  Polled polled;
  polled.validators = state.validators;
  std::deque<host::Request> waiting;
  take(polled, std::move(first), waiting);
  bool read_one = waiting.empty(), asked = false;
  // Validators of pages that were read, kept back until the whole poll went well: with them a page is not sent again.
  std::vector<store::Validator> fresh = state.validators;

  for (std::size_t n = 0; !waiting.empty(); ++n) {
    if (n == kMaxRequests) {
      polled.warnings.push_back(
          fmt::format("{} more requests were left out: a poll may make {}", waiting.size(), kMaxRequests));
      break;
    }
    host::Request request = std::move(waiting.front());
    waiting.pop_front();
    const std::string url = request.url;
    const std::uint64_t tag = request.tag;
    const bool conditional = request.conditional();
    Errand errand{.request = std::move(request),
                  .headers = manner.headers,
                  .validators = find_validators(state.validators, url),
                  .policy = manner.policy,
                  .limits = manner.limits};
    const auto answer = co_await tools.exchange.send(std::move(errand));
    if (!answer) {
      polled.kind = answer.error().step == net::Step::cancelled ? Polled::Kind::cancelled : Polled::Kind::failed;
      polled.error = answer.error().message;
      co_return polled;
    }
    asked = true;
    polled.status = answer->status;
    polled.bytes += answer->wire_bytes;
    polled.server = server_word(*answer, tools.now());
    polled.permanent_url = answer->permanent_url();
    if (conditional && answer->status == 304) {
      replace_validators(fresh, url, answer->validators);
      continue;
    }
    auto call = [&] {
      const std::string& plugin_state = polled.plugin_state ? *polled.plugin_state : state.plugin_state;
      return instance.response({tools.now(), tools.random(), plugin_state}, plugin_view(*answer, tag));
    };
    auto round = co_await tools.workers.run(std::move(call));
    if (!round) {
      polled.kind = Polled::Kind::failed;
      polled.error = round.error().message;
      co_return polled;
    }
    read_one = true;
    if (conditional) replace_validators(fresh, url, answer->validators);
    take(polled, std::move(*round), waiting);
  }
  polled.validators = std::move(fresh);
  if (asked && !read_one) polled.kind = Polled::Kind::not_modified;
  co_return polled;
}

}  // namespace earshot::run
