// One daemon per store. RocksDB has a lock of its own, but cannot say who holds it.
#pragma once

#include <chrono>
#include <filesystem>

#include "core/result.h"

namespace earshot::store {

// Holds an flock(2) on a file in the store's folder that names this process; the kernel lets go of it however we end.
class LockFile {
 public:
  // Waits for `patience` at most where another holds it. Error: "already running (pid 1234)", or why the file cannot be
  // made.
  static Result<LockFile> take(const std::filesystem::path& folder, std::chrono::milliseconds patience = {});
  LockFile() = default;
  LockFile(LockFile&& other) noexcept;
  LockFile& operator=(LockFile&& other) noexcept;
  ~LockFile();

 private:
  int fd_ = -1;
};

}  // namespace earshot::store
