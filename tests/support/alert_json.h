// An alert written by hand as JSON, for the cases of the sinks. Times are RFC 3339; everything may be left out:
//   {"kind": "mention", "severity": "high", "delivery_id": "d1", "channel": "pr", "headline", "text", "created",
//    "total": 1, "story", "actions": {"Open": "https://…"},
//    "mentions": [{"id", "source", "site", "url", "title", "snippet", "author", "language", "published", "seen",
//                  "severity", "hits": [[4, 8]], "title_hits": [[0, 4]], "topics": ["brand"],
//                  "labels": {"team": "pr"}, "engagement": {"likes": 3}}]}
#pragma once

#include <boost/json/fwd.hpp>

#include "core/mention/mention.h"
#include "core/result.h"

namespace earshot::test {

// A member that is unknown or of a wrong type is an error that names it: a case must not test less than it seems to.
Result<Alert> alert_from_json(const boost::json::value& value);

}  // namespace earshot::test
