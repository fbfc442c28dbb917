// An alert as data for programs: the body of webhooks, CloudEvents and the console's JSON lines.
#pragma once

#include <earshot/plugin.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace earshot::sink {

// "mention.created", "story.grown" … : what happened, as Standard Webhooks names its event types.
std::string_view event_type(std::uint32_t kind);

// "2026-11-23T21:10:00Z", with milliseconds where there are any. Absent (EARSHOT_NO_TIME) or outside the years
// 0–9999: empty.
std::string rfc3339(std::int64_t ms);

// The alert's own object: {"delivery_id","channel","kind","severity","topics","total",…,"mention":{…} or
// "mentions":[…]}. Texts are as they came, only well-formed UTF-8; absent values are left out. Never longer than
// `limit` bytes: what exceeds it goes from the end of `mentions`, and "truncated":true says so. The same alert gives
// the same bytes at every try.
std::string event_data(const earshot_alert& alert, std::size_t limit);

// {"type","timestamp","data"}: the payload that Standard Webhooks recommends. `limit` as above.
std::string event(const earshot_alert& alert, std::size_t limit);

}  // namespace earshot::sink
