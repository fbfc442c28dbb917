// The readers that are measured beside each other. Each takes one feed and adds to `sum` what it read, so that nothing
// is optimised away.
#pragma once

#include <cstddef>
#include <string>

namespace earshot::bench {

using Reader = void (*)(const std::string& document, std::size_t& sum);

// Everything: bytes → normalised, sanitised items, as `earshot parse` prints them.
void earshot_reads(const std::string& document, std::size_t& sum);
// pugixml's DOM and nothing else.
void pugixml_parses(const std::string& document, std::size_t& sum);
// The DOM, and title, link, id, date, description and content of every item copied from it: nothing is cleaned,
// resolved or normalised.
void pugixml_copies(const std::string& document, std::size_t& sum);

// One run of the program `sfeed` over the document, its output thrown away: user and system CPU seconds, start of the
// process included. Negative when there is no sfeed in the PATH.
double sfeed_seconds(const std::string& document);

}  // namespace earshot::bench
