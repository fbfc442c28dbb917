// What an alert has to do with what was told before it: the message of its channel that it belongs below, who has taken
// what it tells, and which messages are shown anew when somebody does. All on a worker.
#pragma once

#include <string>
#include <vector>

#include "core/mention/mention.h"
#include "core/result.h"
#include "core/route/claim.h"
#include "core/texts/texts.h"
#include "store/store.h"

namespace earshot::run {

// Adds the mention as it is stored, without its bodies; one that was swept is left out.
Status list(Alert& alert, const std::string& mention, const store::Store& store);

// Sets the alert's story, thread and standing as they are now, the latter in the channel's words; and the
// figures of its story where it takes the place of a message that had them.
Status bring_up_to_date(Alert& alert, const store::Store& store, const texts::Texts& texts);

// The messages that told of the claimed mention, or told its story first, and can be replaced: each once more, to be
// put into the outbox with the claim. Digests, roll-ups and reports stay as they are: they are lists. A message that is
// just on its way when the claim is made is not among them.
Result<std::vector<Alert>> shown_anew(const store::Store& store, const route::Claim& claim, Time now);

}  // namespace earshot::run
