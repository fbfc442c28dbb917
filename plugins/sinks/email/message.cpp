#include "message.h"

#include <earshot/plugin.hpp>

#include "common/sink/dress.h"
#include "common/sink/escape.h"
#include "common/sink/layout.h"
#include "common/sink/unicode.h"

namespace earshot {
namespace {

using sink::Card;
using sink::Form;
using sink::Line;

// Gmail shows 102 KB of a message and hides the rest; the frame around each line takes its part.
constexpr std::size_t kHtmlRoom = 48'000, kTextRoom = 24'000;
// Phones show 30 to 40 characters of a subject, desktops about 70.
constexpr std::size_t kSubject = 120, kSubjectBytes = 600;

void html(char32_t before, char32_t c, std::string& out) {
  switch (c) {  // the same as sink::escape::html, without breaking @: nobody is called by name in mail
    case U'@': out += '@'; break;
    case U'\'': out += "&#39;"; break;
    default: sink::escape::html(before, c, out);
  }
}

void link_behind(std::string_view text, std::string_view url, std::string& out) {
  out.append(text).append(" <").append(url).append(">");  // RFC 3986, appendix C
}

const sink::Syntax kHtml{sink::Unit::bytes, html, sink::dress::html_bold, sink::dress::html_link, "", "", "", "\n"};
const sink::Syntax kText{sink::Unit::bytes, sink::escape::none, sink::dress::plain, link_behind};

std::string escaped(std::string_view text) { return sink::render({{std::string(text), false, {}}}, kHtml); }

// Inline styles: mail programs throw style sheets away. Colours that can be read on white and on black.
void append_lines(const std::vector<Line>& lines, std::string& out) {
  bool in_list = false;
  for (const Line& line : lines) {
    if (line.spans.empty()) continue;
    const bool bullet = line.form == Form::bullet;
    if (bullet != in_list) out += bullet ? "<ul style=\"margin:8px 0;padding-left:20px\">\n" : "</ul>\n";
    in_list = bullet;
    const std::string text = sink::render(line.spans, kHtml);
    if (text.empty()) continue;
    switch (line.form) {
      case Form::bullet: out += "<li style=\"margin:6px 0\">" + text + "</li>\n"; break;
      case Form::quote:
        out += "<blockquote style=\"margin:8px 0;padding:2px 12px;border-left:3px solid #8A94A6\">" + text +
               "</blockquote>\n";
        break;
      case Form::aside: out += "<p style=\"margin:4px 0;font-size:14px;color:#6B7280\">" + text + "</p>\n"; break;
      default: out += "<p style=\"margin:8px 0\">" + text + "</p>\n"; break;
    }
  }
  if (in_list) out += "</ul>\n";
}

std::string html_of(const Card& card, std::string_view subject) {
  const std::string colour = sink::hex_colour(card.severity);
  std::string out = "<html lang=\"";
  out += card.language;
  out +=
      "\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
      "<meta name=\"color-scheme\" content=\"light dark\"><title>";
  out += escaped(subject);
  out +=
      "</title></head>\n<body style=\"margin:0;padding:16px;font:16px/1.45 -apple-system,'Segoe UI',Roboto,Helvetica,"
      "Arial,sans-serif\">\n<div style=\"max-width:640px;border-left:4px solid ";
  out += colour + ";padding-left:14px\">\n<p style=\"margin:0 0 6px;font-size:14px;font-weight:600\">";
  out += escaped(card.status) + "</p>\n";
  if (!card.headline.empty())
    out += "<h1 style=\"margin:6px 0;font-size:20px;line-height:1.3\">" + escaped(card.headline) + "</h1>\n";
  if (card.lead) {
    sink::Spans title = sink::fit(card.entries.front().title, 6'000, kHtml);
    out += "<h1 style=\"margin:6px 0;font-size:20px;line-height:1.3\">" + sink::render(title, kHtml) + "</h1>\n";
  }
  append_lines(sink::layout(card, kHtml, kHtmlRoom, sink::part::details | sink::part::body), out);
  if (!card.buttons.empty()) out += "<p style=\"margin:16px 0 0\">\n";
  for (const sink::Button& button : card.buttons) {
    std::string label;
    sink::dress::html_link(escaped(button.label), button.url, label);
    // Room for a thumb, and the look of a button where styles are kept.
    label.insert(2, " style=\"display:inline-block;margin:0 8px 8px 0;padding:10px 16px;border:1px solid " + colour +
                        ";border-radius:6px;text-decoration:none\"");
    out += label + "\n";
  }
  if (!card.buttons.empty()) out += "</p>\n";
  return out + "</div>\n</body></html>\n";
}

std::string plain(const sink::Spans& spans) {
  std::string out;
  for (const sink::Span& s : spans) out += s.text;
  return out;
}

// What the list of messages shows: how bad, and what it is.
std::string subject_of(const Card& card, const std::string& prefix) {
  std::string out = prefix.empty() ? std::string() : prefix + " ";
  const std::string mark = std::string(sink::mark(card.severity)) + " ";
  if (card.lead)
    out += mark + plain(card.entries.front().title);
  else
    out += card.headline.empty() ? card.status : mark + card.headline;
  return sink::truncate(sink::truncate(out, kSubject, sink::Unit::graphemes), kSubjectBytes, sink::Unit::bytes);
}

// Letters, digits and hyphens of a name, for an id.
std::string label_of(std::string_view name) {
  std::string out;
  for (const char c : name) {
    const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    const bool fine = (lower >= 'a' && lower <= 'z') || (lower >= '0' && lower <= '9');
    if (fine)
      out += lower;
    else if (!out.empty() && out.back() != '-')
      out += '-';
  }
  while (out.ends_with('-')) out.pop_back();
  return out.empty() ? "channel" : out.substr(0, 60);
}

std::string shown(const mime::Mailbox& box) {
  const std::string name = mime::phrase(box.name);
  return name.empty() ? box.address : name + " <" + box.address + ">";
}

std::string head_of(const earshot_alert& alert, const Card& card, const Letterhead& head, std::string_view subject) {
  const std::string domain(head.from.domain());
  std::string to;
  for (const mime::Mailbox& box : head.to) to += (to.empty() ? "" : ", ") + shown(box);
  std::string out;
  if (const std::string date = mime::date(alert.created); !date.empty()) out += mime::header("Date", date);
  out += mime::header("From", shown(head.from));
  out += mime::header("To", to);
  out += mime::text_header("Subject", subject);
  out += mime::header("Message-ID", "<" + label_of(plugin::view(alert.delivery_id)) + ".earshot@" + domain + ">");
  if (alert.story.len > 0) {
    const std::string thread = "<story-" + label_of(plugin::view(alert.story)) + ".earshot@" + domain + ">";
    out += mime::header("In-Reply-To", thread);
    out += mime::header("References", thread);
  }
  const std::string_view channel = plugin::view(alert.channel);
  const std::string name = mime::phrase(sink::truncate(sink::clean_line(channel), 60, sink::Unit::bytes));
  out +=
      mime::header("List-Id", (name.empty() ? "" : name + " ") + "<" + label_of(channel) + ".earshot." + domain + ">");
  out += mime::header("Auto-Submitted", "auto-generated");  // RFC 3834: answering machines keep quiet
  out += mime::header("X-Auto-Response-Suppress", "All");   // the same for Exchange
  out += mime::header("Precedence", "bulk");
  if (card.severity >= EARSHOT_SEVERITY_HIGH) out += mime::header("Importance", "high");
  if (card.severity == EARSHOT_SEVERITY_LOW) out += mime::header("Importance", "low");
  return out;
}

}  // namespace

std::string message(const earshot_alert& given, const Letterhead& head) {
  const auto alert = plugin::read(&given);
  const Card card = sink::compose(alert);
  const std::string subject = subject_of(card, head.prefix);
  // "=_" stands in neither quoted-printable nor base64 (RFC 2045 §6.7), so no text can end its part.
  const std::string boundary = "=_earshot_alternative";
  std::string out = head_of(alert, card, head, subject);
  out += mime::header("MIME-Version", "1.0");
  out += mime::header("Content-Type", "multipart/alternative; boundary=\"" + boundary + "\"");
  out += "\r\n--" + boundary + "\r\n";
  out += mime::part("text/plain", sink::render(sink::layout(card, kText, kTextRoom), kText) + "\n");
  out += "--" + boundary + "\r\n";
  out += mime::part("text/html", html_of(card, subject));
  return out + "--" + boundary + "--\r\n";
}

}  // namespace earshot
