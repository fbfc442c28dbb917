// One fetch, or the opening of one stream, under way: which step it is in, until when that may take, and what to stop
// when the time is over or the client closes.
#pragma once

#include <boost/intrusive/list.hpp>

#include "core/time.h"
#include "net/deadlines.h"
#include "net/decode.h"
#include "net/event.h"

namespace earshot::net {

class Operation final
    : public Deadlines::Entry,
      public boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
 public:
  Operation(Deadlines& deadlines, asio::cancellation_state caller) : deadlines_(deadlines), caller_(caller) {}
  Operation(const Operation&) = delete;
  Operation& operator=(const Operation&) = delete;
  ~Operation() override { deadlines_.clear(*this); }

  // From now on all steps together have this long; only the first call counts.
  void limit_whole(Duration whole);
  // A step begins; `waiting` is stopped when its time is over.
  void enter(Step step, Duration limit, Stoppable& waiting);
  // The step goes on until then, or until its own or the whole limit if that is sooner.
  void allow(SteadyTime until);
  // Nothing is awaited that would have to be stopped.
  void leave() { waiting_ = nullptr; }
  void close();

  bool ended() const { return timed_out_ || closed_ || caller_.cancelled() != asio::cancellation_type::none; }
  bool timed_out() const { return timed_out_; }
  // Why a step did not succeed: the time, the caller, or else what the network said.
  Failure explain(std::string_view network) const;

 private:
  void expire() override;

  Deadlines& deadlines_;
  asio::cancellation_state caller_;
  Stoppable* waiting_ = nullptr;
  Step step_ = Step::queue;
  Duration limit_{}, whole_limit_{};
  SteadyTime until_ = SteadyTime::max(), whole_ = SteadyTime::max();
  bool timed_out_ = false, too_slow_ = false, closed_ = false;
};

}  // namespace earshot::net
