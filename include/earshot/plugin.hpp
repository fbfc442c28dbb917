// SPDX-License-Identifier: Apache-2.0
//
// The C++20 face of plugin.h: derive from Source or Sink, name the class in EARSHOT_SOURCE_PLUGIN or
// EARSHOT_SINK_PLUGIN, and no exception, size or lifetime rule of the C contract is yours to keep any more.
//
//   struct Hello final : earshot::plugin::Sink {
//     earshot::plugin::Request request(const Call& call, const earshot_alert& alert, Failure& failure) override;
//   };
//   EARSHOT_SINK_PLUGIN(kInfo, Hello::create)
#pragma once

#include <earshot/plugin.h>

#include <algorithm>
#include <cstring>
#include <exception>
#include <memory>
#include <new>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace earshot::plugin {

constexpr earshot_str str(std::string_view s) noexcept { return {s.data(), s.size()}; }
constexpr std::string_view view(earshot_str s) noexcept {
  return s.data ? std::string_view{s.data, s.len} : std::string_view{};
}

// A zeroed struct that knows its own size. The times of items and feeds are absent, which zero would not say.
template <class T>
T sized() noexcept {
  T value{};
  value.size = sizeof(T);
  if constexpr (std::is_same_v<T, earshot_item>) value.published = value.updated = EARSHOT_NO_TIME;
  if constexpr (std::is_same_v<T, earshot_feed>) value.updated = value.update_base = EARSHOT_NO_TIME;
  return value;
}

// What the other side wrote, whichever version it knew: min(size, sizeof) bytes into a zeroed struct.
template <class T>
T read(const T* from) noexcept {
  T value{};
  if (from) std::memcpy(static_cast<void*>(&value), from, std::min<std::size_t>(from->size, sizeof(T)));
  return value;
}

// Why a call cannot go on. The first reason stays.
class Failure {
 public:
  void operator()(std::string reason) {
    if (!reason_) reason_ = std::move(reason);
  }
  explicit operator bool() const { return reason_.has_value(); }
  const std::string& reason() const { return *reason_; }

 private:
  std::optional<std::string> reason_;
};

struct Call {
  std::int64_t now = 0;      // ms since the epoch
  std::uint64_t random = 0;  // fresh bits
  std::string_view state;    // sources: what was stored last; sinks: Outcome::state of this alert's last try
};

struct Header {
  std::string name, value;
};

struct Request {
  std::string method;  // empty: GET, or POST with a body
  std::string url;
  std::vector<Header> headers;
  std::string body;
  std::uint32_t flags = 0;
  std::uint64_t tag = 0;
};

struct Response {
  std::uint32_t status = 0;
  std::uint64_t tag = 0;
  std::string_view url;
  std::span<const earshot_pair> headers;
  std::string_view body;

  // The first header of that name (ASCII case-insensitive), or nothing.
  std::optional<std::string_view> header(std::string_view name) const {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    for (const earshot_pair& h : headers)
      if (std::ranges::equal(view(h.name), name, {}, lower, lower)) return view(h.value);
    return std::nullopt;
  }
};

struct Frame {
  std::uint32_t kind = 0;
  std::uint64_t tag = 0;
  std::string_view event, id, data;
};

struct Outcome {
  std::uint32_t result = EARSHOT_DELIVERED;
  std::int64_t retry_after_ms = 0;
  std::string reason;
  std::string remote_id;
  std::string state{};  // RETRY: comes back in Call::state
};

struct Config {
  std::string_view name;
  std::string_view settings;  // JSON object
};

namespace detail {

inline bool give(const Request& r, void* ctx, std::int32_t (*request)(void*, const earshot_request*)) {
  std::vector<earshot_pair> headers;
  headers.reserve(r.headers.size());
  for (const Header& h : r.headers) headers.push_back({str(h.name), str(h.value)});
  auto out = sized<earshot_request>();
  out.flags = r.flags;
  out.method = str(r.method);
  out.url = str(r.url);
  out.headers = headers.data();
  out.n_headers = headers.size();
  out.body = str(r.body);
  out.tag = r.tag;
  return request(ctx, &out) == EARSHOT_OK;
}

inline Call call(const earshot_call* in) noexcept {
  const auto c = read(in);
  return {c.now, c.random, view(c.state)};
}

inline Response response(const earshot_response* in) noexcept {
  const auto r = read(in);
  return {r.status, r.tag, view(r.url), {r.headers, r.n_headers}, view(r.body)};
}

}  // namespace detail

// What a source gives back during one call.
class SourceOut {
 public:
  explicit SourceOut(const earshot_source_out& out) : out_(out) {}
  // False when the host takes no more requests in this round.
  bool request(const Request& r) { return detail::give(r, out_.ctx, out_.request); }
  // False when the host takes no more items in this round.
  bool item(const earshot_item& item) { return out_.item(out_.ctx, &item) == EARSHOT_OK; }
  void feed(const earshot_feed& feed) { out_.feed(out_.ctx, &feed); }
  void state(std::string_view bytes) { out_.state(out_.ctx, bytes.data(), bytes.size()); }
  void send(std::string_view text) { out_.send(out_.ctx, text.data(), text.size()); }
  void warning(std::string_view text) { out_.warning(out_.ctx, text.data(), text.size()); }

 private:
  const earshot_source_out& out_;
};

class Source {
 public:
  virtual ~Source() = default;
  // A poll is due: ask for what is needed.
  virtual void begin(const Call& call, SourceOut& out, Failure& failure) = 0;
  virtual void response(const Call& call, const Response& response, SourceOut& out, Failure& failure) = 0;
  virtual void frame(const Call&, const Frame&, SourceOut&, Failure& failure) {
    failure("this source does not stream");
  }
};

class Sink {
 public:
  virtual ~Sink() = default;
  virtual Request request(const Call& call, const earshot_alert& alert, Failure& failure) = 0;
  virtual Outcome outcome(const Call& call, const earshot_alert& alert, const Response& response, Failure& failure) = 0;
};

// The fixed part of a plugin's table.
struct Info {
  std::string_view name, version, summary, schema, sample;
  std::uint32_t capabilities = 0;
  std::span<const earshot_rate> rates{};  // sinks; a constant, as all of this
  std::uint32_t needs_minor = 0;          // an older host is told that it is too old
};

namespace detail {

// Runs `body`; whatever is thrown or failed becomes error text and EARSHOT_FAILED.
template <class Out, class Body>
std::int32_t guarded(const Out& out, Body&& body) noexcept {
  const auto say = [&](const char* text, std::size_t n) {
    if (out.error) out.error(out.ctx, text, n);
    return static_cast<std::int32_t>(EARSHOT_FAILED);
  };
  try {
    Failure failure;
    body(failure);
    return failure ? say(failure.reason().data(), failure.reason().size()) : static_cast<std::int32_t>(EARSHOT_OK);
  } catch (const std::exception& e) {
    return say(e.what(), std::strlen(e.what()));
  } catch (...) {
    return say("unknown exception", 17);
  }
}

// Create is std::unique_ptr<Base>(const Config&, Failure&): null with a failure set when the settings are no good.
template <class Base, auto Create>
std::int32_t create(const earshot_host*, const earshot_config* config, const earshot_create_out* out,
                    void** instance) noexcept {
  const auto to = read(out);
  return guarded(to, [&](Failure& failure) {
    const auto c = read(config);
    std::unique_ptr<Base> made = Create(Config{view(c.name), view(c.settings)}, failure);
    if (!made && !failure) failure("the plugin could not be created");
    if (!failure) *instance = made.release();
  });
}

template <class Base>
void destroy(void* instance) noexcept {
  delete static_cast<Base*>(instance);
}

inline std::int32_t source_begin(void* self, const earshot_call* c, const earshot_source_out* o) noexcept {
  const auto to = read(o);
  return guarded(to, [&](Failure& failure) {
    SourceOut out(to);
    static_cast<Source*>(self)->begin(call(c), out, failure);
  });
}

inline std::int32_t source_response(void* self, const earshot_call* c, const earshot_response* r,
                                    const earshot_source_out* o) noexcept {
  const auto to = read(o);
  return guarded(to, [&](Failure& failure) {
    SourceOut out(to);
    static_cast<Source*>(self)->response(call(c), response(r), out, failure);
  });
}

inline std::int32_t source_frame(void* self, const earshot_call* c, const earshot_frame* f,
                                 const earshot_source_out* o) noexcept {
  const auto to = read(o);
  return guarded(to, [&](Failure& failure) {
    const auto in = read(f);
    SourceOut out(to);
    static_cast<Source*>(self)->frame(call(c), {in.kind, in.tag, view(in.event), view(in.id), view(in.data)}, out,
                                      failure);
  });
}

inline std::int32_t sink_request(void* self, const earshot_call* c, const earshot_alert* a,
                                 const earshot_sink_out* o) noexcept {
  const auto to = read(o);
  return guarded(to, [&](Failure& failure) {
    const Request made = static_cast<Sink*>(self)->request(call(c), read(a), failure);
    if (!failure) give(made, to.ctx, to.request);
  });
}

inline std::int32_t sink_outcome(void* self, const earshot_call* c, const earshot_alert* a, const earshot_response* r,
                                 const earshot_sink_out* o) noexcept {
  const auto to = read(o);
  return guarded(to, [&](Failure& failure) {
    const Outcome made = static_cast<Sink*>(self)->outcome(call(c), read(a), response(r), failure);
    if (failure) return;
    auto out = sized<earshot_outcome>();
    out.result = made.result;
    out.retry_after_ms = made.retry_after_ms;
    out.reason = str(made.reason);
    out.remote_id = str(made.remote_id);
    out.state = str(made.state);
    to.outcome(to.ctx, &out);
  });
}

constexpr earshot_plugin table(const Info& info, std::uint32_t kind) noexcept {
  earshot_plugin t{};
  t.size = sizeof(earshot_plugin);
  t.needs_minor = info.needs_minor;
  t.kind = kind;
  t.capabilities = info.capabilities;
  t.name = str(info.name);
  t.version = str(info.version);
  t.summary = str(info.summary);
  t.config_schema = str(info.schema);
  t.sample = str(info.sample);
  t.rates = info.rates.data();
  t.n_rates = info.rates.size();
  return t;
}

}  // namespace detail

template <auto Create>
constexpr earshot_plugin source_table(const Info& info) noexcept {
  earshot_plugin t = detail::table(info, EARSHOT_SOURCE);
  t.create = &detail::create<Source, Create>;
  t.destroy = &detail::destroy<Source>;
  t.source_begin = &detail::source_begin;
  t.source_response = &detail::source_response;
  t.source_frame = (info.capabilities & EARSHOT_STREAMS) ? &detail::source_frame : nullptr;
  return t;
}

template <auto Create>
constexpr earshot_plugin sink_table(const Info& info) noexcept {
  earshot_plugin t = detail::table(info, EARSHOT_SINK);
  t.create = &detail::create<Sink, Create>;
  t.destroy = &detail::destroy<Sink>;
  t.sink_request = &detail::sink_request;
  t.sink_outcome = &detail::sink_outcome;
  return t;
}

}  // namespace earshot::plugin

// Create: std::unique_ptr<Source>(const Config&, Failure&).
#define EARSHOT_SOURCE_PLUGIN(info, create)                                    \
  extern "C" EARSHOT_EXPORT constinit const earshot_plugin earshot_plugin_v1 = \
      ::earshot::plugin::source_table<create>(info);
// Create: std::unique_ptr<Sink>(const Config&, Failure&).
#define EARSHOT_SINK_PLUGIN(info, create)                                      \
  extern "C" EARSHOT_EXPORT constinit const earshot_plugin earshot_plugin_v1 = \
      ::earshot::plugin::sink_table<create>(info);
