// What an alert says in its own words, for its channel (core/texts/README.md).
#pragma once

#include <string>
#include <vector>

#include "core/mention/mention.h"
#include "plugin/sink.h"

namespace earshot::host {

// As the fields of the same names in plugin.h.
struct MentionTexts {
  std::string when, byline, figures;
};
struct AlertTexts {
  std::string status, open, untitled, note;
  std::vector<std::string> more;
};

// `created` is the alert's: its year need not be told.
MentionTexts texts_of(const Mention& mention, Time created, const AlertContext& context);
AlertTexts texts_of(const Alert& alert, const AlertContext& context);

}  // namespace earshot::host
