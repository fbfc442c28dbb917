#include "net/dns_cache.h"

#include <algorithm>
#include <optional>

namespace earshot::net {
namespace {

constexpr Duration kMostNegative{900'000}, kFailure{5'000};

// Reads a DNS message (RFC 1035 §4) from front to back; every read past the end makes it bad for good.
class Message {
 public:
  explicit Message(std::span<const unsigned char> bytes) : bytes_(bytes) {}
  explicit operator bool() const { return good_; }
  std::size_t at() const { return at_; }

  std::uint32_t number(std::size_t octets) {
    std::uint32_t value = 0;
    const std::size_t begin = at_;
    if (!advance(octets)) return 0;
    for (std::size_t i = 0; i < octets; ++i) value = value << 8 | bytes_[begin + i];
    return value;
  }
  bool advance(std::size_t octets) {
    good_ = good_ && octets <= bytes_.size() - at_;
    if (good_) at_ += octets;
    return good_;
  }
  // A name ends with a zero octet or a pointer, whose target is of no interest here.
  void skip_name() {
    while (good_) {
      const std::uint32_t length = number(1);
      if (length == 0) return;
      if (length >= 0xC0) {
        advance(1);
        return;
      }
      advance(length);
    }
  }

 private:
  std::span<const unsigned char> bytes_;
  std::size_t at_ = 0;
  bool good_ = true;
};

}  // namespace

std::string DnsCache::key(std::string_view name, Family family) {
  std::string out(name);
  out += family == Family::v4 ? '4' : '6';
  return out;
}

const DnsAnswer* DnsCache::find(std::string_view name, Family family, Instant now) const {
  const auto it = entries_.find(key(name, family));
  return it != entries_.end() && now < it->second.until ? &it->second.answer : nullptr;
}

void DnsCache::store(std::string_view name, Family family, DnsAnswer answer, Duration ttl, Instant now) {
  switch (answer.kind) {
    case DnsAnswer::Kind::addresses: ttl = std::clamp(ttl, Duration::zero(), max_ttl_); break;
    case DnsAnswer::Kind::none: ttl = std::clamp(ttl, Duration::zero(), std::min(max_ttl_, kMostNegative)); break;
    case DnsAnswer::Kind::failed: ttl = kFailure; break;
  }
  make_room(now);
  entries_.insert_or_assign(key(name, family), Entry{std::move(answer), now + ttl});
}

void DnsCache::make_room(Instant now) {
  if (entries_.size() < 2 * max_names_) return;
  std::erase_if(entries_, [&](const auto& entry) { return entry.second.until <= now; });
  if (entries_.size() >= 2 * max_names_) entries_.clear();  // all fresh: names faster than TTLs; begin anew
}

Duration negative_ttl(std::span<const unsigned char> bytes) {
  constexpr std::uint32_t kSoa = 6;
  Message message(bytes);
  message.advance(4);
  const std::uint32_t questions = message.number(2), answers = message.number(2), authorities = message.number(2);
  message.advance(2);
  for (std::uint32_t i = 0; message && i < questions; ++i) {
    message.skip_name();
    message.advance(4);
  }
  for (std::uint32_t i = 0; message && i < answers + authorities; ++i) {
    message.skip_name();
    const std::uint32_t type = message.number(2);
    message.advance(2);
    const std::uint32_t ttl = message.number(4);
    const std::uint32_t length = message.number(2);
    const std::size_t end = message.at() + length;
    if (type == kSoa && i >= answers && message) {
      message.skip_name();
      message.skip_name();
      message.advance(16);  // serial, refresh, retry, expire
      const std::uint32_t minimum = message.number(4);
      if (message && message.at() <= end) return std::chrono::seconds(std::min(ttl, minimum));
      return Duration::zero();
    }
    message.advance(length);
  }
  return Duration::zero();
}

}  // namespace earshot::net
