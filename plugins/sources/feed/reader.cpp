#include "sources/feed/reader.h"

#include "common/source/encoding.h"
#include "common/text/space.h"

namespace earshot::feed {

Problem read_feed(const Document& document, const Limits& limits, Output& output, source::Warnings& warnings,
                  std::string& next_url) {
  std::string text = source::to_document(document.bytes, document.content_type, warnings);
  const std::string_view front = text::trim(std::string_view(text).substr(0, 4096));
  if (front.empty() && text::trim(text).empty()) return "no feed: the document is empty";
  if (front.starts_with('{') || front.starts_with('['))
    return read_json_feed(text, document, limits, output, warnings, next_url);
  return read_xml_feed(text, document, limits, output, warnings);
}

}  // namespace earshot::feed
