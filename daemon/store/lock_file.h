// One daemon per store. RocksDB has a lock of its own, but cannot say who holds it.
#pragma once

#include <filesystem>

#include "core/result.h"

namespace earshot::store {

// Holds an flock(2) on a file in the store's folder that names this process; the kernel lets go of it however we end.
class LockFile {
 public:
  // Error: "already running (pid 1234)", or why the file cannot be made.
  static Result<LockFile> take(const std::filesystem::path& folder);
  LockFile() = default;
  LockFile(LockFile&& other) noexcept;
  LockFile& operator=(LockFile&& other) noexcept;
  ~LockFile();

 private:
  int fd_ = -1;
};

}  // namespace earshot::store
