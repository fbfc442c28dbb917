// All that Earshot remembers, in whole acts: look, commit a fetch, take and settle deliveries, look back, sweep. Each
// is atomic, and durable when it returns: what was acknowledged survives a crash at any instant, and what was not is
// there whole or not at all. Nothing here says which engine is behind, or that there is only one process.
//
// Every function may be called from any thread. All of them may block on the disk: never call them on an I/O thread.
// Times are arguments; the store reads no clock.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "store/commit.h"
#include "store/delivery.h"
#include "store/look_back.h"
#include "store/source.h"
#include "store/story.h"

namespace earshot::store {

struct Options {
  bool create = true;  // make the folder and the store when there is none; else that is an error
  bool read_only =
      false;  // look beside a running daemon: what it had stored at the moment of opening. Acts that write fail
  // Open although the log of the last writes is damaged in its middle, giving up what follows the damage. Only when the
  // message of a failed opening says so, and with a copy of the folder at hand.
  bool salvage = false;
  // How long to wait for another process that works with the store: a command at work on it is soon done.
  std::chrono::milliseconds patience{0};
  std::uint64_t memory_bytes = 256ull << 20;  // bound for caches and write buffers together; taken as it is needed
  // Hears the engine's warnings, a line each, from any thread; nothing: they are dropped. Must not call the store.
  std::function<void(std::string_view)> log = {};
};

struct Engine;  // what is behind it: no concern of any other room

class Store {
 public:
  // Errors say what to do: already running (with the pid), no permission, disk full, written by a newer Earshot,
  // damaged.
  static Result<std::unique_ptr<Store>> open(const std::filesystem::path& folder, const Options& options = {});
  ~Store();
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  // -- sources
  Result<std::optional<SourceState>> source(std::string_view name) const;
  // Every source that has a state, by name in byte order. A scan that parses nothing: made for a million at start.
  Status each_source(const std::function<void(std::string_view name, Time next_due)>& visit) const;
  Status put_source(const SourceState& state, std::span<const Note> notes = {});
  // Its state goes; its mentions stay, and its fingerprints expire as if it had stopped listing anything.
  Status forget_source(std::string_view name);

  // -- commit a fetch
  // Which of these items are known: a pure read, so that the caller need not match what it has seen. The answer may be
  // old when it arrives; commit decides.
  Result<std::vector<Known>> look(std::string_view source, std::span<const ItemRef> items, Time now) const;
  // Many fetches in one durable write. What is new is decided inside this act, also between the fetches of one call:
  //   1. the same source and item id again: known (or changed), its alerts are dropped — unless an edit made it match
  //      for the first time: then it is stored anew, with the same id;
  //   2. a canonical URL that another source was first with: merged into that mention, its alerts are dropped — unless
  //   the
  //      first one matched no topic and this one does: then this is the mention, and it is stored;
  //   3. two ids with one canonical URL inside one source stay two.
  // One answer for each fetch, in order. After an error nothing of any of them was kept.
  Result<std::vector<Committed>> commit(std::span<const Fetch> fetches);
  // Alerts that come from no fetch (digests, reports, spikes, tests) and the notes that change with them.
  Status enqueue(std::span<const Alert> alerts, std::span<const Note> notes, Time now);
  // Other rooms' small documents (see Note).
  Result<std::optional<std::string>> note(std::string_view key) const;
  Result<std::vector<Note>> notes(std::string_view prefix, std::size_t limit) const;
  // The store's folder, for letters (inbox.h).
  const std::filesystem::path& folder() const;

  // -- deliveries
  // The channels that are owed something.
  Result<std::vector<Owing>> pending() const;
  // The oldest owed to this channel, in order, ready or not: see not_before. `after`: only those with a higher number.
  Result<std::vector<Delivery>> peek(std::string_view channel, std::size_t limit, std::uint64_t after = 0) const;
  // How many of them there are.
  std::uint64_t owed(std::string_view channel) const;
  Status settle(std::span<const Settlement> settlements);
  // One alert in place of several that are owed to its channel, with the number of the first of them and since when
  // that was owed. `numbers` ascend. When one of them is owed no more nothing changes, and that is an error.
  Status fold(std::span<const std::uint64_t> numbers, const Alert& into, Time now);
  // What a channel that no longer exists is owed becomes dead letters. Returns how many.
  Result<std::size_t> bury(std::string_view channel, std::string_view reason, Time now);
  // Empty channel: all. Oldest first within a channel.
  Result<std::vector<DeadLetter>> dead_letters(std::string_view channel, std::size_t limit) const;
  // Owed again, at the end of the line, with the same delivery id. Empty channel: all. Returns how many.
  Result<std::size_t> retry_dead(std::string_view channel, Time now);

  // -- look back
  Result<Page> mentions(const MentionQuery& query) const;
  Result<std::optional<Mention>> mention(std::string_view id) const;
  Result<std::optional<Trail>> trail(std::string_view id) const;
  // The id of the story that a mention belongs to: that of its first mention, or its own.
  Result<std::string> story_of(std::string_view id) const;
  // The mentions of a story after its first, by the time they were seen; about `limit`. Swept ones are left out.
  Result<std::vector<std::string>> members(std::string_view story, std::size_t limit) const;
  // The story that a mention belongs to, be it alone; nothing: its first mention was swept and nobody has joined it.
  Result<std::optional<Story>> story(std::string_view id) const;
  // A person says that two mentions tell the same news: the story of `other` becomes part of that of `into`.
  Status merge_stories(const std::string& into, const std::string& other, std::string_view by, Time now);
  // … or that this one tells other news than its story: it leaves, with what was merged under it; where it was the
  // first, the next one becomes the first of the others. Twice is as once. Both act on at most kStoryMentions.
  Status split_story(const std::string& id, std::string_view by, Time now);
  // Ids that begin so, in byte order: people type the first few characters.
  Result<std::vector<std::string>> ids(std::string_view prefix, std::size_t limit) const;
  // [first, last], by day, then name.
  Result<std::vector<DayCount>> counters(Day first, Day last) const;
  Stats stats() const;

  // -- upkeep
  // Drops what is older than it may be. Bounded: about `budget` records; call it every few minutes, and at once again
  // while `more`. Fingerprints go when the engine next rewrites their file, which costs nothing extra.
  Result<Swept> sweep(const Retention& retention, Time now, std::size_t budget = 2000);
  // Rewrites everything now and so gives back what was dropped to the disk: minutes for a large archive, at a quiet
  // hour.
  Status compact();
  // Why nothing can be written (disk full, I/O error); nothing: all is well. Reading goes on meanwhile.
  std::optional<Error> trouble() const;
  // Tries to write again after the trouble was mended. Needs room for what is only in the log so far: at most 64 MiB.
  Status resume();
  // A consistent copy in a folder that does not exist yet, while working. On the same file system it costs no space.
  Status backup(const std::filesystem::path& folder) const;

 private:
  explicit Store(std::unique_ptr<Engine> engine);
  std::unique_ptr<Engine> engine_;
};

}  // namespace earshot::store
