#include "common/source/converter.h"

#include <iconv.h>
#include <unicode/ucnv.h>

#include <array>
#include <cstring>
#include <utility>

#include "common/text/space.h"
#include "common/text/utf8.h"

namespace earshot::source {
namespace {

// One-byte alphabets that ICU lacks and the C library has. No other name is ever handed to iconv_open(): its converters
// of several bytes have had holes, and a name comes from outside.
constexpr std::pair<std::string_view, const char*> only_iconv[] = {
    {"iso-8859-16", "ISO-8859-16"}, {"iso8859-16", "ISO-8859-16"}, {"latin10", "ISO-8859-16"}, {"l10", "ISO-8859-16"},
    {"koi8-t", "KOI8-T"},           {"ptcp154", "PT154"},          {"pt154", "PT154"},         {"cp154", "PT154"},
    {"csptcp154", "PT154"},         {"cyrillic-asian", "PT154"},   {"kz-1048", "RK1048"},      {"kz1048", "RK1048"},
    {"rk1048", "RK1048"},           {"strk1048-2002", "RK1048"},   {"mac-iceland", "MAC-IS"},  {"maciceland", "MAC-IS"},
    {"viscii", "VISCII"},           {"armscii-8", "ARMSCII-8"},    {"tcvn", "TCVN5712-1"},
};

std::unique_ptr<char32_t[]> iconv_table(std::string_view label) {
  const char* name = nullptr;
  for (const auto& [known, theirs] : only_iconv)
    if (text::same(known, label)) name = theirs;
  if (!name) return nullptr;
  const iconv_t handle = iconv_open("UTF-32LE", name);
  if (handle == reinterpret_cast<iconv_t>(-1)) return nullptr;
  auto table = std::make_unique<char32_t[]>(256);
  for (unsigned byte = 0; byte < 256; ++byte) {
    auto in = static_cast<char>(byte);
    char32_t out = 0xFFFD;
    char* from = &in;
    auto* to = reinterpret_cast<char*>(&out);
    std::size_t in_left = 1, out_left = sizeof out;
    iconv(handle, nullptr, nullptr, nullptr, nullptr);
    // A second call brings out what is held back in case a combining accent follows.
    if (iconv(handle, &from, &in_left, &to, &out_left) == static_cast<std::size_t>(-1) ||
        iconv(handle, nullptr, nullptr, &to, &out_left) == static_cast<std::size_t>(-1))
      out = 0xFFFD;
    table[byte] = out;
  }
  iconv_close(handle);
  return table;
}

}  // namespace

std::string_view standard_name(std::string_view label) {
  static constexpr std::pair<std::string_view, std::string_view> aliases[] = {
      {"iso-8859-1", "windows-1252"},
      {"iso8859-1", "windows-1252"},
      {"iso_8859-1", "windows-1252"},
      {"latin1", "windows-1252"},
      {"latin-1", "windows-1252"},
      {"l1", "windows-1252"},
      {"us-ascii", "windows-1252"},
      {"ascii", "windows-1252"},
      {"ansi", "windows-1252"},
      {"iso-8859-9", "windows-1254"},
      {"latin5", "windows-1254"},
      {"iso-8859-11", "windows-874"},
      {"tis-620", "windows-874"},
      {"gb2312", "gb18030"},
      {"gbk", "gb18030"},
      {"gb_2312-80", "gb18030"},
      {"x-gbk", "gb18030"},
      {"chinese", "gb18030"},
      {"big5", "big5-hkscs"},
      {"x-x-big5", "big5-hkscs"},
      {"shift_jis", "windows-31j"},
      {"shift-jis", "windows-31j"},
      {"sjis", "windows-31j"},
      {"x-sjis", "windows-31j"},
      {"ms_kanji", "windows-31j"},
      {"euc-kr", "windows-949"},
      {"ks_c_5601-1987", "windows-949"},
      {"korean", "windows-949"},
      {"x-mac-roman", "macintosh"},
      {"mac-roman", "macintosh"},
      {"x-euc-jp", "euc-jp"},
      {"euc_jis_2004", "euc-jp"},
      {"unicode", "utf-16le"},
      {"utf8", "utf-8"},
      {"utf_8", "utf-8"},
      {"unicode-1-1-utf-8", "utf-8"},
      {"x-user-defined", "windows-1252"},
      {"cp1251", "windows-1251"},
      {"win-1251", "windows-1251"},
      {"cp874", "windows-874"},
      {"cp720", "ibm-720"},
      {"mac-greek", "x-mac-greek"},
      {"macgreek", "x-mac-greek"},
      {"mac-turkish", "x-mac-turkish"},
      {"macturkish", "x-mac-turkish"},
      {"mac-latin2", "x-mac-centraleurroman"},
      {"maclatin2", "x-mac-centraleurroman"},
  };
  for (const auto& [from, to] : aliases)
    if (text::same(from, label)) return to;
  return label;
}

void Converter::Close::operator()(UConverter* c) const { ucnv_close(c); }

std::optional<Converter> Converter::open(std::string_view label) {
  const std::string name(standard_name(label).substr(0, 60));
  if (name.find('\0') != std::string::npos || name.find(',') != std::string::npos) return std::nullopt;
  Converter c;
  c.table_ = iconv_table(label);
  if (!c.table_) {
    UErrorCode status = U_ZERO_ERROR;
    c.icu_.reset(ucnv_open(name.c_str(), &status));
    if (U_FAILURE(status)) return std::nullopt;
  }
  return c;
}

bool Converter::one_byte_each() const { return table_ || ucnv_getMaxCharSize(icu_.get()) == 1; }

bool Converter::wide() const {
  if (table_) return false;
  UErrorCode status = U_ZERO_ERROR;
  const char* name = ucnv_getName(icu_.get(), &status);
  return name && (std::strncmp(name, "UTF-16", 6) == 0 || std::strncmp(name, "UTF-32", 6) == 0);
}

Converted Converter::convert(std::string_view bytes) const {
  Converted result;
  result.utf8.reserve(bytes.size() + bytes.size() / 2);
  if (table_) {
    for (const char byte : bytes) {
      const char32_t c = table_[static_cast<unsigned char>(byte)];
      if (c == 0xFFFD) ++result.bad;
      text::append_utf8(result.utf8, c);
    }
    return result;
  }
  ucnv_resetToUnicode(icu_.get());
  std::array<UChar, 4096> chunk;
  const char* source = bytes.data();
  const char* const end = source + bytes.size();
  char16_t high = 0;
  for (bool more = true; more;) {
    UChar* target = chunk.data();
    UErrorCode status = U_ZERO_ERROR;
    ucnv_toUnicode(icu_.get(), &target, chunk.data() + chunk.size(), &source, end, nullptr, 1, &status);
    more = status == U_BUFFER_OVERFLOW_ERROR;
    for (const UChar* u = chunk.data(); u != target; ++u) {
      if (*u >= 0xD800 && *u < 0xDC00) {
        high = *u;
        continue;
      }
      char32_t c = *u;
      if (c >= 0xDC00 && c < 0xE000 && high) c = 0x10000 + ((high - 0xD800u) << 10) + (c - 0xDC00);
      high = 0;
      if (c == 0xFFFD) ++result.bad;
      text::append_utf8(result.utf8, c);
    }
  }
  return result;
}

}  // namespace earshot::source
