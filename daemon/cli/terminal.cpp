#include "cli/terminal.h"

#include <sys/ioctl.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <vector>

namespace earshot::cli {
namespace {

bool harmful(UChar32 c) {
  return u_iscntrl(c) || u_hasBinaryProperty(c, UCHAR_BIDI_CONTROL) || c == 0x2028 || c == 0x2029 || c == 0xFEFF;
}

// Wide East Asian characters take two columns, marks that combine none (UAX #11).
std::size_t columns_of(UChar32 c) {
  if (c < 0) return 1;
  const auto type = u_charType(c);
  if (type == U_NON_SPACING_MARK || type == U_ENCLOSING_MARK || type == U_FORMAT_CHAR) return 0;
  const auto wide = u_getIntPropertyValue(c, UCHAR_EAST_ASIAN_WIDTH);
  return wide == U_EA_WIDE || wide == U_EA_FULLWIDTH ? 2 : 1;
}

std::size_t columns(std::string_view text) {
  std::size_t n = 0;
  const auto size = static_cast<std::int32_t>(text.size());
  for (std::int32_t i = 0; i < size;) {
    UChar32 c = 0;
    U8_NEXT(text.data(), i, size, c);
    n += columns_of(c);
  }
  return n;
}

}  // namespace

Terminal Terminal::of(std::FILE* stream) {
  Terminal terminal;
  terminal.is_terminal = isatty(fileno(stream)) == 1;
  if (!terminal.is_terminal) return terminal;
  const char* none = std::getenv("NO_COLOR");
  const char* term = std::getenv("TERM");
  terminal.colour = !(none && *none) && term && std::string_view{term} != "dumb";
  winsize size{};
  terminal.width = ioctl(fileno(stream), TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
  return terminal;
}

std::string Terminal::styled(std::string_view text, std::string_view sgr) const {
  if (!colour || text.empty()) return std::string{text};
  return "\x1b[" + std::string{sgr} + "m" + std::string{text} + "\x1b[0m";
}

std::string printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  const auto size = static_cast<std::int32_t>(text.size());
  for (std::int32_t i = 0; i < size;) {
    const std::int32_t start = i;
    UChar32 c = 0;
    U8_NEXT(text.data(), i, size, c);
    if (c == '\n' || c == '\t' || c == '\r')
      out += ' ';
    else if (c < 0)
      out += "\xef\xbf\xbd";
    else if (!harmful(c))
      out.append(text, static_cast<std::size_t>(start), static_cast<std::size_t>(i - start));
  }
  return out;
}

std::string clipped(std::string_view text, std::size_t most) {
  if (columns(text) <= most) return std::string{text};
  std::size_t n = 0;
  std::int32_t end = 0;
  const auto size = static_cast<std::int32_t>(text.size());
  for (std::int32_t i = 0; i < size; end = i) {
    UChar32 c = 0;
    U8_NEXT(text.data(), i, size, c);
    if ((n += columns_of(c)) + 1 > most) break;
  }
  return most == 0 ? "" : std::string{text.substr(0, static_cast<std::size_t>(end))} + "…";
}

std::string highlighted(std::string_view text, std::span<const Span> hits, const Terminal& terminal) {
  std::string out;
  std::size_t at = 0;
  for (const Span& hit : hits) {
    if (hit.start < at || hit.end > text.size() || hit.start >= hit.end) continue;
    out += printable(text.substr(at, hit.start - at));
    out += terminal.styled(printable(text.substr(hit.start, hit.end - hit.start)), "1;33");
    at = hit.end;
  }
  return out + printable(text.substr(at));
}

std::string table(std::span<const std::vector<std::string>> rows, const Terminal& terminal) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], columns(row[i]));
  }
  std::string out;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    std::string line;
    for (std::size_t i = 0; i < rows[r].size(); ++i) {
      line += rows[r][i];
      if (i + 1 < rows[r].size()) line.append(widths[i] - columns(rows[r][i]) + 2, ' ');
    }
    out += r == 0 ? terminal.styled(line, "1") : line;
    out += '\n';
  }
  return out;
}

}  // namespace earshot::cli
