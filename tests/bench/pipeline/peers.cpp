#include "peers.h"

#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <string>
#include <vector>

namespace earshot::bench {
namespace {

// CPU in µs of a program and its children; negative when it is not installed or failed.
double cpu_of(const std::vector<std::string>& arguments) {
  rusage before{}, after{};
  getrusage(RUSAGE_CHILDREN, &before);
  std::fflush(stdout);
  const pid_t child = fork();
  if (child == 0) {
    std::vector<char*> words;
    for (const std::string& argument : arguments) words.push_back(const_cast<char*>(argument.c_str()));
    words.push_back(nullptr);
    if (std::freopen("/dev/null", "w", stdout) == nullptr || std::freopen("/dev/null", "w", stderr) == nullptr)
      _exit(126);
    execvp(words[0], words.data());
    _exit(127);
  }
  int status = 0;
  waitpid(child, &status, 0);
  getrusage(RUSAGE_CHILDREN, &after);
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) return -1;
  const auto us = [](const rusage& usage) {
    const auto one = [](timeval t) { return static_cast<double>(t.tv_sec) * 1e6 + static_cast<double>(t.tv_usec); };
    return one(usage.ru_utime) + one(usage.ru_stime);
  };
  return us(after) - us(before);
}

void print(const char* who, double first, double again, std::size_t feeds) {
  if (first < 0 || again < 0) {
    fmt::print("{:<52} not installed\n", who);
    return;
  }
  fmt::print("{:<52} {:>9.1f} {:>9.1f}\n", who, first / static_cast<double>(feeds), again / static_cast<double>(feeds));
  std::fflush(stdout);
}

}  // namespace

void print_peers(const test::Nginx& nginx, std::size_t feeds) {
  const std::filesystem::path folder = nginx.www().parent_path();
  fmt::print("\n{:<52} {:>9} {:>9}\n", fmt::format("Others, {} of the feeds, us of CPU a feed", feeds), "first",
             "again");
  const std::string list = folder / "curl.conf", urls = folder / "urls", cache = folder / "cache.db",
                    settings = folder / "newsboat.conf";
  {
    std::ofstream curl(list), newsboat(urls);
    std::ofstream(settings) << "reload-threads 1\n";
    for (std::size_t i = 0; i < feeds; ++i) {
      const std::string url = fmt::format("http://127.0.0.1:{}/f{}.xml", nginx.port, i);
      curl << "url = \"" << url << "\"\noutput = \"/dev/null\"\n";
      newsboat << url << '\n';
    }
  }
  std::vector<std::string> curl{"curl", "-s", "--parallel", "--compressed", "-K", list};
  const double first = cpu_of(curl);
  curl.insert(curl.end(), {"-H", "If-Modified-Since: Fri, 01 Jan 2038 00:00:00 GMT"});
  print("curl --parallel, transport alone", first, cpu_of(curl), feeds);
  const std::vector<std::string> newsboat{"newsboat", "-x", "reload", "-u", urls, "-c", cache, "-C", settings};
  const double reload = cpu_of(newsboat);
  print("newsboat, whole reload", reload, reload < 0 ? -1 : cpu_of(newsboat), feeds);
}

}  // namespace earshot::bench
