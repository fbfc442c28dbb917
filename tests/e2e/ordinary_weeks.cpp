// ordinary_weeks STORE TOPIC SOURCE: makes a store that remembers nine weeks, ended now, in which each hour brought two
// to four stories about the topic, and in which the source was first polled.
#include <fmt/format.h>

#include <array>
#include <chrono>

#include "core/spike/watch.h"
#include "store/store.h"

int main(int argc, char** argv) {
  using namespace earshot;
  using std::chrono::hours;
  if (argc != 4) return 2;
  const Time now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  const Time hour = std::chrono::floor<hours>(now);
  constexpr int kHours = 24 * 63;
  spike::Watch watch;
  for (int i = kHours; i > 0; --i) {
    const Time at = hour - hours(i);
    const auto day = std::chrono::floor<std::chrono::days>(at);
    watch.finish(
        at,
        {static_cast<unsigned>(std::chrono::floor<hours>(at - day).count()), std::chrono::weekday(day).c_encoding()},
        static_cast<std::uint32_t>(2 + i % 3), false);
  }
  const auto store = store::Store::open(argv[1], {});
  if (!store) {
    fmt::print(stderr, "{}\n", store.error().message);
    return 1;
  }
  store::SourceState source;
  source.name = argv[3];
  source.first_poll = hour - hours(kHours);
  const std::array notes{
      store::Note{fmt::format("spike/topic/{}", argv[2]), watch.encode()},
      store::Note{"spike/listening", fmt::format("{} {}", to_ms(hour - hours(kHours)) / 1000, to_ms(now) / 1000)}};
  return (*store)->put_source(source) && (*store)->enqueue({}, notes, now) ? 0 : 1;
}
