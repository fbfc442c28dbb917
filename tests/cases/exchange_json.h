// What goes between host and plugin, as the JSON of the cases' files.
#pragma once

#include <boost/json/fwd.hpp>
#include <filesystem>
#include <memory>
#include <string>

#include "core/result.h"
#include "plugin/exchange.h"

namespace earshot::cases {

// {"method","url","headers":{},"body","flags":[],"tag","warnings":[]}; a body that is JSON stands as JSON.
boost::json::object to_json(const host::Request& request);
// {"result":"retry","retry_after_s":30,"reason","remote_id","warnings":[]}
boost::json::object to_json(const host::Outcome& outcome);
// {"feed":{},"items":[],"requests":[],"state","sends":[],"warnings":[]}. `whole`: as `earshot parse` prints it, feed,
// items and warnings even when empty.
boost::json::object to_json(const host::Round& round, bool whole);

// A response with its memory: {"status":200,"url","headers":{},"tag","body" or "body_file"}. A body that is an object
// or array stands for its serialised form.
struct OwnedResponse {
  host::Response view;
  std::string url, body;
  std::vector<std::pair<std::string, std::string>> headers;
};
Result<std::unique_ptr<OwnedResponse>> response_from_json(const boost::json::value& value,
                                                          const std::filesystem::path& folder);

}  // namespace earshot::cases
