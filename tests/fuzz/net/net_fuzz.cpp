// Bytes from outside into everything of net/ and the URL room that reads them. The first byte says which reader; what
// the readers promise is checked, not only that they survive.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "core/url/url.h"
#include "core/utf8.h"
#include "net/answer.h"
#include "net/dns_cache.h"
#include "net/event_parser.h"

namespace {

using namespace earshot;

void require(bool good) {
  if (!good) std::abort();
}

void fuzz_url(std::string_view text) {
  (void)url::redact(text);
  const auto url = url::parse(text);
  if (url) {
    // A URL written out is the same URL, and can break no header.
    const std::string shown = url->str();
    const auto again = url::parse(shown);
    require(again && again->str() == shown && again->host == url->host && again->port == url->port);
    for (const char c : shown) require(c > 0x20 && c < 0x7F);
  }
  static const auto base = url::parse("http://user:pw@example.com:8080/a/b/c?q#f");
  if (const auto resolved = url::resolve(*base, text)) require(url::parse(resolved->str()).has_value());
}

// The same answer in pieces of several sizes gives the same result, within the limits.
void fuzz_answer(std::string_view bytes) {
  net::Limits limits;
  limits.max_header_bytes = 2000;
  limits.max_headers = 20;
  limits.max_body = 100'000;
  limits.max_wire_body = 50'000;
  std::string bodies[2];
  bool done[2] = {};
  int run = 0;
  for (const std::size_t piece : {std::size_t{1} << 20, std::size_t{3}}) {
    net::AnswerReader reader(limits, true);
    std::string pending;
    std::string_view rest = bytes;
    while (!rest.empty() && !reader.done() && !reader.failure()) {
      pending += rest.substr(0, piece);
      rest.remove_prefix(std::min(piece, rest.size()));
      pending.erase(0, reader.put(pending));
      require(reader.headers.size() <= limits.max_headers && reader.body.size() <= limits.max_body);
    }
    if (!reader.done() && !reader.failure()) reader.eof();
    require(reader.done() || reader.failure());
    done[run] = reader.done();
    bodies[run++] = reader.body;
  }
  require(done[0] == done[1] && (!done[0] || bodies[0] == bodies[1]));
}

void fuzz_events(std::string_view bytes) {
  net::EventParser parser(1000, "");
  while (!bytes.empty() && parser.put(bytes.substr(0, 7))) {
    bytes.remove_prefix(std::min<std::size_t>(7, bytes.size()));
    while (const auto frame = parser.next()) require(is_valid_utf8(frame->data));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0] % 4) {
    case 0: fuzz_url(bytes); break;
    case 1: fuzz_answer(bytes); break;
    case 2: fuzz_events(bytes); break;
    default: (void)net::negative_ttl({data + 1, size - 1}); break;
  }
  return 0;
}
