#include "run/actions.h"

#include <fmt/format.h>
#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <utility>

#include "common/text/utf8.h"
#include "core/route/claim.h"
#include "core/url/url.h"
#include "plugin/people_time.h"
#include "run/counted.h"
#include "run/letters.h"
#include "run/log.h"
#include "store/inbox.h"
#include "web/action_page.h"

namespace earshot::run {
namespace {

namespace asio = boost::asio;
using asio::awaitable;
using web::Act;

constexpr const char* kKeyNote = "web/key";
constexpr std::size_t kKeyBytes = 32;
constexpr std::size_t kLongestName = 240;  // bytes
constexpr std::string_view kCookie = "earshot_name=";

// Somebody's name as it may be shown: one line, no control characters, well-formed. Empty: there is none.
std::string name_in(std::string_view text) {
  std::string name;
  for (const char c : text.substr(0, kLongestName))
    if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F) name += c;
  name.resize(text::valid_prefix(name));
  const std::size_t first = name.find_first_not_of(' '), last = name.find_last_not_of(' ');
  return first == name.npos ? std::string() : name.substr(first, last - first + 1);
}

std::string cookie_name(std::string_view cookies) {
  const std::size_t at = cookies.find(kCookie);
  if (at == cookies.npos || (at > 0 && cookies[at - 1] != ' ' && cookies[at - 1] != ';')) return {};
  const std::string_view rest = cookies.substr(at + kCookie.size());
  return name_in(url::percent_decode(rest.substr(0, rest.find(';'))));
}

Act act_of(route::Claim::State state) {
  return state == route::Claim::State::taken  ? Act::take
         : state == route::Claim::State::done ? Act::done
                                              : Act::not_relevant;
}

route::Claim::State state_of(Act act) {
  using State = route::Claim::State;
  return act == Act::take ? State::taken : act == Act::done ? State::done : State::not_relevant;
}

// As a person reads it, in the team's zone.
std::string in_words(Time at, const std::string& zone, const std::string& language) {
  const auto when = host::PeopleTime::create(zone, language);
  return when ? (*when)(at) : rfc3339(at);
}

Result<std::optional<web::Seen>> look_at(const store::Store& store, const web::Ticket& ticket,
                                         const std::string& zone) {
  auto mention = store.mention(ticket.mention);
  if (!mention) return tl::unexpected(mention.error());
  if (!*mention) return std::optional<web::Seen>{};
  const Item& item = (*mention)->item;
  web::Seen seen;
  seen.title = item.title.empty() ? item.url : item.title;
  seen.url = item.url;
  seen.where = outlet_of(**mention);
  seen.when = in_words(item.published.value_or((*mention)->seen), zone, ticket.language);
  const auto stored = store.note(std::string(route::kClaimPrefix) + ticket.mention);
  if (!stored) return tl::unexpected(stored.error());
  if (const auto claim = *stored ? route::decode_claim(**stored) : std::nullopt)
    seen.claim = {act_of(claim->state), claim->by,
                  in_words(claim->ended.value_or(claim->taken), zone, ticket.language)};
  return std::optional{std::move(seen)};
}

}  // namespace

Actions::Actions(House& house, std::function<void()> asked) : house_(house), asked_(std::move(asked)) {}

awaitable<Status> Actions::start() {
  if (house_.config.server.public_url.empty()) co_return Status{};
  std::string key;
  auto read = [this, &key]() -> Status {
    const auto stored = house_.store.note(kKeyNote);
    if (!stored) return tl::unexpected(stored.error());
    if (*stored && (*stored)->size() == kKeyBytes) {
      key = **stored;
      return {};
    }
    std::string fresh(kKeyBytes, '\0');
    if (RAND_bytes(reinterpret_cast<unsigned char*>(fresh.data()), kKeyBytes) != 1) return fail("no randomness");
    const std::array notes{store::Note{kKeyNote, fresh}};
    key = std::move(fresh);
    return house_.store.enqueue({}, notes, house_.now());
  };
  const Status kept = co_await house_.workers.run(std::move(read));
  if (kept) key_ = std::move(key);
  co_return kept;
}

std::vector<std::pair<std::string, std::string>> Actions::buttons(const Alert& alert, const texts::Texts& texts) const {
  const bool about_one = alert.kind == AlertKind::mention || alert.kind == AlertKind::story ||
                         alert.kind == AlertKind::growth || alert.kind == AlertKind::escalation;
  if (key_.empty() || !about_one || alert.mentions.empty()) return {};
  const Time last = house_.now() + web::kTicketLife;
  const auto day = static_cast<std::uint32_t>(std::chrono::floor<std::chrono::days>(last).time_since_epoch().count());
  const auto link = [&](Act act) {
    const web::Ticket ticket{act, alert.mentions.front().id, texts.language(), day};
    return url::below(house_.config.server.public_url, "a/" + web::sign(ticket, key_));
  };
  const bool taken = !alert.standing.empty();
  return {{texts.say(taken ? "done" : "take"), link(taken ? Act::done : Act::take)},
          {texts.say("not_relevant"), link(Act::not_relevant)}};
}

awaitable<web::Answer> Actions::answer(web::Request request) {
  if (key_.empty()) co_return web::plain(404, "there is nothing here");
  web::Checked checked = web::check(request.path, key_, house_.now());
  if (checked.fault != web::TicketFault::none) co_return web::action_refused(checked.ticket, checked.fault);
  const Counted counted(busy_);
  web::Answer page = co_await show(std::move(checked.ticket), std::move(request));
  co_return page;
}

awaitable<web::Answer> Actions::show(web::Ticket ticket, web::Request request) {
  auto look = [&] { return look_at(house_.store, ticket, house_.config.timezone); };
  auto seen = co_await house_.workers.run(std::move(look));
  if (!seen) co_return web::plain(503, "the archive cannot be read at the moment");
  if (!*seen) co_return web::action_refused(ticket, web::TicketFault::expired);  // swept meanwhile
  std::string name = cookie_name(request.header("cookie"));
  if (request.method != "POST") co_return web::action_page(ticket, **seen, name);

  const web::Form form(request.body);
  const auto act = web::parse_act(form.get("do").value_or(""));
  name = name_in(form.get("by").value_or(""));
  if (!act || name.empty()) co_return web::action_page(ticket, **seen, name);
  const store::Letter letter = claim_letter(ticket.mention, state_of(*act), name);
  auto drop = [&] { return store::drop_letter(house_.store.folder(), letter); };
  if (const Status dropped = co_await house_.workers.run(std::move(drop)); !dropped) {
    log::error("web", {{"error", dropped.error().message}});
    co_return web::plain(503, "that could not be written down; please try again");
  }
  asked_();
  (*seen)->claim = {*act, name, in_words(house_.now(), house_.config.timezone, ticket.language)};
  web::Answer page = web::action_page(ticket, **seen, name);
  page.headers.emplace_back("Set-Cookie", fmt::format("{}{}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax", kCookie,
                                                      url::percent_encode(name)));
  co_return page;
}

}  // namespace earshot::run
