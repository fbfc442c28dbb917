// Copies what a plugin hands over into values of the host. Everything is hostile: sizes that lie, null with a length,
// bytes that are no text, more than anybody asked for.
//
// Two kinds of trouble: what an outside document can cause (over-long text, a URL that is none) is mended or left out
// with a warning; what only a broken plugin does (null with a length, a struct without a size) is a breach of the
// contract, and the whole call fails.
#pragma once

#include <earshot/plugin.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/item.h"
#include "core/time.h"
#include "plugin/exchange.h"
#include "plugin/limits.h"

namespace earshot::host {

class Intake {
 public:
  // `limits` must outlive this.
  explicit Intake(const Limits& limits) : limits_(limits) {}

  // Each gives nothing when it was left out with a warning or broke the contract.
  std::optional<Item> item(const earshot_item* from);
  std::optional<FeedInfo> feed(const earshot_feed* from);
  std::optional<Request> request(const earshot_request* from, std::uint32_t capabilities);
  std::optional<Outcome> outcome(const earshot_outcome* from);
  // Opaque bytes; more than `max` are a breach.
  std::optional<std::string> bytes(const char* data, std::size_t len, std::size_t max, std::string_view what);
  // One line for people: control characters become spaces, cut at Limits::warning.
  std::string line(const char* data, std::size_t len, std::string_view what);

  void warn(std::string text);
  // The first one stays.
  void breach(const std::string& what);

  const Limits& limits() const { return limits_; }
  std::size_t taken() const { return taken_; }  // bytes of text so far
  const std::optional<std::string>& broken() const { return broken_; }
  // And a last one that counts those beyond the limit.
  std::vector<std::string> take_warnings();

 private:
  // What is being read, for messages.
  struct Where {
    std::string_view thing, field;
    const Item* item = nullptr;  // as far as it was read
  };
  enum class Cut { text, markup, whole };  // markup: not inside a tag; whole: what does not fit is left out

  // `from` as far as both sides know it, the rest zero.
  template <class T>
  std::optional<T> known(const T* from, std::string_view thing);
  // Calls `take` with a copy of each of the first `max` elements.
  template <class T, class Take>
  void each(const T* elements, std::size_t n, std::size_t max, const Where& where, Take&& take);
  std::optional<std::string_view> view(earshot_str from, const Where& where);
  std::string text(earshot_str from, std::size_t max, const Where& where, Cut cut = Cut::text);
  std::string http_url(earshot_str from, const Where& where);
  std::optional<Time> time(std::int64_t ms, const Where& where);
  bool readable(const void* data, std::size_t n, std::size_t element, const Where& where);
  static std::string name(const Where& where);

  const Limits& limits_;
  std::vector<std::string> warnings_;
  std::size_t more_warnings_ = 0;
  std::size_t taken_ = 0;
  std::optional<std::string> broken_;
};

}  // namespace earshot::host
