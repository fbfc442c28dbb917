// A source's case: one document, or a dialogue of steps.
#include <fmt/format.h>

#include <array>
#include <boost/json.hpp>

#include "cases/case.h"
#include "cases/exchange_json.h"
#include "plugin/settings.h"
#include "plugin/source.h"

namespace earshot::cases {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

constexpr std::array<std::string_view, 5> kFrames{"opened", "text", "binary", "event", "closed"};

Result<host::Round> frame(host::SourceInstance& source, const host::Call& call, const json::object& o,
                          const fs::path& folder) {
  std::string event, id, data;
  host::Frame frame;
  bool kind = false;
  for (const auto& [key, value] : o) {
    if (key == "kind") {
      for (std::size_t i = 0; i < kFrames.size(); ++i)
        if (value.as_string() == kFrames[i]) {
          frame.kind = static_cast<host::FrameKind>(i + 1);
          kind = true;
        }
    } else if (key == "tag") {
      frame.tag = value.to_number<std::uint64_t>();
    } else if (key == "event") {
      event = value.as_string();
    } else if (key == "id") {
      id = value.as_string();
    } else if (key == "data") {
      data = value.is_string() ? std::string{value.as_string()} : json::serialize(value);
    } else if (key == "data_file") {
      auto read = read_file(folder / std::string{value.as_string()});
      if (!read) return tl::unexpected{read.error()};
      data = *std::move(read);
    } else {
      return fail(fmt::format("a frame has an unknown member \"{}\"", std::string_view{key}));
    }
  }
  if (!kind) return fail("a frame's \"kind\" must be opened, text, binary, event or closed");
  frame.event = event;
  frame.id = id;
  frame.data = data;
  return source.frame(call, frame);
}

Result<host::Round> step(host::SourceInstance& source, host::Call call, const json::object& o, const fs::path& folder) {
  if (const json::value* now = o.if_contains("now")) {
    const auto read = parse_rfc3339(std::string{now->as_string()});
    if (!read) return fail("a step's \"now\" must be an RFC 3339 date");
    call.now = *read;
  }
  if (o.contains("begin")) return source.begin(call);
  if (const json::value* response = o.if_contains("response")) {
    const auto owned = response_from_json(*response, folder);
    if (!owned) return tl::unexpected{owned.error()};
    return source.response(call, (*owned)->view);
  }
  if (const json::value* f = o.if_contains("frame")) return frame(source, call, f->as_object(), folder);
  return fail("a step must have one of \"begin\", \"response\" and \"frame\"");
}

// Each step sees the state that the last good one left, as in the daemon. A step that fails is an expectation too.
Result<Files> dialogue(const Case& c, host::SourceInstance& source) {
  json::array rounds;
  std::string state = c.state;
  try {
    for (const json::value& one : c.steps) {
      const Result<host::Round> round =
          step(source, {.now = c.now, .random = c.random, .state = state}, one.as_object(), c.folder);
      if (round && round->state) state = *round->state;
      rounds.emplace_back(round ? to_json(*round, false) : json::object{{"error", round.error().message}});
    }
  } catch (const std::exception& e) {  // Boost.JSON about a wrong type in case.json
    return fail(fmt::format("case.json: {}", e.what()));
  }
  return Files{{"expected.json", json::object{{"steps", std::move(rounds)}}}};
}

Result<fs::path> input_of(const fs::path& folder) {
  fs::path found;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename();
    if (name != "input" && !name.starts_with("input.")) continue;
    if (!found.empty()) return fail("there is more than one input");
    found = entry.path();
  }
  if (found.empty()) return fail("there is neither an input.* nor a case.json with steps");
  return found;
}

}  // namespace

Result<Files> run_source(const Case& c, const std::shared_ptr<const host::Plugin>& plugin) {
  const auto settings = c.settings.empty()
                            ? host::minimal_settings(plugin->schema(), c.url.empty() ? "http://localhost/" : c.url)
                            : Result<std::string>{c.settings};
  if (!settings) return tl::unexpected{settings.error()};
  const auto source = host::SourceInstance::create(plugin, "case", *settings);
  if (!source) return tl::unexpected{source.error()};
  if (!c.steps.empty()) return dialogue(c, **source);

  const auto input = input_of(c.folder);
  if (!input) return tl::unexpected{input.error()};
  const auto document = read_file(*input);
  if (!document) return tl::unexpected{document.error()};
  host::Response response;
  response.status = 200;
  response.url = c.url;
  if (!c.content_type.empty()) response.headers.emplace_back("Content-Type", c.content_type);
  response.body = *document;
  const auto round = (*source)->response({.now = c.now, .random = c.random, .state = c.state}, response);
  if (!round) return tl::unexpected{round.error()};
  return Files{{"expected.json", to_json(*round, true)}};
}

}  // namespace earshot::cases
