#include "common/source/person.h"

#include <algorithm>

#include "common/text/space.h"

namespace earshot::source {
namespace {

constexpr std::string_view parting = " \t\n,;<>()[]\"'";

// local@domain.tld
bool is_mail(std::string_view s) {
  const std::size_t at = s.find('@');
  return at != std::string_view::npos && at > 0 && at + 1 < s.size() && s.find('@', at + 1) == std::string_view::npos;
}

// Where a mail address stands, "mailto:" included; empty when there is none.
std::string_view find_mail(std::string_view s) {
  for (std::size_t from = 0; from < s.size();) {
    const std::size_t begin = s.find_first_not_of(parting, from);
    if (begin == std::string_view::npos) break;
    from = std::min(s.find_first_of(parting, begin), s.size());
    if (is_mail(s.substr(begin, from - begin))) return s.substr(begin, from - begin);
  }
  return {};
}

bool encloses(char open, char close) {
  return (open == '(' && close == ')') || (open == '<' && close == '>') || (open == '[' && close == ']') ||
         ((open == '"' || open == '\'') && close == open);
}

// Without what parted it from an address, and without brackets or quotes around all of it.
std::string_view bare(std::string_view s) {
  for (;;) {
    const std::size_t before = s.size();
    s = text::trim(s);
    while (!s.empty() && std::string_view(",;:-|").find(s.front()) != std::string_view::npos) s.remove_prefix(1);
    while (!s.empty() && std::string_view(",;:-|").find(s.back()) != std::string_view::npos) s.remove_suffix(1);
    if (s.size() >= 2 && encloses(s.front(), s.back())) s = s.substr(1, s.size() - 2);
    if (s.size() == before) return s;
  }
}

}  // namespace

std::string person_name(std::string_view text) {
  const std::string_view s = text::trim(text);
  std::string_view mail = find_mail(s);
  if (mail.empty()) return std::string(bare(s));
  // What is left when the address is taken out, with the brackets that were its own.
  std::string_view before = s.substr(0, static_cast<std::size_t>(mail.data() - s.data()));
  std::string_view after = s.substr(before.size() + mail.size());
  before = text::trim(before);
  after = text::trim(after);
  if (!before.empty() && !after.empty() && encloses(before.back(), after.front())) {
    before.remove_suffix(1);
    after.remove_prefix(1);
  }
  before = bare(before);
  after = bare(after);
  std::string name(before);
  if (!name.empty() && !after.empty()) name.push_back(' ');
  name.append(after);
  if (!name.empty()) return name;
  if (text::starts_with(mail, "mailto:")) mail.remove_prefix(7);
  return std::string(mail);
}

}  // namespace earshot::source
