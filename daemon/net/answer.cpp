#include "net/answer.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <charconv>

#include "net/text.h"

namespace earshot::net {
namespace {

namespace http = boost::beast::http;
using boost::system::error_code;
using StringView = boost::beast::string_view;

std::string_view view(StringView s) { return {s.data(), s.size()}; }

// More interim answers than any honest server sends; each also counts against the header limits.
constexpr std::uint32_t kMostInterim = 16;
// A Content-Length is a claim: no more than this is set aside for it before bytes come.
constexpr std::uint64_t kMostReserved = 1u << 20;
// The longest chunk header: its size and extensions, which nobody uses.
constexpr std::size_t kMostChunkHeader = 16u << 10;

// An error_code that stops Beast's parser; the reason is in AnswerReader::failure_.
error_code stop() { return make_error_code(boost::system::errc::operation_canceled); }

}  // namespace

// Beast's parser with our own sinks: fields go straight to where they stay, body bytes straight to the decoder.
class AnswerReader::Parser final : public http::basic_parser<false> {
 public:
  explicit Parser(AnswerReader& to) : to_(to) {
    eager(true);
    // Beast's own header limit forgets fields it has consumed; on_field_impl counts them all.
    header_limit(to.limits_.max_header_bytes);
    body_limit(boost::none);  // the decoder's and on_body's
    if (!to.body_expected_) skip(true);
  }
  bool interim() const { return interim_; }

 private:
  void on_request_impl(http::verb, StringView, StringView, int, error_code&) override {}

  void on_response_impl(int code, StringView reason, int, error_code& ec) override {
    if (code < 100) {  // RFC 9110 §15; Beast would read a body for what we took for an interim answer
      to_.fail(Step::header, fmt::format("the answer is not valid HTTP/1.1 (status {:03})", code));
      ec = stop();
      return;
    }
    interim_ = code < 200 && code != 101;
    to_.status = static_cast<unsigned>(code);
    count(reason.size() + 15, ec);
  }

  void on_field_impl(http::field, StringView name, StringView value, error_code& ec) override {
    count(name.size() + value.size() + 4, ec);
    if (ec || to_.header_done_) return;  // trailers are read and forgotten
    if (to_.headers.size() >= to_.limits_.max_headers) {
      to_.fail(Step::limit, fmt::format("the answer has more than {} headers", to_.limits_.max_headers));
      ec = stop();
      return;
    }
    to_.headers.push_back({std::string(name), std::string(value)});
  }

  void on_header_impl(error_code& ec) override {
    if (interim_) return;
    to_.header_done_ = true;
    std::string encodings;
    for (const Header& header : to_.headers) {
      if (!same_word(header.name, "Content-Encoding")) continue;
      if (!encodings.empty()) encodings += ',';
      encodings += header.value;
    }
    to_.decoder_.emplace(encodings, DecodeLimits{to_.limits_.max_body, to_.limits_.max_ratio}, to_.body);
    if (const auto length = content_length(); length && !is_bodiless()) {
      take_in(*length, ec);
      if (!ec && encodings.empty()) to_.body.reserve(std::min<std::uint64_t>(*length, kMostReserved));
    }
  }

  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}

  std::size_t on_body_impl(StringView bytes, error_code& ec) override {
    if (!to_.endless_) take_in(to_.decoder_->wire_bytes() + bytes.size(), ec);
    if (ec) return 0;
    if (auto failure = to_.decoder_->put(view(bytes))) {
      to_.failure_ = std::move(failure);
      ec = stop();
    }
    return bytes.size();
  }

  void on_chunk_header_impl(std::uint64_t size, StringView, error_code& ec) override {
    if (!to_.endless_ || size > to_.limits_.max_wire_body) take_in(to_.decoder_->wire_bytes() + size, ec);
  }

  std::size_t on_chunk_body_impl(std::uint64_t, StringView bytes, error_code& ec) override {
    return on_body_impl(bytes, ec);
  }

  void on_finish_impl(error_code& ec) override {
    if (interim_) return;
    if (auto failure = to_.decoder_->finish()) {
      to_.failure_ = std::move(failure);
      ec = stop();
    }
  }

  bool is_bodiless() const { return is_done() || to_.status == 204 || to_.status == 304; }

  // `total` bytes on the wire are, or will be, more than allowed?
  void take_in(std::uint64_t total, error_code& ec) {
    if (total <= to_.limits_.max_wire_body) return;
    to_.fail(Step::limit,
             fmt::format("the body is larger than the limit of {} bytes (fetch.max_size)", to_.limits_.max_wire_body));
    ec = stop();
  }

  void count(std::size_t bytes, error_code& ec) {
    ec = {};
    to_.header_bytes_ += static_cast<std::uint32_t>(bytes);
    if (to_.header_bytes_ <= to_.limits_.max_header_bytes) return;
    to_.fail(Step::limit,
             fmt::format("the headers are larger than the limit of {} bytes", to_.limits_.max_header_bytes));
    ec = stop();
  }

  AnswerReader& to_;
  bool interim_ = false;
};

AnswerReader::AnswerReader(const Limits& limits, bool body_expected) : limits_(limits), body_expected_(body_expected) {
  begin();
}
AnswerReader::~AnswerReader() = default;

void AnswerReader::begin() {
  headers.clear();
  parser_ = std::make_unique<Parser>(*this);
}

void AnswerReader::endless() { endless_ = true; }

void AnswerReader::fail(Step step, std::string text) {
  if (!failure_) failure_ = Failure{step, std::move(text)};
}

std::size_t AnswerReader::put(std::string_view bytes) {
  started_ = started_ || !bytes.empty();
  std::size_t used = 0;
  while (used < bytes.size() && !done_ && !failure_) {
    error_code ec;
    used += parser_->put(boost::asio::const_buffer(bytes.data() + used, bytes.size() - used), ec);
    if (failure_) break;
    if (ec == http::error::need_more) {
      if (header_done_ && bytes.size() - used > kMostChunkHeader)
        fail(Step::body, "the body's chunks are not valid HTTP/1.1 (a chunk header without end)");
      break;
    }
    if (ec == http::error::header_limit) {
      fail(Step::limit, fmt::format("the headers are larger than the limit of {} bytes", limits_.max_header_bytes));
    } else if (ec) {
      fail(header_done_ ? Step::body : Step::header,
           fmt::format("the answer is not valid HTTP/1.1 ({})", ec.message()));
    } else if (parser_->is_done()) {
      if (parser_->interim()) {
        if (++interim_ > kMostInterim)
          fail(Step::limit, fmt::format("the server sent more than {} interim (1xx) answers", kMostInterim));
        begin();
      } else {
        done_ = true;
        keep_alive_ = parser_->keep_alive() && status != 101;
      }
    }
  }
  return used;
}

void AnswerReader::eof() {
  if (done_ || failure_) return;
  if (!header_done_)
    return fail(Step::header, started_ ? "the server closed the connection in the middle of the header"
                                       : "the server closed the connection without an answer");
  error_code ec;
  parser_->put_eof(ec);
  if (failure_) return;
  if (ec) return fail(Step::body, "the server closed the connection before the end of the body");
  done_ = true;
  keep_alive_ = false;
}

std::optional<std::uint32_t> AnswerReader::keep_alive_timeout() const {
  const std::string* value = headers.find("Keep-Alive");
  if (value == nullptr) return std::nullopt;
  std::optional<std::uint32_t> timeout;
  for_each_element(*value, [&](std::string_view element) {
    if (element.size() < 9 || !same_word(element.substr(0, 8), "timeout=")) return;
    std::uint32_t seconds = 0;
    if (std::from_chars(element.data() + 8, element.data() + element.size(), seconds).ec == std::errc{})
      timeout = seconds;
  });
  return timeout;
}

std::uint64_t AnswerReader::wire_bytes() const { return decoder_ ? decoder_->wire_bytes() : 0; }

}  // namespace earshot::net
