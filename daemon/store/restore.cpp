#include "store/restore.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <optional>
#include <system_error>
#include <utility>

#include "store/lock_file.h"
#include "store/store.h"
#include "store/trouble.h"

namespace earshot::store {
namespace {

namespace fs = std::filesystem;

// On the disk when it returns.
Status sync(const fs::path& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const bool synced = file >= 0 && ::fsync(file) == 0;
  const int error = errno;
  if (file >= 0) ::close(file);
  if (synced) return {};
  return tl::unexpected(cannot(fmt::format("write {}", path.string()), error));
}

Status give(const fs::path& path, const std::optional<struct stat>& owner) {
  if (owner && ::geteuid() == 0 && ::chown(path.c_str(), owner->st_uid, owner->st_gid) != 0)
    return tl::unexpected(cannot(fmt::format("give {} to its owner", path.string()), errno));
  return {};
}

// Of a checkpoint: plain files in one folder.
Status copy(const fs::path& from, const fs::path& to, const std::optional<struct stat>& owner) {
  std::error_code error;
  fs::remove_all(to, error);  // of a restore that was interrupted
  if (!error) fs::create_directory(to, from, error);
  if (error) return tl::unexpected(cannot(fmt::format("make {}", to.string()), error.value()));
  if (auto given = give(to, owner); !given) return given;
  for (fs::directory_iterator at(from, error); !error && at != fs::directory_iterator(); at.increment(error)) {
    if (!at->is_regular_file() || at->path().filename() == "LOCK") continue;
    const fs::path file = to / at->path().filename();
    fs::copy_file(at->path(), file, error);
    if (error) break;
    if (auto given = give(file, owner); !given) return given;
    if (auto synced = sync(file); !synced) return synced;
  }
  if (error) return tl::unexpected(cannot(fmt::format("copy the backup to {}", to.string()), error.value()));
  return sync(to);
}

}  // namespace

Result<fs::path> restore(const fs::path& backup, const fs::path& given, Time now) {
  const auto sound = Store::open(backup, {.create = false, .read_only = true});
  if (!sound) return tl::unexpected(Error{"this backup cannot be used: " + sound.error().message});
  std::error_code error;
  const fs::path folder = fs::weakly_canonical(given, error);
  if (error) return tl::unexpected(cannot(fmt::format("look for {}", given.string()), error.value()));
  const fs::path beside = folder.string() + ".restoring";
  std::optional<struct stat> owner;
  if (struct stat found{}; ::stat(folder.c_str(), &found) == 0) owner = found;
  std::optional<LockFile> lock;  // until the end, when the old folder has moved
  if (owner) {
    auto taken = LockFile::take(folder);
    if (!taken) return tl::unexpected(taken.error());
    lock.emplace(std::move(*taken));
  }
  if (auto copied = copy(backup, beside, owner); !copied) return tl::unexpected(copied.error());
  fs::path aside;
  if (owner) {
    aside = fmt::format("{}.before-{}", folder.string(), to_ms(now));
    fs::rename(folder, aside, error);
    if (error) return tl::unexpected(cannot(fmt::format("move {} aside", folder.string()), error.value()));
  }
  fs::rename(beside, folder, error);
  if (error) {
    const int why = error.value();
    if (!aside.empty()) fs::rename(aside, folder, error);
    return tl::unexpected(cannot(fmt::format("move the copy to {}", folder.string()), why));
  }
  if (auto synced = sync(folder.parent_path()); !synced) return tl::unexpected(synced.error());
  return aside;
}

}  // namespace earshot::store
