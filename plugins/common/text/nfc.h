// Unicode Normalization Form C (UAX #15), so that "é" is always the same bytes.
#pragma once

#include <string>
#include <string_view>

namespace earshot::text {

// Most text is known to be NFC without asking ICU: Latin, Greek, Cyrillic, Han, kana, Hangul, punctuation, emoji.
bool is_nfc(std::string_view utf8);

// Makes well-formed UTF-8 NFC; does nothing where it is already.
void to_nfc(std::string& utf8);

}  // namespace earshot::text
