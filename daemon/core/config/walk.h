// A YAML tree against a schema: reports what does not fit, at its very place, and gives back what was said as JSON,
// with defaults and secrets filled in. The one way by which the configuration's own keys and every plugin's are
// checked.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/config.h"
#include "core/config/findings.h"
#include "core/config/formats.h"
#include "core/config/references.h"
#include "core/config/schema.h"
#include "core/config/yaml.h"

namespace earshot::config {

class Walker {
 public:
  // A text whose format says that it names something, or that it is a query.
  struct Used {
    Use use;
    const Node* node;
  };

  Walker(const PluginSchemas& plugins, References& references, Findings& findings);

  // `what` is how messages call it: "url", quotes and all. Where something does not fit, null stands in the result.
  boost::json::value walk(const Node& node, const Schema& schema, const std::string& what);

  // In the order walked.
  const std::vector<Used>& used() const { return used_; }

 private:
  using Value = boost::json::value;

  Value own(const Node& node, const Schema& schema, const std::string& what);
  Value object(const Node& node, const Schema& schema, const std::string& what);
  Value entry(const Node& node, const Schema& schema, const std::string& what);
  Value member(const Node& key, const Node& value, const Schema& schema, const std::string& what);
  Value array(const Node& node, const Schema& schema, const std::string& what);
  Value scalar(const Node& node, const Schema& schema, const std::string& what);
  Value number(const Node& node, const std::string& text, const Schema& schema, const std::string& what, bool hidden);
  Value text(const Node& node, std::string text, const Schema& schema, const std::string& what, bool hidden);
  Value anything(const Node& node);
  void choices(const Node& node, const Value& value, const Schema& schema, const std::string& what);
  void alternatives(const Node& node, const Schema& schema, const std::string& what, Value& value);
  void unknown_key(const Node& key, const Schema& schema, const std::string& noun);
  void need(const Node& node, const Schema& schema, const std::string& noun);
  Value refuse(const Node& node, const Schema& schema, const std::string& what, std::string_view found);
  const SchemaDocument* plugin(PluginKind kind, const Node& type);

  const PluginSchemas& plugins_;
  References& references_;
  Findings* findings_;
  std::vector<Used> used_;
  std::map<std::pair<PluginKind, std::string>, std::unique_ptr<const SchemaDocument>, std::less<>> compiled_;
  const Schema* beside_ = nullptr;  // while an entry's plugin keys are walked: the keys all entries share
  bool hiding_ = false;             // inside a secret
  std::size_t steps_ = 0;
};

// Every default of the schema that `value` leaves unsaid, also in the objects in it.
void fill_in(boost::json::value& value, const Schema& schema);

}  // namespace earshot::config
