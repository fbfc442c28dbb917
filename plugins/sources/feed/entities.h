// The entities a document declares for itself (XML 1.0 §4.2).
#pragma once

#include <string>

#include "common/source/warnings.h"

namespace earshot::feed {

// Puts in the text of those internal entities that stand for a few plain characters, as in
// <!ENTITY corp "Acme Corp">, wherever the document refers to them. Whatever could grow or reach outside is not
// expanded and stays as it is written: entities that refer to others, hold markup or are longer than 200 bytes,
// external and parameter entities; and the document grows by 64 KiB at most.
void expand_entities(std::string& document, source::Warnings& warnings);

}  // namespace earshot::feed
