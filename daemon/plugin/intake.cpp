#include "plugin/intake.h"

#include <fmt/format.h>

#include <cstdint>
#include <utility>

#include "core/utf8.h"
#include "plugin/http_rules.h"
#include "plugin/intake_impl.h"

namespace earshot::host {
namespace {

// Years 1 to 9999, what RFC 3339 can say.
constexpr std::int64_t kFirst = -62'135'596'800'000, kLast = 253'402'300'799'999;

// The cut must not leave half a tag: a viewer would swallow what follows. Tags are short; what looks like one that
// began far back is text.
std::string_view without_half_tag(std::string_view cut) {
  constexpr std::size_t kFar = 2048;
  const std::size_t open = cut.rfind('<');
  if (open == std::string_view::npos || cut.size() - open > kFar) return cut;
  return cut.find('>', open) == std::string_view::npos ? cut.substr(0, open) : cut;
}

// What is foreign must not begin a line of its own in a log or on a terminal.
std::string one_line(std::string text) {
  for (char& c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  return text;
}

}  // namespace

void Intake::warn(std::string text) {
  if (warnings_.size() < limits_.warnings)
    warnings_.push_back(std::move(text));
  else
    ++more_warnings_;
}

void Intake::breach(const std::string& what) {
  if (!broken_) broken_ = one_line(to_valid_utf8(what));  // it may name what the plugin gave
}

std::vector<std::string> Intake::take_warnings() {
  if (more_warnings_ > 0) warnings_.push_back(fmt::format("and {} more warnings", more_warnings_));
  more_warnings_ = 0;
  return std::exchange(warnings_, {});
}

std::string Intake::name(const Where& where) {
  if (!where.item)
    return where.field.empty() ? std::string{where.thing} : fmt::format("{} {}", where.thing, where.field);
  const Item& item = *where.item;
  const std::string& known = !item.id.empty() ? item.id : item.url;
  if (known.empty()) return fmt::format("{} {}", where.thing, where.field);
  return fmt::format("{} {}: {}", where.thing, one_line(std::string(cut_utf8(known, 100))), where.field);
}

bool Intake::readable(const void* data, std::size_t n, std::size_t element, const Where& where) {
  if (n == 0) return true;
  const auto at = reinterpret_cast<std::uintptr_t>(data);
  if (!data) {
    breach(fmt::format("hands over {} as null with a length of {}", name(where), n));
  } else if (n > PTRDIFF_MAX / element || at + n * element < at) {
    breach(fmt::format("hands over {} with the impossible length of {}", name(where), n));
  } else {
    return true;
  }
  return false;
}

std::optional<std::string_view> Intake::view(earshot_str from, const Where& where) {
  if (!readable(from.data, from.len, 1, where)) return std::nullopt;
  return from.len == 0 ? std::string_view{} : std::string_view{from.data, from.len};
}

std::string Intake::text(earshot_str from, std::size_t max, const Where& where, Cut cut) {
  const auto seen = view(from, where);
  if (!seen || seen->empty()) return {};
  std::string_view kept = *seen;
  if (kept.size() > max) {
    warn(
        fmt::format("{} is longer than {} bytes and was {}", name(where), max, cut == Cut::whole ? "left out" : "cut"));
    if (cut == Cut::whole) return {};
    kept = cut_utf8(kept, max);
    if (cut == Cut::markup) kept = without_half_tag(kept);
  }
  std::string out;
  if (is_valid_utf8(kept)) {
    out = kept;
  } else {
    warn(fmt::format("{} is not UTF-8; the ill-formed bytes were replaced", name(where)));
    out = to_valid_utf8(kept);
    out.resize(cut_utf8(out, max).size());  // a replacement is longer than what it replaces
  }
  taken_ += out.size();
  return out;
}

std::string Intake::http_url(earshot_str from, const Where& where) {
  std::string url = text(from, limits_.url, where, Cut::whole);
  if (!url.empty() && !is_http_url(url)) {
    warn(fmt::format("{} is no absolute http or https URL and was left out", name(where)));
    url.clear();
  }
  return url;
}

std::optional<Time> Intake::time(std::int64_t ms, const Where& where) {
  if (ms == EARSHOT_NO_TIME) return std::nullopt;
  if (ms >= kFirst && ms <= kLast) return from_ms(ms);
  warn(fmt::format("{} lies outside the years 1 to 9999 and was left out", name(where)));
  return std::nullopt;
}

std::optional<std::string> Intake::bytes(const char* data, std::size_t len, std::size_t max, std::string_view what) {
  const auto seen = view({data, len}, {what, {}});
  if (!seen) return std::nullopt;
  if (len > max) {
    breach(fmt::format("hands over {} of {} bytes; {} are allowed", what, len, max));
    return std::nullopt;
  }
  return std::string{*seen};
}

std::string Intake::line(const char* data, std::size_t len, std::string_view what) {
  const auto seen = view({data, len}, {what, {}});
  if (!seen) return {};
  return one_line(to_valid_utf8(cut_utf8(*seen, limits_.warning)));
}

}  // namespace earshot::host
