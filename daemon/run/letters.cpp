#include "run/letters.h"

#include <fmt/format.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include "run/clock.h"

namespace earshot::run {
namespace {

namespace json = boost::json;

store::Letter letter(std::string name, const json::object& text) { return {std::move(name), json::serialize(text)}; }

}  // namespace

store::Letter silence_letter(const route::Silence& silence) {
  return letter(silence.id, {{"do", "silence"}, {"silence", json::parse(route::encode(silence))}});
}

store::Letter end_silence_letter(const std::string& id) {
  return letter("end-" + id, {{"do", "end silence"}, {"id", id}});
}

store::Letter split_letter(const std::string& mention, const std::string& by) {
  return letter("split-" + mention, {{"do", "split"}, {"mention", mention}, {"by", by}});
}

store::Letter merge_letter(const std::string& into, const std::string& other, const std::string& by) {
  return letter(fmt::format("merge-{}-{}", into, other),
                {{"do", "merge"}, {"into", into}, {"other", other}, {"by", by}});
}

store::Letter claim_letter(const std::string& mention, route::Claim::State state, const std::string& by) {
  return letter("claim-" + mention,
                {{"do", "claim"}, {"mention", mention}, {"state", route::to_string(state)}, {"by", by}});
}

store::Letter backup_letter(const std::filesystem::path& to) {
  return letter(fmt::format("backup-{:08x}", static_cast<std::uint32_t>(random_bits())),
                {{"do", "backup"}, {"to", to.string()}});
}

}  // namespace earshot::run
