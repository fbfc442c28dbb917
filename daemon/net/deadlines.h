// One timer for all deadlines of a client. A deadline that moves on costs no system call: it is only looked at when its
// earlier time comes, which for a kept connection is once in many requests.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <boost/intrusive/set.hpp>
#include <chrono>
#include <memory>

namespace earshot::net {

using SteadyTime = std::chrono::steady_clock::time_point;

class Deadlines {
 public:
  // Whoever has a deadline. Belongs to its owner, which may die at any time; expire() runs on the executor, once for
  // each set().
  class Entry : public boost::intrusive::set_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
   public:
    Entry() = default;
    Entry(const Entry&) = delete;
    Entry& operator=(const Entry&) = delete;
    virtual ~Entry() = default;
    virtual void expire() = 0;

   private:
    friend class Deadlines;
    SteadyTime at_{}, planned_{};
    struct ByPlan {
      bool operator()(const Entry& a, const Entry& b) const { return a.planned_ < b.planned_; }
    };
  };

  explicit Deadlines(const boost::asio::any_io_executor& executor);
  ~Deadlines();
  Deadlines(const Deadlines&) = delete;
  Deadlines& operator=(const Deadlines&) = delete;

  // expire() will run at that time, or a moment later.
  void set(Entry& entry, SteadyTime at);
  void clear(Entry& entry);
  // Nothing expires any more, and the timer lets its io_context end.
  void close();

 private:
  void arm();
  void fire();

  boost::asio::steady_timer timer_;
  SteadyTime armed_ = SteadyTime::max();
  bool closed_ = false;
  std::shared_ptr<Deadlines*> alive_;  // a fired timer's handler may outlive us in the executor's queue
  boost::intrusive::multiset<Entry, boost::intrusive::constant_time_size<false>,
                             boost::intrusive::compare<Entry::ByPlan>>
      entries_;
};

}  // namespace earshot::net
