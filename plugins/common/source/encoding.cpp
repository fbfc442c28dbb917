#include "common/source/encoding.h"

#include <unicode/ucsdet.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "common/source/converter.h"
#include "common/text/scan.h"
#include "common/text/space.h"
#include "common/text/utf8.h"

namespace earshot::source {
namespace {

bool is_utf8_name(std::string_view label) { return text::same(standard_name(label), "utf-8"); }

std::optional<Converted> convert(std::string_view label, std::string_view bytes) {
  const auto c = Converter::open(label);
  if (!c) return std::nullopt;
  return c->convert(bytes);
}

struct Mark {
  std::string_view bytes, label;
};

// UTF-32 before UTF-16: its little-endian mark begins with the other's.
constexpr Mark marks[] = {
    {{"\xEF\xBB\xBF", 3}, "utf-8"}, {{"\x00\x00\xFE\xFF", 4}, "utf-32be"}, {{"\xFF\xFE\x00\x00", 4}, "utf-32le"},
    {{"\xFE\xFF", 2}, "utf-16be"},  {{"\xFF\xFE", 2}, "utf-16le"},
};
// "<" and, for EBCDIC, "<?xm" without a mark (XML 1.0 appendix F.1); JSON's "{" as well.
constexpr Mark patterns[] = {
    {{"\x00\x00\x00<", 4}, "utf-32be"}, {{"<\x00\x00\x00", 4}, "utf-32le"}, {{"\x00\x00\x00{", 4}, "utf-32be"},
    {{"{\x00\x00\x00", 4}, "utf-32le"}, {{"\x00<\x00", 3}, "utf-16be"},     {{"<\x00", 2}, "utf-16le"},
    {{"\x00{\x00", 3}, "utf-16be"},     {{"{\x00", 2}, "utf-16le"},         {{"\x4C\x6F\xA7\x94", 4}, "ibm-37"},
};

// What ICU makes of bytes that claim nothing true. Between the Latin alphabets its guess is a toss-up for a feed's few
// accents, so those are windows-1252 unless another one is clearly ahead.
std::string detect(std::string_view bytes) {
  // A handful of accents and curly quotes says nothing about the language.
  if (std::ranges::count_if(bytes, [](char x) { return static_cast<unsigned char>(x) >= 0x80; }) < 10)
    return "windows-1252";
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<UCharsetDetector, decltype(&ucsdet_close)> detector(ucsdet_open(&status), &ucsdet_close);
  if (U_FAILURE(status)) return "windows-1252";
  ucsdet_enableInputFilter(detector.get(), true);  // tags say nothing about the language
  ucsdet_setText(detector.get(), bytes.data(), static_cast<std::int32_t>(std::min<std::size_t>(bytes.size(), 65536)),
                 &status);
  std::int32_t found = 0;
  const UCharsetMatch** matches = ucsdet_detectAll(detector.get(), &found, &status);
  if (U_FAILURE(status) || found == 0) return "windows-1252";
  const std::string best = ucsdet_getName(matches[0], &status);
  const std::int32_t confidence = ucsdet_getConfidence(matches[0], &status);
  std::int32_t western = 0;
  for (std::int32_t i = 0; i < found && western == 0; ++i)
    if (std::string_view(ucsdet_getName(matches[i], &status)) == "ISO-8859-1")
      western = ucsdet_getConfidence(matches[i], &status);
  // A guess at wide characters or EBCDIC needs more than a guess: the bytes would not begin with '<'.
  const bool impossible = best.starts_with("UTF-") || best.starts_with("IBM");
  const bool latin = best == "ISO-8859-1" || best == "ISO-8859-2" || best == "ISO-8859-9" || best == "windows-1250" ||
                     best == "windows-1254";
  if (impossible || confidence < 20 || (latin && confidence < std::max(50, western + 25))) return "windows-1252";
  return best;
}

// Whether a share of well-formed multi-byte characters shows that this is UTF-8 with damage, not something else.
bool mostly_utf8(std::string_view bytes) {
  std::size_t good = 0, bad = 0;
  while (!bytes.empty()) {
    const std::size_t n = text::valid_prefix(bytes);
    good += static_cast<std::size_t>(std::count_if(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(n),
                                                   [](char c) { return static_cast<unsigned char>(c) >= 0xC2; }));
    if (n == bytes.size()) break;
    ++bad;
    bytes.remove_prefix(n + 1);
  }
  return good > bad;
}

bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && c != '\t' && c != '\n') || byte == 0x7F;
}

// Line ends to '\n' (XML 1.0 §2.11), forbidden characters out, in place.
void clean(std::string& s, Warnings& warnings) {
  if (s.starts_with("\xEF\xBB\xBF")) s.erase(0, 3);
  auto in = s.begin() + static_cast<std::ptrdiff_t>(text::find_control(s));
  if (in == s.end()) return;
  auto out = in;
  for (; in != s.end(); ++in) {
    if (*in == '\r') {
      if (in + 1 == s.end() || in[1] != '\n') *out++ = '\n';
    } else if (*in == '\f' || *in == '\v') {
      *out++ = ' ';
    } else if (is_control(*in)) {
      warnings.add("control characters were left out");
    } else {
      *out++ = *in;
    }
  }
  s.erase(out, s.end());
}

// As UTF-8 when it is, whatever was claimed; else by the claims in order; else as detected.
std::string decode(std::string_view bytes, const std::string& http, Warnings& warnings) {
  const std::string declared = declared_encoding(bytes);
  const bool utf8 = text::is_utf8(bytes);
  for (const std::string& label : {http, declared}) {
    if (label.empty()) continue;
    if (is_utf8_name(label)) {
      if (utf8) return std::string(bytes);
      continue;
    }
    const auto c = Converter::open(label);
    if (!c) {
      warnings.add("the encoding '" + label.substr(0, 40) + "' is not known");
      continue;
    }
    // Readable as ASCII, so it cannot be wide, whatever it says.
    if (c->wide() && bytes.size() >= 4 && bytes.find('\0') == std::string_view::npos) {
      warnings.add("the encoding '" + label + "' is not the one it is written in");
      continue;
    }
    // Hardly any text in a one-byte encoding is UTF-8 by chance; a few characters of Chinese may be.
    const bool ascii = std::ranges::none_of(bytes, [](char x) { return static_cast<unsigned char>(x) >= 0x80; });
    if (utf8 && !ascii && c->one_byte_each()) {
      warnings.add("the encoding '" + label + "' is not the one it is written in");
      return std::string(bytes);
    }
    Converted converted = c->convert(bytes);
    if (converted.bad == 0) return std::move(converted.utf8);
    if (utf8) {
      warnings.add("the encoding '" + label + "' is not the one it is written in");
      return std::string(bytes);
    }
    if (converted.bad * 100 < bytes.size()) {
      warnings.add("some bytes are not in the encoding '" + label + "'");
      return std::move(converted.utf8);
    }
  }
  if (utf8) return std::string(bytes);
  if (mostly_utf8(bytes)) {
    warnings.add("some bytes are not UTF-8 and were replaced");
    return text::to_utf8(bytes);
  }
  const std::string found = detect(bytes);
  warnings.add("the text is not UTF-8 and was read as " + found);
  if (auto converted = convert(found, bytes)) return std::move(converted->utf8);
  return text::to_utf8(bytes);
}

}  // namespace

std::string charset_of(std::string_view content_type) {
  const std::size_t at = text::find_same(content_type, "charset");
  if (at == std::string_view::npos) return {};
  std::string_view rest = text::trim(content_type.substr(at + 7));
  if (!rest.starts_with('=')) return {};
  rest = text::trim(rest.substr(1));
  while (rest.starts_with('"') || rest.starts_with('\'')) rest.remove_prefix(1);
  return text::to_lower(rest.substr(0, rest.find_first_of("\"'; \t,")));
}

std::string declared_encoding(std::string_view bytes) {
  const std::string_view front = bytes.substr(0, 1024);
  std::size_t at = std::string_view::npos;
  if (const std::size_t xml = front.find("<?xml"); xml != std::string_view::npos) {
    const std::string_view declaration = front.substr(0, front.find("?>", xml));
    if (at = declaration.find("encoding", xml); at != std::string_view::npos) at += 8;
  } else if (text::find_same(front, "<html") != std::string_view::npos) {
    if (at = text::find_same(front, "charset"); at != std::string_view::npos) at += 7;
  }
  if (at == std::string_view::npos) return {};
  std::string_view rest = text::trim(front.substr(at));
  if (!rest.starts_with('=')) return {};
  rest = text::trim(rest.substr(1));
  while (rest.starts_with('"') || rest.starts_with('\'')) rest.remove_prefix(1);
  return text::to_lower(text::trim(rest.substr(0, rest.find_first_of("\"'>?;"))));
}

std::string to_document(std::string_view bytes, std::string_view content_type, Warnings& warnings) {
  std::string document;
  for (const Mark& mark : marks)
    if (bytes.starts_with(mark.bytes)) {
      const std::string_view rest = bytes.substr(mark.bytes.size());
      if (mark.label == "utf-8") {
        if (!text::is_utf8(rest)) warnings.add("some bytes are not UTF-8 and were replaced");
        document = text::to_utf8(rest);
      } else if (auto converted = convert(mark.label, rest)) {
        document = std::move(converted->utf8);
      }
      clean(document, warnings);
      return document;
    }
  for (const Mark& pattern : patterns)
    if (bytes.starts_with(pattern.bytes)) {
      std::string label(pattern.label);
      if (label == "ibm-37") {  // the code page is named in the declaration, in characters all EBCDIC pages share
        const auto front = convert(label, bytes.substr(0, 200));
        const std::string declared = front ? declared_encoding(front->utf8) : std::string{};
        if (!declared.empty() && Converter::open(declared)) label = declared;
      }
      if (auto converted = convert(label, bytes)) document = std::move(converted->utf8);
      clean(document, warnings);
      return document;
    }
  document = decode(bytes, charset_of(content_type), warnings);
  clean(document, warnings);
  return document;
}

}  // namespace earshot::source
