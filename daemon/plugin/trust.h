// Code that the daemon loads runs with all it may do, so nobody but root and the running user may have a hand in it.
#pragma once

#include <filesystem>

#include "core/result.h"

namespace earshot::host {

// `path` with symbolic links resolved, when the file and every directory above it belong to root or the running user
// and neither their group nor others can write to them. A sticky directory (/tmp) passes: others can add files there
// but not replace ours. The error names what is wrong and the command that mends it.
Result<std::filesystem::path> trusted_path(const std::filesystem::path& path);

}  // namespace earshot::host
