#include "run/account.h"

#include <algorithm>
#include <array>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <utility>

namespace earshot::run {
namespace {

namespace json = boost::json;
using Fate = Verdict::Fate;

constexpr std::array<std::pair<Fate, std::string_view>, 5> kFates{{{Fate::sent, "sent"},
                                                                   {Fate::waits, "waits"},
                                                                   {Fate::dropped, "dropped"},
                                                                   {Fate::silenced, "silenced"},
                                                                   {Fate::before, "before"}}};

}  // namespace

std::string_view to_string(Fate fate) {
  const auto* at = std::ranges::find(kFates, fate, [](const auto& pair) { return pair.first; });
  return at == kFates.end() ? std::string_view{} : at->second;
}

std::string encode(const std::vector<Verdict>& account) {
  json::array all;
  for (const Verdict& verdict : account) {
    json::object one{{"route", verdict.route},
                     {"channel", verdict.channel},
                     {"reason", verdict.reason},
                     {"fate", to_string(verdict.fate)}};
    if (!verdict.detail.empty()) one["detail"] = verdict.detail;
    all.push_back(std::move(one));
  }
  return json::serialize(all);
}

std::vector<Verdict> decode_account(std::string_view bytes) {
  std::vector<Verdict> account;
  boost::system::error_code bad;
  const json::value value = json::parse(bytes, bad);
  if (bad || !value.is_array()) return account;
  for (const json::value& entry : value.get_array()) {
    const json::object* one = entry.if_object();
    if (!one) continue;
    const auto text = [&](std::string_view key) {
      const json::value* found = one->if_contains(key);
      return found && found->is_string() ? std::string(found->get_string()) : std::string{};
    };
    const std::string word = text("fate");
    const auto* fate = std::ranges::find(kFates, std::string_view(word), [](const auto& pair) { return pair.second; });
    if (fate == kFates.end()) continue;
    account.push_back({text("route"), text("channel"), text("reason"), fate->first, text("detail")});
  }
  return account;
}

}  // namespace earshot::run
