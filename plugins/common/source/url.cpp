#include "common/source/url.h"

#include <algorithm>
#include <cstddef>

#include "common/text/space.h"

namespace earshot::source {
namespace {

constexpr auto npos = std::string_view::npos;

// RFC 3986 appendix B, with a scheme of letters, digits, '+', '-', '.'.
struct Parts {
  std::string_view scheme, authority, path, query, fragment;
  bool has_authority = false, has_query = false, has_fragment = false;
};

std::size_t scheme_end(std::string_view s) noexcept {
  if (s.empty() || !text::is_alpha(s[0])) return npos;
  for (std::size_t i = 1; i < s.size(); ++i) {
    const char c = s[i];
    if (c == ':') return i;
    if (!text::is_alpha(c) && !text::is_digit(c) && c != '+' && c != '-' && c != '.') return npos;
  }
  return npos;
}

Parts split(std::string_view s) {
  Parts p;
  if (const std::size_t colon = scheme_end(s); colon != npos) {
    p.scheme = s.substr(0, colon);
    s.remove_prefix(colon + 1);
  }
  if (const std::size_t hash = s.find('#'); hash != npos) {
    p.has_fragment = true;
    p.fragment = s.substr(hash + 1);
    s = s.substr(0, hash);
  }
  if (const std::size_t mark = s.find('?'); mark != npos) {
    p.has_query = true;
    p.query = s.substr(mark + 1);
    s = s.substr(0, mark);
  }
  if (s.starts_with("//")) {
    p.has_authority = true;
    const std::size_t slash = s.find('/', 2);
    p.authority = s.substr(2, slash == npos ? npos : slash - 2);
    s = slash == npos ? std::string_view{} : s.substr(slash);
  }
  p.path = s;
  return p;
}

// RFC 3986 §5.2.4.
std::string without_dots(std::string_view path) {
  if (!path.starts_with('.') && path.find("/.") == npos) return std::string(path);
  std::string out;
  out.reserve(path.size());
  while (!path.empty()) {
    const std::size_t end = path.find('/', 1);
    const std::string_view segment = path.substr(0, end);  // with its leading '/'
    const bool last = end == npos;
    if (segment == "/." || segment == ".") {
      if (last) out.push_back('/');
    } else if (segment == "/.." || segment == "..") {
      const std::size_t slash = out.rfind('/');
      out.resize(slash == npos ? 0 : slash);
      if (last) out.push_back('/');
    } else {
      out.append(segment);
    }
    path = last ? std::string_view{} : path.substr(end);
  }
  return out;
}

std::string tidy(std::string_view s) {
  std::string out;
  out.reserve(s.size());
  for (const char c : text::trim_all(s)) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\t' || c == '\n' || c == '\r') continue;
    if (c == ' ') {
      out.append("%20");
    } else if (byte >= 0x20 && byte != 0x7F) {
      out.push_back(c);
    }
  }
  return out;
}

std::string join(std::string_view scheme, const Parts& authority, std::string_view path, const Parts& query,
                 const Parts& fragment) {
  std::string out;
  out.reserve(scheme.size() + authority.authority.size() + path.size() + query.query.size() + fragment.fragment.size() +
              6);
  out.append(scheme).push_back(':');
  if (authority.has_authority) out.append("//").append(authority.authority);
  out.append(path);
  if (query.has_query) out.append("?").append(query.query);
  if (fragment.has_fragment) out.append("#").append(fragment.fragment);
  return out;
}

// Nearly all there is: an absolute http(s) URL of visible ASCII characters, so that nothing is to be done.
bool is_settled(std::string_view s) noexcept {
  if (!s.starts_with("http")) return false;
  const std::size_t host = s.starts_with("https://") ? 8 : s.starts_with("http://") ? 7 : 0;
  if (host == 0 || s.size() == host || s[host] == '/' || s[host] == '?' || s[host] == '#') return false;
  return std::ranges::all_of(s, [](char c) { return c > ' ' && c < 0x7F; });
}

}  // namespace

std::string resolve_url(std::string_view base, std::string_view reference) {
  if (is_settled(reference)) return std::string(reference);
  std::string ref = tidy(reference);
  const Parts r = split(ref);
  if (!r.scheme.empty()) {
    // "http:/path" and "http:path" are relative to an http base in browsers; "http:///host" is a slip of the pen.
    if (text::starts_with(ref, "http") && r.has_authority && r.authority.empty()) {
      const std::size_t host = r.path.find_first_not_of('/');
      if (host != npos)
        return std::string(r.scheme) + "://" +
               std::string(ref.substr(static_cast<std::size_t>(r.path.data() - ref.data()) + host));
    }
    return ref;
  }
  const Parts b = split(base);
  if (b.scheme.empty()) return ref;
  if (r.has_authority) return join(b.scheme, r, r.path, r, r);
  if (r.path.empty()) return join(b.scheme, b, b.path, r.has_query ? r : b, r);
  if (!b.has_authority && !b.path.starts_with('/')) return ref;  // mailto:, urn:, tag: are no bases
  if (r.path.starts_with('/')) return join(b.scheme, b, without_dots(r.path), r, r);
  const std::size_t slash = b.path.rfind('/');
  std::string merged(b.path.substr(0, slash == npos ? 0 : slash + 1));
  if (merged.empty()) merged = "/";
  merged.append(r.path);
  return join(b.scheme, b, without_dots(merged), r, r);
}

std::string url_scheme(std::string_view url) {
  const std::size_t colon = scheme_end(url);
  return colon == npos ? std::string{} : text::to_lower(url.substr(0, colon));
}

bool is_http(std::string_view url) noexcept {
  for (const std::string_view front : {"http://", "https://"})
    if (text::starts_with(url, front))
      return url.size() > front.size() && url[front.size()] != '/' && url[front.size()] != '?';
  return false;
}

std::string url_host(std::string_view url) {
  std::string_view host = split(url).authority;
  if (const std::size_t at = host.rfind('@'); at != npos) host.remove_prefix(at + 1);
  if (host.starts_with('[')) return text::to_lower(host.substr(1, host.find(']') == npos ? npos : host.find(']') - 1));
  return text::to_lower(host.substr(0, host.find(':')));
}

std::string percent_decode(std::string_view s) {
  const auto digit = [](char c) {
    return text::is_digit(c)                                ? c - '0'
           : text::lower(c) >= 'a' && text::lower(c) <= 'f' ? text::lower(c) - 'a' + 10
                                                            : -1;
  };
  std::string out;
  out.reserve(s.size());
  for (std::size_t i = 0; i < s.size(); ++i) {
    if (s[i] == '%' && i + 2 < s.size() && digit(s[i + 1]) >= 0 && digit(s[i + 2]) >= 0) {
      out.push_back(static_cast<char>(digit(s[i + 1]) * 16 + digit(s[i + 2])));
      i += 2;
    } else {
      out.push_back(s[i]);
    }
  }
  return out;
}

std::string query_parameter(std::string_view url, std::string_view name) {
  std::string_view query = split(url).query;
  while (!query.empty()) {
    const std::size_t end = query.find('&');
    const std::string_view pair = query.substr(0, end);
    if (pair.size() > name.size() && pair[name.size()] == '=' && pair.starts_with(name))
      return percent_decode(pair.substr(name.size() + 1));
    if (end == npos) break;
    query.remove_prefix(end + 1);
  }
  return {};
}

}  // namespace earshot::source
