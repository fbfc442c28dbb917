#include "core/spike/story_watch.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

namespace earshot::spike {
namespace {

constexpr std::size_t kTold = 16;                        // stories of a day that are remembered
constexpr std::int64_t kLatestSecond = 253'402'300'799;  // of the year 9999

std::int64_t week_of(Time hour) { return std::chrono::floor<std::chrono::weeks>(hour).time_since_epoch().count(); }

// Numbers parted by single blanks; nothing when there are others, or fewer. What follows is left in `text`.
template <std::size_t n>
std::optional<std::array<std::int64_t, n>> take_numbers(std::string_view& text) {
  std::array<std::int64_t, n> out{};
  for (std::int64_t& number : out) {
    const auto [next, bad] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (bad != std::errc{} || number < 0 || number > kLatestSecond) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(next - text.data()));
    if (text.starts_with(' ')) text.remove_prefix(1);
  }
  return out;
}

}  // namespace

std::optional<std::uint32_t> StoryWatch::bound(HourOfWeek at) const {
  const auto usual = baseline_.bound(at);
  if (!usual) return std::nullopt;
  return std::max({*usual, std::ranges::max(most_) + 1, kLeastOfStory});
}

void StoryWatch::finish(Time hour, HourOfWeek at, std::uint32_t mentions) {
  const auto known = bound(at);
  for (const std::int64_t week = week_of(hour); week_ < week;) {
    if (week - week_ > static_cast<std::int64_t>(most_.size())) week_ = week - static_cast<std::int64_t>(most_.size());
    most_.at(static_cast<std::size_t>(++week_) % most_.size()) = 0;
  }
  std::uint32_t& most = most_.at(static_cast<std::size_t>(week_) % most_.size());
  most = std::max(most, known ? std::min(mentions, 2 * *known) : mentions);
  baseline_.watched(at, mentions);
}

std::optional<Wave> StoryWatch::look(Time hour, HourOfWeek at, std::string_view story, std::uint32_t mentions) {
  const auto least = bound(at);
  if (!least || mentions < *least) return std::nullopt;
  std::erase_if(told_, [&](const Told& one) { return hour - one.hour >= kStoryTold; });
  Told now{std::string(story), hour, mentions, 0};
  if (const auto before = std::ranges::find(told_, story, &Told::story); before != told_.end()) {
    if (mentions < 2 * before->mentions) return std::nullopt;
    now.number = before->number + 1;
    told_.erase(before);
  }
  if (told_.size() == kTold) told_.erase(told_.begin());
  told_.push_back(now);
  return Wave{hour, std::move(now.story), mentions, baseline_.usual(at), now.number};
}

// The baseline; a line of weeks; a line for each story: hour in seconds, mentions, number, id.
std::string StoryWatch::encode() const {
  std::string out = fmt::format("{}\n{} {}", baseline_.encode(), week_, fmt::join(most_, " "));
  for (const Told& one : told_)
    out += fmt::format("\n{} {} {} {}", to_ms(one.hour) / 1000, one.mentions, one.number, one.story);
  return out;
}

std::optional<StoryWatch> StoryWatch::decode(std::string_view bytes) {
  const auto line = [&] {
    const std::string_view text = bytes.substr(0, bytes.find('\n'));
    bytes.remove_prefix(std::min(bytes.size(), text.size() + 1));
    return text;
  };
  auto baseline = Baseline::decode(line());
  std::string_view weeks = line();
  const auto numbers = take_numbers<9>(weeks);
  if (!baseline || !numbers) return std::nullopt;
  StoryWatch watch;
  watch.baseline_ = *baseline;
  watch.week_ = numbers->front();
  std::ranges::transform(numbers->begin() + 1, numbers->end(), watch.most_.begin(),
                         [](std::int64_t n) { return static_cast<std::uint32_t>(n); });
  while (!bytes.empty() && watch.told_.size() < kTold) {
    std::string_view text = line();
    const auto told = take_numbers<3>(text);
    if (!told || text.empty()) return std::nullopt;
    watch.told_.push_back({std::string(text), from_ms((*told)[0] * 1000), static_cast<std::uint32_t>((*told)[1]),
                           static_cast<std::uint32_t>((*told)[2])});
  }
  return watch;
}

}  // namespace earshot::spike
