// What the matcher is given: the topics of the configuration, and a mention as the document they are matched with.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/model.h"
#include "core/mention/mention.h"
#include "core/query/set.h"

namespace earshot::run {

query::Topic topic_of(const config::Topic& topic);

// The words that `tag:` looks at.
std::vector<std::string> tags_of(const Mention& mention);

// Borrows all it is given. `type`: of the mention's source.
query::Document document_of(const Mention& mention, std::string_view type, std::span<const std::string> tags, Time now);

}  // namespace earshot::run
