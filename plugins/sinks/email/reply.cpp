#include "reply.h"

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>

#include "common/sink/clean.h"
#include "common/sink/settings.h"
#include "common/sink/unicode.h"

namespace earshot {
namespace {

namespace json = boost::json;

constexpr std::int64_t kGreylisting = 300'000;  // ms: most greylists open after five minutes
constexpr std::int64_t kLongestAsked = 3'600'000;
constexpr std::size_t kMostKept = 100;  // recipients; more cannot be

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return out;
}

std::vector<std::string> strings(const json::object& from, std::string_view key) {
  std::vector<std::string> out;
  if (const json::value* list = from.if_contains(key); list && list->is_array())
    for (const json::value& v : list->get_array())
      if (v.is_string() && out.size() < kMostKept) out.emplace_back(v.get_string());
  return out;
}

struct Refused {
  std::uint32_t code = 0;
  std::string address, words;  // as they came
};

// "550 a@example.com 5.1.1 no such user".
std::vector<Refused> refused_of(const plugin::Response& response) {
  std::vector<Refused> out;
  for (const earshot_pair& header : response.headers) {
    if (plugin::view(header.name) != "refused" || out.size() >= kMostKept) continue;
    std::string_view value = plugin::view(header.value);
    Refused one;
    std::from_chars(value.data(), value.data() + value.size(), one.code);
    value.remove_prefix(std::min(value.size(), value.find(' ') + 1));
    const std::size_t space = std::min(value.find(' '), value.size());
    one.address = value.substr(0, space);
    one.words = value.substr(std::min(space + 1, value.size()));
    out.push_back(std::move(one));
  }
  return out;
}

std::string said(const sink::Answer& answer, const Refused& one) {
  return sink::truncate(
      sink::clean_line(answer.secrets.redact(one.address + ": " + std::to_string(one.code) + " " + one.words)), 160,
      sink::Unit::graphemes);
}

std::string joined(const std::vector<std::string>& lines) {
  std::string out;
  for (const std::string& line : lines) {
    if (out.size() > 900) return out + "; …";
    out += (out.empty() ? "" : "; ") + line;
  }
  return out;
}

// How long a 4xx asks for; 0: the host's own back-off.
std::int64_t patience(std::uint32_t code, std::string_view words) {
  if (const std::int64_t asked = asked_wait(words)) return asked;
  const std::string text = lower(words);
  const bool grey = text.find("greylist") != std::string::npos || text.find("graylist") != std::string::npos ||
                    text.find("postgrey") != std::string::npos;
  return grey || (code == 450 && text.find("4.7.1") != std::string::npos) ? kGreylisting : 0;
}

plugin::Outcome accepted(const sink::Answer& answer, Progress progress) {
  std::vector<std::string> later;
  std::int64_t wait = 0;
  for (const earshot_pair& header : answer.response.headers)
    if (plugin::view(header.name) == "taken") progress.done.emplace_back(plugin::view(header.value));
  for (const Refused& one : refused_of(answer.response)) {
    if (one.code / 100 == 5) {
      progress.done.push_back(one.address);
      progress.refused.push_back(said(answer, one));
    } else {
      later.push_back(said(answer, one));
      wait = std::max(wait, patience(one.code, one.words));
    }
  }
  if (!later.empty()) {
    plugin::Outcome out = sink::retry(answer, "some recipients have it; to be tried again: " + joined(later), wait);
    out.state = progress.write();
    return out;
  }
  std::string id;
  if (const std::size_t at = lower(answer.response.body).find("queued as "); at != std::string::npos) {
    const std::string_view rest = answer.response.body.substr(at + 10);
    id = sink::clean_line(rest.substr(0, std::min<std::size_t>(rest.find_first_of(" ;,)>"), 64)));
  }
  plugin::Outcome out = sink::delivered(answer, std::move(id));
  if (!progress.refused.empty()) out.reason = "recipients that were refused: " + joined(progress.refused);
  return out;
}

// 5xx before any text of the alert was sent: the settings are to be mended.
plugin::Outcome refused_settings(const sink::Answer& answer, std::string_view step) {
  const std::uint32_t code = answer.response.status;
  if (step == "auth")
    return sink::gone_if_confirmed(answer,
                                   "it does not accept user and password; renew them in the channel's settings");
  if (step == "rcpt") {
    std::vector<std::string> all;
    for (const Refused& one : refused_of(answer.response)) all.push_back(said(answer, one));
    return sink::gone_if_confirmed(answer, "it takes mail for no recipient; check \"to\" in the channel's settings" +
                                               (all.empty() ? std::string() : ": " + joined(all)));
  }
  if (code == 530)
    return sink::gone_if_confirmed(answer, "it wants a user and password; add them to the channel's settings");
  if (step == "mail" && code != 552)
    return sink::gone_if_confirmed(answer, "it does not accept the sender; check \"from\" in the channel's settings");
  if (step == "greeting" || step == "starttls" || step == "ehlo")
    return sink::gone_if_confirmed(answer,
                                   "it takes no mail from here; check server and port in the channel's settings");
  return sink::rejected(
      answer, code == 552 ? "the alert is too large for it, or the mailbox is full" : "it does not take this alert");
}

}  // namespace

Progress Progress::read(std::string_view state) {
  Progress out;
  const json::object kept = sink::object_of(state);
  out.done = strings(kept, "done");
  out.refused = strings(kept, "refused");
  return out;
}

std::string Progress::write() const {
  json::array done_list, refused_list;
  for (const std::string& s : done) done_list.emplace_back(s);
  for (const std::string& s : refused) refused_list.emplace_back(s);
  return json::serialize(json::object{{"done", std::move(done_list)}, {"refused", std::move(refused_list)}});
}

bool Progress::is_done(std::string_view address) const { return std::ranges::find(done, address) != done.end(); }

plugin::Outcome judge(const sink::Answer& answer, Progress progress) {
  const std::uint32_t code = answer.response.status;
  const std::string_view step = answer.response.header("step").value_or("");
  if (code / 100 == 2) return accepted(answer, std::move(progress));
  if (code / 100 == 5) return refused_settings(answer, step);
  plugin::Outcome out = sink::retry(answer, code == 421 ? "it is busy or being restarted" : "not now",
                                    patience(code, answer.response.body));
  if (!progress.done.empty()) out.state = progress.write();
  return out;
}

std::int64_t asked_wait(std::string_view words) {
  const std::string text = lower(words);
  for (std::size_t at = 0; (at = text.find("in ", at)) != std::string::npos; at += 3) {
    if (at > 0 && text[at - 1] != ' ') continue;
    std::int64_t n = 0;
    const char* const begin = text.data() + at + 3;
    const auto [end, error] = std::from_chars(begin, text.data() + text.size(), n);
    if (error != std::errc{} || end == begin || n <= 0 || n > 86'400) continue;
    std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
    while (unit.starts_with(' ')) unit.remove_prefix(1);
    if (unit.starts_with("sec") || unit.starts_with("s ") || unit == "s") return std::min(n * 1000, kLongestAsked);
    if (unit.starts_with("min")) return std::min(n * 60'000, kLongestAsked);
  }
  return 0;
}

}  // namespace earshot
