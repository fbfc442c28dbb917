// `earshot parse`: one document through a source plugin, without configuration or network.
#include <fmt/format.h>

#include <boost/json.hpp>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string>

#include "cli/commands.h"
#include "cli/terminal.h"
#include "core/json/item_json.h"
#include "net/decode.h"
#include "plugin/catalogue.h"
#include "plugin/http_rules.h"
#include "plugin/settings.h"
#include "plugin/source.h"

namespace earshot::cli {
namespace {

struct Options {
  std::string type = "feed", url, content_type, file;
};

constexpr std::size_t kLargest = std::size_t{1} << 30;  // bytes; a larger document is no feed

Result<std::string> read_all(const std::string& file) {
  const bool standard = file == "-";
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> in{
      standard ? stdin : std::fopen(file.c_str(), "rb"), [](std::FILE* f) { return f == stdin ? 0 : std::fclose(f); }};
  if (!in) return fail(fmt::format("{}: {}", file, std::strerror(errno)));
  std::string out;
  for (std::size_t got = 1; got > 0;) {
    const std::size_t had = out.size();
    out.resize(had + std::max<std::size_t>(had, 1 << 16));
    got = std::fread(out.data() + had, 1, out.size() - had, in.get());
    out.resize(had + got);
    if (out.size() > kLargest) return fail(fmt::format("{}: is larger than {} bytes", file, kLargest));
  }
  if (std::ferror(in.get())) return fail(fmt::format("{}: {}", file, std::strerror(errno)));
  return out;
}

Result<host::Round> round_of(const Options& options) {
  auto document = read_all(options.file);
  if (!document) return tl::unexpected{document.error()};
  if (const auto failure = net::unpack_gzip_file(*document, {.max_body = kLargest}))
    return fail(fmt::format("{}: is a gzip file, and {}", options.file, failure->text));
  const auto catalogue = host::Catalogue::scan(host::default_plugin_dirs());
  auto plugin = catalogue.find(host::Kind::source, options.type);
  if (!plugin) {
    // Perhaps it is there and could not be loaded.
    for (const std::string& problem : catalogue.problems()) fmt::print(stderr, "earshot: {}\n", problem);
    return tl::unexpected{plugin.error()};
  }
  const auto settings =
      host::minimal_settings((*plugin)->schema(), options.url.empty() ? "http://localhost/" : options.url);
  if (!settings) return tl::unexpected{settings.error()};
  auto source = host::SourceInstance::create(*plugin, options.file == "-" ? "standard input" : options.file, *settings,
                                             host::Limits::generous());
  if (!source) return tl::unexpected{source.error()};
  host::Response response;
  response.status = 200;
  response.url = options.url;
  if (!options.content_type.empty()) response.headers.emplace_back("Content-Type", options.content_type);
  response.body = *document;
  host::Call call;
  call.now = std::chrono::floor<Duration>(std::chrono::system_clock::now());
  return (*source)->response(call, response);
}

std::string json_of(const host::Round& round) {
  std::string out = "{\"feed\":";
  append_json(out, round.feed.value_or(FeedInfo{}));
  out += ",\"items\":[";
  for (const Item& item : round.items) {
    if (&item != &round.items.front()) out += ',';
    append_json(out, item);
  }
  out += "],\"warnings\":[";
  for (const std::string& warning : round.warnings) {
    if (&warning != &round.warnings.front()) out += ',';
    append_json(out, warning);
  }
  out += "]}";
  return out;
}

int parse(const Options& options) {
  const Result<host::Round> round = round_of(options);
  if (!round) {
    fmt::print(stderr, "earshot parse: {}\n", round.error().message);
    return Exit::no;
  }
  std::string out = json_of(*round);
  if (Terminal::of(stdout).is_terminal)
    out = pretty(boost::json::parse(out));
  else
    out += '\n';
  const bool written = std::fwrite(out.data(), 1, out.size(), stdout) == out.size() && std::fflush(stdout) == 0;
  return written ? Exit::good : Exit::no;
}

}  // namespace

void add_parse(CLI::App& app, int& exit) {
  CLI::App* command = app.add_subcommand("parse", "Show one document as a source plugin reads it, as one JSON object");
  const auto options = std::make_shared<Options>();
  command->add_option("FILE", options->file, "The document; - reads standard input")->required();
  command->add_option("--type", options->type, "The source plugin that reads it")->capture_default_str();
  command->add_option("--url", options->url, "Where it came from: relative links are resolved against this");
  command->add_option("--content-type", options->content_type,
                      "What the server called it, for example \"text/xml; charset=iso-8859-1\"");
  command->footer(
      "Exits 0 for whatever a reader can recover, with warnings in the object, and 1 where there is no feed.\n\n"
      "Examples:\n"
      "  earshot parse feed.xml | jq -r '.items[].title'\n"
      "  curl -s https://blog.example.com/feed.xml | earshot parse --url https://blog.example.com/feed.xml -\n"
      "  earshot parse feed.xml | jq -c '.items[]' | earshot match '\"acme bank\" OR acmebank'");
  command->callback([options, &exit] {
    if (!options->url.empty() && !host::is_http_url(options->url))
      throw CLI::ValidationError("--url", "must be an absolute http or https URL");
    exit = parse(*options);
  });
}

}  // namespace earshot::cli
