// How much a plugin may hand over in one call. What exceeds a limit is cut or left out with a warning, never an excuse
// to lose the rest; only a state that is too large fails the call, because half a state is worse than none.
#pragma once

#include <cstddef>

#include "core/time.h"

namespace earshot::host {

struct Limits {
  std::size_t items = 10'000;     // a round
  std::size_t requests = 20;      // a round
  std::size_t sends = 100;        // frames to the peer a round
  std::size_t warnings = 100;     // a round; the rest is counted
  std::size_t round = 256 << 20;  // bytes of items a round

  std::size_t content = 1 << 20;  // bytes of summary and content, each as markup and as plain text
  std::size_t title = 4 << 10;    // bytes of title, description and a category's words
  std::size_t name = 1 << 10;     // bytes of author, language, media type, names of counts
  std::size_t id = 4 << 10;       // bytes
  std::size_t url = 8 << 10;      // bytes; a longer one is left out, for half a URL leads elsewhere
  std::size_t warning = 1 << 10;  // bytes of a warning or an error
  std::size_t list = 100;         // categories, enclosures, counts of one item

  std::size_t headers = 64;              // of a request
  std::size_t header = 8 << 10;          // bytes of a header's value
  std::size_t body = 8 << 20;            // bytes of a request's body, or of one frame to send
  std::size_t state = 64 << 10;          // bytes
  Duration retry_after{7 * 86'400'000};  // the longest wait a sink may ask for

  // For a document that somebody parses by hand: nothing a 100 MB file can hold is cut.
  static constexpr Limits generous() {
    Limits l;
    l.items = 10'000'000;
    l.round = std::size_t{2} << 30;
    l.content = 128 << 20;
    l.title = 1 << 20;
    l.url = 64 << 10;
    l.id = 64 << 10;
    l.list = 10'000;
    return l;
  }
};

}  // namespace earshot::host
