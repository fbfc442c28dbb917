// The subcommands of `earshot`, one file each. Results go to stdout, talk to stderr; a run returns 0 good, 1 the answer
// is no, 2 wrong usage.
#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace earshot::cli {

enum Exit : int { good = 0, no = 1, usage = 2 };

// Adds a subcommand to `app`; its callback leaves the exit status in `exit`, which outlives the parse.
using AddCommand = void (*)(CLI::App& app, int& exit);

// All of them, in the order in which --help shows them (commands.cpp).
std::span<const AddCommand> commands();

// A line for a person who typed `word` where a subcommand of `app` should stand; nothing when it is one.
std::optional<std::string> unknown_command(const CLI::App& app, std::string_view word);

}  // namespace earshot::cli
