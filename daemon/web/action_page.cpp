#include "web/action_page.h"

#include <fmt/format.h>

#include <array>

#include "core/texts/texts.h"

namespace earshot::web {
namespace {

using texts::Texts;

const Texts& texts_of(const Ticket& ticket) { return *Texts::shipped(ticket.language); }

std::string label(const Texts& texts, Act act) {
  return texts.say(act == Act::take ? "take" : act == Act::done ? "done" : "not_relevant");
}

constexpr std::string_view kStyle =
    "body{font:17px/1.5 system-ui,sans-serif;max-width:34em;margin:8vh auto;padding:0 "
    "1em;color:#1a1a1a;background:#fff}"
    "h1{font-size:1.25em;line-height:1.3;margin:.2em 0}h1 a{color:inherit}.aside{color:#555;font-size:.9em}"
    ".state{border-left:4px solid #2a78d6;padding:.3em .8em;background:#f2f6fc;margin:1.2em 0}"
    "input,button{font:inherit;padding:.6em .9em;border-radius:6px;border:1px solid #999;margin:.3em .3em .3em 0}"
    "button{cursor:pointer;background:#fff}button.first{background:#1f5fae;border-color:#1f5fae;color:#fff}"
    "@media(prefers-color-scheme:dark){body{background:#16181b;color:#e8e8e8}.aside{color:#aaa}"
    ".state{background:#1d2733}input,button{background:#22262b;color:#e8e8e8;border-color:#555}a{color:#8ab8f0}}";

Answer html(unsigned status, std::string_view language, std::string_view title, std::string_view body) {
  Answer answer;
  answer.status = status;
  answer.type = "text/html; charset=utf-8";
  answer.body = fmt::format(
      "<!doctype html><html lang=\"{}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
      "content=\"width=device-width,initial-scale=1\"><meta name=\"robots\" content=\"noindex\"><title>{}</title>"
      "<style>{}</style></head><body>{}</body></html>\n",
      escape_html(language), escape_html(title), kStyle, body);
  answer.headers.emplace_back("Content-Security-Policy",
                              "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; "
                              "frame-ancestors 'none'");
  return answer;
}

std::string state_of(const Texts& texts, const Seen& seen) {
  if (!seen.claim) return escape_html(texts.say("page_nobody"));
  const std::string how = seen.claim->act == Act::take   ? "taken_by"
                          : seen.claim->act == Act::done ? "done_by"
                                                         : "not_relevant_by";
  return escape_html(texts.say(how, {{"who", seen.claim->by}})) + " <span class=\"aside\">" +
         escape_html(seen.claim->when) + "</span>";
}

// What the link was made for comes first; what has been said already is not offered again.
std::string buttons(const Texts& texts, const Ticket& ticket, const Seen& seen) {
  std::string out;
  const Act first = seen.claim && seen.claim->act == Act::take ? Act::done : ticket.act;
  std::array acts{first, Act::take, Act::done, Act::not_relevant};
  bool leads = true;
  for (std::size_t i = 0; i < acts.size(); ++i) {
    if (i > 0 && acts[i] == first) continue;
    if (seen.claim && seen.claim->act == acts[i] && acts[i] != Act::take) continue;
    out += fmt::format("<button{} name=\"do\" value=\"{}\">{}</button>", leads ? " class=\"first\"" : "",
                       to_string(acts[i]), escape_html(label(texts, acts[i])));
    leads = false;
  }
  return out;
}

bool web_link(std::string_view url) { return url.starts_with("https://") || url.starts_with("http://"); }

}  // namespace

Answer action_page(const Ticket& ticket, const Seen& seen, std::string_view name) {
  const Texts& texts = texts_of(ticket);
  const std::string title = escape_html(seen.title);
  return html(
      200, ticket.language, label(texts, ticket.act),
      fmt::format("<h1>{}</h1><p class=\"aside\">{}</p><p class=\"state\">{}</p>"
                  "<form method=\"post\"><label>{} <input name=\"by\" value=\"{}\" required maxlength=\"60\" "
                  "autocomplete=\"name\"></label><p>{}</p></form>",
                  web_link(seen.url)
                      ? fmt::format("<a href=\"{}\" rel=\"noreferrer\">{}</a>", escape_html(seen.url), title)
                      : title,
                  escape_html(seen.where.empty() ? seen.when : seen.where + " · " + seen.when), state_of(texts, seen),
                  escape_html(texts.say("page_your_name")), escape_html(name), buttons(texts, ticket, seen)));
}

Answer action_refused(const Ticket& ticket, TicketFault fault) {
  const Texts& texts = texts_of(ticket);
  const std::string why = texts.say(fault == TicketFault::expired ? "page_expired" : "page_forged");
  return html(fault == TicketFault::expired ? 410 : 404, ticket.language.empty() ? "en" : ticket.language, "Earshot",
              fmt::format("<p class=\"state\">{}</p>", escape_html(why)));
}

}  // namespace earshot::web
