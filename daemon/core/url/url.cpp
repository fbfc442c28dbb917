#include "core/url/url.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "core/url/host.h"

namespace earshot::url {
namespace {

// A URL longer than this is no address but an attack; servers refuse far shorter ones (RFC 9110 §4.1 asks for 8000).
constexpr std::size_t kLongest = 64u << 10;

bool alpha(char c) { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }
bool slash(char c) { return c == '/' || c == '\\'; }

// WHATWG percent-encode sets, as the printable ASCII characters that are encoded; controls and non-ASCII always are.
constexpr std::string_view kPathSet = " \"#<>?^`{}";
constexpr std::string_view kQuerySet = " \"#<>'";
constexpr std::string_view kFragmentSet = " \"<>`";
constexpr std::string_view kUserinfoSet = " \"#<>?^`{}/:;=@[\\]|";

void append_encoded(std::string& out, std::string_view text, std::string_view set) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte > 0x20 && byte < 0x7F && set.find(c) == set.npos) {
      out += c;
    } else {
      constexpr char kHex[] = "0123456789ABCDEF";
      out += {'%', kHex[byte >> 4], kHex[byte & 15]};
    }
  }
}

std::string encoded(std::string_view text, std::string_view set) {
  std::string out;
  out.reserve(text.size());
  append_encoded(out, text, set);
  return out;
}

// "." "%2e" → 1, ".." and its escaped forms → 2, else 0.
int dots(std::string_view segment) {
  int count = 0;
  while (!segment.empty()) {
    if (segment[0] == '.') {
      segment.remove_prefix(1);
    } else if (segment.size() >= 3 && segment[0] == '%' && segment[1] == '2' && lower(segment[2]) == 'e') {
      segment.remove_prefix(3);
    } else {
      return 0;
    }
    if (++count > 2) return 0;
  }
  return count;
}

// Appends `text`, which begins with a slash or follows one, to `path` (which ends before that slash), segment by
// segment, with dot segments removed.
void append_path(std::string& path, std::string_view text) {
  while (true) {
    const auto end = std::ranges::find_if(text, slash);
    const std::string_view segment = text.substr(0, static_cast<std::size_t>(end - text.begin()));
    const bool last = end == text.end();
    const int dot = dots(segment);
    if (dot == 2) path.resize(std::min(path.size(), path.rfind('/')));
    if (dot == 0) {
      path += '/';
      append_encoded(path, segment, kPathSet);
    } else if (last) {
      path += '/';
    }
    if (last) return;
    text.remove_prefix(segment.size() + 1);
  }
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n\f";
  const std::size_t begin = text.find_first_not_of(kSpace);
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(kSpace) + 1 - begin);
}

Status refuse_controls(std::string_view text) {
  if (text.size() > kLongest) return fail("the URL is longer than 64 KiB");
  for (const char c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F)
      return fail("the URL has a control character (a line break, tab or NUL) inside");
  return {};
}

// The length of "scheme" in "scheme:", or npos.
std::size_t scheme_length(std::string_view text) {
  if (text.empty() || !alpha(text[0])) return text.npos;
  for (std::size_t i = 1; i < text.size(); ++i) {
    const char c = text[i];
    if (c == ':') return i;
    if (!alpha(c) && !(c >= '0' && c <= '9') && c != '+' && c != '-' && c != '.') break;
  }
  return text.npos;
}

Result<std::string> known_scheme(std::string_view text) {
  std::string scheme(text);
  std::ranges::transform(scheme, scheme.begin(), lower);
  for (const char* known : {"http", "https", "ws", "wss"})
    if (scheme == known) return scheme;
  return fail(fmt::format("the scheme \"{}\" is not one of http, https, ws, wss", scheme.substr(0, 20)));
}

Status parse_port(Url& url, std::string_view digits) {
  url.port = url.secure() ? 443 : 80;
  if (digits.empty()) return {};
  std::uint32_t port = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (error != std::errc{} || end != digits.data() + digits.size() || port == 0 || port > 65535)
    return fail("the port is no number from 1 to 65535");
  url.port = static_cast<std::uint16_t>(port);
  return {};
}

Status parse_authority(Url& url, std::string_view text) {
  if (const std::size_t at = text.rfind('@'); at != text.npos) {
    const std::string_view userinfo = text.substr(0, at);
    const std::size_t colon = userinfo.find(':');
    url.username = encoded(userinfo.substr(0, colon), kUserinfoSet);
    if (colon != userinfo.npos) url.password = encoded(userinfo.substr(colon + 1), kUserinfoSet);
    text.remove_prefix(at + 1);
  }
  // The colon of the port stands behind the brackets of an IPv6 address.
  const std::size_t bracket = text.starts_with('[') ? text.find(']') : 0;
  const std::size_t colon = bracket == text.npos ? text.npos : text.find(':', bracket);
  auto host = parse_host(text.substr(0, colon));
  if (!host) return tl::unexpected(std::move(host.error()));
  url.host = std::move(host->text);
  url.ip = host->ip;
  return parse_port(url, colon == text.npos ? std::string_view{} : text.substr(colon + 1));
}

void parse_query_and_fragment(Url& url, std::string_view text) {
  const std::size_t hash = text.find('#');
  if (hash != text.npos) url.fragment = encoded(text.substr(hash + 1), kFragmentSet);
  text = text.substr(0, hash);
  if (!text.empty()) url.query = encoded(text.substr(1), kQuerySet);  // text[0] is '?'
}

// authority path ? query # fragment; `text` stands behind "scheme://".
Result<Url> parse_rest(std::string scheme, std::string_view text) {
  Url url;
  url.scheme = std::move(scheme);
  const std::size_t end = std::min(text.find_first_of("/\\?#"), text.size());
  if (auto status = parse_authority(url, text.substr(0, end)); !status)
    return tl::unexpected(std::move(status.error()));
  text.remove_prefix(end);
  const std::size_t path_end = std::min(text.find_first_of("?#"), text.size());
  if (path_end > 0) {
    url.path.clear();
    append_path(url.path, text.substr(1, path_end - 1));
  }
  parse_query_and_fragment(url, text.substr(path_end));
  return url;
}

std::string_view without_slashes(std::string_view text) {
  while (!text.empty() && slash(text[0])) text.remove_prefix(1);
  return text;
}

}  // namespace

std::string Url::authority() const {
  const bool bracketed = ip && ip->v6;
  if (!bracketed && default_port()) return host;
  std::string out = bracketed ? '[' + host + ']' : host;
  if (!default_port()) out += ':' + std::to_string(port);
  return out;
}

std::string Url::target() const { return query ? path + '?' + *query : path; }

std::string Url::origin() const { return scheme + "://" + authority(); }

std::string Url::str(bool with_credentials, bool with_fragment) const {
  std::string out = scheme + "://";
  if (with_credentials && has_credentials()) {
    out += username;
    if (!password.empty()) out += ':' + password;
    out += '@';
  }
  out += authority();
  out += path;
  if (query) out += '?' + *query;
  if (with_fragment && fragment) out += '#' + *fragment;
  return out;
}

bool same_origin(const Url& a, const Url& b) { return a.port == b.port && a.scheme == b.scheme && a.host == b.host; }

Result<Url> parse(std::string_view text) {
  text = trimmed(text);
  if (text.empty()) return fail("the URL is empty");
  if (auto status = refuse_controls(text); !status) return tl::unexpected(std::move(status.error()));
  const std::size_t length = scheme_length(text);
  if (length == text.npos) return fail("the URL does not begin with http:// or https://");
  auto scheme = known_scheme(text.substr(0, length));
  if (!scheme) return tl::unexpected(std::move(scheme.error()));
  return parse_rest(std::move(*scheme), without_slashes(text.substr(length + 1)));
}

Result<Url> resolve(const Url& base, std::string_view text) {
  text = trimmed(text);
  if (auto status = refuse_controls(text); !status) return tl::unexpected(std::move(status.error()));
  if (const std::size_t length = scheme_length(text); length != text.npos) {
    auto scheme = known_scheme(text.substr(0, length));
    if (!scheme) return tl::unexpected(std::move(scheme.error()));
    const std::string_view rest = text.substr(length + 1);
    // "https:path" against an https base is relative (WHATWG "special relative or authority state").
    if (*scheme != base.scheme || (rest.size() >= 2 && slash(rest[0]) && slash(rest[1])))
      return parse_rest(std::move(*scheme), without_slashes(rest));
    text = rest;
  }
  if (text.size() >= 2 && slash(text[0]) && slash(text[1])) return parse_rest(base.scheme, without_slashes(text));

  Url url = base;
  url.fragment.reset();
  const std::size_t path_end = std::min(text.find_first_of("?#"), text.size());
  if (path_end > 0) {
    std::string_view path = text.substr(0, path_end);
    if (slash(path[0])) {
      path.remove_prefix(1);
      url.path.clear();
    } else {
      url.path.resize(url.path.rfind('/'));
    }
    append_path(url.path, path);
    url.query.reset();
  }
  text.remove_prefix(path_end);
  if (!text.empty() && text[0] == '?') url.query.reset();
  parse_query_and_fragment(url, text);
  return url;
}

std::string percent_decode(std::string_view text) {
  const auto digit = [](char c) -> int {
    if (c >= '0' && c <= '9') return c - '0';
    c = lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
  };
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      const int high = digit(text[i + 1]), low = digit(text[i + 2]);
      if (high >= 0 && low >= 0) {
        out += static_cast<char>(high << 4 | low);
        i += 2;
        continue;
      }
    }
    out += text[i];
  }
  return out;
}

std::string percent_encode(std::string_view text) {
  std::string out;
  append_encoded(out, text, " !\"#$%&'()*+,/:;<=>?@[\\]^`{|}");
  return out;
}

std::string below(std::string_view base, std::string_view path) {
  while (base.ends_with('/')) base.remove_suffix(1);
  return fmt::format("{}/{}", base, path);
}

}  // namespace earshot::url
