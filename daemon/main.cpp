// Arguments and signals only: each subcommand is a file in cli/.
#include <cstdio>
#include <string>

#include "cli/commands.h"

namespace {

constexpr const char* kAbout =
    "Earshot hears what is being said about you and gets it to the right people.\n"
    "`earshot run` is the service; everything else is for people.";

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{kAbout, "earshot"};
  app.set_version_flag("--version", "earshot " EARSHOT_VERSION);
  app.require_subcommand(1);
  app.get_formatter()->column_width(34);
  int exit = earshot::cli::good;
  for (const earshot::cli::AddCommand add : earshot::cli::commands()) add(app, exit);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    if (argc < 2) {
      std::fputs(app.help().c_str(), stderr);
      return earshot::cli::usage;
    }
    if (const auto unknown = earshot::cli::unknown_command(app, argv[1]); unknown && argv[1][0] != '-') {
      std::fputs(unknown->c_str(), stderr);
      return earshot::cli::usage;
    }
    return app.exit(e) == 0 ? earshot::cli::good : earshot::cli::usage;
  }
  return exit;
}
