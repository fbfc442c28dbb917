// Another tool's words, phrases and fields in our spelling, and what is lost by it.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/query/accents.h"
#include "core/query/fold.h"
#include "core/query/import_dialect.h"
#include "core/query/tree.h"

namespace earshot::query {
namespace {

using F = ForeignField;

constexpr std::string_view kSpaces = " \t\r\n\v\f";

bool good(const std::string& query) { return parse(query).has_value(); }

// Whether our language reads it as one word, and not as an operator, a field, an expression or a topic.
bool is_word(const std::string& text) {
  const auto parsed = parse(text);
  return parsed && parsed->tree().root().kind == NodeKind::term && parsed->tree().root().style == Style::word;
}

std::vector<std::string> words_in(std::string_view text) {
  std::vector<std::string> out;
  for (std::size_t at = text.find_first_not_of(kSpaces); at != std::string_view::npos;) {
    const std::size_t end = std::min(text.find_first_of(kSpaces, at), text.size());
    out.emplace_back(text.substr(at, end - at));
    at = text.find_first_not_of(kSpaces, end);
  }
  return out;
}

class Terms {
 public:
  explicit Terms(const DialectRules& rules) : rules_(rules) {}

  // A word or phrase; nothing is left when the result is empty.
  std::string plain(const ForeignToken& t) {
    std::string text = t.text;
    if (t.exact) return checked(fmt::format("=\"{}\"", text), text);
    if (rules_.ranges_of_words && !t.phrase && range_of_words(text)) {
      lose("a range of numbers in the text has no counterpart and is left out");
      return {};
    }
    if (!rules_.wildcards) text = without_wildcards(text, t.phrase);
    told_accents(text);
    if (t.plus > 0 && rules_.plus == Plus::exact) return letter_for_letter(text, t.plus > 1);
    if (t.plus > 0 && rules_.plus == Plus::nothing)
      lose("a + has no meaning here, since every word must occur: it is left out");
    if (t.phrase) return phrase(text, t.number);
    if (text.starts_with('~')) {
      lose("synonyms (~) have no counterpart: the word alone is looked for");
      text.erase(0, 1);
    }
    return word(std::move(text));
  }

  std::string in_field(const ForeignField& field, const ForeignToken& t) {
    const std::string& text = t.text;
    switch (field.means) {
      case F::text:
      case F::all_text: {
        const std::string inner = plain(t);
        return inner.empty() ? inner : fmt::format("{}:{}", field.ours, inner);
      }
      case F::value: {
        std::string value = text.starts_with("*.") ? text.substr(2) : text;
        for (const std::string_view scheme : {"http://", "https://"})
          if (value.starts_with(scheme)) value.erase(0, scheme.size());
        while (value.ends_with('/')) value.pop_back();
        return known(fmt::format("{}:{}", field.ours, quoted(t, value)), t);
      }
      case F::author: return known(fmt::format("author:{}", quoted(t, text.substr(text.starts_with('@') ? 1 : 0))), t);
      case F::handle:
        if (rules_.name == "X") lose(fmt::format("replies to {} are looked for as texts that mention it", text));
        return known(fmt::format("{}{}", text.starts_with('@') ? "" : "@", text), t);
      case F::hashtag: return known(fmt::format("{}{}", text.starts_with('#') ? "" : "#", text), t);
      case F::raw: return letter_for_letter(text, true);
      case F::since: return known(fmt::format("published:>={}", date(text)), t);
      case F::until: return known(fmt::format("published:<{}", date(text)), t);
      case F::number: return number(field.ours, t);
    }
    return {};
  }

  std::string left_out(const ForeignToken& t) {
    lose(fmt::format("{}:{} has no counterpart and is left out", t.field, t.text));
    return {};
  }

  std::vector<std::string> take_losses() { return std::move(losses_); }

 private:
  void lose(std::string message) { losses_.push_back(std::move(message)); }

  std::string checked(std::string query, std::string_view theirs) {
    if (good(query)) return query;
    lose(fmt::format("there is nothing in {} to look for: it is left out", theirs));
    return {};
  }
  std::string known(const std::string& query, const ForeignToken& t) { return good(query) ? query : left_out(t); }

  static std::string quoted(const ForeignToken& t, const std::string& text) {
    return t.phrase || text.find_first_of(kSpaces) != std::string::npos ? fmt::format("\"{}\"", text) : text;
  }

  static bool range_of_words(std::string_view text) {
    const std::size_t dots = text.find("..");
    if (dots == std::string_view::npos) return false;
    const auto digit = [](char c) { return c >= '0' && c <= '9'; };
    return std::ranges::any_of(text.substr(0, dots), digit) || std::ranges::any_of(text.substr(dots), digit);
  }

  std::string without_wildcards(const std::string& text, bool phrase) {
    std::string out;
    bool lost = false;
    for (const std::string& one : words_in(text)) {
      std::string word = one;
      for (char& c : word)
        if (c == '?') c = '-';  // parts words as it did
      while (word.ends_with('-')) word.pop_back();
      if (!(phrase && word == "*") && std::erase(word, '*') > 0) lost = true;
      if (!word.empty()) out += out.empty() ? word : " " + word;
    }
    if (lost) lose(fmt::format("{} has no * for the rest of a word: it is left out", rules_.name));
    return out;
  }

  void told_accents(const std::string& text) {
    if (rules_.accents_told && has_accents(text))
      lose(fmt::format(
          "{} finds {} only with its accents, Earshot also without: say accents: keep in the topic for that",
          rules_.name, text));
  }

  std::string phrase(const std::string& text, int near) {
    if (near > 0) {
      const std::vector<std::string> words = words_in(text);
      if (words.size() > 2) lose("of more than two words each is looked for near the ones before it, in any order");
      std::string out;
      for (const std::string& one : words)
        if (const std::string made = word(one); !made.empty())
          out += fmt::format("{}{}", out.empty() ? std::string() : fmt::format(" NEAR/{} ", distance(near)), made);
      return words.size() > 1 ? fmt::format("({})", out) : out;
    }
    const std::vector<std::string> words = words_in(text);
    if (std::ranges::find(words, "*") == words.end()) return stars_inside(text);
    lose("a * for a whole word has no counterpart: the parts around it are looked for one word apart at most");
    std::string out, part;
    std::size_t parts = 0;
    const auto flush = [&] {
      if (part.empty()) return;
      out += fmt::format("{}\"{}\"", parts++ > 0 ? " ONEAR/1 " : "", part);
      part.clear();
    };
    for (const std::string& one : words) {
      if (one == "*")
        flush();
      else
        part += part.empty() ? one : " " + one;
    }
    flush();
    return checked(parts > 1 ? fmt::format("({})", out) : out, text);
  }

  // A phrase whose words may have a * that ours cannot.
  std::string stars_inside(const std::string& text) {
    const std::string as_it_is = fmt::format("\"{}\"", text);
    if (good(as_it_is) || text.find('*') == std::string::npos) return checked(as_it_is, text);
    std::string out;
    for (const std::string& one : words_in(text)) {
      std::string made = word(one);
      if (made.starts_with('"')) made = made.substr(1, made.size() - 2);
      if (!made.empty()) out += out.empty() ? made : " " + made;
    }
    return checked(fmt::format("\"{}\"", out), text);
  }

  // With its punctuation, if it has any; else with its case, if that counts.
  std::string letter_for_letter(const std::string& text, bool with_case) {
    const bool letters = std::ranges::all_of(text, [](char c) {
      return static_cast<unsigned char>(c) >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
             (c >= 'A' && c <= 'Z') || c == ' ' || c == '_';
    });
    if (letters) return checked(fmt::format("{}\"{}\"", with_case ? "=" : "", text), text);
    if (with_case) lose(fmt::format("{} is looked for with its punctuation, but in any case", text));
    return checked(fmt::format("`{}`", text), text);
  }

  std::string word(std::string text) {
    if (text.starts_with('*') && text.find_first_not_of('*') != std::string::npos) {
      lose("a * at the beginning of a word has no counterpart: it is left out");
      text.erase(0, text.find_first_not_of('*'));
    }
    const std::size_t star = text.find('*');
    if (star != std::string::npos && text.find_first_not_of('*', star) != std::string::npos) {
      lose(fmt::format("a * inside a word has no counterpart: {}* is looked for", text.substr(0, star)));
      text.erase(star + 1);
    }
    if (is_word(text)) return text;
    if (text.ends_with('*') && text.find_first_not_of('*') != std::string::npos) {
      text.erase(text.find('*'));
      lose(fmt::format("a * needs 3 letters before it: {} alone is looked for", text));
      if (is_word(text)) return text;
    }
    if (text.find('"') == std::string::npos && good(fmt::format("\"{}\"", text))) return fmt::format("\"{}\"", text);
    lose(fmt::format("there is nothing in {} to look for: it is left out", text));
    return {};
  }

  // 2026, 2026-1-5 and 2026/01/05 as we write them.
  static std::string date(std::string text) {
    std::ranges::replace(text, '/', '-');
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = std::min(text.find('-', at), text.size());
      out += fmt::format("{}{}{}", out.empty() ? "" : "-", end - at == 1 ? "0" : "", text.substr(at, end - at));
      at = end + 1;
    }
    return out.size() == 4 ? out + "-01-01" : out;
  }

  std::string number(std::string_view ours, const ForeignToken& t) {
    std::string_view n = t.text;
    std::string_view low, high;
    const std::string_view between = n.starts_with('[') ? " TO " : "..";
    if (n.starts_with('[') && n.ends_with(']')) n = n.substr(1, n.size() - 2);
    if (const std::size_t to = n.find(between); to != std::string_view::npos) {
      low = n.substr(0, to);
      high = n.substr(to + between.size());
      if (low == "*") return known(fmt::format("{}:<={}", ours, high), t);
      if (high == "*") return known(fmt::format("{}:>={}", ours, low), t);
      return known(fmt::format("({}:>={} {}:<={})", ours, low, ours, high), t);
    }
    for (const char* op : {">=", "<=", ">", "<", "="})
      if (n.starts_with(op)) return known(fmt::format("{}:{}", ours, n), t);
    return known(fmt::format("{}:>={}", ours, n), t);
  }

  static int distance(int n) { return std::min(n, static_cast<int>(kMaxDistance)); }

  const DialectRules& rules_;
  std::vector<std::string> losses_;
};

}  // namespace

Converted convert(const DialectRules& rules, const ForeignToken& t) {
  Terms terms(rules);
  Converted out;
  const ForeignField* field = field_of(rules, t.field);
  out.query = t.field.empty() ? terms.plain(t) : field != nullptr ? terms.in_field(*field, t) : terms.left_out(t);
  out.losses = terms.take_losses();
  if (t.boost) out.losses.emplace_back("^ is about what is shown first, not about what is found: it is left out");
  return out;
}

}  // namespace earshot::query
