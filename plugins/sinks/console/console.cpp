// Alerts on standard output, as text for people or JSON lines for programs.
#include <earshot/plugin.hpp>

#include "common/sink/escape.h"
#include "common/sink/event.h"
#include "common/sink/layout.h"
#include "common/sink/settings.h"
#include "embedded.h"

namespace earshot {
namespace {

using plugin::Call;
using plugin::Config;
using plugin::Failure;
using plugin::Outcome;
using plugin::Request;
using plugin::Response;

constexpr std::size_t kLimit = 65'536;  // bytes of one alert; a journal entry holds 48 KiB a line, an alert has many

void link(std::string_view text, std::string_view url, std::string& out) { out.append(text).append("  ").append(url); }

// Nothing is markup on a terminal once control characters are gone (common/sink/clean.h); bold only when asked for.
const sink::Syntax kPlain{sink::Unit::bytes,
                          sink::escape::none,
                          [](std::string_view text, std::string& out) { out += text; },
                          link,
                          "  - ",
                          "  > ",
                          "",
                          "\n"};
const sink::Syntax kColour{sink::Unit::bytes,
                           sink::escape::none,
                           [](std::string_view text, std::string& out) {
                             out.append("\x1b[1m").append(text).append("\x1b[22m");  // ECMA-48 SGR: bold on, off
                           },
                           link,
                           "  - ",
                           "  > ",
                           "",
                           "\n"};

std::string_view sgr(std::uint32_t severity) {
  switch (severity) {
    case EARSHOT_SEVERITY_LOW: return "\x1b[90m";
    case EARSHOT_SEVERITY_HIGH: return "\x1b[33m";
    case EARSHOT_SEVERITY_CRITICAL: return "\x1b[31m";
    default: return "\x1b[34m";
  }
}

class Console final : public plugin::Sink {
 public:
  Console(bool json, bool colour) : json_(json), colour_(colour) {}

  static std::unique_ptr<Sink> create(const Config& config, Failure& failure) {
    const sink::Settings settings(config, failure);
    return std::make_unique<Console>(settings.text("format") == "json", settings.text("color") == "always");
  }

  Request request(const Call&, const earshot_alert& alert, Failure&) override {
    Request r;
    r.url = "console:";
    r.body = (json_ ? sink::event(alert, kLimit) : text(sink::compose(alert))) + "\n";
    return r;
  }

  Outcome outcome(const Call&, const earshot_alert&, const Response&, Failure&) override { return {}; }

 private:
  std::string text(const sink::Card& card) const {
    const sink::Syntax& syntax = colour_ ? kColour : kPlain;
    std::string out = card.status;
    if (colour_) out = std::string(sgr(card.severity)) + out + "\x1b[39m";
    const auto lines = sink::layout(card, syntax, kLimit - out.size() - 2,
                                    sink::part::everything & ~(sink::part::status | sink::part::buttons));
    if (!lines.empty()) out += "\n" + sink::render(lines, syntax);
    return out + "\n";  // an empty line between alerts
  }

  bool json_, colour_;
};

constexpr plugin::Info kInfo{"console",
                             "0.1.0",
                             "Prints alerts on standard output",
                             embedded::schema,
                             embedded::sample,
                             EARSHOT_NEEDS_CONSOLE,
                             {},
                             sink::kTextsMinor};

}  // namespace
}  // namespace earshot

EARSHOT_SINK_PLUGIN(earshot::kInfo, earshot::Console::create)
