// The model as the host takes it: borrowed strings in the structs of plugin.h.
#pragma once

#include <earshot/plugin.hpp>
#include <vector>

#include "sources/feed/reader.h"

namespace earshot::feed {

class Emitter final : public Output {
 public:
  explicit Emitter(plugin::SourceOut& out) : out_(out) {}
  bool item(const Item& item) override;
  void feed(const Feed& feed) override;

  // From HTTP's Link header, which goes before what the document says (WebSub §4).
  std::string hub, self;

 private:
  plugin::SourceOut& out_;
  std::vector<earshot_category> categories_;
  std::vector<earshot_enclosure> enclosures_;
  std::vector<earshot_number> engagement_;
};

}  // namespace earshot::feed
