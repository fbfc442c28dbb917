// Undoes Content-Encoding while the bytes arrive: gzip, deflate (zlib-wrapped as RFC 9110 has it, and raw as some
// servers have it), br, and any stack of them; with limits that hold during decompression, not after it. Pure.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "net/error.h"

namespace earshot::net {

// What a step of reading an answer can fail with; the fetch puts the URL in front.
struct Failure {
  Step step = Step::decode;
  std::string text;
};

struct DecodeLimits {
  std::uint64_t max_body = 16u << 20;  // bytes out
  std::uint32_t max_ratio = 200;       // bytes out ÷ bytes in, once more than kRatioFloor came out
};
// Small bodies may shrink as much as they like: a page of blanks is no attack.
inline constexpr std::uint64_t kRatioFloor = 1u << 20;

// One body on its way from the wire to `out`. An encoding that is not known, or more than five of them, fails at the
// first byte.
class Decoder {
 public:
  // `encodings`: all Content-Encoding values, in order, joined by commas; empty or "identity" is none. `out` must
  // outlive the decoder; it is appended to.
  Decoder(std::string_view encodings, const DecodeLimits& limits, std::string& out);
  ~Decoder();
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;

  std::optional<Failure> put(std::string_view wire);
  // The body is complete on the wire: fails when the compressed data is not.
  std::optional<Failure> finish();
  std::uint64_t wire_bytes() const { return wire_; }

  class Stage;

 private:
  std::optional<Failure> failure_;
  std::uint64_t wire_ = 0;
  std::unique_ptr<Stage> first_;
};

// Some servers send feed.xml.gz as it lies on their disk and do not say so: a body that begins as gzip does (RFC 1952,
// section 2.3.1) is unpacked, any other stays as it is. After a failure `body` is as it was.
std::optional<Failure> unpack_gzip_file(std::string& body, const DecodeLimits& limits);

}  // namespace earshot::net
