// The contracts themselves, one function a sink in contracts_*.cpp, and what they are written with.
#pragma once

#include <map>
#include <string>

#include "contract.h"

namespace earshot::test {

Contract console_contract();
Contract webhook_contract();
Contract cloudevents_contract();
Contract slack_contract();
Contract slack_bot_contract();
Contract discord_contract();
Contract mattermost_contract();
Contract mattermost_bot_contract();
Contract teams_contract();
Contract googlechat_contract();
Contract rocketchat_contract();
Contract rocketchat_bot_contract();
Contract zulip_contract();
Contract matrix_contract();
Contract telegram_contract();
Contract ntfy_contract();
Contract email_contract();

inline std::map<std::string, Contract> contracts() {
  return {{"console", console_contract()},
          {"webhook", webhook_contract()},
          {"cloudevents", cloudevents_contract()},
          {"slack", slack_contract()},
          {"slack_bot", slack_bot_contract()},
          {"discord", discord_contract()},
          {"mattermost", mattermost_contract()},
          {"mattermost_bot", mattermost_bot_contract()},
          {"teams", teams_contract()},
          {"zulip", zulip_contract()},
          {"googlechat", googlechat_contract()},
          {"rocketchat", rocketchat_contract()},
          {"rocketchat_bot", rocketchat_bot_contract()},
          {"matrix", matrix_contract()},
          {"telegram", telegram_contract()},
          {"ntfy", ntfy_contract()},
          {"email", email_contract()}};
}

// `what` when `is` exceeds `limit`.
inline void at_most(std::size_t is, std::size_t limit, const std::string& what, std::vector<std::string>& broken) {
  if (is > limit) broken.push_back(what + ": " + std::to_string(is) + " > " + std::to_string(limit));
}

}  // namespace earshot::test
