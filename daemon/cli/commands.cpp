#include "cli/commands.h"

#include <array>

namespace earshot::cli {

// To add a subcommand: write its file, declare its function here, and put it in its place.
void add_watch(CLI::App& app, int& exit);
void add_run(CLI::App& app, int& exit);
void add_check(CLI::App& app, int& exit);
void add_status(CLI::App& app, int& exit);
void add_mentions(CLI::App& app, int& exit);
void add_poll(CLI::App& app, int& exit);
void add_alert(CLI::App& app, int& exit);
void add_parse(CLI::App& app, int& exit);
void add_match(CLI::App& app, int& exit);
void add_query(CLI::App& app, int& exit);
void add_plugins(CLI::App& app, int& exit);

std::span<const AddCommand> commands() {
  static constexpr std::array all{&add_watch, &add_run,   &add_check, &add_status, &add_mentions, &add_poll,
                                  &add_alert, &add_parse, &add_match, &add_query,  &add_plugins};
  return all;
}

}  // namespace earshot::cli
