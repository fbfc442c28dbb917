#include "common/source/person.h"

#include "common/text/space.h"

namespace earshot::source {
namespace {

// local@domain.tld, without blanks.
bool is_mail(std::string_view s) {
  const std::size_t at = s.find('@');
  return at != std::string_view::npos && at > 0 && at + 1 < s.size() &&
         s.find_first_of(" \t,;<>()") == std::string_view::npos && s.find('@', at + 1) == std::string_view::npos;
}

std::string_view unquoted(std::string_view s) {
  s = text::trim(s);
  if (s.size() >= 2 && (s.front() == '"' || s.front() == '\'') && s.back() == s.front())
    s = text::trim(s.substr(1, s.size() - 2));
  return s;
}

// What stands between an opening and a closing sign, and what stands around it.
bool split(std::string_view s, char open, char close, std::string_view& outside, std::string_view& inside) {
  const std::size_t from = s.find(open);
  if (from == std::string_view::npos) return false;
  const std::size_t to = s.find(close, from);
  inside = text::trim(s.substr(from + 1, to == std::string_view::npos ? to : to - from - 1));
  outside = text::trim(s.substr(0, from));
  if (outside.empty() && to != std::string_view::npos) outside = text::trim(s.substr(to + 1));
  return true;
}

}  // namespace

std::string person_name(std::string_view text) {
  std::string_view s = text::trim(text);
  if (text::starts_with(s, "mailto:")) s.remove_prefix(7);
  std::string_view outside, inside;
  if (split(s, '<', '>', outside, inside) && (is_mail(inside) || text::starts_with(inside, "mailto:"))) {
    outside = unquoted(outside);
    return std::string(outside.empty() ? inside : outside);
  }
  if (split(s, '(', ')', outside, inside)) {
    const std::string_view mail = text::starts_with(outside, "mailto:") ? outside.substr(7) : outside;
    if (is_mail(mail)) return std::string(inside.empty() ? mail : unquoted(inside));
    if (is_mail(inside)) return std::string(outside.empty() ? inside : unquoted(outside));
  }
  // "mail Name" and "Name mail"
  const std::size_t gap = s.find(' ');
  if (gap != std::string_view::npos) {
    if (is_mail(s.substr(0, gap))) return std::string(unquoted(s.substr(gap + 1)));
    const std::size_t last = s.rfind(' ');
    if (is_mail(s.substr(last + 1))) return std::string(unquoted(s.substr(0, last)));
  }
  return std::string(unquoted(s));
}

}  // namespace earshot::source
