#include "run/document.h"

namespace earshot::run {

query::Topic topic_of(const config::Topic& topic) { return {topic.name, topic.query, topic.fold_accents}; }

std::vector<std::string> tags_of(const Mention& mention) {
  std::vector<std::string> tags;
  for (const Category& category : mention.item.categories)
    tags.push_back(category.term.empty() ? category.label : category.term);
  return tags;
}

query::Document document_of(const Mention& mention, std::string_view type, std::span<const std::string> tags,
                            Time now) {
  const Item& item = mention.item;
  query::Document document;
  document.title = item.title;
  document.summary = item.summary_text;
  document.content = item.content_text;
  document.author = item.author;
  document.url = item.url;
  document.site = mention.site;
  document.source = mention.source;
  document.type = type;
  document.lang = mention.language;
  document.tags = tags;
  document.labels = mention.labels;
  document.engagement = item.engagement;
  document.published = item.published;
  document.seen = mention.seen;
  document.now = now;
  return document;
}

}  // namespace earshot::run
