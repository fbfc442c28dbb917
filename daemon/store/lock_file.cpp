#include "store/lock_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include "store/trouble.h"

namespace earshot::store {
namespace {

constexpr std::chrono::milliseconds kAgain{25};

std::string holder(int fd) {
  std::array<char, 32> text{};
  const ssize_t size = ::pread(fd, text.data(), text.size(), 0);
  long pid = 0;
  if (size > 0) std::from_chars(text.data(), text.data() + size, pid);
  return pid > 0 ? fmt::format(" (pid {})", pid) : std::string{};
}

}  // namespace

Result<LockFile> LockFile::take(const std::filesystem::path& folder, std::chrono::milliseconds patience) {
  const std::filesystem::path path = folder / "earshot.pid";
  LockFile lock;
  lock.fd_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (lock.fd_ < 0) return tl::unexpected(cannot(fmt::format("open the lock file {}", path.string()), errno));
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (::flock(lock.fd_, LOCK_EX | LOCK_NB) != 0) {
    if (errno == EINTR) continue;
    if (errno == EWOULDBLOCK && std::chrono::steady_clock::now() < deadline) {
      std::this_thread::sleep_for(kAgain);
      continue;
    }
    if (errno != EWOULDBLOCK) return tl::unexpected(cannot(fmt::format("lock {}", path.string()), errno));
    return fail(
        fmt::format("already running{}: another Earshot works with the store in {}. Stop it first, or give this "
                    "one a storage path of its own",
                    holder(lock.fd_), folder.string()));
  }
  const std::string pid = fmt::format("{}\n", ::getpid());
  if (::ftruncate(lock.fd_, 0) != 0 || ::pwrite(lock.fd_, pid.data(), pid.size(), 0) < 0)
    return tl::unexpected(cannot(fmt::format("write {}", path.string()), errno));
  return lock;
}

LockFile::LockFile(LockFile&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

LockFile& LockFile::operator=(LockFile&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}

// The file stays: removing it would let two processes hold locks on two files of one name.
LockFile::~LockFile() {
  if (fd_ >= 0) ::close(fd_);
}

}  // namespace earshot::store
