// A scene played on a stage of its own: items come in at certain times, through the same ingest, store and desk as in
// the daemon, on a store that is thrown away. For `earshot test`.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/config/model.h"
#include "core/item.h"
#include "core/result.h"
#include "core/time.h"
#include "run/account.h"
#include "run/rules.h"
#include "store/store.h"

namespace earshot::run {

struct Scene {
  struct Entry {
    std::string source;  // a name in the configuration; an unknown one is a source without labels and topics
    Item item;
    Time at{};
  };
  // What somebody does: as by the command or the action page.
  struct Act {
    enum class What : std::uint8_t { claim, done, not_relevant, split, merge, silence };
    What what = What::claim;
    Time at{};
    std::string item, other;  // ids of entries that came before; `other` joins the story of `item`
    std::string by;
    std::string query, why;  // of a silence,
    Duration lasts{};        // which holds so long
  };
  Time start{}, until{};       // every source was polled before: what comes is news
  std::vector<Entry> entries;  // in the order of their times
  std::vector<Act> acts;       // likewise; after what came at the same time
};

struct Played {
  struct One {
    store::Outcome outcome = store::Outcome::stored;
    Mention mention;  // as it is kept; of a duplicate the one that stands for it
    std::string story;
    std::vector<Verdict> verdicts;
  };
  std::vector<One> entries;   // as in the scene
  std::vector<Alert> alerts;  // as they went out; `created` is when
};

// `folder` must not exist; it is left behind.
Result<Played> rehearse(const Scene& scene, const config::Config& config, const Rules& rules,
                        const std::filesystem::path& folder);

}  // namespace earshot::run
