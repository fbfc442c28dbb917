#include "cli/ask.h"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <thread>

#include "cli/commands.h"
#include "cli/load_config.h"
#include "cli/terminal.h"
#include "run/clock.h"
#include "run/wish.h"

namespace earshot::cli {
namespace {

constexpr std::chrono::seconds kPatience{10};

int complain(std::string_view command, std::string_view what) {
  fmt::print(stderr, "earshot {}: {}\n", command, what);
  return no;
}

}  // namespace

std::string user() {
  const char* name = std::getenv("SUDO_USER");
  if (!name || !*name) name = std::getenv("USER");
  return name && *name ? name : fmt::format("uid {}", ::getuid());
}

int ask(const Setup& setup, std::string_view command, const store::Letter& letter, const std::string& done,
        const std::function<std::string()>& failed) {
  const auto path = store_path(setup.config.storage, setup.folder);
  if (!path) return complain(command, path.error().message);
  const Time now = run::wall_clock();
  if (auto store = store::Store::open(*path, {.create = false})) {
    const auto wish = run::read_letter(**store, letter, now);
    if (!wish) return complain(command, wish.error().message);
    if (const Status granted = run::grant(**store, *wish, now); !granted)
      return complain(command, granted.error().message);
    fmt::print("{}\n", done);
    return good;
  }
  // The store is held by the daemon (or may only be read by us): leave a letter.
  const auto look = look_into_store(setup);
  if (!look) return no;
  if (const auto wish = run::read_letter(*look, letter, now); !wish) return complain(command, wish.error().message);
  if (const Status dropped = store::drop_letter(*path, letter); !dropped)
    return complain(command, dropped.error().message);
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (store::letter_waits(*path, letter.name)) {
    if (std::chrono::steady_clock::now() >= deadline)
      return complain(command, "asked for, but the daemon has not taken it yet; it will when it runs again");
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  if (const std::string why = failed ? failed() : std::string{}; !why.empty()) return complain(command, why);
  fmt::print("{}\n", done);
  return good;
}

std::optional<std::string> mention_named(const store::Store& store, std::string_view command,
                                         const std::string& prefix) {
  const auto ids = store.ids(prefix, 10);
  if (!ids) {
    complain(command, ids.error().message);
    return std::nullopt;
  }
  if (ids->size() == 1) return ids->front();
  complain(command, ids->empty() ? fmt::format("no mention's id begins with {}", printable(prefix))
                                 : fmt::format("several ids begin with {}; type more of it:", printable(prefix)));
  for (const std::string& id : *ids) fmt::print(stderr, "  {}\n", id);
  return std::nullopt;
}

}  // namespace earshot::cli
