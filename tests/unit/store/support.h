// What the store's tests share: a store in a folder of its own, and short words to build what goes into it.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "store/store.h"

namespace earshot::store {

constexpr Time noon = from_ms(1'790'000'000'000);  // 2026-09-21
using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

class TempFolder {
 public:
  TempFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "earshot-store-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) ADD_FAILURE() << "no temporary folder";
    path_ = name;
  }
  ~TempFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

inline std::unique_ptr<Store> open_or_die(const std::filesystem::path& folder, const Options& options = {}) {
  auto store = Store::open(folder, options);
  if (!store) {
    ADD_FAILURE() << store.error().message;
    std::abort();
  }
  return std::move(*store);
}

class StoreTest : public ::testing::Test {
 protected:
  void reopen() {
    store.reset();
    store = open_or_die(folder.path() / "store");
  }
  TempFolder folder;
  std::unique_ptr<Store> store = open_or_die(folder.path() / "store");
};

// As the mention room makes them: the same for the same source and item.
inline std::string id_of(std::string_view source, std::string_view item) {
  std::string id = std::string(source) + "-" + std::string(item);
  return id.size() > 60 ? id.substr(0, 60) : id;
}

inline Mention mention_of(std::string_view source, std::string_view item, std::string_view url = {},
                          const std::vector<std::string>& topics = {"brand"}, Time seen = noon) {
  Mention mention;
  mention.id = id_of(source, item);
  mention.source = source;
  mention.canonical_url = url;
  mention.item.id = item;
  mention.item.url = url;
  mention.item.title = "About " + std::string(item);
  mention.item.content = mention.item.content_text = "Acme Bank is said to have done " + std::string(item);
  mention.seen = seen;
  for (const std::string& topic : topics) mention.matches.push_back({topic, {{"acme", "title", {0, 4}}}});
  return mention;
}

inline Alert alert_of(const Mention& mention, std::string_view channel = "pr") {
  Alert alert;
  alert.channel = channel;
  alert.delivery_id = "d-" + mention.id;
  alert.created = mention.seen;
  alert.mentions = {mention};
  return alert;
}

// One item with an alert for the channel; an empty channel: no alert.
inline Candidate candidate_of(Mention mention, std::string_view channel = "pr", std::uint32_t version = 0) {
  Candidate candidate;
  if (!channel.empty()) candidate.alerts.push_back(alert_of(mention, channel));
  candidate.mention = std::move(mention);
  candidate.version = version;
  return candidate;
}

inline Fetch fetch_of(std::string_view source, std::vector<Candidate> found, Time at = noon) {
  Fetch fetch;
  fetch.source.name = source;
  fetch.source.next_due = at + minutes{15};
  fetch.at = at;
  fetch.found = std::move(found);
  return fetch;
}

inline std::vector<Fate> commit_one(Store& store, const Fetch& fetch) {
  auto committed = store.commit({&fetch, 1});
  if (!committed) {
    ADD_FAILURE() << committed.error().message;
    return {};
  }
  return committed->front().fates;
}

inline std::vector<std::string> ids_of(const std::vector<Mention>& mentions) {
  std::vector<std::string> ids;
  for (const Mention& mention : mentions) ids.push_back(mention.id);
  return ids;
}

#define ASSERT_OK(what)                                            \
  do {                                                             \
    const auto& asserted = (what);                                 \
    ASSERT_TRUE(asserted.has_value()) << asserted.error().message; \
  } while (false)

}  // namespace earshot::store
