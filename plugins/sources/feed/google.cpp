#include "common/source/url.h"
#include "common/text/base64.h"
#include "common/text/space.h"
#include "common/text/utf8.h"
#include "sources/feed/fields.h"

namespace earshot::feed {
namespace {

constexpr auto npos = std::string_view::npos;

bool is_google(std::string_view host) {
  if (host.starts_with("www.")) host.remove_prefix(4);
  return host.starts_with("google.");
}

// The target often stands there unescaped, its own query and all: it ends at the last "&ct=ga".
std::string alert_target(std::string_view url) {
  for (const std::string_view name : {"?url=", "&url=", "?q=", "&q="}) {
    const std::size_t at = url.find(name);
    if (at == npos) continue;
    std::string_view target = url.substr(at + name.size());
    if (const std::size_t end = target.rfind("&ct=ga"); end != npos) {
      target = target.substr(0, end);
    } else if (!target.starts_with("http://") && !target.starts_with("https://")) {
      target = target.substr(0, target.find('&'));
    } else {
      for (const std::string_view own : {"&sa=", "&ved=", "&usg=", "&cd=", "&rct="})
        if (const std::size_t cut = target.find(own); cut != npos) target = target.substr(0, cut);
    }
    // "http%3A%2F%2F…" is escaped as it should be; "https://a.example/?q=1" not at all; "https://a.example/%3Fq%3D1" in
    // part, as no path has an escaped question mark and no query of its own.
    const bool escaped =
        target.find("://") == npos || (target.find_first_of("?&=") == npos && target.find("%3F") != npos);
    return escaped ? source::percent_decode(target) : std::string(target);
  }
  return {};
}

// Articles of before 2024 carry their URL in the id: a protocol buffer, field 4, a string.
std::string news_target(std::string_view url) {
  const std::size_t at = url.find("/articles/");
  if (at == npos) return {};
  std::string_view id = url.substr(at + 10);
  const std::string bytes = text::from_base64(id.substr(0, id.find_first_of("?#/=")));
  const std::size_t field = bytes.find("\x22");
  if (!bytes.starts_with("\x08\x13\x22") || field == npos) return {};
  std::size_t length = static_cast<unsigned char>(bytes[3]);
  std::size_t from = 4;
  if (length >= 0x80 && bytes.size() > 5) {
    length = (length & 0x7F) | static_cast<std::size_t>(static_cast<unsigned char>(bytes[4])) << 7;
    from = 5;
  }
  if (from + length > bytes.size()) return {};
  return bytes.substr(from, length);
}

}  // namespace

std::string unwrap_google(std::string_view url) {
  const std::string host = source::url_host(url);
  std::string target;
  if (is_google(host) && url.find("/url?") != npos) {
    target = alert_target(url);
  } else if (host == "news.google.com") {
    target = url.find("/news/url?") != npos ? source::query_parameter(url, "url") : news_target(url);
  }
  // What was decoded may be bytes of any kind: then Google's own link is the better one.
  return source::is_http(target) && text::is_utf8(target) ? source::resolve_url({}, target) : std::string{};
}

bool is_google_alert_id(std::string_view id) { return id.starts_with("tag:google.com,2013:googlealerts/"); }

void drop_bold(std::string& html) {
  std::string out;
  out.reserve(html.size());
  std::string_view rest = html;
  for (std::size_t at; (at = rest.find('<')) != npos;) {
    out.append(rest.substr(0, at));
    rest.remove_prefix(at);
    const std::size_t skip = rest.starts_with("<b>") ? 3 : rest.starts_with("</b>") ? 4 : 0;
    if (skip == 0) out.push_back('<');
    rest.remove_prefix(skip ? skip : 1);
  }
  out.append(rest);
  html = std::move(out);
}

}  // namespace earshot::feed
