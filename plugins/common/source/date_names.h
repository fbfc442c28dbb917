// The words in dates: months and days in the languages feeds carry, zones by name.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace earshot::source {

// Lower case without accents, what the names below are looked up with: "Août" → "aout", "Ιούλ" → "ιουλ".
std::string plain_word(std::string_view utf8);

// 1–12 from a plain word that is a month or begins as one; 0: none.
int month_of(std::string_view word);
// 0 = Sunday; -1: none.
int weekday_of(std::string_view word);
// Minutes east of UTC of a zone such as "est" or "mesz".
std::optional<int> zone_of(std::string_view word);
// Minutes east of UTC in a zone of the tz database ("Europe/Brussels") at that local time, in ms as if it were UTC.
std::optional<int> zone_of_region(std::string_view region, double local_ms);

}  // namespace earshot::source
