// The source `file`: a local feed or JSON lines, read by the host from a file: URL.
#include <boost/json.hpp>
#include <earshot/plugin.hpp>

#include "common/source/encoding.h"
#include "embedded.h"
#include "sources/feed/emit.h"
#include "sources/feed/reader.h"
#include "sources/file/json_lines.h"

namespace earshot::file {
namespace {

// A path as a file: URL (RFC 8089): what is no letter, digit or one of -._~/ is percent-encoded.
std::string file_url(std::string_view path) {
  constexpr std::string_view hex = "0123456789ABCDEF";
  std::string url = "file://";
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       std::string_view("-._~/").find(c) != std::string_view::npos;
    if (plain) {
      url.push_back(c);
    } else {
      url.push_back('%');
      url.push_back(hex[byte >> 4]);
      url.push_back(hex[byte & 15]);
    }
  }
  return url;
}

class FileSource final : public plugin::Source {
 public:
  FileSource(std::string path, feed::Limits limits) : path_(std::move(path)), limits_(limits) {}

  static std::unique_ptr<plugin::Source> create(const plugin::Config& config, plugin::Failure& failure) {
    const auto o = boost::json::parse(config.settings).as_object();
    std::string path(o.at("path").as_string());
    if (path.starts_with("file://")) path.erase(0, 7);
    feed::Limits limits;
    if (const auto* items = o.if_contains("max_items")) limits.items = items->to_number<std::uint64_t>();
    if (!path.starts_with('/')) failure("path: must be absolute, beginning with '/'");
    return std::make_unique<FileSource>(std::move(path), limits);
  }

  void begin(const plugin::Call&, plugin::SourceOut& out, plugin::Failure&) override {
    out.request({"GET", file_url(path_), {}, {}, EARSHOT_REQUEST_CONDITIONAL, 0});
  }

  void response(const plugin::Call&, const plugin::Response& response, plugin::SourceOut& out,
                plugin::Failure& failure) override {
    if (response.status == 404) return failure("there is no file at " + path_);
    if (response.status < 200 || response.status > 299)
      return failure("the file cannot be read: status " + std::to_string(response.status));
    feed::Emitter emitter(out);
    source::Warnings warnings;
    const std::string text = source::to_document(response.body, {}, warnings);
    if (text.empty()) {
      // Written to later: nothing yet is nothing wrong.
    } else if (is_json_lines(text)) {
      read_json_lines(text, limits_, emitter, warnings);
    } else {
      std::string next_url;
      if (auto problem = feed::read_feed({response.body, {}, {}}, limits_, emitter, warnings, next_url))
        return failure(std::move(*problem));
    }
    for (const std::string& w : warnings.all()) out.warning(w);
  }

 private:
  std::string path_;
  feed::Limits limits_;
};

constexpr plugin::Info info{"file",           "1.0.0",          "A feed on disk, or one JSON item a line",
                            embedded::schema, embedded::sample, EARSHOT_NEEDS_FILES};

}  // namespace
}  // namespace earshot::file

EARSHOT_SOURCE_PLUGIN(earshot::file::info, earshot::file::FileSource::create)
