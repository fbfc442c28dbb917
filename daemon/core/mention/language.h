// The language a mention is written in, measured from its words: what `lang:` and a route's `lang` are asked about.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace earshot::mention {

inline constexpr std::string_view kUndetermined = "und";  // ISO 639-2: undetermined

struct Language {
  // ISO 639-1 where there is a code of two letters, else that of ISO 639-3. With the source's region or script
  // ("pt-BR") where it named one of the same language. "und": too short, or no language in particular.
  std::string code{kUndetermined};
  // Share of the text, in percent, that is surely in that language; 0: the text says too little and `code` is the
  // source's own word, or "und".
  std::uint8_t confidence = 0;
};

// `said` is the source's own word (BCP 47, possibly wrong: many a site says "en-US" whatever it writes). It helps where
// the text leaves a doubt, stands where the text is too short to tell, and gives way to a text that is sure. Addresses,
// @names and #tags are left out of account, and what lies beyond the first 8 KiB. `title` and `text` are plain text in
// well-formed UTF-8. Any thread. Linear.
Language language_of(std::string_view title, std::string_view text, std::string_view said);

}  // namespace earshot::mention
