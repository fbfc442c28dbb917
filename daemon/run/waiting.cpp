#include "run/waiting.h"

#include <string_view>
#include <utility>

#include "core/route/arrival.h"
#include "core/route/bundle.h"
#include "core/route/desk.h"

namespace earshot::run {
namespace {

constexpr std::size_t kDocuments = 100'000;

std::string_view word(route::Bundle::Kind kind) {
  switch (kind) {
    case route::Bundle::Kind::group: return "group";
    case route::Bundle::Kind::digest: return "digest";
    case route::Bundle::Kind::held: return "quiet";
    case route::Bundle::Kind::rollup: return "limit";
    case route::Bundle::Kind::escalation: return "escalation";
  }
  return {};
}

}  // namespace

Result<std::vector<Waiting>> waiting(const store::Store& store) {
  std::vector<Waiting> all;
  const auto arrived = store.notes(route::kArrivalPrefix, kDocuments);
  if (!arrived) return tl::unexpected(arrived.error());
  for (const store::Note& note : *arrived)
    if (auto arrival = route::decode_arrival(note.value.value_or("")))
      all.push_back({"desk",
                     std::move(arrival->route),
                     std::move(arrival->channel),
                     arrival->at,
                     1,
                     {std::move(arrival->mention)}});
  const auto documents = store.notes(route::kDeskPrefix, kDocuments);
  if (!documents) return tl::unexpected(documents.error());
  for (const store::Note& note : *documents) {
    auto bundle = route::decode_bundle(note.value.value_or(""));
    if (!bundle || bundle->gathered.total == 0) continue;
    Waiting one{std::string(word(bundle->kind)), std::move(bundle->route),
                std::move(bundle->channel),      bundle->due,
                bundle->gathered.total,          {}};
    for (route::Gathered::One& mention : bundle->gathered.listed) one.ids.push_back(std::move(mention.id));
    all.push_back(std::move(one));
  }
  return all;
}

}  // namespace earshot::run
