// Feeds in the shapes of real ones, made by code so that every run measures the same bytes.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace earshot::bench {

enum class Shape {
  plain,  // titles and texts without markup: news wires, YouTube, Google Alerts' cousins
  clean,  // HTML that is already what a sanitiser would write: escaped, CDATA and xhtml
  dirty,  // blogs: classes, styles, handlers, relative links, scripts, pixels; one fragment in twenty misnested
};

// `items` items; RSS with description and content:encoded, or Atom, by turns of `seed`.
std::string make_feed(Shape shape, std::size_t items, unsigned seed);

// Feeds of 5 to 150 items, about `bytes` in all.
std::vector<std::string> make_corpus(Shape shape, std::size_t bytes);

}  // namespace earshot::bench
