#include "store/trouble.h"

#include <fmt/format.h>
#include <rocksdb/status.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <system_error>

namespace earshot::store {
namespace {

std::string_view mend(int error_number) {
  switch (error_number) {
    case EACCES:
    case EPERM: return ". The user Earshot runs as needs to own that folder and to be allowed to write there";
    case ENOSPC:
    case EDQUOT: return ". Make room on that disk; nothing that was stored is lost";
    case EROFS: return ". The file system is mounted read-only: see the kernel's log for why, mend it, and start again";
    case EMFILE:
    case ENFILE: return ". Raise the limit of open files (LimitNOFILE= in the service)";
    default: return "";
  }
}

std::string damage(const std::filesystem::path& folder) {
  return fmt::format(
      ". Nothing was changed. Stop Earshot, copy {} to a safe place, check the disk, and put back the last backup",
      folder.string());
}

}  // namespace

Error cannot(std::string_view what, int error_number) {
  return {fmt::format("cannot {}: {}{}", what, std::generic_category().message(error_number), mend(error_number))};
}

Error cannot(std::string_view what, const rocksdb::Status& status, const std::filesystem::path& folder) {
  const std::string said = status.ToString();
  const auto says = [&said](std::string_view text) { return said.find(text) != std::string::npos; };
  if (status.IsNoSpace() || says("No space left") || says("Disk quota exceeded") || says("File too large"))
    return {
        fmt::format("cannot {}: the disk of {} is full ({}). Make room there; nothing that was stored is lost, and "
                    "writing goes on when there is space",
                    what, folder.string(), said)};
  if (says("Permission denied") || says("Operation not permitted"))
    return {fmt::format("cannot {}: {}{}", what, said, mend(EACCES))};
  if (says("Read-only file system")) return {fmt::format("cannot {}: {}{}", what, said, mend(EROFS))};
  if (says("Too many open files")) return {fmt::format("cannot {}: {}{}", what, said, mend(EMFILE))};
  if (says("lock") && status.IsIOError())
    return {fmt::format("already running: another process works with the store in {} ({})", folder.string(), said)};
  if (status.IsCorruption()) return {fmt::format("cannot {}: the store is damaged ({}){}", what, said, damage(folder))};
  return {fmt::format("cannot {}: {}", what, said)};
}

Error damaged(std::string_view what, const std::filesystem::path& folder) {
  return {fmt::format("the store is damaged: {} cannot be read{}", what, damage(folder))};
}

}  // namespace earshot::store
