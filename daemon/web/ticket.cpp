#include "web/ticket.h"

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <charconv>
#include <vector>

namespace earshot::web {
namespace {

constexpr std::size_t kSignature = 16;  // bytes
constexpr std::size_t kLongest = 300;   // of a path: ids are short

std::uint32_t day_of(Time time) {
  return static_cast<std::uint32_t>(std::chrono::floor<std::chrono::days>(time).time_since_epoch().count());
}

std::string base64url(const unsigned char* bytes, std::size_t count) {
  constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string out;
  std::uint32_t bits = 0;
  int held = 0;
  for (std::size_t i = 0; i < count; ++i) {
    bits = bits << 8 | bytes[i];
    for (held += 8; held >= 6; held -= 6) out += kLetters[bits >> (held - 6) & 63];
  }
  if (held > 0) out += kLetters[bits << (6 - held) & 63];
  return out;
}

std::string signature(std::string_view what, std::string_view key) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
  unsigned size = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(what.data()),
       what.size(), hash.data(), &size);
  return base64url(hash.data(), kSignature);
}

std::string unsigned_part(const Ticket& ticket) {
  return fmt::format("{}/{}/{}/{}", to_string(ticket.act), ticket.language, ticket.mention, ticket.day);
}

std::vector<std::string_view> parts_of(std::string_view path) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t slash = path.find('/');
    parts.push_back(path.substr(0, slash));
    if (slash == path.npos) return parts;
    path.remove_prefix(slash + 1);
  }
}

}  // namespace

std::string_view to_string(Act act) {
  switch (act) {
    case Act::take: return "take";
    case Act::done: return "done";
    case Act::not_relevant: break;
  }
  return "no";
}

std::optional<Act> parse_act(std::string_view text) {
  for (const Act act : {Act::take, Act::done, Act::not_relevant})
    if (text == to_string(act)) return act;
  return std::nullopt;
}

std::string sign(const Ticket& ticket, std::string_view key) {
  const std::string plain = unsigned_part(ticket);
  return plain + "/" + signature(plain, key);
}

Checked check(std::string_view path, std::string_view key, Time now) {
  if (path.size() > kLongest) return {};
  const auto parts = parts_of(path);
  if (parts.size() != 5) return {};
  const auto act = parse_act(parts[0]);
  Ticket ticket{.act = act.value_or(Act::take), .mention = std::string(parts[2]), .language = std::string(parts[1])};
  const auto [end, error] = std::from_chars(parts[3].data(), parts[3].data() + parts[3].size(), ticket.day);
  if (!act || error != std::errc{} || end != parts[3].data() + parts[3].size()) return {};
  const std::string right = signature(unsigned_part(ticket), key);
  if (right.size() != parts[4].size() || CRYPTO_memcmp(right.data(), parts[4].data(), right.size()) != 0) return {};
  const TicketFault fault = day_of(now) > ticket.day ? TicketFault::expired : TicketFault::none;
  return {std::move(ticket), fault};
}

}  // namespace earshot::web
