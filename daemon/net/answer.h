// Bytes of a connection → one HTTP/1.1 answer. Knows no socket: what arrives is put in, so every hostile server can be
// played to it from a string. Interim answers (1xx) are skipped; all limits are kept while reading. Pure.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "net/decode.h"
#include "net/http.h"

namespace earshot::net {

class AnswerReader {
 public:
  // `body_expected` false: for HEAD and CONNECT, whose good answers end with their header.
  AnswerReader(const Limits& limits, bool body_expected);
  ~AnswerReader();
  AnswerReader(const AnswerReader&) = delete;
  AnswerReader& operator=(const AnswerReader&) = delete;

  // Returns how many of the bytes belong to this answer and were used up; the others are to be put again with more
  // behind them. Not to be called once done() or failure().
  std::size_t put(std::string_view bytes);
  // The peer closed the connection in good order: ends a body without a length, is a failure elsewhere.
  void eof();
  // Streams: the body is taken out of `body` by the caller while it grows, and has no end and no limit of its own.
  void endless();

  bool started() const { return started_; }          // at least one byte came
  bool header_done() const { return header_done_; }  // of the final answer
  bool done() const { return done_; }
  const std::optional<Failure>& failure() const { return failure_; }
  // After done(): the connection may serve again, unless it was spoilt by bytes that nobody asked for.
  void spoil() { keep_alive_ = false; }
  bool keep_alive() const { return keep_alive_; }
  // Seconds the server says it keeps an idle connection (Keep-Alive: timeout=N), if it says so.
  std::optional<std::uint32_t> keep_alive_timeout() const;
  std::uint64_t wire_bytes() const;

  unsigned status = 0;
  Headers headers;
  std::string body;

 private:
  class Parser;
  friend class Parser;
  void fail(Step step, std::string text);
  void begin();

  Limits limits_;
  bool body_expected_;
  bool endless_ = false, started_ = false, header_done_ = false, done_ = false, keep_alive_ = false;
  std::uint32_t header_bytes_ = 0, interim_ = 0;
  std::optional<Failure> failure_;
  std::optional<Decoder> decoder_;
  std::unique_ptr<Parser> parser_;
};

}  // namespace earshot::net
