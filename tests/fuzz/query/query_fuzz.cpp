// Whatever stands in a query and a text: no crash, no hang, and evidence that lies inside the text. The input is a
// query, a NUL, and a text that stands in for all fields.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "core/query/import.h"
#include "core/query/lint.h"
#include "core/query/set.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace earshot::query;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t cut = std::min(input.find('\0'), size);
  const std::string query(input.substr(0, cut));
  const std::string_view text = cut < size ? input.substr(cut + 1) : std::string_view();

  for (const Dialect from : {Dialect::meltwater, Dialect::talkwalker, Dialect::brandwatch, Dialect::x, Dialect::google})
    if (const auto imported = import_query(from, query); imported && !parse(imported->query)) std::abort();
  const auto parsed = parse(query);
  if (!parsed) {
    for (const Problem& p : parsed.error()) {
      if (p.offset > query.size() || p.length > query.size() - p.offset) std::abort();
      (void)caret_message(query, p);
    }
    return 0;
  }
  (void)explain(*parsed);
  for (const Problem& p : lint(*parsed)) (void)caret_message(query, p);

  const Topic topics[] = {{"a", query}, {"b", "@{a} acme"}};
  const auto set = compile(topics, {});
  if (!set) return 0;
  Document document;
  document.title = text.substr(0, text.size() / 3);
  document.summary = text.substr(0, text.size() / 2);
  document.content = text;
  document.author = document.title;
  document.url = document.summary;
  static Scratch scratch;
  for (const Match& match : set->match(document, scratch)) {
    for (const auto& hit : match.hits) {
      if (hit.span.start > hit.span.end || hit.span.end > text.size()) std::abort();
    }
    const Snippet s = snippet(document, match);
    for (const auto& span : s.hits)
      if (span.end > s.text.size()) std::abort();
  }
  return 0;
}
