// How a command changes the store: a running daemon is asked by a letter in its inbox, for it alone holds the store;
// without one the store is changed at once.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "cli/setup.h"
#include "store/inbox.h"

namespace earshot::cli {

// Who is sitting there: for "by".
std::string user();

// Prints `done` when it is done, else why not, after "earshot <command>:". Waits for the daemon at most ten seconds; a
// letter it has not taken by then is carried out when it runs again. `failed`, asked after the daemon has taken it,
// says what went wrong all the same; empty: nothing did. The command's exit status.
int ask(const Setup& setup, std::string_view command, const store::Letter& letter, const std::string& done,
        const std::function<std::string()>& failed = {});

// The mention whose id begins so. Nothing, with words on stderr: none, or several.
std::optional<std::string> mention_named(const store::Store& store, std::string_view command,
                                         const std::string& prefix);

}  // namespace earshot::cli
