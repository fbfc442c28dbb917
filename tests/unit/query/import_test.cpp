// Other tools' queries beside what becomes of them: imports/*.txt, a file a tool, its cases parted by empty lines.
//   theirs   the query
//   ours     what is written for it; or
//   refused  why nothing is
//   loss     what could not be carried over: its place in theirs | the message
// EARSHOT_UPDATE=1 writes what comes out now into the files: read the difference before you keep it.
#include "core/query/import.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "unit/query/support.h"

namespace earshot::query {
namespace {

std::string losses(std::string_view theirs, const std::vector<Problem>& problems, std::string_view word) {
  std::string out;
  for (const Problem& p : problems)
    out += std::string(word) + std::string(theirs.substr(std::min(p.offset, theirs.size()), p.length)) + " | " +
           p.message + "\n";
  return out;
}

std::string imported(Dialect from, const std::string& theirs) {
  std::string out = "theirs   " + theirs + "\n";
  const auto got = import_query(from, theirs);
  if (!got) return out + losses(theirs, got.error(), "refused  ");
  EXPECT_TRUE(parse(got->query)) << got->query;
  return out + "ours     " + got->query + "\n" + losses(theirs, got->losses, "loss     ");
}

std::vector<std::string> blocks(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::vector<std::string> out(1);
  for (std::string line; std::getline(in, line);) {
    if (line.empty())
      out.emplace_back();
    else if (!line.starts_with('#'))
      out.back() += line + "\n";
  }
  std::erase(out, "");
  return out;
}

TEST(Import, CarriesQueriesOverAndSaysWhatItCannot) {
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(IMPORTS)) {
    const auto from = dialect(entry.path().stem().string());
    ASSERT_TRUE(from) << entry.path();
    const auto cases = blocks(entry.path());
    EXPECT_GE(cases.size(), 8u) << entry.path();
    std::string now;
    for (const std::string& expected : cases) {
      const std::string first = expected.substr(0, expected.find('\n'));
      ASSERT_TRUE(first.starts_with("theirs   ")) << entry.path() << ": " << first;
      const std::string got = imported(*from, first.substr(9));
      now += (now.empty() ? "" : "\n") + got;
      EXPECT_EQ(got, expected) << entry.path();
    }
    if (std::getenv("EARSHOT_UPDATE") != nullptr) std::ofstream(entry.path()) << now;
    ++files;
  }
  EXPECT_EQ(files, 5u);
}

}  // namespace
}  // namespace earshot::query
