// One document, whatever its format → a feed and its items.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "common/source/warnings.h"
#include "sources/feed/model.h"

namespace earshot::feed {

struct Limits {
  std::size_t items = 10'000;  // of a document; the rest is left out with a warning
  std::size_t depth = 200;     // of elements inside each other
  std::size_t text = 1 << 20;  // bytes of one title, summary or content; the rest is cut off with a warning
};

// Takes what is read, in the document's order.
class Output {
 public:
  virtual ~Output() = default;
  // The item is used again for the next one. False: no more are wanted.
  virtual bool item(const Item& item) = 0;
  // Once, after the items.
  virtual void feed(const Feed& feed) = 0;
};

struct Document {
  std::string_view bytes;         // decoded from its transfer, in whatever charset
  std::string_view url;           // where it came from, what relative URLs are relative to; may be empty
  std::string_view content_type;  // may be empty
};

// Why there is no feed in it: one sentence that says what it is instead.
using Problem = std::optional<std::string>;

// Reads RSS 0.90–2.0, Atom 0.3 and 1.0, CDF and JSON Feed. What is wrong and can be mended is a warning. `next_url`
// gets JSON Feed's next page.
Problem read_feed(const Document& document, const Limits& limits, Output& output, source::Warnings& warnings,
                  std::string& next_url);

// The two halves of it.
Problem read_xml_feed(std::string& text, const Document& document, const Limits& limits, Output& output,
                      source::Warnings& warnings);
Problem read_json_feed(std::string_view text, const Document& document, const Limits& limits, Output& output,
                       source::Warnings& warnings, std::string& next_url);

}  // namespace earshot::feed
