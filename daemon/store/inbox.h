// Letters for the daemon: how another process asks for something while the daemon holds the store. A letter is a small
// file in the store's folder that is there whole or not at all; it survives a daemon that is not running, and is taken
// away only after what it asks for is on disk. Whoever may write to the folder may ask.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace earshot::store {

inline constexpr std::size_t kMaxLetter = 64U << 10;

struct Letter {
  std::string name;  // [a-z0-9-]{1,64}
  std::string text;  // empty when it could not be read or is larger than kMaxLetter: nothing can be made of it
};

// Durable when it returns. A letter of the same name that was not taken yet is replaced.
Status drop_letter(const std::filesystem::path& store_folder, const Letter& letter);
bool letter_waits(const std::filesystem::path& store_folder, std::string_view name);
// At most 100, by name. Files that are no letters are left alone.
std::vector<Letter> letters(const std::filesystem::path& store_folder);
// What it asked for is done.
Status take_letter(const std::filesystem::path& store_folder, std::string_view name);

}  // namespace earshot::store
