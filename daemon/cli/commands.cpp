#include "cli/commands.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "cli/terminal.h"
#include "core/config/suggest.h"

namespace earshot::cli {

// To add a subcommand: write its file, declare its function here, and put it in its place.
void add_watch(CLI::App& app, int& exit);
void add_run(CLI::App& app, int& exit);
void add_check(CLI::App& app, int& exit);
void add_status(CLI::App& app, int& exit);
void add_mentions(CLI::App& app, int& exit);
void add_why(CLI::App& app, int& exit);
void add_story(CLI::App& app, int& exit);
void add_claim(CLI::App& app, int& exit);
void add_silence(CLI::App& app, int& exit);
void add_report(CLI::App& app, int& exit);
void add_replay(CLI::App& app, int& exit);
void add_test(CLI::App& app, int& exit);
void add_backup(CLI::App& app, int& exit);
void add_restore(CLI::App& app, int& exit);
void add_poll(CLI::App& app, int& exit);
void add_alert(CLI::App& app, int& exit);
void add_texts(CLI::App& app, int& exit);
void add_parse(CLI::App& app, int& exit);
void add_match(CLI::App& app, int& exit);
void add_query(CLI::App& app, int& exit);
void add_plugins(CLI::App& app, int& exit);

std::span<const AddCommand> commands() {
  static constexpr std::array all{&add_watch,  &add_run,     &add_check,   &add_status, &add_mentions, &add_why,
                                  &add_story,  &add_claim,   &add_silence, &add_report, &add_replay,   &add_test,
                                  &add_backup, &add_restore, &add_poll,    &add_alert,  &add_texts,    &add_parse,
                                  &add_match,  &add_query,   &add_plugins};
  return all;
}

std::optional<std::string> unknown_command(const CLI::App& app, std::string_view word) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands({})) names.push_back(command->get_name());
  if (std::ranges::find(names, word) != names.end()) return std::nullopt;
  const std::vector<std::string_view> views(names.begin(), names.end());
  const auto near = config::nearest(word, views);
  return fmt::format("earshot: unknown command \"{}\"{} (`earshot --help` lists them)\n", printable(word),
                     near ? fmt::format("; did you mean \"{}\"?", *near) : "");
}

}  // namespace earshot::cli
