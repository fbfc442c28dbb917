#include "core/spike/watch.h"

#include <fmt/format.h>

#include <array>
#include <charconv>

namespace earshot::spike {

bool Watch::passes(Time hour, HourOfWeek at, std::uint32_t stories) const {
  const auto bound = baseline_.bound(at);
  if (!bound) return false;
  if (stories >= *bound) return true;
  if (!before_ || !finished_ || *finished_ + std::chrono::hours{1} != hour) return false;
  return stories >= kLeast && before_->stories + stories >= *baseline_.bound(before_->at, at);
}

std::optional<Spike> Watch::look(Time hour, HourOfWeek at, std::uint32_t stories) {
  if (!passes(hour, at, stories)) return std::nullopt;
  if (on_ && stories < 2 * told_) return std::nullopt;
  number_ = on_ ? number_ + 1 : 0;
  on_ = true;
  calm_ = 0;
  told_ = stories;
  return Spike{hour, stories, baseline_.usual(at), number_};
}

void Watch::finish(Time hour, HourOfWeek at, std::uint32_t stories, bool partly) {
  if (passes(hour, at, stories))
    calm_ = 0;
  else if (!partly && on_ && ++calm_ >= kCalmHours)
    on_ = false;
  if (!partly) baseline_.watched(at, stories);
  before_ = partly ? std::nullopt : std::optional(Before{at, stories});
  finished_ = hour;
}

std::string Watch::encode() const {
  const Before before = before_.value_or(Before{});
  return fmt::format("{} {} {} {} {} {} {} {} {}|{}", finished_ ? to_ms(*finished_) / 1000 : -1, on_ ? 1 : 0, told_,
                     number_, calm_, before_ ? 1 : 0, before.at.hour, before.at.weekday, before.stories,
                     baseline_.encode());
}

std::optional<Watch> Watch::decode(std::string_view bytes) {
  const std::size_t bar = bytes.find('|');
  if (bar == bytes.npos) return std::nullopt;
  auto baseline = Baseline::decode(bytes.substr(bar + 1));
  if (!baseline) return std::nullopt;
  std::array<std::int64_t, 9> numbers{};
  const char* at = bytes.data();
  for (std::int64_t& number : numbers) {
    const auto [next, error] = std::from_chars(at, bytes.data() + bar, number);
    if (error != std::errc{}) return std::nullopt;
    at = next + (next < bytes.data() + bar ? 1 : 0);
  }
  Watch watch;
  watch.baseline_ = *baseline;
  if (numbers[0] >= 0) watch.finished_ = from_ms(numbers[0] * 1000);
  watch.on_ = numbers[1] == 1;
  watch.told_ = static_cast<std::uint32_t>(numbers[2]);
  watch.number_ = static_cast<std::uint32_t>(numbers[3]);
  watch.calm_ = static_cast<std::uint32_t>(numbers[4]);
  if (numbers[5] == 1) {
    if (numbers[6] < 0 || numbers[6] > 23 || numbers[7] < 0 || numbers[7] > 6) return std::nullopt;
    watch.before_ = Before{{static_cast<unsigned>(numbers[6]), static_cast<unsigned>(numbers[7])},
                           static_cast<std::uint32_t>(numbers[8])};
  }
  return watch;
}

}  // namespace earshot::spike
