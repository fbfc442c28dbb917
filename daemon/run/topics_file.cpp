#include "run/topics_file.h"

#include <fstream>
#include <system_error>

#include "run/log.h"

namespace earshot::run {

namespace fs = std::filesystem;

namespace {
constexpr std::uintmax_t kMaxBytes = 256U << 20U;
}

std::string read_topics_file(const fs::path& path) {
  std::error_code bad;
  const std::uintmax_t size = fs::file_size(path, bad);
  if (bad || size > kMaxBytes) return {};
  std::ifstream file(path, std::ios::binary);
  std::string bytes(size, '\0');
  if (!file.read(bytes.data(), static_cast<std::streamsize>(size))) return {};
  return bytes;
}

void write_topics_file(const fs::path& path, const query::Set& set) {
  if (set.stats().from_cache) return;
  std::error_code bad;
  const std::string bytes = set.serialize();
  if (bytes.empty()) {
    fs::remove(path, bad);
    return;
  }
  const fs::path fresh = path.string() + ".new";
  std::ofstream file(fresh, std::ios::binary | std::ios::trunc);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file.close();
  if (file) fs::rename(fresh, path, bad);
  if (file && !bad) return;
  log::warn("the compiled topics cannot be kept; the next start compiles them again", {{"file", path.string()}});
  fs::remove(fresh, bad);
}

}  // namespace earshot::run
