// Between the words of the house and the bytes of the store (records.proto).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "store/commit.h"
#include "store/delivery.h"
#include "store/look_back.h"
#include "store/source.h"
#include "store/story.h"

namespace earshot::store::records {

// The value of a row of `sources`: the due time, then the record.
std::string write(const SourceState& state);
std::string write(const Mention& mention);
// Alert::mentions lose their bodies; Alert::channel and Delivery::number stand in the key.
std::string write(const Delivery& delivery);
std::string write(const DeadLetter& letter);
std::string write(const Arrived& arrived);  // number and time stand in the key
std::string write(const Sighting& sighting);
std::string write(const Kin& kin);
std::string write(const Revision& revision);
std::string write(const Story& story);

// Nothing: not what was written; the store is damaged.
std::optional<SourceState> read_source(std::string_view name, std::string_view value);
std::optional<Time> read_next_due(std::string_view value);
std::optional<Mention> read_mention(std::string_view value);
std::optional<Delivery> read_delivery(std::string_view channel, std::uint64_t number, std::string_view value);
std::optional<DeadLetter> read_dead(std::string_view channel, std::uint64_t number, std::string_view value);
std::optional<Time> read_died(std::string_view value);
std::optional<Arrived> read_arrived(std::string_view key, std::string_view value);
std::optional<Sighting> read_sighting(std::string_view value);
std::optional<Kin> read_kin(std::string_view value);
std::optional<Story> read_story(std::string_view value);  // without its id
std::optional<Revision> read_revision(std::string_view value);

}  // namespace earshot::store::records
