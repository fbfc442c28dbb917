// Arguments and signals only: each subcommand is a file in cli/.
#include <cstdio>

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
    return app.exit(e) == 0 ? earshot::cli::good : earshot::cli::usage;
  }
  return exit;
}
