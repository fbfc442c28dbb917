#include "cases/case.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

#include "cases/diff.h"
#include "core/json/item_json.h"

namespace earshot::cases {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

// Words as a shell splits them, with double quotes.
std::vector<std::string> words(const std::string& line) {
  std::vector<std::string> out;
  std::string word;
  bool quoted = false, any = false;
  for (const char c : line + " ") {
    if (c == '"') {
      quoted = !quoted;
      any = true;
    } else if (!quoted && (c == ' ' || c == '\n' || c == '\t' || c == '\r')) {
      if (any) out.push_back(std::exchange(word, {}));
      any = false;
    } else {
      word += c;
      any = true;
    }
  }
  return out;
}

Status read_args(const fs::path& file, Case& c) {
  if (!fs::exists(file)) return {};
  const auto text = read_file(file);
  if (!text) return tl::unexpected{text.error()};
  const std::vector<std::string> args = words(*text);
  for (std::size_t i = 0; i < args.size(); i += 2) {
    if (i + 1 == args.size()) return fail(fmt::format("{}: {} has no value", file.string(), args[i]));
    if (args[i] == "--url")
      c.url = args[i + 1];
    else if (args[i] == "--content-type")
      c.content_type = args[i + 1];
    else
      return fail(fmt::format("{}: {} is neither --url nor --content-type", file.string(), args[i]));
  }
  return {};
}

// Throws what Boost.JSON throws about a wrong type.
Status take(Case& c, std::string_view name, const json::value& value) {
  if (name == "now") {
    const auto now = parse_rfc3339(std::string{value.as_string()});
    if (!now) return fail("\"now\" must be an RFC 3339 date");
    c.now = *now;
  } else if (name == "random") {
    c.random = value.to_number<std::uint64_t>();
  } else if (name == "state") {
    c.state = value.is_string() ? std::string{value.as_string()} : json::serialize(value);
  } else if (name == "settings") {
    c.settings = json::serialize(value.as_object());
  } else if (name == "attempt") {
    c.attempt = value.to_number<std::uint32_t>();
  } else if (name == "language") {
    c.language = value.as_string();
  } else if (name == "time_zone") {
    c.time_zone = value.as_string();
  } else if (name == "steps") {
    c.steps = value.as_array();
  } else {
    return fail(fmt::format("unknown member \"{}\"", name));
  }
  return {};
}

std::string trimmed(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == ' ')) text.pop_back();
  return text;
}

bool write_file(const fs::path& file, const std::string& text) {
  std::ofstream out(file, std::ios::binary);
  out << text;
  return out.good();
}

Result<Files> run(const Case& c, const std::shared_ptr<const host::Plugin>& plugin) {
  return plugin->kind() == host::Kind::source ? run_source(c, plugin) : run_sink(c, plugin);
}

std::string check_error(const fs::path& file, const Error& error, Mode mode) {
  if (mode == Mode::update && !fs::exists(file.parent_path() / "expected.json") &&
      !fs::exists(file.parent_path() / "request.json"))
    return write_file(file, error.message + "\n") ? "" : fmt::format("{} cannot be written\n", file.string());
  if (!fs::exists(file)) return fmt::format("it fails: {}\n", error.message);
  const auto wanted = read_file(file);
  if (!wanted) return wanted.error().message;
  const std::string part = trimmed(*wanted);
  if (part.empty()) return "expected_error is empty: it must hold a part of the error\n";
  return error.message.find(part) != std::string::npos
             ? ""
             : fmt::format("  expected an error with: {}\n  got the error:          {}\n", part, error.message);
}

}  // namespace

Result<std::string> read_file(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return fail(fmt::format("{}: {}", file.string(), std::strerror(errno)));
  return std::string{std::istreambuf_iterator<char>{in}, {}};
}

Result<json::value> read_json(const fs::path& file) {
  const auto text = read_file(file);
  if (!text) return tl::unexpected{text.error()};
  boost::system::error_code error;
  json::value value = json::parse(*text, error);
  if (error) return fail(fmt::format("{}: {}", file.string(), error.message()));
  return value;
}

Result<Case> read_case(const fs::path& folder) {
  Case c;
  c.folder = folder;
  c.now = *parse_rfc3339("2026-11-23T21:10:00Z");
  if (auto status = read_args(folder / "args", c); !status) return tl::unexpected{status.error()};
  const fs::path file = folder / "case.json";
  if (!fs::exists(file)) return c;
  const auto value = read_json(file);
  if (!value) return tl::unexpected{value.error()};
  try {
    for (const auto& [key, member] : value->as_object())
      if (auto status = take(c, key, member); !status)
        return fail(fmt::format("{}: {}", file.string(), status.error().message));
  } catch (const std::exception& e) {
    return fail(fmt::format("{}: {}", file.string(), e.what()));
  }
  return c;
}

std::string judge(const fs::path& folder, const std::shared_ptr<const host::Plugin>& plugin, Mode mode) {
  const auto c = read_case(folder);
  if (!c) return c.error().message + "\n";
  const Result<Files> first = run(*c, plugin), again = run(*c, plugin);
  if (first.has_value() != again.has_value() || (first && *first != *again))
    return "two runs with the same input differ: the plugin keeps something between instances\n";
  const fs::path error_file = folder / "expected_error";
  if (!first) return check_error(error_file, first.error(), mode);
  if (fs::exists(error_file)) return "it succeeds, and expected_error says that it must fail\n";

  std::string wrong;
  for (const auto& [name, got] : *first) {
    const fs::path file = folder / name;
    const bool there = fs::exists(file);
    const auto expected = there ? read_json(file) : Result<json::value>{json::value{}};
    if (!expected) return expected.error().message + "\n";
    const std::string differences = there ? diff(*expected, got) : "  is not there\n";
    if (differences.empty()) continue;
    if (mode == Mode::check)
      wrong += fmt::format("{}:\n{}", name, differences);
    else if (!write_file(file, pretty(got)))
      wrong += fmt::format("{} cannot be written\n", file.string());
  }
  return wrong;
}

}  // namespace earshot::cases
