// A streaming source for tests: every text message and event is an item. It asks for what it has not had yet, by the
// last id or number it remembers, and greets a WebSocket when it opens.
#include <earshot/plugin.hpp>
#include <memory>
#include <string>

namespace {

using namespace earshot::plugin;

std::string after(std::string_view text, std::string_view mark) {
  const auto at = text.find(mark);
  return at == text.npos
             ? std::string()
             : std::string(text.substr(at + mark.size(), text.find('"', at + mark.size()) - at - mark.size()));
}

class Ticker final : public Source {
 public:
  explicit Ticker(std::string url) : url_(std::move(url)) {}
  static std::unique_ptr<Source> create(const Config& config, Failure&) {
    return std::make_unique<Ticker>(after(config.settings, "\"url\":\""));
  }

  void begin(const Call& call, SourceOut& out, Failure&) override {
    Request request;
    request.url = url_;
    request.flags = url_.starts_with("ws") ? EARSHOT_REQUEST_WEBSOCKET : EARSHOT_REQUEST_EVENTS;
    if (!call.state.empty()) request.headers.push_back({"Last-Event-ID", std::string(call.state)});
    out.request(request);
  }
  void response(const Call&, const Response&, SourceOut&, Failure& failure) override {
    failure("no answer was expected");
  }
  void frame(const Call&, const Frame& frame, SourceOut& out, Failure& failure) override {
    if (frame.kind == EARSHOT_FRAME_OPENED && url_.starts_with("ws")) out.send("hello");
    if (frame.kind != EARSHOT_FRAME_TEXT && frame.kind != EARSHOT_FRAME_EVENT) return;
    if (frame.data == "poison") return failure("the message is poison");
    auto item = sized<earshot_item>();
    item.id = str(frame.data);
    item.title = str(frame.data);
    item.url = str("http://ticker.example/");
    out.item(item);
    out.state(frame.id.empty() ? frame.data : frame.id);
  }

 private:
  std::string url_;
};

constexpr Info kInfo{"ticker", "1.0", "A stream for tests", R"({"type":"object"})", "type: ticker\n", EARSHOT_STREAMS};

}  // namespace

EARSHOT_SOURCE_PLUGIN(kInfo, Ticker::create)
