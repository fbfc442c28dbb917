// The costly part of the compiled topics, kept on disk between starts and reloads. It saves time and nothing else: a
// file that is missing, damaged, or made for other topics, another CPU or another version is ignored and written anew.
#pragma once

#include <filesystem>
#include <string>

#include "core/query/set.h"

namespace earshot::run {

// What the file holds; empty when it cannot be read or is larger than 256 MiB.
std::string read_topics_file(const std::filesystem::path& path);

// Replaces the file, at once or not at all, unless the set was made from it. That it cannot is logged and no error.
void write_topics_file(const std::filesystem::path& path, const query::Set& set);

}  // namespace earshot::run
