#include "bench/feed/readers.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <pugixml.hpp>
#include <string_view>

#include "sources/feed/reader.h"

extern char** environ;  // NOLINT(readability-redundant-declaration): POSIX leaves it to the program

namespace earshot::bench {
namespace {

struct Sink final : feed::Output {
  std::size_t bytes = 0;
  bool item(const feed::Item& item) override {
    bytes += item.title.size() + item.content_text.size() + item.summary_text.size();
    return true;
  }
  void feed(const feed::Feed&) override {}
};

double seconds(const timeval& t) { return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6; }

}  // namespace

void earshot_reads(const std::string& document, std::size_t& sum) {
  Sink sink;
  source::Warnings warnings;
  std::string next_url;
  const auto problem = feed::read_feed({document, "https://acme.example/feed/", {}}, {}, sink, warnings, next_url);
  sum += sink.bytes + (problem ? 1 : 0);
}

void pugixml_parses(const std::string& document, std::size_t& sum) {
  pugi::xml_document dom;
  sum += static_cast<std::size_t>(dom.load_buffer(document.data(), document.size()).status);
}

void pugixml_copies(const std::string& document, std::size_t& sum) {
  pugi::xml_document dom;
  dom.load_buffer(document.data(), document.size());
  std::string title, link, id, date, description, content;
  const auto take = [&](const pugi::xml_node item) {
    for (const pugi::xml_node field : item.children()) {
      const std::string_view name = field.name();
      if (name == "title") title = field.child_value();
      if (name == "link") link = *field.child_value() ? field.child_value() : field.attribute("href").value();
      if (name == "guid" || name == "id") id = field.child_value();
      if (name == "pubDate" || name == "published") date = field.child_value();
      if (name == "description" || name == "summary") description = field.child_value();
      if (name == "content:encoded" || name == "content") content = field.child_value();
    }
    sum += title.size() + link.size() + id.size() + date.size() + description.size() + content.size();
  };
  for (const pugi::xml_node item : dom.child("rss").child("channel").children("item")) take(item);
  for (const pugi::xml_node entry : dom.child("feed").children("entry")) take(entry);
}

double sfeed_seconds(const std::string& document) {
  const int in = memfd_create("feed", MFD_CLOEXEC);
  std::size_t written = 0;
  while (in >= 0 && written < document.size()) {
    const ssize_t n = write(in, document.data() + written, document.size() - written);
    if (n <= 0) break;
    written += static_cast<std::size_t>(n);
  }
  if (written < document.size() || lseek(in, 0, SEEK_SET) != 0) {
    if (in >= 0) close(in);
    return -1;
  }
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_adddup2(&files, in, STDIN_FILENO);
  posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  std::string name = "sfeed", base = "https://acme.example/feed/";
  char* arguments[] = {name.data(), base.data(), nullptr};
  pid_t pid = 0;
  const int failed = posix_spawnp(&pid, "sfeed", &files, nullptr, arguments, environ);
  posix_spawn_file_actions_destroy(&files);
  close(in);
  if (failed) return -1;
  int status = 0;
  rusage used{};
  if (wait4(pid, &status, 0, &used) != pid || !WIFEXITED(status) || WEXITSTATUS(status) != 0) return -1;
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

}  // namespace earshot::bench
