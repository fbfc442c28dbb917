#include "core/config/references.h"

#include <fmt/format.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>

#include "core/config/suggest.h"

namespace earshot::config {
namespace {

constexpr std::size_t kMaxText = 1U << 20;
constexpr std::array<std::string_view, 3> kSchemes{"file", "env", "credential"};

bool text_only(const std::string& value) {
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(value.data());
  const auto size = static_cast<std::int32_t>(value.size());
  for (std::int32_t i = 0; i < size;) {
    UChar32 c = 0;
    U8_NEXT(bytes, i, size, c);
    if (c < 0 || (c < 0x20 && c != '\t' && c != '\n' && c != '\r')) return false;
  }
  return true;
}

}  // namespace

Resolved References::resolve(const Node& node, Findings& findings) {
  Resolved out;
  std::string_view rest = node.text;
  const auto refuse = [&](std::string message) {
    findings.error(node.place(), std::move(message));
    out.good = false;
  };
  while (true) {
    const std::size_t at = rest.find("${");
    if (at == std::string_view::npos) break;
    if (at > 0 && rest[at - 1] == '$') {
      out.text.append(rest.substr(0, at - 1)).append("${");
      rest.remove_prefix(at + 2);
      continue;
    }
    out.text.append(rest.substr(0, at));
    rest.remove_prefix(at);
    const std::size_t close = rest.find('}');
    if (close == std::string_view::npos) {
      refuse("\"${\" without a \"}\"; write $${ for the two characters themselves");
      return out;
    }
    const std::string_view whole = rest.substr(0, close + 1);
    const std::string_view inner = whole.substr(2, close - 2);
    rest.remove_prefix(close + 1);
    const std::size_t colon = inner.find(':');
    const std::string_view scheme = inner.substr(0, colon);
    if (colon == std::string_view::npos) {
      refuse(fmt::format(
          "\"{}\" does not say where from: write ${{env:{}}}, ${{file:/path}} or ${{credential:name}}; or $${} for "
          "the text itself",
          whole, inner, whole.substr(1)));
      continue;
    }
    if (std::ranges::find(kSchemes, scheme) == kSchemes.end()) {
      refuse(fmt::format("\"{}\": nothing is read from \"{}\"{}; write $${} for the text itself", whole, scheme,
                         hint(scheme, kSchemes), whole.substr(1)));
      continue;
    }
    const auto& read = value(std::string(scheme), std::string(inner.substr(colon + 1)));
    out.referred = true;
    if (!read) {
      refuse(fmt::format("\"{}\": {}", whole, read.error().message));
      continue;
    }
    if (out.text.size() + read->size() > kMaxText) {
      refuse(fmt::format("with its references filled in, this text is longer than {} KiB", kMaxText >> 10U));
      return out;
    }
    out.text += *read;
  }
  out.text.append(rest);
  return out;
}

const Result<std::string>& References::value(const std::string& scheme, const std::string& name) {
  const std::string key = scheme + ':' + name;
  if (const auto known = known_.find(key); known != known_.end()) return known->second;
  Result<std::string> read = name.empty()
                                 ? Result<std::string>(fail(fmt::format("the name after \"{}:\" is missing", scheme)))
                                 : read_(scheme, name);
  if (read && read->empty()) read = fail("there is nothing in it; put the secret there");
  if (read && !text_only(*read)) read = fail("what is in it is not UTF-8 text");
  if (read) hide(*read);
  return known_.emplace(key, std::move(read)).first->second;
}

void References::hide(const std::string& value) {
  if (!value.empty()) hidden_.push_back(value);
}

std::vector<std::string> References::secrets() const {
  std::vector<std::string> out = hidden_;
  std::ranges::sort(out);
  out.erase(std::unique(out.begin(), out.end()), out.end());  // clang 14 does not take the range form
  return out;
}

}  // namespace earshot::config
