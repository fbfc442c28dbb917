#include "plugin/trust.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>

namespace earshot::host {

Result<std::filesystem::path> trusted_path(const std::filesystem::path& path) {
  std::error_code error;
  // Resolved first: then nobody untrusted can turn a link elsewhere between this look and the loading.
  std::filesystem::path real = std::filesystem::canonical(path, error);
  if (error) return fail(fmt::format("{}: {}", path.string(), error.message()));
  for (std::filesystem::path at = real;; at = at.parent_path()) {
    struct stat info {};
    if (stat(at.c_str(), &info) != 0) return fail(fmt::format("{}: {}", at.string(), std::strerror(errno)));
    if (at == real && !S_ISREG(info.st_mode)) return fail(fmt::format("{}: is no file", at.string()));
    if (info.st_uid != 0 && info.st_uid != geteuid())
      return fail(
          fmt::format("{}: not loaded, because {} belongs to user {}, who is neither root nor the user that "
                      "runs Earshot; mend it with: chown root {}",
                      real.string(), at.string(), info.st_uid, at.string()));
    const bool sticky = S_ISDIR(info.st_mode) && (info.st_mode & S_ISVTX);
    if ((info.st_mode & (S_IWGRP | S_IWOTH)) && !sticky)
      return fail(
          fmt::format("{}: not loaded, because others than the owner can write to {}; mend it with: "
                      "chmod go-w {}",
                      real.string(), at.string(), at.string()));
    if (at == at.root_path()) return real;
  }
}

}  // namespace earshot::host
