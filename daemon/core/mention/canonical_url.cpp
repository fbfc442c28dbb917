#include "core/mention/canonical_url.h"

#include <algorithm>
#include <optional>

#include "common/text/space.h"
#include "core/mention/site_rules.h"
#include "core/url/url.h"

namespace earshot::mention {
namespace {

constexpr std::size_t kLongest = 16U << 10;  // longer ones are left as they are; browsers stop at 2 to 64 KiB
constexpr int kDeepest = 16;                 // wrappers within wrappers

constexpr int hex(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

constexpr bool unreserved(unsigned char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

// RFC 3986 §6.2.2.1–2: escapes in upper case, those of unreserved characters resolved. A '%' that escapes nothing is
// written %25, or it could become an escape with what follows it.
std::string normal_escapes(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    const int high = i + 2 < text.size() ? hex(text[i + 1]) : -1;
    const int low = i + 2 < text.size() ? hex(text[i + 2]) : -1;
    if (high < 0 || low < 0) {
      out += "%25";
      continue;
    }
    const auto c = static_cast<unsigned char>(high * 16 + low);
    if (unreserved(c)) {
      out += static_cast<char>(c);
    } else {
      out += '%';
      out += digits[c >> 4];
      out += digits[c & 15];
    }
    i += 2;
  }
  return out;
}

// Does the segment look like the name of an article, so that "/amp" behind it is its AMP form and not a page about
// amplifiers? Three hyphens, or four digits in a row, or a file's name.
bool is_article(std::string_view segment) {
  if (segment.ends_with(".html") || segment.ends_with(".htm") || std::ranges::count(segment, '-') >= 3) return true;
  int run = 0;
  for (const char c : segment) {
    run = c >= '0' && c <= '9' ? run + 1 : 0;
    if (run == 4) return true;
  }
  return false;
}

// "/news/a-long-slug-here/amp/" → "/news/a-long-slug-here/".
void drop_amp_segment(std::string& path) {
  while (true) {
    std::string_view rest = path;
    const bool slash = rest.ends_with('/');
    if (slash) rest.remove_suffix(1);
    if (!rest.ends_with("/amp")) return;
    rest.remove_suffix(4);
    if (!is_article(rest.substr(rest.rfind('/') + 1))) return;
    path.resize(rest.size() + (slash ? 1 : 0));
    if (slash) path.back() = '/';
  }
}

// ";jsessionid=…" names the reader's session, not the page (Jakarta Servlet §7.1.3). Behind a dot it stays, or what is
// left could be a dot segment.
void drop_session(std::string& path) {
  constexpr std::string_view mark = ";jsessionid=";
  for (auto at = path.find(mark); at != path.npos; at = path.find(mark, at)) {
    if (path[at - 1] == '.') {
      ++at;
    } else {
      path.erase(at, std::min(path.find_first_of("/;", at + 1), path.size()) - at);
    }
  }
}

// Parsed, with host and path as they are filed and every escape in its normal form: done before anything is looked for,
// so that no other spelling hides it.
std::optional<url::Url> parse_http(std::string_view text) {
  if (text.size() > kLongest) return std::nullopt;
  auto parsed = url::parse(text);
  if (!parsed || (parsed->scheme != "http" && parsed->scheme != "https")) return std::nullopt;
  while (parsed->host.ends_with('.')) parsed->host.pop_back();  // example.com. is the same name, fully qualified
  if (parsed->host.empty()) return std::nullopt;
  if (!parsed->ip) parsed->host = filed_host(parsed->host);
  parsed->path = normal_escapes(parsed->path);
  drop_session(parsed->path);
  drop_amp_segment(parsed->path);
  if (parsed->query) parsed->query = normal_escapes(*parsed->query);
  if (parsed->fragment) parsed->fragment = normal_escapes(*parsed->fragment);
  return *std::move(parsed);
}

// Calls `use` with each "name=value" of a query until it says stop.
template <class Use>
void each_parameter(std::string_view query, Use use) {
  while (!query.empty()) {
    const auto end = std::min(query.find('&'), query.size());
    if (end > 0 && !use(query.substr(0, end))) return;
    query.remove_prefix(std::min(end + 1, query.size()));
  }
}

// The value of a wrapper's parameter. Google Alerts does not escape the page's URL: it then reaches up to the last
// "&ct=ga", its own parameters included; otherwise it ends at the next '&'.
std::string wrapped_value(std::string_view query, std::string_view name) {
  std::string found;
  each_parameter(query, [&](std::string_view parameter) {
    if (!parameter.starts_with(name) || parameter.substr(name.size(), 1) != "=") return true;
    const std::string_view value = parameter.substr(name.size() + 1);
    if (value.find("://") == value.npos) {
      found = url::percent_decode(value);
      return false;
    }
    const std::string_view rest = query.substr(static_cast<std::size_t>(value.data() - query.data()));
    const auto end = rest.rfind("&ct=ga");
    found = end != rest.npos && end > value.size() ? rest.substr(0, end) : value;
    return false;
  });
  return found;
}

// "/c/s/host/path": how AMP caches name the page they hold; the "s" says https. Empty when it is none.
std::string_view amp_cached(const url::Url& url) {
  std::string_view path = url.path;
  const bool google = is_google(url.host) && path.starts_with("/amp/");
  const bool cache = url.host.ends_with(".cdn.ampproject.org") || url.host == "cdn.ampproject.org";
  if (google) {
    path.remove_prefix(5);
  } else if (cache && (path.starts_with("/c/") || path.starts_with("/v/"))) {
    path.remove_prefix(3);
  } else {
    return {};
  }
  if (path.starts_with("s/")) path.remove_prefix(2);
  const std::string_view host = path.substr(0, path.find('/'));
  return host.find('.') == host.npos ? std::string_view{} : path;
}

std::optional<url::Url> unwrap(const url::Url& url) {
  if (const std::string_view page = amp_cached(url); !page.empty()) {
    std::string text = "https://";
    text += page;
    if (url.query) text.append("?").append(*url.query);
    return parse_http(text);
  }
  std::string_view names = wrapper_parameters(url.host, url.path);
  if (!url.query) return std::nullopt;
  while (!names.empty()) {
    const auto end = std::min(names.find(' '), names.size());
    if (auto inner = parse_http(wrapped_value(*url.query, names.substr(0, end)))) return inner;
    names.remove_prefix(std::min(end + 1, names.size()));
  }
  return std::nullopt;
}

std::string kept_parameters(const url::Url& url) {
  std::string kept;
  if (!url.query) return kept;
  each_parameter(*url.query, [&](std::string_view parameter) {
    if (is_tracking(url.host, parameter)) return true;
    kept += kept.empty() ? '?' : '&';
    kept += parameter;
    return true;
  });
  return kept;
}

bool is_route(std::string_view fragment) { return fragment.starts_with('!') || fragment.starts_with('/'); }

}  // namespace

std::string canonical_url(std::string_view given) {
  const std::string_view text = text::trim(given);
  auto url = parse_http(text);
  int depth = 0;
  for (auto inner = url; inner && depth <= kDeepest; inner = unwrap(*url), ++depth) url = inner;
  if (!url || depth > kDeepest) return std::string(text);

  std::string out = "https://";
  out += url->ip && url->ip->v6 ? "[" + url->host + "]" : url->host;
  if (url->port != 80 && url->port != 443) out.append(":").append(std::to_string(url->port));
  out += url->path;
  out += kept_parameters(*url);
  if (url->fragment && is_route(*url->fragment)) out.append("#").append(*url->fragment);
  return out;
}

std::string site_of(std::string_view given) {
  const std::string_view text = text::trim(given);
  auto parsed = text.size() > kLongest ? Result<url::Url>(fail("too long")) : url::parse(text);
  if (!parsed || (parsed->scheme != "http" && parsed->scheme != "https")) return {};
  std::string_view host = parsed->host;
  while (host.ends_with('.')) host.remove_suffix(1);
  if (host.starts_with("www.")) host.remove_prefix(4);
  return std::string(host);
}

}  // namespace earshot::mention
