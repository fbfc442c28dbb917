// What the engine and the system say went wrong, in sentences that say what to do.
#pragma once

#include <filesystem>
#include <string_view>

#include "core/result.h"

namespace rocksdb {
class Status;
}

namespace earshot::store {

// "cannot WHAT: REASON. MEND": for errno.
Error cannot(std::string_view what, int error_number);
// The same for a RocksDB status that is not ok.
Error cannot(std::string_view what, const rocksdb::Status& status, const std::filesystem::path& folder);
// A record that cannot be read back.
Error damaged(std::string_view what, const std::filesystem::path& folder);

}  // namespace earshot::store
