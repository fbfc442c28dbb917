#include "common/text/entity.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "common/text/space.h"
#include "common/text/utf8.h"

namespace earshot::text {
namespace {

struct Named {
  std::string_view name, value;
  bool bare;  // also without its semicolon
};

constexpr Named names[] = {
#include "common/text/entity_table.inc"
};
static_assert(std::ranges::is_sorted(names, {}, &Named::name));

constexpr std::size_t longest_name = 31;
constexpr std::size_t longest_bare = 6;

// What bytes 0x80–0x9F are in windows-1252; 0: nothing.
constexpr std::array<char16_t, 32> c1 = {0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                         0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0,      0x017D, 0,
                                         0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                         0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

const Named* find(std::string_view name) {
  const auto* at = std::ranges::lower_bound(names, name, {}, &Named::name);
  return at != std::end(names) && at->name == name ? at : nullptr;
}

Reference numeric(std::string_view s, std::string& out) {
  std::size_t i = 2;
  const bool hex = i < s.size() && (s[i] == 'x' || s[i] == 'X');
  if (hex) ++i;
  const std::size_t digits = i;
  std::uint32_t value = 0;
  for (; i < s.size(); ++i) {
    const char c = lower(s[i]);
    std::uint32_t digit;
    if (is_digit(c)) {
      digit = static_cast<std::uint32_t>(c - '0');
    } else if (hex && c >= 'a' && c <= 'f') {
      digit = static_cast<std::uint32_t>(c - 'a' + 10);
    } else {
      break;
    }
    value = std::min<std::uint32_t>(value * (hex ? 16 : 10) + digit, 0x110000);  // saturates: no character
  }
  if (i == digits) return {};
  if (i < s.size() && s[i] == ';') ++i;
  if (value >= 0x80 && value <= 0x9F && c1[value - 0x80]) value = c1[value - 0x80];
  const bool control = (value < 0x20 && value != '\t' && value != '\n' && value != '\r') || value == 0x7F;
  append_utf8(out, control ? 0xFFFD : value);
  return {i, false, true};
}

}  // namespace

Reference decode_reference(std::string_view s, std::string& out, Bare bare) {
  if (s.size() < 3 || s[0] != '&') return {};
  if (s[1] == '#') return numeric(s, out);
  std::size_t end = 1;
  while (end < s.size() && end <= longest_name + 1 && (is_alpha(s[end]) || is_digit(s[end]))) ++end;
  const std::string_view name = s.substr(1, end - 1);
  if (end < s.size() && s[end] == ';') {
    // The five of XML make up nearly all there are.
    const char quick = name == "amp"    ? '&'
                       : name == "lt"   ? '<'
                       : name == "gt"   ? '>'
                       : name == "quot" ? '"'
                       : name == "apos" ? '\''
                                        : '\0';
    if (quick) {
      out.push_back(quick);
      return {end + 1, true, true};
    }
    if (const Named* known = find(name)) {
      out.append(known->value);
      return {end + 1, true, false};
    }
  }
  if (bare == Bare::never) return {};
  for (std::size_t n = std::min(name.size(), longest_bare); n >= 2; --n) {
    const char after = n + 1 < s.size() ? s[n + 1] : ' ';
    if (bare == Bare::attribute && (after == '=' || is_alpha(after) || is_digit(after))) continue;
    if (const Named* known = find(name.substr(0, n)); known && known->bare) {
      out.append(known->value);
      return {n + 1, true, false};
    }
  }
  return {};
}

void decode_references(std::string_view s, std::string& out, Bare bare) {
  for (;;) {
    const std::size_t at = s.find('&');
    out.append(s.substr(0, at));
    if (at == std::string_view::npos) return;
    s.remove_prefix(at);
    std::size_t n = decode_reference(s, out, bare).length;
    if (n == 0) {
      out.push_back('&');
      n = 1;
    }
    s.remove_prefix(n);
  }
}

std::string decode_references(std::string_view s, Bare bare) {
  std::string out;
  out.reserve(s.size());
  decode_references(s, out, bare);
  return out;
}

}  // namespace earshot::text
