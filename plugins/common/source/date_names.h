// The words in dates: months and days in the languages feeds carry, zones by name.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace earshot::source {

// What the names below are looked up with: lower case without accents, digits and common punctuation in ASCII:
// "Août" → "aout", "Ιούλ" → "ιουλ", "５：３０" → "5:30".
std::string plain_word(std::string_view utf8);

// What a word may mean in one language or another: "mar" is March and Tuesday.
struct DateName {
  int month = -1;    // 1–12
  int weekday = -1;  // 0 is Sunday
  constexpr bool none() const { return month < 0 && weekday < 0; }
};

// From a plain word, in some fifty languages; English names may be misspelt after their first three letters.
DateName name_of(std::string_view word);
// Minutes east of UTC of a zone such as "est" or "mesz".
std::optional<int> zone_of(std::string_view word);
// Minutes east of UTC in a zone of the tz database ("Europe/Brussels") at that local time, in ms as if it were UTC.
std::optional<int> zone_of_region(std::string_view region, double local_ms);

}  // namespace earshot::source
