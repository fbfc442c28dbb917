#include "core/query/exact.h"

#include <unicode/normalizer2.h>
#include <unicode/unistr.h>

#include "core/query/chars.h"
#include "core/query/fold.h"

namespace earshot::query {

std::string exact_form(std::string_view text) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2& normalizer = *icu::Normalizer2::getNFCInstance(status);
  const auto normal =
      normalizer.normalize(icu::UnicodeString::fromUTF8({text.data(), static_cast<std::int32_t>(text.size())}), status);
  std::string utf8;
  normal.toUTF8String(utf8);
  std::string out;
  bool gap = false;
  for (std::size_t i = 0; i < utf8.size();) {
    const Decoded d = decode(utf8, i);
    const Class kind = d.cp == kIllFormed ? Class::separator : char_info(d.cp).kind();
    if (kind == Class::separator) {
      gap = !out.empty();
    } else if (kind != Class::ignored) {
      if (gap) out += ' ';
      gap = false;
      out.append(utf8, i, d.length);
    }
    i += d.length;
  }
  return out;
}

std::string literal_form(std::string_view text) {
  Folded folded;
  folded.append_literal(text);
  std::string_view form = folded.text().substr(1, folded.text().size() - 2);
  while (form.starts_with(' ')) form.remove_prefix(1);
  while (form.ends_with(' ')) form.remove_suffix(1);
  return std::string(form);
}

}  // namespace earshot::query
