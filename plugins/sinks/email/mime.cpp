#include "mime.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <vector>

#include "common/sink/clean.h"
#include "common/text/base64.h"

namespace earshot::mime {
namespace {

constexpr std::size_t kLine = 76;         // RFC 2045 §6.7 and §6.8; RFC 5322 §2.1.1 recommends 78
constexpr std::size_t kEncodedText = 45;  // bytes of text in one encoded word of at most 75 characters (RFC 2047 §2)

bool printable(char c) { return c >= 0x20 && c < 0x7F; }

// Stands for itself in a header: nobody decodes it.
bool plain(std::string_view text) {
  return std::ranges::all_of(text, printable) && text.find("=?") == std::string_view::npos && !text.starts_with(' ') &&
         !text.ends_with(' ');
}

// atext and single spaces (RFC 5322 §3.2.3).
bool is_atoms(std::string_view text) {
  return std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view(" !#$%&'*+-/=?^_`{|}~").find(c) != std::string_view::npos;
  });
}

std::string encoded_words(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    std::size_t end = std::min(text.size(), kEncodedText);
    while (end < text.size() && end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
    if (end == 0) end = std::min(text.size(), kEncodedText);  // no UTF-8, which cannot be: the text was cleaned
    if (!out.empty()) out += ' ';
    out += "=?UTF-8?B?" + text::to_base64(text.substr(0, end)) + "?=";
    text.remove_prefix(end);
  }
  return out;
}

void append_hex(char c, std::string& out) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  const auto byte = static_cast<unsigned char>(c);
  out += '=';
  out += digits[byte >> 4];
  out += digits[byte & 15];
}

// RFC 2045 §6.7, and '.' and "From " at the beginning of a line encoded, too: what sits between takes them for its own.
std::string quoted_printable(std::string_view text) {
  std::string out, line;
  const auto flush = [&](std::string_view end) {
    out += line;
    out += end;
    line.clear();
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\n') {
      flush("\r\n");
      continue;
    }
    const bool last = i + 1 == text.size() || text[i + 1] == '\n';
    std::string piece;
    if (!printable(c) || c == '=' || (c == ' ' && last) || (line.empty() && (c == '.' || c == 'F')))
      append_hex(c, piece);
    else
      piece = c;
    if (line.size() + piece.size() > kLine - 1) flush("=\r\n");
    if (line.empty() && (piece == "." || piece == "F")) {
      piece.clear();
      append_hex(c, piece);
    }
    line += piece;
  }
  if (!line.empty()) flush("\r\n");
  return out;
}

std::string base64_lines(std::string_view text) {
  std::string canonical;
  for (const char c : text) {
    if (c == '\n') canonical += '\r';
    canonical += c;
  }
  const std::string all = text::to_base64(canonical);
  std::string out;
  for (std::size_t at = 0; at < all.size(); at += kLine) out.append(all, at, kLine).append("\r\n");
  return out;
}

bool is_local(std::string_view text) {
  return !text.empty() && text.size() <= 64 && !text.starts_with('.') && !text.ends_with('.') &&
         text.find("..") == std::string_view::npos && text.find(' ') == std::string_view::npos &&
         std::ranges::all_of(text, [](char c) {
           return c == '.' || is_atoms({&c, 1});
         });
}

bool is_domain(std::string_view text) {
  return !text.empty() && text.size() <= 253 && !text.starts_with('.') && !text.starts_with('-') &&
         !text.ends_with('.') && text.find("..") == std::string_view::npos && std::ranges::all_of(text, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
         });
}

std::string_view trim(std::string_view s) {
  while (s.starts_with(' ')) s.remove_prefix(1);
  while (s.ends_with(' ')) s.remove_suffix(1);
  return s;
}

}  // namespace

std::string header(std::string_view name, std::string_view value) {
  std::string out(name);
  out += ':';
  std::size_t column = out.size();
  while (!value.empty()) {
    const std::size_t end = std::min(value.find(' ', 1), value.size());
    std::string_view word = trim(value.substr(0, end));
    value.remove_prefix(end);
    if (word.empty()) continue;
    if (column + 1 + word.size() > kLine && column > name.size() + 1) {
      out += "\r\n";
      column = 0;
    }
    out += ' ';
    out += word;
    column += 1 + word.size();
  }
  return out + "\r\n";
}

std::string text_header(std::string_view name, std::string_view text) {
  // Folding would lose spaces that follow each other, and needs a space to fold at; a short line needs none.
  if (plain(text) && name.size() + 2 + text.size() <= kLine)
    return std::string(name) + ": " + std::string(text) + "\r\n";
  return header(name, encoded_words(text));
}

std::string phrase(std::string_view name) {
  if (name.empty()) return {};
  if (!plain(name)) return encoded_words(name);
  if (is_atoms(name)) return std::string(name);
  std::string out = "\"";
  for (const char c : name) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

std::string date(std::int64_t ms) {
  constexpr std::int64_t last = 253402300799999;  // 9999-12-31
  if (ms < 0 || ms > last) return {};
  using namespace std::chrono;
  static constexpr const char* days_of_week[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr const char* months_of_year[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const sys_seconds t = floor<seconds>(sys_time<milliseconds>{milliseconds{ms}});
  const sys_days day = floor<days>(t);
  const year_month_day ymd{day};
  const hh_mm_ss clock{t - day};
  std::array<char, 64> out{};
  const int size =
      std::snprintf(out.data(), out.size(), "%s, %02u %s %d %02d:%02d:%02d +0000",
                    days_of_week[weekday{day}.c_encoding()], unsigned{ymd.day()},
                    months_of_year[unsigned{ymd.month()} - 1], int{ymd.year()}, static_cast<int>(clock.hours().count()),
                    static_cast<int>(clock.minutes().count()), static_cast<int>(clock.seconds().count()));
  return {out.data(), static_cast<std::size_t>(size)};
}

std::string part(std::string_view type, std::string_view text) {
  const std::string quoted = quoted_printable(text), packed = base64_lines(text);
  const bool readable = quoted.size() <= packed.size();
  std::string out = header("Content-Type", std::string(type) + "; charset=utf-8");
  out += header("Content-Transfer-Encoding", readable ? "quoted-printable" : "base64");
  out += "\r\n";
  return out + (readable ? quoted : packed);
}

std::optional<Mailbox> mailbox(std::string_view text) {
  Mailbox out;
  std::string_view address = trim(text);
  if (address.ends_with('>')) {
    const std::size_t open = address.rfind('<');
    if (open == std::string_view::npos) return std::nullopt;
    std::string_view name = trim(address.substr(0, open));
    if (name.size() >= 2 && name.starts_with('"') && name.ends_with('"')) name = name.substr(1, name.size() - 2);
    out.name = sink::clean_line(name);
    address = address.substr(open + 1, address.size() - open - 2);
  }
  const std::size_t at = address.rfind('@');
  if (at == std::string_view::npos || address.size() > 254 || !is_local(address.substr(0, at)) ||
      !is_domain(address.substr(at + 1)))
    return std::nullopt;
  out.address = address;
  return out;
}

}  // namespace earshot::mime
