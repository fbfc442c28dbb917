// The desk: where decided mentions wait for company, for the end of the quiet, for the digest's hour or for the end of
// a limit's period, and leave as alerts when their time has come. Pure: the caller says what time it is, stores what
// changed and puts the alerts into the outbox, both in one act.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/config/model.h"
#include "core/mention/mention.h"
#include "core/route/arrival.h"
#include "core/route/bundle.h"
#include "core/route/claim.h"
#include "core/route/zone.h"
#include "core/time.h"

namespace earshot::route {

// An alert whose time has come.
struct Outgoing {
  AlertKind kind = AlertKind::mention;
  std::string delivery_id;
  std::string channel;
  Gathered mentions;
};

// A document that changed; no value: it is gone.
struct Change {
  std::string key;
  std::optional<std::string> value;
};

class Desk {
 public:
  // Refers to both. `routes`: as Router::routes() has them, with their keys.
  Desk(const std::vector<config::Route>& routes, const Zone& zone);

  // A stored document, after all claims; false: it is none of ours. What belongs to a route that is gone, or that no
  // longer gathers, is due at once, so that a new configuration loses nothing.
  bool restore(const std::string& key, std::string_view value);

  // `story`: the mention's story, empty when it is in none. The alert may be due at once: call tick() afterwards. Where
  // the channel is told of that story as a whole (by a route that groups by story), a mention of it that another route
  // sends there joins the story instead of going out by itself.
  void arrive(const Arrival& arrival, const Mention& mention, std::string_view story, Time now);
  // Somebody took this mention, and with it its story as it is and grows: what others would be told of it they are not.
  void claim(const Claim& claim);
  // What is due at `now` goes out; what nobody needs any more is forgotten.
  void tick(Time now);
  // When tick() has something to do next.
  std::optional<Time> next() const;

  // Since the last call, in order.
  std::vector<Outgoing> take_alerts() { return std::exchange(alerts_, {}); }
  std::vector<Change> take_changes();

  std::size_t size() const { return bundles_.size(); }

 private:
  struct Kept {
    Bundle bundle;
    Time wake{};
  };

  const config::Route& route(std::string_view key) const;
  Kept& open(Bundle::Kind kind, std::string_view route, std::string_view channel, std::string_view rest);
  void changed(const std::string& key, Kept& kept);
  void forget(const std::string& key);
  // Past `group`: quiet and digest, then the limit.
  void emit(AlertKind kind, std::string delivery_id, std::string_view route, const std::string& channel,
            const Gathered& mentions, Time now);
  void release(AlertKind kind, std::string delivery_id, std::string_view route, const std::string& channel,
               const Gathered& mentions, Time now);
  void send(AlertKind kind, std::string delivery_id, std::string_view route, const std::string& channel,
            const Gathered& mentions, Time now);
  void escalate(const std::string& key, Time now);
  bool lists_claimed(const Gathered& gathered) const;
  bool joins_its_story(const Arrival& arrival, const Gathered::One& one, bool claimed, const Mention& mention,
                       std::string_view story, Time now);
  void join(const config::Group& group, const std::string& key, const Gathered::One& one, bool claimed, Time arrived,
            Time now);
  void fire(const std::string& key, Time now);
  void fire_group(const std::string& key, Kept& kept, Time now);
  std::optional<Time> wake(const Bundle& bundle) const;

  const std::vector<config::Route>& routes_;
  const Zone& zone_;
  std::map<std::string, Kept> bundles_;
  std::set<std::pair<Time, std::string>> queue_;  // of their wake times
  std::set<std::string> dirty_;
  std::set<std::string, std::less<>> claimed_;  // mentions and stories
  std::vector<Outgoing> alerts_;
};

// What documents of the desk are stored under.
inline constexpr std::string_view kDeskPrefix = "route/desk/";

// Does an alert of this route have to pass the desk at `now`, or may it go out as it is? (Where
// Router::groups_stories() says so of its channel it has to, too.)
bool needs_desk(const config::Route& route, Severity severity, const Zone& zone, Time now);

}  // namespace earshot::route
