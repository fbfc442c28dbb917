#include "common/sink/link.h"

#include <unicode/idna.h>
#include <unicode/uidna.h>

#include <algorithm>
#include <memory>

#include "common/sink/clean.h"
#include "common/text/base64.h"

namespace earshot::sink {
namespace {

constexpr std::size_t kLongest = 2000;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

bool starts_with_scheme(std::string_view url, std::string_view scheme) {
  return url.size() > scheme.size() && std::ranges::equal(url.substr(0, scheme.size()), scheme, {}, lower);
}

struct Parts {
  std::string_view scheme;  // as written, with "://"
  std::string_view host;    // with its port, without user information
  std::string_view rest;    // from the first / ? #
};

Parts split(std::string_view url) {
  Parts p;
  for (const std::string_view scheme : {"http://", "https://"})
    if (starts_with_scheme(url, scheme)) p.scheme = url.substr(0, scheme.size());
  if (p.scheme.empty()) return {};
  url.remove_prefix(p.scheme.size());
  // A browser takes a backslash for a slash (WHATWG URL), so the host ends there too.
  const std::size_t end = std::min(url.find_first_of("/?#\\"), url.size());
  p.host = url.substr(0, end);
  p.rest = url.substr(end);
  if (const std::size_t at = p.host.rfind('@'); at != std::string_view::npos) p.host.remove_prefix(at + 1);
  return p;
}

void hex(unsigned char c, std::string& out) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  out += '%';
  out += digits[c >> 4];
  out += digits[c & 15];
}

// A host name in ASCII; empty when it is no lawful one.
std::string ascii_host(std::string_view host) {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_' || c == ':' ||
           c == '[' || c == ']';
  };
  std::string low;
  low.reserve(host.size());
  std::ranges::transform(host, std::back_inserter(low), lower);
  if (std::ranges::all_of(low, plain)) return low;
  if (std::ranges::all_of(low, [](char c) { return static_cast<unsigned char>(c) < 0x80; })) return {};
  UErrorCode error = U_ZERO_ERROR;
  const std::unique_ptr<icu::IDNA> idna(icu::IDNA::createUTS46Instance(UIDNA_NONTRANSITIONAL_TO_ASCII, error));
  if (U_FAILURE(error)) return {};
  std::string port;
  if (const std::size_t colon = low.rfind(':'); colon != std::string::npos) {
    port = low.substr(colon);
    low.resize(colon);
  }
  std::string ascii;
  icu::StringByteSink<std::string> sink(&ascii);
  icu::IDNAInfo info;
  idna->nameToASCII_UTF8(icu::StringPiece(low.data(), static_cast<int32_t>(low.size())), sink, info, error);
  if (U_FAILURE(error) || info.hasErrors() || !std::ranges::all_of(ascii, plain)) return {};
  return std::ranges::all_of(port, plain) ? ascii + port : std::string{};
}

}  // namespace

std::string safe_link(std::string_view url) {
  if (url.size() > kLongest) return {};
  const Parts p = split(url);
  const std::string host = ascii_host(p.host);
  if (host.empty() || host.front() == ':' || host.front() == '.') return {};
  std::string out(p.scheme.size() == 8 ? "https://" : "http://");
  out += host;
  for (const char c : p.rest) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte <= 0x20 || byte >= 0x7F || std::string_view{"<>|\"'`\\^{}()[]*$"}.find(c) != std::string_view::npos)
      hex(byte, out);
    else
      out += c;
  }
  return out.size() > kLongest ? std::string{} : out;
}

std::string shown_host(std::string_view url) {
  std::string host = ascii_host(split(url).host);
  if (host.starts_with("www.")) host.erase(0, 4);
  return host.size() > 253 ? std::string{} : host;  // RFC 1035, 2.3.4
}

std::string percent_encode(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const char l = lower(c);
    if ((l >= 'a' && l <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~')
      out += c;
    else
      hex(static_cast<unsigned char>(c), out);
  }
  return out;
}

std::string header_safe(std::string_view text) {
  std::string out;
  for (const char c : text)
    if (c >= 0x20 && c < 0x7F) out += c;
  return out;
}

std::string basic_auth(std::string_view user, std::string_view password) {
  return "Basic " + text::to_base64(std::string(user) + ":" + std::string(password));
}

std::string with_query(std::string_view url, std::string_view name, std::string_view value) {
  std::string out(url.substr(0, url.find('#')));
  const std::size_t query = out.find('?');
  if (query == std::string::npos)
    out += '?';
  else if (out.back() != '?' && out.back() != '&')
    out += '&';
  return out.append(name).append("=").append(percent_encode(value));
}

std::string with_segment(std::string_view url, std::string_view segment) {
  const std::size_t end = std::min(url.find_first_of("?#"), url.size());
  return with_path(url.substr(0, end), "/" + percent_encode(segment)).append(url.substr(end));
}

std::string with_path(std::string_view url, std::string_view path) {
  while (url.ends_with('/')) url.remove_suffix(1);
  return std::string(url).append(path);
}

}  // namespace earshot::sink
