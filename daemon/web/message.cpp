#include "web/message.h"

#include <algorithm>

#include "core/url/url.h"

namespace earshot::web {
namespace {

std::string decode(std::string_view part) {
  std::string spaced{part};
  std::ranges::replace(spaced, '+', ' ');
  return url::percent_decode(spaced);
}

}  // namespace

std::string_view Request::header(std::string_view name) const {
  const auto at = std::ranges::find(headers, name, &std::pair<std::string, std::string>::first);
  return at == headers.end() ? std::string_view{} : std::string_view{at->second};
}

Form::Form(std::string_view encoded) {
  while (!encoded.empty()) {
    const std::string_view field = encoded.substr(0, encoded.find('&'));
    encoded.remove_prefix(std::min(encoded.size(), field.size() + 1));
    if (field.empty()) continue;
    const std::size_t equals = field.find('=');
    fields_.emplace_back(decode(field.substr(0, equals)),
                         equals == field.npos ? std::string() : decode(field.substr(equals + 1)));
  }
}

std::optional<std::string_view> Form::get(std::string_view name) const {
  const auto at = std::ranges::find(fields_, name, &std::pair<std::string, std::string>::first);
  if (at == fields_.end()) return std::nullopt;
  return at->second;
}

std::string escape_html(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default: out += c;
    }
  }
  return out;
}

Answer plain(unsigned status, std::string_view line) { return {.status = status, .body = std::string(line) + "\n"}; }

}  // namespace earshot::web
