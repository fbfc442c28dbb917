// UTF-8 in the units that chat services count, and where a text may be cut. Pure; every function takes any bytes:
// ill-formed ones read as U+FFFD (Unicode 15.0, 3.9, "maximal subpart" practice).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace earshot::sink {

// What a service's limit counts: bytes of UTF-8 (ntfy, Matrix), UTF-16 code units (Discord, Telegram, Slack),
// code points (Zulip, Mattermost), or what a person calls a character (UAX #29 extended grapheme clusters).
enum class Unit { bytes, utf16, code_points, graphemes };

struct CodePoint {
  char32_t value;    // U+FFFD where the bytes are ill-formed
  std::size_t size;  // bytes taken, at least 1
};

// The code point at byte `at` (< text.size()).
CodePoint decode(std::string_view text, std::size_t at);
void append(char32_t c, std::string& out);

// The byte after the extended grapheme cluster that begins at byte `at` (< text.size()).
std::size_t cluster_end(std::string_view text, std::size_t at);

std::size_t length(std::string_view text, Unit unit);

// At most `limit` units, cut between grapheme clusters, with "…" in place of what is gone (no "…" where it does not
// fit).
std::string truncate(std::string_view text, std::size_t limit, Unit unit);

}  // namespace earshot::sink
