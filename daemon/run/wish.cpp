#include "run/wish.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <system_error>
#include <utility>

#include "core/route/silence.h"
#include "run/follow_up.h"

namespace earshot::run {
namespace {

constexpr std::size_t kClaims = 1'000'000;  // that may be stored

namespace json = boost::json;

constexpr std::size_t kName = 100;  // characters of whoever asks

class Reading {
 public:
  Reading(const store::Store& store, const json::object& from, Time now) : store_(store), from_(from), now_(now) {}

  Result<Wish> wish() const {
    const std::string what = text("do");
    if (what == "silence") return silence();
    if (what == "end silence") return end_silence();
    if (what == "split") return split();
    if (what == "merge") return merge();
    if (what == "claim") return claim();
    if (what == "backup") return backup();
    return fail("it asks for nothing that this Earshot knows");
  }

 private:
  std::string text(std::string_view key) const {
    const json::value* found = from_.if_contains(key);
    return found && found->is_string() ? std::string(found->get_string()) : std::string{};
  }
  std::string by() const { return text("by").substr(0, kName); }

  Result<Mention> mention(std::string_view key) const {
    auto found = store_.mention(text(key));
    if (!found) return tl::unexpected(found.error());
    if (!*found) return fail(fmt::format("there is no mention \"{}\"", text(key)));
    return std::move(**found);
  }

  Result<Wish> silence() const {
    const json::value* what = from_.if_contains("silence");
    auto silence = what ? route::decode_silence(json::serialize(*what)) : std::nullopt;
    if (!silence) return fail("it describes no silence");
    Wish wish;
    wish.notes.push_back({std::string(route::kSilencePrefix) + silence->id, route::encode(*silence)});
    return wish;
  }

  Result<Wish> end_silence() const {
    const std::string key = std::string(route::kSilencePrefix) + text("id");
    const auto stored = store_.note(key);
    if (!stored) return tl::unexpected(stored.error());
    auto silence = *stored ? route::decode_silence(**stored) : std::nullopt;
    if (!silence) return fail(fmt::format("there is no silence \"{}\"", text("id")));
    silence->until = std::min(silence->until, now_);
    Wish wish;
    wish.notes.push_back({key, route::encode(*silence)});
    return wish;
  }

  Result<Wish> split() const {
    if (const auto there = mention("mention"); !there) return tl::unexpected(there.error());
    Wish wish;
    wish.by = by();
    wish.split = Wish::Split{text("mention")};
    return wish;
  }

  Result<Wish> merge() const {
    for (const char* key : {"into", "other"})
      if (const auto there = mention(key); !there) return tl::unexpected(there.error());
    Wish wish;
    wish.by = by();
    wish.merge = Wish::Merge{text("into"), text("other")};
    return wish;
  }

  Result<Wish> backup() const {
    Wish wish;
    wish.backup = text("to");
    if (!wish.backup->is_absolute()) return fail("a backup needs an absolute path");
    std::error_code error;
    if (std::filesystem::exists(*wish.backup, error))
      return fail(fmt::format("{} is there already; a backup makes a folder of its own", wish.backup->string()));
    return wish;
  }

  Result<Wish> claim() const {
    const auto there = mention("mention");
    if (!there) return tl::unexpected(there.error());
    auto story = store_.story_of(there->id);
    if (!story) return tl::unexpected(story.error());
    const std::string key = std::string(route::kClaimPrefix) + there->id;
    const auto stored = store_.note(key);
    if (!stored) return tl::unexpected(stored.error());
    route::Claim claim;
    if (*stored)
      if (auto before = route::decode_claim(**stored)) claim = std::move(*before);
    claim.mention = there->id;
    claim.story = std::move(*story);
    claim.by = by();
    if (claim.taken == Time{}) claim.taken = now_;
    claim.topics.clear();
    for (const TopicMatch& match : there->matches) claim.topics.push_back(match.topic);
    const std::string state = text("state");
    if (state == "claimed") {
      claim.state = route::Claim::State::taken;
      claim.ended.reset();
    } else if (state == "done" || state == "not relevant") {
      claim.state = state == "done" ? route::Claim::State::done : route::Claim::State::not_relevant;
      claim.ended = now_;
    } else {
      return fail(fmt::format("\"{}\" is no state of a claim", state));
    }
    Wish wish;
    wish.notes.push_back({key, route::encode(claim)});
    wish.claim = std::move(claim);
    return wish;
  }

  const store::Store& store_;
  const json::object& from_;
  Time now_;
};

}  // namespace

Result<Wish> read_letter(const store::Store& store, const store::Letter& letter, Time now) {
  boost::system::error_code bad;
  const json::value value = json::parse(letter.text, bad);
  const json::object* from = bad ? nullptr : value.if_object();
  if (!from) return fail("it is no JSON object");
  return Reading(store, *from, now).wish();
}

Status grant(store::Store& store, const Wish& wish, Time now) {
  if (wish.split)
    if (Status done = store.split_story(wish.split->mention, wish.by, now); !done) return done;
  if (wish.merge)
    if (Status done = store.merge_stories(wish.merge->into, wish.merge->other, wish.by, now); !done) return done;
  if (wish.backup)
    if (Status done = store.backup(*wish.backup); !done) return done;
  if (wish.notes.empty()) return {};
  auto anew = wish.claim ? shown_anew(store, *wish.claim, now) : Result<std::vector<Alert>>{};
  if (!anew) return tl::unexpected(anew.error());
  return store.enqueue(*anew, wish.notes, now);
}

Result<std::vector<route::Claim>> read_claims(const store::Store& store) {
  const auto notes = store.notes(route::kClaimPrefix, kClaims);
  if (!notes) return tl::unexpected(notes.error());
  std::vector<route::Claim> claims;
  for (const store::Note& note : *notes)
    if (auto claim = route::decode_claim(note.value.value_or(std::string{}))) claims.push_back(std::move(*claim));
  return claims;
}

Result<std::size_t> forget_claims(store::Store& store, Time now) {
  const auto claims = store.notes(route::kClaimPrefix, kClaims);
  if (!claims) return tl::unexpected(claims.error());
  std::vector<store::Note> gone;
  for (const store::Note& note : *claims) {
    const auto mention = store.mention(note.key.substr(route::kClaimPrefix.size()));
    if (!mention) return tl::unexpected(mention.error());
    if (!*mention) gone.push_back({note.key, std::nullopt});
  }
  if (!gone.empty())
    if (const Status put = store.enqueue({}, gone, now); !put) return tl::unexpected(put.error());
  return gone.size();
}

}  // namespace earshot::run
