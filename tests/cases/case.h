// One folder of a plugin's testdata: what goes in, what must come out. README.md tells the files.
#pragma once

#include <boost/json/value.hpp>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "core/result.h"
#include "core/time.h"
#include "plugin/plugin.h"

namespace earshot::cases {

// What the folder says, read and checked: unknown members of case.json are errors.
struct Case {
  std::filesystem::path folder;
  std::string url, content_type;  // from args
  Time now;
  std::uint64_t random = 1;
  std::string state, settings;  // settings: as JSON; empty means the least that the schema asks for
  std::uint32_t attempt = 1;
  std::string language = "en", time_zone = "Europe/Amsterdam";
  boost::json::array steps;
};

Result<Case> read_case(const std::filesystem::path& folder);

// The bytes of a file of the folder.
Result<std::string> read_file(const std::filesystem::path& file);
Result<boost::json::value> read_json(const std::filesystem::path& file);

// What came out, by the name of the file that holds what is expected.
using Files = std::map<std::string, boost::json::value>;

// The error is the plugin's (or the host's about it): expected_error may ask for it.
Result<Files> run_source(const Case& c, const std::shared_ptr<const host::Plugin>& plugin);
Result<Files> run_sink(const Case& c, const std::shared_ptr<const host::Plugin>& plugin);

enum class Mode { check, update };

// Runs the case and compares, or in update mode writes down what came out. Empty when all is well, else what is wrong.
std::string judge(const std::filesystem::path& folder, const std::shared_ptr<const host::Plugin>& plugin, Mode mode);

}  // namespace earshot::cases
