// Any bytes through the reader of feeds. What comes out must be well-formed UTF-8, its HTML free of what was to be
// removed, sanitising it again must change nothing, and reading it again must give the same.
//
//   cmake --preset fuzz && cmake --build --preset fuzz --target fuzz_feed
//   build/fuzz/tests/fuzz/feed/fuzz_feed -dict=tests/fuzz/feed/feed.dict -max_len=8192 corpus-of-your-own
//   tests/fuzz/feed/corpus
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "common/source/sanitise.h"
#include "common/source/url.h"
#include "common/text/html_text.h"
#include "common/text/space.h"
#include "common/text/utf8.h"
#include "sources/feed/reader.h"

namespace {

using namespace earshot;

[[noreturn]] void broken(const char* rule, std::string_view text) {
  std::fprintf(stderr, "broken rule: %s\n%.*s\n", rule, static_cast<int>(text.size()), text.data());
  std::abort();
}

void check_text(std::string_view s) {
  if (!text::is_utf8(s)) broken("text is UTF-8", s);
}

// Only what the sanitiser writes itself begins with '<', so a forbidden start tag would be one that came through.
void check_html(const std::string& html) {
  check_text(html);
  for (const std::string_view tag :
       {"<script", "<style", "<iframe", "<object", "<form", "<svg", "<base", "<meta", "<link"})
    if (const std::size_t at = text::find_same(html, tag); at != std::string_view::npos)
      broken("no forbidden element", html);
  source::Warnings warnings;
  std::string again, again_text;
  source::sanitise(html, {}, again, again_text, warnings);
  if (again_text != text::html_to_text(again)) broken("the text of sanitised HTML is what a reader of it sees", again);
  for (const std::string_view tag : {"<script", "<style", "<iframe", "javascript:"})
    if (text::find_same(again, tag) != std::string_view::npos && text::find_same(html, tag) == std::string_view::npos)
      broken("nothing forbidden appears when read again", html);
}

class Checker final : public feed::Output {
 public:
  bool item(const feed::Item& item) override {
    if (item.id.empty() && item.url.empty()) broken("an item has an id or a URL", item.title);
    if (!item.url.empty() && !source::is_http(item.url)) broken("a URL is http", item.url);
    for (const std::string* s :
         {&item.id, &item.url, &item.title, &item.summary_text, &item.content_text, &item.author, &item.language})
      check_text(*s);
    check_html(item.summary);
    check_html(item.content);
    for (const auto& c : item.categories) check_text(c.term);
    for (const auto& e : item.enclosures)
      if (!source::is_http(e.url)) broken("an enclosure is http", e.url);
    if (item.title.find('\n') != std::string::npos) broken("a title is one line", item.title);
    seen += item.id + '\n' + item.title + '\n' + item.content + '\n';
    return true;
  }
  void feed(const feed::Feed& feed) override {
    for (const std::string* s : {&feed.title, &feed.link, &feed.description, &feed.language}) check_text(*s);
    seen += feed.title;
  }

  std::string seen;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  std::string seen;
  for (int round = 0; round < 2; ++round) {
    Checker checker;
    source::Warnings warnings;
    std::string next_url;
    feed::read_feed({bytes, "https://example.com/feed/index.xml", {}}, {}, checker, warnings, next_url);
    if (round == 1 && checker.seen != seen) broken("the same bytes give the same", checker.seen);
    seen = checker.seen;
  }
  return 0;
}
