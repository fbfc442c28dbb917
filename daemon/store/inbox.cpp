#include "store/inbox.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <iterator>

#include "store/trouble.h"

namespace earshot::store {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kFolder = "inbox", kEnding = ".letter";
constexpr std::size_t kMany = 100;

bool is_name(std::string_view name) {
  return !name.empty() && name.size() <= 64 &&
         std::ranges::all_of(name, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
}

fs::path place(const fs::path& folder, std::string_view name) {
  return folder / kFolder / (std::string(name) + std::string(kEnding));
}

// Writes and syncs; the errno of what failed, or 0.
int write_whole(const fs::path& path, std::string_view text) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644);
  if (file < 0) return errno;
  int error = 0;
  while (!text.empty() && error == 0) {
    const ssize_t n = ::write(file, text.data(), text.size());
    if (n >= 0)
      text.remove_prefix(static_cast<std::size_t>(n));
    else if (errno != EINTR)
      error = errno;
  }
  if (error == 0 && ::fsync(file) != 0) error = errno;
  ::close(file);
  return error;
}

int sync_folder(const fs::path& folder) {
  const int file = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file < 0) return errno;
  const int error = ::fsync(file) == 0 ? 0 : errno;
  ::close(file);
  return error;
}

std::string read_whole(const fs::path& path) {
  std::error_code bad;
  if (!fs::is_regular_file(fs::symlink_status(path, bad)) || fs::file_size(path, bad) > kMaxLetter || bad) return {};
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

Status drop_letter(const fs::path& store_folder, const Letter& letter) {
  if (!is_name(letter.name)) return fail(fmt::format("\"{}\" is no name for a letter", letter.name));
  if (letter.text.size() > kMaxLetter) return fail(fmt::format("that is more than {} KiB", kMaxLetter >> 10));
  const fs::path folder = store_folder / kFolder, to = place(store_folder, letter.name);
  const fs::path fresh = folder / ("." + letter.name);
  const std::string what = fmt::format("ask the daemon by a file in {}", folder.string());
  std::error_code bad;
  fs::create_directory(folder, bad);
  if (bad) return tl::unexpected(cannot(what, bad.value()));
  if (const int error = write_whole(fresh, letter.text)) return tl::unexpected(cannot(what, error));
  fs::rename(fresh, to, bad);
  if (bad) return tl::unexpected(cannot(what, bad.value()));
  if (const int error = sync_folder(folder)) return tl::unexpected(cannot(what, error));
  return {};
}

bool letter_waits(const fs::path& store_folder, std::string_view name) {
  std::error_code bad;
  return fs::exists(place(store_folder, name), bad);
}

std::vector<Letter> letters(const fs::path& store_folder) {
  std::vector<Letter> found;
  std::error_code bad;
  for (fs::directory_iterator at(store_folder / kFolder, bad), end; !bad && at != end && found.size() < kMany;
       at.increment(bad)) {
    const std::string file = at->path().filename().string();
    if (!file.ends_with(kEnding)) continue;
    const std::string name = file.substr(0, file.size() - kEnding.size());
    if (is_name(name)) found.push_back({name, read_whole(at->path())});
  }
  std::ranges::sort(found, {}, &Letter::name);
  return found;
}

Status take_letter(const fs::path& store_folder, std::string_view name) {
  std::error_code bad;
  fs::remove(place(store_folder, name), bad);
  if (bad) return tl::unexpected(cannot("take a letter out of the inbox", bad.value()));
  return {};
}

}  // namespace earshot::store
