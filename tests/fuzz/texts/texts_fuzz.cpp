// Whatever a channel's text is and whatever it is told: no crash, no hang, a place inside the pattern for what is
// wrong, and well-formed text where both are. The input is a pattern, a NUL, and what stands for every argument.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "common/text/utf8.h"
#include "core/texts/texts.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace earshot;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t cut = std::min(input.find('\0'), size);
  const std::string_view written = input.substr(0, cut),
                         value = cut < size ? input.substr(cut + 1) : std::string_view();
  for (const char* name : {"status", "likes", "report_counts", "open"}) {
    const texts::Text& text = *texts::find(name);
    const auto pattern = texts::Pattern::parse(written, "fr", text.arguments);
    if (!pattern) {
      if (pattern.error().message.empty() || pattern.error().offset > written.size()) std::abort();
      continue;
    }
    texts::Values values;
    for (const texts::Argument& argument : text.arguments)
      values.emplace_back(std::string(argument.name),
                          argument.number ? texts::Value(value.size()) : texts::Value(value));
    if (const std::string said = (*pattern)(values); !text::is_utf8(said)) std::abort();
    (void)(*pattern)({});
  }
  return 0;
}
