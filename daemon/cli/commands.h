// The subcommands of `earshot`, one file each. Results go to stdout, talk to stderr; a run returns 0 good, 1 the answer
// is no, 2 wrong usage.
#pragma once

#include <CLI/CLI.hpp>
#include <span>

namespace earshot::cli {

enum Exit : int { good = 0, no = 1, usage = 2 };

// Adds a subcommand to `app`; its callback leaves the exit status in `exit`, which outlives the parse.
using AddCommand = void (*)(CLI::App& app, int& exit);

// All of them, in the order in which --help shows them (commands.cpp).
std::span<const AddCommand> commands();

}  // namespace earshot::cli
