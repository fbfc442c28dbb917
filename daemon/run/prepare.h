// What a poll begins with: the source's state, an instance of its plugin, what it asks for, and how that is asked.
#pragma once

#include <memory>
#include <string>

#include "core/config/model.h"
#include "core/schedule/pacing.h"
#include "net/http.h"
#include "plugin/source.h"
#include "run/house.h"
#include "run/poll.h"
#include "store/source.h"

namespace earshot::run {

// Which private addresses this source may be at.
net::AddressPolicy address_policy(const config::Fetch& fetch, const config::Source& source);
// How its requests are made; refers to `policy`.
Manner manner(const config::Fetch& fetch, const config::Source& source, const net::AddressPolicy& policy);

struct Prepared {
  std::unique_ptr<host::SourceInstance> instance;
  store::SourceState state;
  schedule::State pace;
  host::Round first;
  std::string url;    // of the first request, if any
  std::string error;  // the source could not even begin
  bool streams = false;
  Time next_due{};        // after the last keep()
  std::size_t fresh = 0;  // new mentions that it kept
};

// On a worker. `instance` is that of the poll before, or null: one is made. What keeps the source from beginning stands
// in `error`; only a store that cannot be read fails.
Result<Prepared> prepare(const House& house, const config::Source& source,
                         std::unique_ptr<host::SourceInstance> instance);

}  // namespace earshot::run
