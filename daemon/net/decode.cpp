#include "net/decode.h"

#include <brotli/decode.h>
#include <fmt/format.h>
#include <libdeflate.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <vector>

#include "net/text.h"

namespace earshot::net {

// A link of the chain: takes bytes, hands what it makes of them to the next.
class Decoder::Stage {
 public:
  virtual ~Stage() = default;
  virtual std::optional<Failure> put(std::string_view in) = 0;
  virtual std::optional<Failure> finish() = 0;
};

namespace {

using MaybeFailure = std::optional<Failure>;

// What compressed data is held back for: libdeflate is more than twice as fast as zlib but takes only whole streams.
constexpr std::size_t kWhole = 1u << 20;
constexpr std::size_t kChunk = 32u << 10;
constexpr std::size_t kMostEncodings = 5;  // curl's limit; nobody means more

Failure broken(std::string_view encoding, std::string_view what) {
  return {Step::decode,
          fmt::format("the body says it is {} but {}; the server or something on the way damaged it", encoding, what)};
}

// The end of the chain: the body, and the limits on it.
class Output final : public Decoder::Stage {
 public:
  Output(const DecodeLimits& limits, const std::uint64_t& wire, std::string& out)
      : limits_(limits), wire_(wire), out_(out) {}

  MaybeFailure put(std::string_view in) override {
    if (auto failure = exceeds(out_.size() + in.size())) return failure;
    out_ += in;
    return std::nullopt;
  }
  MaybeFailure finish() override { return std::nullopt; }

  // Why a body of so many bytes may not be, if it may not.
  MaybeFailure exceeds(std::uint64_t size) const {
    if (size > limits_.max_body)
      return Failure{Step::limit,
                     fmt::format("the body is larger than the limit of {} bytes (fetch.max_size)", limits_.max_body)};
    if (limits_.max_ratio != 0 && size > kRatioFloor && size / limits_.max_ratio > wire_)
      return Failure{Step::limit,
                     fmt::format("the body unpacks to more than {} times its size, as a decompression bomb does",
                                 limits_.max_ratio)};
    return std::nullopt;
  }
  std::string& out() { return out_; }

 private:
  DecodeLimits limits_;
  const std::uint64_t& wire_;
  std::string& out_;
};

class Zlib final : public Decoder::Stage {
 public:
  enum class Wrap { gzip, deflate };
  Zlib(Wrap wrap, std::unique_ptr<Stage> next) : wrap_(wrap), next_(std::move(next)) {}
  Zlib(const Zlib&) = delete;
  Zlib& operator=(const Zlib&) = delete;
  ~Zlib() override {
    if (state_ == State::inflating || state_ == State::ended) inflateEnd(&z_);
  }

  MaybeFailure put(std::string_view in) override {
    if (state_ == State::plain) return next_->put(in);
    if (state_ == State::inflating || state_ == State::ended) return inflate_some(in);
    held_ += in;
    if (held_.size() < (wrap_ == Wrap::gzip ? kWhole : 2)) return std::nullopt;
    return start();
  }

  MaybeFailure finish() override {
    if (state_ == State::held && !held_.empty()) {
      if (wrap_ == Wrap::gzip && whole()) return std::nullopt;
      if (auto failure = start()) return failure;
    }
    if (state_ == State::inflating) return broken(name(), "ends too early");
    return next_->finish();
  }

 private:
  enum class State { held, plain, inflating, ended };

  const char* name() const { return wrap_ == Wrap::gzip ? "gzip" : "deflate"; }
  bool magic(std::string_view in) const { return in.size() >= 2 && in[0] == '\x1f' && in[1] == '\x8b'; }

  // The whole stream is here and feeds the body itself: one pass of libdeflate into a buffer of the size that the
  // trailer (ISIZE, RFC 1952 §2.3.1) claims, if the limits allow that size. False: nothing was done, zlib shall see.
  bool whole() {
    auto* output = dynamic_cast<Output*>(next_.get());
    if (output == nullptr || held_.size() < 18 || !magic(held_)) return false;
    const auto* tail = reinterpret_cast<const unsigned char*>(held_.data()) + held_.size() - 4;
    const std::size_t size = tail[0] | tail[1] << 8 | tail[2] << 16 | static_cast<std::size_t>(tail[3]) << 24;
    std::string& out = output->out();
    if (output->exceeds(out.size() + size)) return false;
    static thread_local const std::unique_ptr<libdeflate_decompressor, void (*)(libdeflate_decompressor*)> decompressor(
        libdeflate_alloc_decompressor(), libdeflate_free_decompressor);
    if (decompressor == nullptr) return false;
    const std::size_t before = out.size();
    out.resize(before + size);
    std::size_t used = 0, made = 0;
    const auto result = libdeflate_gzip_decompress_ex(decompressor.get(), held_.data(), held_.size(),
                                                      out.data() + before, size, &used, &made);
    if (result == LIBDEFLATE_SUCCESS && used == held_.size()) {
      out.resize(before + made);
      return true;
    }
    out.resize(before);  // several members, garbage behind the stream, or damage
    return false;
  }

  MaybeFailure start() {
    const std::string held = std::move(held_);
    held_.clear();
    int bits = 15 + 16;
    if (wrap_ == Wrap::gzip) {
      // A plain body with a gzip label: some servers put it on everything.
      if (!magic(held)) {
        state_ = State::plain;
        return next_->put(held);
      }
    } else {
      // RFC 1950 §2.2: method 8 and a check that makes the first two bytes a multiple of 31. Else it is raw.
      const auto byte = [&](std::size_t i) { return i < held.size() ? static_cast<unsigned char>(held[i]) : 0u; };
      bits = (byte(0) & 15) == 8 && (byte(0) << 8 | byte(1)) % 31 == 0 ? 15 : -15;
    }
    if (inflateInit2(&z_, bits) != Z_OK) return Failure{Step::decode, "there is no memory to unpack the body with"};
    state_ = State::inflating;
    return inflate_some(held);
  }

  MaybeFailure inflate_some(std::string_view in) {
    std::array<char, kChunk> chunk;
    z_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in.data()));
    z_.avail_in = static_cast<uInt>(in.size());
    while (z_.avail_in > 0 || pending_) {
      if (state_ == State::ended) {
        // Another gzip member, or padding that tools leave behind and all clients skip.
        if (wrap_ != Wrap::gzip || z_.avail_in == 0 || *z_.next_in != 0x1f) return std::nullopt;
        inflateReset(&z_);
        state_ = State::inflating;
      }
      z_.next_out = reinterpret_cast<Bytef*>(chunk.data());
      z_.avail_out = chunk.size();
      const int result = inflate(&z_, Z_NO_FLUSH);
      const std::size_t made = chunk.size() - z_.avail_out;
      if (made > 0) {
        if (auto failure = next_->put({chunk.data(), made})) return failure;
      }
      pending_ = z_.avail_out == 0;
      if (result == Z_STREAM_END) {
        state_ = State::ended;
        pending_ = false;
      } else if (result == Z_BUF_ERROR) {
        pending_ = false;  // nothing more to make of what there is
        if (z_.avail_in > 0) return broken(name(), "cannot be unpacked");
      } else if (result != Z_OK) {
        return broken(name(), "cannot be unpacked");
      }
    }
    return std::nullopt;
  }

  Wrap wrap_;
  std::unique_ptr<Stage> next_;
  State state_ = State::held;
  std::string held_;
  bool pending_ = false;
  z_stream z_{};
};

class Brotli final : public Decoder::Stage {
 public:
  explicit Brotli(std::unique_ptr<Stage> next)
      : next_(std::move(next)),
        state_(BrotliDecoderCreateInstance(nullptr, nullptr, nullptr), BrotliDecoderDestroyInstance) {}

  MaybeFailure put(std::string_view in) override {
    if (state_ == nullptr) return Failure{Step::decode, "there is no memory to unpack the body with"};
    if (ended_ || in.empty()) return std::nullopt;
    some_ = true;
    std::array<std::uint8_t, kChunk> chunk;
    auto* next_in = reinterpret_cast<const std::uint8_t*>(in.data());
    std::size_t avail_in = in.size();
    while (true) {
      std::uint8_t* next_out = chunk.data();
      std::size_t avail_out = chunk.size();
      const auto result =
          BrotliDecoderDecompressStream(state_.get(), &avail_in, &next_in, &avail_out, &next_out, nullptr);
      if (const std::size_t made = chunk.size() - avail_out; made > 0) {
        if (auto failure = next_->put({reinterpret_cast<const char*>(chunk.data()), made})) return failure;
      }
      if (result == BROTLI_DECODER_RESULT_ERROR) return broken("br", "cannot be unpacked");
      ended_ = result == BROTLI_DECODER_RESULT_SUCCESS;
      if (result != BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT) return std::nullopt;
    }
  }

  MaybeFailure finish() override {
    if (some_ && !ended_) return broken("br", "ends too early");
    return next_->finish();
  }

 private:
  std::unique_ptr<Stage> next_;
  std::unique_ptr<BrotliDecoderState, void (*)(BrotliDecoderState*)> state_;
  bool some_ = false, ended_ = false;
};

}  // namespace

Decoder::Decoder(std::string_view encodings, const DecodeLimits& limits, std::string& out) {
  first_ = std::make_unique<Output>(limits, wire_, out);
  std::size_t count = 0;
  // The encoding applied last stands last and is undone first, so each one is put in front.
  for_each_element(encodings, [&](std::string_view name) {
    if (failure_ || same_word(name, "identity") || same_word(name, "none")) return;
    if (++count > kMostEncodings) {
      failure_ = {Step::decode, fmt::format("the body is packed more than {} times over", kMostEncodings)};
    } else if (same_word(name, "gzip") || same_word(name, "x-gzip")) {
      first_ = std::make_unique<Zlib>(Zlib::Wrap::gzip, std::move(first_));
    } else if (same_word(name, "deflate")) {
      first_ = std::make_unique<Zlib>(Zlib::Wrap::deflate, std::move(first_));
    } else if (same_word(name, "br")) {
      first_ = std::make_unique<Brotli>(std::move(first_));
    } else {
      failure_ = {Step::decode,
                  fmt::format("the body is packed as \"{}\", which was not asked for", name.substr(0, 20))};
    }
  });
}

Decoder::~Decoder() = default;

std::optional<Failure> Decoder::put(std::string_view wire) {
  wire_ += wire.size();
  if (!failure_) failure_ = first_->put(wire);
  return failure_;
}

std::optional<Failure> Decoder::finish() {
  if (!failure_) failure_ = first_->finish();
  return failure_;
}

std::optional<Failure> unpack_gzip_file(std::string& body, const DecodeLimits& limits) {
  constexpr std::string_view kMagic = "\x1F\x8B\x08";
  if (!body.starts_with(kMagic)) return std::nullopt;
  std::string plain;
  Decoder decoder("gzip", limits, plain);
  auto failure = decoder.put(body);
  if (!failure) failure = decoder.finish();
  if (!failure) body = std::move(plain);
  return failure;
}

}  // namespace earshot::net
