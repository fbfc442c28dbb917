#include "run/log.h"

#include <fmt/format.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/sinks/systemd_sink.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <cstdlib>
#include <mutex>
#include <shared_mutex>
#include <vector>

namespace earshot::log {
namespace {

struct Hidden {
  std::shared_mutex mutex;
  std::vector<std::string> values;  // longest first, so that a secret that holds another one goes whole
};

Hidden& hidden() {
  static Hidden instance;
  return instance;
}

bool needs_quotes(std::string_view value) {
  return value.empty() || std::ranges::any_of(value, [](unsigned char c) {
           return c <= ' ' || c == '"' || c == '=' || c == '\\' || c == 0x7f;
         });
}

void append_value(std::string& out, std::string_view value) {
  if (!needs_quotes(value)) {
    out += value;
    return;
  }
  out += '"';
  for (const char c : value) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    } else {
      out += c;
    }
  }
  out += '"';
}

void write(spdlog::level::level_enum level, std::string_view event, std::initializer_list<Field> fields) {
  if (!spdlog::should_log(level)) return;
  spdlog::log(level, "{}", redacted(line(event, fields)));
}

}  // namespace

void start(spdlog::level::level_enum level) {
  std::shared_ptr<spdlog::logger> logger;
  if (std::getenv("JOURNAL_STREAM")) {
    logger = std::make_shared<spdlog::logger>("earshot", std::make_shared<spdlog::sinks::systemd_sink_mt>("earshot"));
    logger->set_pattern("%v");
  } else {
    logger = std::make_shared<spdlog::logger>("earshot", std::make_shared<spdlog::sinks::stderr_color_sink_mt>());
    logger->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %^%-7l%$ %v", spdlog::pattern_time_type::utc);
  }
  logger->set_level(level);
  logger->flush_on(spdlog::level::trace);
  spdlog::set_default_logger(std::move(logger));
}

void hide(std::span<const std::string> secrets) {
  std::unique_lock lock(hidden().mutex);
  auto& values = hidden().values;
  for (const std::string& secret : secrets)
    if (secret.size() >= 4 && std::ranges::find(values, secret) == values.end()) values.push_back(secret);
  std::ranges::sort(values, std::greater<>{}, &std::string::size);
}

std::string redacted(std::string_view text) {
  std::string out{text};
  std::shared_lock lock(hidden().mutex);
  for (const std::string& secret : hidden().values)
    for (std::size_t at = out.find(secret); at != std::string::npos; at = out.find(secret, at + 3))
      out.replace(at, secret.size(), "***");
  return out;
}

std::string line(std::string_view event, std::initializer_list<Field> fields) {
  std::string out{event};
  for (const auto& [name, value] : fields) {
    if (value.empty()) continue;
    out += ' ';
    out += name;
    out += '=';
    append_value(out, value);
  }
  return out;
}

void debug(std::string_view event, std::initializer_list<Field> fields) { write(spdlog::level::debug, event, fields); }
void info(std::string_view event, std::initializer_list<Field> fields) { write(spdlog::level::info, event, fields); }
void warn(std::string_view event, std::initializer_list<Field> fields) { write(spdlog::level::warn, event, fields); }
void error(std::string_view event, std::initializer_list<Field> fields) { write(spdlog::level::err, event, fields); }

}  // namespace earshot::log
