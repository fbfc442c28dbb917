// Foreign text as an enemy writes it, and texts that strain limits.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "driver.h"

namespace earshot::test {

// Who would take the text for something else: everybody (terminals, readers), what gives a meaning to @, to <…>, or
// to Markdown.
enum class Markup { any, at, angle, markdown };

struct Attack {
  std::string_view name;
  std::string text;
  std::vector<std::string> never;  // what must not stand in anything that is parsed over there
  Markup markup = Markup::at;
};

std::vector<Attack> attacks();

// The text in every place that comes from outside: title, snippet, author, source, site, URL, labels, counts, and in
// the texts that only look like the daemon's own: who has taken it is a name that somebody typed.
void put_everywhere(const std::string& text, TestAlert& alert);

// A terminal's, a reader's or nobody's: C0 but \n, DEL, C1, bidi controls, U+FFFE and kin. (U+200B is our own.)
bool has_harmful_character(const std::string& text);
// An @ that a letter, digit, * or _ follows.
bool has_live_at(const std::string& text);

// One cluster or character each, repeated until it hurts.
std::vector<std::pair<std::string_view, std::string>> fillers();
void make_huge(const std::string& piece, TestAlert& alert);
// The family emoji of fillers() cut in its middle: ends with a joiner, or with a lone one before the ellipsis.
bool ends_inside_a_family(const std::string& text);

// An ellipsis right after an unfinished "&amp;".
bool cuts_an_entity(const std::string& text);

std::vector<std::string> nonsense_answers();

}  // namespace earshot::test
