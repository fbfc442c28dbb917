#include "plugin/open_call.h"

#include <fmt/format.h>

#include <atomic>
#include <exception>
#include <utility>

namespace earshot::host {
namespace {

// The running call of this thread, innermost first.
thread_local OpenCall* current = nullptr;

// Unique in the process, so that a kept ctx never fits a later call. 0 is nobody's.
std::uintptr_t next_number() {
  static std::atomic<std::uintptr_t> last{0};
  return last.fetch_add(1, std::memory_order_relaxed) + 1;
}

}  // namespace

struct Callbacks {
  // Runs `take` with the call that `ctx` names. No exception goes back into the plugin.
  template <class Take>
  static std::int32_t in_call(void* ctx, Take&& take) noexcept {
    OpenCall* call = current;
    if (!call) return EARSHOT_FAILED;
    try {
      if (call->number_ != reinterpret_cast<std::uintptr_t>(ctx)) {
        call->intake.breach("uses a callback of another call");
        return EARSHOT_FAILED;
      }
      return take(*call);
    } catch (const std::exception& e) {  // std::bad_alloc
      call->intake.breach(fmt::format("hands over more than the host can take ({})", e.what()));
      return EARSHOT_FAILED;
    }
  }

  static std::int32_t answer(const OpenCall& call) { return call.intake.broken() ? EARSHOT_FAILED : EARSHOT_OK; }

  static std::int32_t request(void* ctx, const earshot_request* from) noexcept {
    return in_call(ctx, [&](OpenCall& call) -> std::int32_t {
      if (call.round.requests.size() >= call.intake.limits().requests) {
        if (!std::exchange(call.requests_full_, true))
          call.intake.warn(fmt::format("asks for more than {} requests at once; the others are ignored",
                                       call.intake.limits().requests));
        return EARSHOT_FULL;
      }
      if (auto request = call.intake.request(from, call.capabilities_))
        call.round.requests.push_back(*std::move(request));
      return answer(call);
    });
  }

  static std::int32_t item(void* ctx, const earshot_item* from) noexcept {
    return in_call(ctx, [&](OpenCall& call) -> std::int32_t {
      const Limits& limits = call.intake.limits();
      if (call.round.items.size() >= limits.items || call.intake.taken() >= limits.round) {
        if (!std::exchange(call.items_full_, true))
          call.intake.warn(fmt::format("gives more than {} items or {} bytes at once; the others are left out",
                                       limits.items, limits.round));
        return EARSHOT_FULL;
      }
      if (auto item = call.intake.item(from)) call.round.items.push_back(*std::move(item));
      return answer(call);
    });
  }

  static std::int32_t feed(void* ctx, const earshot_feed* from) noexcept {
    return in_call(ctx, [&](OpenCall& call) {
      if (call.round.feed) call.intake.breach("says twice in one call what the feed is");
      call.round.feed = call.intake.feed(from);
      return answer(call);
    });
  }

  static std::int32_t state(void* ctx, const char* data, std::size_t len) noexcept {
    return in_call(ctx, [&](OpenCall& call) {
      call.round.state = call.intake.bytes(data, len, call.intake.limits().state, "a state");
      return answer(call);
    });
  }

  static std::int32_t send(void* ctx, const char* data, std::size_t len) noexcept {
    return in_call(ctx, [&](OpenCall& call) {
      if (!call.may_send_)
        call.intake.breach("sends a frame where there is no stream: only source_frame may");
      else if (call.round.sends.size() >= call.intake.limits().sends)
        call.intake.breach(fmt::format("sends more than {} frames at once", call.intake.limits().sends));
      else if (auto frame = call.intake.bytes(data, len, call.intake.limits().body, "a frame to send"))
        call.round.sends.push_back(*std::move(frame));
      return answer(call);
    });
  }

  static std::int32_t outcome(void* ctx, const earshot_outcome* from) noexcept {
    return in_call(ctx, [&](OpenCall& call) {
      if (call.outcome) call.intake.breach("gives more than one outcome");
      call.outcome = call.intake.outcome(from);
      return answer(call);
    });
  }

  static void warning(void* ctx, const char* data, std::size_t len) noexcept {
    in_call(ctx, [&](OpenCall& call) {
      call.intake.warn(call.intake.line(data, len, "a warning"));
      return EARSHOT_OK;
    });
  }

  static void error(void* ctx, const char* data, std::size_t len) noexcept {
    in_call(ctx, [&](OpenCall& call) {
      std::string text = call.intake.line(data, len, "an error");
      if (!call.error) call.error = std::move(text);
      return EARSHOT_OK;
    });
  }
};

OpenCall::OpenCall(const Limits& limits, std::uint32_t capabilities)
    : intake(limits), number_(next_number()), outer_(std::exchange(current, this)), capabilities_(capabilities) {}

OpenCall::~OpenCall() { current = outer_; }

// NOLINTNEXTLINE(performance-no-int-to-ptr): an opaque number, never followed.
void* OpenCall::ctx() const { return reinterpret_cast<void*>(number_); }

earshot_source_out OpenCall::source_out(bool may_send) {
  may_send_ = may_send;
  earshot_source_out out{};
  out.size = sizeof out;
  out.ctx = ctx();
  out.request = &Callbacks::request;
  out.item = &Callbacks::item;
  out.feed = &Callbacks::feed;
  out.state = &Callbacks::state;
  out.send = &Callbacks::send;
  out.warning = &Callbacks::warning;
  out.error = &Callbacks::error;
  return out;
}

earshot_sink_out OpenCall::sink_out() const {
  earshot_sink_out out{};
  out.size = sizeof out;
  out.ctx = ctx();
  out.request = &Callbacks::request;
  out.outcome = &Callbacks::outcome;
  out.warning = &Callbacks::warning;
  out.error = &Callbacks::error;
  return out;
}

earshot_create_out OpenCall::create_out() const {
  earshot_create_out out{};
  out.size = sizeof out;
  out.ctx = ctx();
  out.error = &Callbacks::error;
  return out;
}

}  // namespace earshot::host
