// Putting a backup in the place of a store.
#pragma once

#include <filesystem>

#include "core/result.h"
#include "core/time.h"

namespace earshot::store {

// `backup` as Store::backup() made it; it is opened and looked at first, copied whole beside `folder` and put in its
// place at the end, so that a crash leaves either the old store or the new. What stood in `folder` is moved aside, to
// the path that is returned (empty: nothing stood there). No daemon may work with it: its lock is taken. Files are
// given to the owner of the old folder where this process may do so.
Result<std::filesystem::path> restore(const std::filesystem::path& backup, const std::filesystem::path& folder,
                                      Time now);

}  // namespace earshot::store
