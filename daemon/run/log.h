// The daemon's log: one event a line, "what happened key=value …", to the journal (with its priority) or to stderr.
// Any value that the configuration calls a secret is blotted out, wherever it may come from.
#pragma once

#include <spdlog/common.h>

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace earshot::log {

using Field = std::pair<std::string_view, std::string>;

// Where lines go: systemd's journal when it is the one that reads our stderr ($JOURNAL_STREAM, sd_journal(3)), else
// stderr with time and level. Call once, before any thread starts.
void start(spdlog::level::level_enum level);

// From now on these values are shown as "***". Values shorter than 4 bytes are left alone: they would hide ordinary
// words. Any thread.
void hide(std::span<const std::string> secrets);
// The text with every hidden value blotted out: for what is shown elsewhere than in the log.
std::string redacted(std::string_view text);

// The line that is written: fields in logfmt, values quoted where they must be, control characters escaped.
std::string line(std::string_view event, std::initializer_list<Field> fields);

void debug(std::string_view event, std::initializer_list<Field> fields = {});
void info(std::string_view event, std::initializer_list<Field> fields = {});
void warn(std::string_view event, std::initializer_list<Field> fields = {});
void error(std::string_view event, std::initializer_list<Field> fields = {});

}  // namespace earshot::log
