// ordinary_weeks STORE TOPIC SOURCE: makes a store that remembers nine weeks, ended now, in which each hour brought two
// to four stories about the topic, and in which the source was first polled.
#include <fmt/format.h>

#include <array>
#include <chrono>

#include "core/spike/watch.h"
#include "store/store.h"
#include "support/spike/ordinary_hours.h"

int main(int argc, char** argv) {
  using namespace earshot;
  if (argc != 4) return 2;
  const Time now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  const Time hour = std::chrono::floor<std::chrono::hours>(now);
  spike::Watch watch;
  spike::ordinary_hours(
      hour, [&](Time at, spike::HourOfWeek of_week, std::uint32_t told) { watch.finish(at, of_week, told, false); });
  const auto store = store::Store::open(argv[1], {});
  if (!store) {
    fmt::print(stderr, "{}\n", store.error().message);
    return 1;
  }
  store::SourceState source;
  source.name = argv[3];
  source.first_poll = hour - spike::kOrdinary;
  const std::array notes{
      store::Note{fmt::format("spike/topic/{}", argv[2]), watch.encode()},
      store::Note{"spike/listening", fmt::format("{} {}", to_ms(hour - spike::kOrdinary) / 1000, to_ms(now) / 1000)}};
  return (*store)->put_source(source) && (*store)->enqueue({}, notes, now) ? 0 : 1;
}
