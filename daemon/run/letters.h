// What people ask of the store while the daemon holds it, as letters for its inbox; run/wish carries them out.
//   {"do":"silence","silence":{…}}            {"do":"end silence","id":"s-…"}
//   {"do":"split","mention":ID,"by":NAME}     {"do":"merge","into":ID,"other":ID,"by":NAME}
//   {"do":"claim","mention":ID,"state":"claimed"|"done"|"not relevant","by":NAME}
//   {"do":"backup","to":FOLDER}
#pragma once

#include <filesystem>
#include <string>

#include "core/route/claim.h"
#include "core/route/silence.h"
#include "store/inbox.h"

namespace earshot::run {

store::Letter silence_letter(const route::Silence& silence);
store::Letter end_silence_letter(const std::string& id);
// Mentions by their ids.
store::Letter split_letter(const std::string& mention, const std::string& by);
store::Letter merge_letter(const std::string& into, const std::string& other, const std::string& by);
store::Letter claim_letter(const std::string& mention, route::Claim::State state, const std::string& by);
// `to`: absolute, and not there yet.
store::Letter backup_letter(const std::filesystem::path& to);

}  // namespace earshot::run
