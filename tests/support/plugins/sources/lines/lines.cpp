// An example of a source in C++: a list on the web that grows at its end, one "URL title" a line. It remembers how many
// lines it has given, so that only new ones become items.
#include <boost/json.hpp>
#include <charconv>
#include <earshot/plugin.hpp>
#include <memory>
#include <string>
#include <string_view>

#include "embedded.h"  // schema.json and sample.yaml of this folder

namespace {

using namespace earshot::plugin;

class Lines final : public Source {
 public:
  Lines(std::string url, std::string author) : url_(std::move(url)), author_(std::move(author)) {}

  // The host has checked the settings against the schema; whatever is thrown here becomes an error with its text.
  static std::unique_ptr<Source> create(const Config& config, Failure&) {
    const auto settings = boost::json::parse({config.settings.data(), config.settings.size()}).as_object();
    const auto* author = settings.if_contains("author");
    return std::make_unique<Lines>(std::string{settings.at("url").as_string()},
                                   author ? std::string{author->as_string()} : std::string{});
  }

  void begin(const Call&, SourceOut& out, Failure&) override {
    Request request;
    request.url = url_;
    request.flags = EARSHOT_REQUEST_CONDITIONAL;  // an unchanged list costs nothing
    out.request(request);
  }

  void response(const Call& call, const Response& response, SourceOut& out, Failure& failure) override {
    if (response.status != 200) return failure("the list answers with status " + std::to_string(response.status));
    if (response.body.starts_with("<")) return failure("this is no list of lines but a page");
    auto feed = sized<earshot_feed>();
    feed.type = str("lines");
    out.feed(feed);

    std::size_t line = 0, given = number(call.state);
    bool room = true;
    for (std::string_view rest = response.body; !rest.empty() && room; ++line) {
      const std::size_t end = rest.find('\n');
      if (line >= given) room = give(rest.substr(0, end), out);
      rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    }
    if (line < given) out.warning("the list has become shorter; it starts anew with the next poll");
    out.state(std::to_string(line < given ? 0 : line));
  }

 private:
  static std::size_t number(std::string_view state) {
    std::size_t value = 0;
    std::from_chars(state.data(), state.data() + state.size(), value);
    return value;
  }

  // False when the host takes no more; the rest comes with the next poll.
  bool give(std::string_view line, SourceOut& out) const {
    if (line.empty()) return true;
    const std::size_t space = line.find(' ');
    auto item = sized<earshot_item>();
    item.url = str(line.substr(0, space));
    if (space != std::string_view::npos) item.title = str(line.substr(space + 1));
    if (!author_.empty()) item.author = str(author_);
    return out.item(item);
  }

  std::string url_, author_;
};

constexpr Info kInfo{"lines",
                     "1.0",
                     "A list that grows at its end, one address and title a line",
                     earshot::embedded::schema,
                     earshot::embedded::sample,
                     0};

}  // namespace

EARSHOT_SOURCE_PLUGIN(kInfo, Lines::create)
