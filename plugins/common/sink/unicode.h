// Text in the units that chat services count, and where it may be cut. Any bytes are taken: ill-formed ones count as
// U+FFFD.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace earshot::sink {

// What a service's limit counts: bytes of UTF-8 (ntfy, Matrix), UTF-16 code units (Discord, Telegram, Slack),
// code points (Zulip, Mattermost), or what a person calls a character (UAX #29 extended grapheme clusters).
enum class Unit { bytes, utf16, code_points, graphemes };

// The byte after the extended grapheme cluster that begins at byte `at` (< text.size()).
std::size_t cluster_end(std::string_view text, std::size_t at);

std::size_t length(std::string_view text, Unit unit);

// At most `limit` units, cut between grapheme clusters, with "…" in place of what is gone (no "…" where it does not
// fit).
std::string truncate(std::string_view text, std::size_t limit, Unit unit);

}  // namespace earshot::sink
