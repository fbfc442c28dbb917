#include "support/query/reference.h"

#include <re2/re2.h>
#include <unicode/brkiter.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/utext.h>

#include <algorithm>
#include <memory>

#include "core/query/dictionary.h"
#include "core/query/exact.h"
#include "core/query/fold.h"
#include "core/query/values.h"

namespace earshot::query::reference {
namespace {

bool regional(char32_t c) { return c >= 0x1F1E6 && c <= 0x1F1FF; }

std::string utf8(const std::vector<Char>& chars, std::size_t from, std::size_t to) {
  std::string out;
  for (std::size_t i = from; i < to; ++i) {
    char bytes[4];
    out.append(bytes, static_cast<std::size_t>(encode(chars[i].cp, bytes)));
  }
  return out;
}

std::vector<Char> characters(std::string_view text, bool pattern) {
  std::vector<Char> out;
  std::vector<char32_t> segment;
  std::uint32_t start = 0, end = 0;
  const auto flush = [&] {
    if (segment.empty()) return;
    char32_t folded[kMaxFolded];
    const int n = fold_segment(segment.data(), static_cast<int>(std::min<std::size_t>(segment.size(), 32)), folded);
    for (int i = 0; i < n; ++i)
      if (const Class kind = char_info(folded[i]).kind(); kind != Class::ignored)
        out.push_back({folded[i], kind, start, end});
    segment.clear();
  };
  for (std::uint32_t i = 0; i < text.size();) {
    const Decoded d = decode(text, i);
    const std::uint32_t next = i + d.length;
    const CharInfo info = d.cp == kIllFormed ? CharInfo{} : char_info(d.cp);
    if (d.cp == kIllFormed) {
      flush();
      out.push_back({0xFFFD, Class::separator, i, next});
    } else if (pattern && (d.cp == kAnyChar || d.cp == kAnyRest)) {
      flush();
      out.push_back({d.cp, Class::extend, i, next});
    } else if (info.has(CharInfo::kJoins)) {
      if (segment.empty()) start = i;
      segment.push_back(d.cp);
      end = next;
    } else if (info.kind() == Class::ignored) {
      // Stands between nothing.
    } else if (info.kind() == Class::emoji) {
      flush();
      std::vector<char32_t> parts{d.cp};
      std::uint32_t at = next;
      while (at < text.size()) {
        const Decoded e = decode(text, at);
        if (e.cp == 0xFE0F || e.cp == 0xFE0E || (e.cp >= 0x1F3FB && e.cp <= 0x1F3FF)) {
        } else if (parts.size() == 1 && regional(parts[0]) && regional(e.cp)) {
          parts.push_back(e.cp);
        } else if (e.cp >= 0xE0020 && e.cp <= 0xE007F && parts.size() < 11) {
          parts.push_back(e.cp);
        } else if (e.cp == 0x200D && at + e.length < text.size() && parts.size() < 10) {
          const Decoded joined = decode(text, at + e.length);
          if (joined.cp == kIllFormed || char_info(joined.cp).kind() != Class::emoji) break;
          parts.push_back(e.cp);
          parts.push_back(joined.cp);
          at += joined.length;
        } else {
          break;
        }
        at += e.length;
      }
      for (std::size_t p = 0; p < parts.size(); ++p) out.push_back({parts[p], Class::emoji, i, at, p == 0});
      i = at;
      continue;
    } else if (info.kind() == Class::separator && !info.has(CharInfo::kMany)) {
      flush();
      out.push_back({info.has(CharInfo::kSpace) ? U' ' : info.cp(), Class::separator, i, next});
    } else {
      flush();
      segment = {d.cp};
      start = i;
      end = next;
    }
    i = next;
  }
  flush();
  return out;
}

// Whether `c` begins a word of its own rather than going on with the one that ends in `before`.
bool begins_word(const Word& word, const Char& c) {
  if (c.kind == Class::extend) return false;
  if (c.kind == Class::emoji) return c.first_of_emoji || word.kind != Class::emoji;
  if (c.kind != word.kind || c.kind == Class::unit) return true;
  return c.kind == Class::cluster && cluster_begins(word.chars.back().cp, c.cp);
}

bool wildcard(const Char& c) { return c.cp == char32_t{kAnyChar} || c.cp == char32_t{kAnyRest}; }

// A wildcard that begins a word is of the kind of what stands after it.
Class kind_after_wildcards(const std::vector<Char>& chars, std::size_t i) {
  while (i < chars.size() && wildcard(chars[i])) ++i;
  if (i == chars.size() || chars[i].kind == Class::separator || chars[i].kind == Class::extend ||
      chars[i].kind == Class::emoji)
    return Class::word;
  return chars[i].kind;
}

std::vector<Word> words_of(const std::vector<Char>& chars) {
  std::vector<Word> out;
  std::vector<Char> gap;  // what stands between
  bool open = false;
  for (std::size_t i = 0; i < chars.size(); ++i) {
    const Char& c = chars[i];
    if (c.kind == Class::separator) {
      if (open) gap.clear();
      open = false;
      gap.push_back(c);
      continue;
    }
    if (open && !begins_word(out.back(), c)) {
      out.back().chars.push_back(c);
      continue;
    }
    Word word;
    word.kind = c.kind == Class::extend ? Class::word : c.kind;
    if (wildcard(c)) word.kind = kind_after_wildcards(chars, i);
    word.chars = {c};
    if (open) {
      word.glued = (c.kind == Class::unit || c.kind == Class::cluster) && out.back().kind == c.kind;
    } else if (!gap.empty()) {
      const char32_t last = gap.back().cp;
      const bool blank =
          std::ranges::all_of(gap, [](const Char& g) { return g.cp == ' ' || (g.cp >= 9 && g.cp <= 13); });
      if (!out.empty() && blank && out.back().kind == Class::unit && c.kind == Class::unit) word.glued = true;
      const bool marked = last == '#' || last == '@' || last == '$';
      if (marked && (out.empty() || gap.size() > 1 || out.back().kind != Class::word))
        word.mark = static_cast<char>(last);
      if (last == '\'' && gap.size() == 1 && !out.empty()) word.mark = '\'';
      if (word.glued) word.mark = ' ';
    }
    out.push_back(std::move(word));
    gap.clear();
    open = true;
  }
  return out;
}

// A run of words with nothing between: the characters of a text, or a piece of a pattern without separators.
struct Run {
  std::vector<Char> chars;
  std::vector<std::size_t> word;  // of each character
};

Run run_from(const std::vector<Word>& words, std::size_t at) {
  Run out;
  for (std::size_t w = at; w < words.size() && words[w].field == words[at].field; ++w) {
    if (w > at && !words[w].glued) break;
    for (const Char& c : words[w].chars) {
      out.chars.push_back(c);
      out.word.push_back(w);
    }
  }
  return out;
}

bool spaceless(Class kind) { return kind == Class::unit || kind == Class::cluster; }

bool ends_spaceless(const std::vector<Char>& pattern) {
  for (std::size_t i = pattern.size() - 1; i-- > 0;)
    if (pattern[i].kind != Class::extend) return spaceless(pattern[i].kind);
  return false;
}

// How many characters of the text the piece of a pattern takes, or -1. `words` is the text's.
int take(const std::vector<Char>& pattern, const Run& text, const std::vector<Word>& words) {
  std::size_t at = 0;
  for (const Char& p : pattern) {
    if (p.cp == static_cast<char32_t>(kAnyRest)) {
      if (at == 0 || !spaceless(words[text.word[at - 1]].kind)) at = text.chars.size();
    } else if (at == text.chars.size()) {
      return -1;
    } else if (p.cp == static_cast<char32_t>(kAnyChar)) {
      do ++at;  // a letter and the marks on it
      while (at < text.chars.size() && text.chars[at].kind == Class::extend);
    } else if (text.chars[at++].cp != p.cp) {
      return -1;
    }
  }
  // It ends where a word ends, or before a Korean particle.
  if (at == text.chars.size() || (at > 0 && text.word[at] != text.word[at - 1])) return static_cast<int>(at);
  const bool korean = at > 0 && text.chars[at - 1].kind == Class::hangul;
  return korean && is_josa(utf8(text.chars, at, text.chars.size())) ? static_cast<int>(at) : -1;
}

// Letters with their accents, folded in case and width; a space for what stands between words.
std::u32string with_accents(std::string_view text) {
  UErrorCode status = U_ZERO_ERROR;
  const auto folded = icu::Normalizer2::getNFKCCasefoldInstance(status)->normalize(
      icu::UnicodeString::fromUTF8({text.data(), static_cast<std::int32_t>(text.size())}), status);
  std::u32string out;
  for (std::int32_t i = 0; i < folded.length(); i = folded.moveIndex32(i, 1)) {
    const UChar32 u = folded.char32At(i);
    const auto c = static_cast<char32_t>(u);
    const Class kind = char_info(c).kind();
    if (c == char32_t{kAnyChar} || c == char32_t{kAnyRest})
      out += c;
    else if (kind == Class::separator || kind == Class::emoji)
      out.append(out.empty() ? 0 : 1, U' ');
    else if (c == 0x131)
      out += U'i';
    else if (c == 0x307 && !out.empty() && out.back() == U'i')
      continue;
    else if (u_charType(u) == U_DECIMAL_DIGIT_NUMBER)
      out += static_cast<char32_t>('0' + u_charDigitValue(u));
    else if (kind != Class::ignored)
      out += c;
  }
  return out;
}

// Whether the text that the folded term was found in has the term's accents too.
bool fits(std::u32string_view term, std::u32string_view text) {
  const auto kind = [&] { return char_info(text[0]).kind(); };
  bool after_spaceless = false;
  while (!term.empty()) {
    const char32_t want = term[0];
    if (want == U' ') {
      while (!text.empty() && kind() == Class::hangul) text.remove_prefix(1);  // a particle
    } else if (want == char32_t{kAnyRest}) {
      while (!after_spaceless && !text.empty() && text[0] != U' ') text.remove_prefix(1);
    } else {
      while (!text.empty() && text[0] == U' ') text.remove_prefix(1);
      if (text.empty() || (want != char32_t{kAnyChar} && want != text[0])) return false;
      after_spaceless = spaceless(kind());
      text.remove_prefix(1);
      if (want == char32_t{kAnyChar})
        while (!text.empty() && kind() == Class::extend) text.remove_prefix(1);
    }
    term.remove_prefix(1);
  }
  return text.find_first_not_of(U' ') == text.npos;
}

bool in_word(Class kind) {
  return kind == Class::word || kind == Class::katakana || kind == Class::hangul || kind == Class::extend;
}

}  // namespace

Text read(std::string_view text, bool pattern) {
  Text out;
  out.chars = characters(text, pattern);
  out.words = words_of(out.chars);
  return out;
}

Reader::Reader(const Document& document, bool fold_accents)
    : document_(document),
      fold_accents_(fold_accents),
      texts_{document.title, document.summary, document.content, document.author, document.url} {
  std::int64_t ordinal = 0;
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<icu::BreakIterator> breaks(
      icu::BreakIterator::createSentenceInstance(icu::Locale::getRoot(), status));
  for (int f = 0; f < field::count; ++f) {
    Text text = read(texts_[f]);
    chars_[f] = std::move(text.chars);
    UText* source = utext_openUTF8(nullptr, texts_[f].data(), static_cast<std::int64_t>(texts_[f].size()), &status);
    breaks->setText(source, status);
    ++sentences_;
    std::int32_t until = breaks->next();
    ordinal += 1'000;
    for (Word& word : text.words) {
      word.field = f;
      ordinal += word.mark == '\'' ? 0 : 1;
      word.ordinal = ordinal;
      while (until != icu::BreakIterator::DONE && word.chars[0].start >= static_cast<std::uint32_t>(until)) {
        until = breaks->next();
        ++sentences_;
      }
      word.sentence = sentences_;
      words_.push_back(std::move(word));
    }
    utext_close(source);
  }
  ++sentences_;
}

std::vector<Place> Reader::words(const Node& n) const {
  const std::vector<Word> pattern = read(wildcards(n.text, n.style), true).words;
  std::vector<Place> out;
  if (pattern.empty()) return out;
  // In pieces: what a separator, or another kind of script, parts.
  std::vector<std::vector<Char>> pieces;
  std::vector<char> marks;
  for (std::size_t i = 0; i < pattern.size(); ++i)
    if (i == 0 || !pattern[i].glued) {
      pieces.push_back(run_from(pattern, i).chars);
      marks.push_back(pattern[i].mark);
    }
  // A * after a character of a script without spaces has nothing to stand for.
  std::vector<Char>& tail = pieces.back();
  while (tail.size() > 1 && tail.back().cp == static_cast<char32_t>(kAnyRest) && ends_spaceless(tail)) tail.pop_back();
  const bool known = pieces.size() == 1 && marks[0] == ' ' && Dictionary::knows(utf8(pieces[0], 0, pieces[0].size()));
  for (std::size_t at = 0; at < words_.size(); ++at) {
    std::size_t word = at, last = at;
    std::uint32_t end = 0;
    bool stands = true;
    for (std::size_t k = 0; k < pieces.size() && stands; ++k) {
      const bool marked = marks[k] == '#' || marks[k] == '@' || marks[k] == '$';
      stands = word < words_.size() && words_[word].field == words_[at].field && (k == 0 || !words_[word].glued) &&
               (!marked || words_[word].mark == marks[k]);
      if (!stands) break;
      const Run run = run_from(words_, word);
      const int used = take(pieces[k], run, words_);
      stands = used > 0;
      if (!stands) break;
      last = run.word[static_cast<std::size_t>(used) - 1];
      end = run.chars[static_cast<std::size_t>(used) - 1].end;
      word = last + 1;
    }
    if (!stands) continue;
    const Place place{words_[at].field, words_[at].chars[0].start, end, static_cast<std::int64_t>(at),
                      static_cast<std::int64_t>(last)};
    if (n.style == Style::exact &&
        exact_form(texts_[place.field].substr(place.start, place.end - place.start)) != exact_form(n.text))
      continue;
    if (n.style != Style::exact && !fold_accents_ &&
        !fits(with_accents(wildcards(n.text, n.style)),
              with_accents(texts_[place.field].substr(place.start, place.end - place.start))))
      continue;
    if (known && !stands_as_word(at, last + 1 - at)) continue;
    out.push_back(place);
  }
  return out;
}

// Whether the words from `at` on are a word to the dictionary, in the run of characters they stand in.
bool Reader::stands_as_word(std::size_t at, std::size_t n) const {
  std::size_t from = at, to = at + n;
  while (from > 0 && words_[from].glued) --from;
  while (to < words_.size() && words_[to].glued && words_[to].field == words_[at].field) ++to;
  std::string run;
  std::size_t start = 0, end = 0;
  for (std::size_t i = from; i < to; ++i) {
    if (i == at) start = run.size();
    run += utf8(words_[i].chars, 0, words_[i].chars.size());
    if (i + 1 == at + n) end = run.size();
  }
  return Dictionary().allows(run, start, end);
}

Place Reader::raw(int f, std::uint32_t start, std::uint32_t end) const {
  std::int64_t first = -1, last = -1, before = -1, any = -1;
  for (std::size_t i = 0; i < words_.size(); ++i) {
    if (words_[i].field > f) break;
    if (words_[i].field < f) {
      before = static_cast<std::int64_t>(i);
      continue;
    }
    const auto w = static_cast<std::int64_t>(i);
    if (any < 0) any = w;
    if (words_[i].chars[0].start <= start) first = w;
    if (words_[i].chars[0].start < end) last = w;
  }
  if (any < 0) return {f, start, end, std::max<std::int64_t>(before, 0), std::max<std::int64_t>(before, 0)};
  if (first < 0) first = any;
  if (last < 0) last = any;
  return {f, start, end, first, std::max(first, last)};
}

std::vector<Place> Reader::literal(const Node& n) const {
  const auto collapse = [](const std::vector<Char>& chars) {
    std::vector<Char> out;
    for (const Char& c : chars) {
      Char made = c;
      const bool blank = c.kind == Class::separator && (c.cp == ' ' || (c.cp >= 9 && c.cp <= 13));
      if (!blank && c.kind == Class::separator && c.cp < 32) continue;
      if (blank) made.cp = ' ';
      if (blank && (out.empty() || out.back().cp == ' ')) continue;
      out.push_back(made);
    }
    return out;
  };
  std::vector<Char> pattern = collapse(characters(n.text, false));
  while (!pattern.empty() && pattern.back().cp == ' ') pattern.pop_back();
  std::vector<Place> out;
  if (pattern.empty()) return out;
  for (int f = 0; f < field::count; ++f) {
    const std::vector<Char> text = collapse(chars_[f]);
    for (std::size_t at = 0; at + pattern.size() <= text.size(); ++at) {
      if (!std::equal(pattern.begin(), pattern.end(), text.begin() + static_cast<std::ptrdiff_t>(at),
                      [](const Char& a, const Char& b) { return a.cp == b.cp; }))
        continue;
      const Char& first = text[at];
      const Char& last = text[at + pattern.size() - 1];
      if (first.kind == Class::extend && at > 0) continue;
      const auto one = [&](std::size_t i) { return i > 0 && i < text.size() && text[i - 1].start == text[i].start; };
      if (one(at) || one(at + pattern.size())) continue;  // not a part of what is one character
      if (at > 0) {
        const Char& before = text[at - 1];
        if (first.kind == Class::separator && in_word(before.kind)) continue;
        if (in_word(first.kind) && (before.kind == first.kind || before.kind == Class::extend)) continue;
        if (first.kind == Class::cluster && (before.kind == Class::cluster || before.kind == Class::extend) &&
            !cluster_begins(before.cp, first.cp))
          continue;
      }
      if (at + pattern.size() < text.size()) {
        const Char& after = text[at + pattern.size()];
        if (after.kind == Class::extend) continue;
        if (in_word(last.kind) && (after.kind == last.kind || (last.kind == Class::extend && in_word(after.kind))))
          continue;
        if (last.kind == Class::cluster && after.kind == Class::cluster && !cluster_begins(last.cp, after.cp)) continue;
      }
      if (!fold_accents_ &&
          !fits(with_accents(n.text), with_accents(texts_[f].substr(first.start, last.end - first.start))))
        continue;
      out.push_back(raw(f, first.start, last.end));
      at += pattern.size() - 1;
    }
  }
  return out;
}

std::vector<Place> Reader::regex(const Node& n) const {
  std::vector<Place> out;
  const re2::RE2 regex(n.text, regex_options(n.count == 1));
  for (int f = 0; f < field::count; ++f) {
    re2::StringPiece match;
    for (std::size_t at = 0; at < texts_[f].size();) {
      if (!regex.Match({texts_[f].data(), texts_[f].size()}, at, texts_[f].size(), re2::RE2::UNANCHORED, &match, 1))
        break;
      const auto start = static_cast<std::size_t>(match.data() - texts_[f].data());
      if (!match.empty())
        out.push_back(raw(f, static_cast<std::uint32_t>(start), static_cast<std::uint32_t>(start + match.size())));
      at = start + std::max<std::size_t>(match.size(), 1);
    }
  }
  return out;
}

std::vector<Place> Reader::term(const Node& n) const {
  if (n.kind == NodeKind::regex) return regex(n);
  return n.style == Style::literal ? literal(n) : words(n);
}

std::vector<Place> Reader::find(const Tree& tree, const Node& n, Scope scope) const {
  std::vector<Place> out;
  const auto add = [&](const Place& place) {
    const auto same = [&](const Place& p) {
      return p.field == place.field && p.start == place.start && p.end == place.end;
    };
    if (std::ranges::none_of(out, same)) out.push_back(place);
  };
  switch (n.kind) {
    case NodeKind::term:
    case NodeKind::regex:
      for (const Place& p : term(n)) {
        if (((1 << p.field) & scope.mask) == 0) continue;
        if (scope.sentence >= 0 &&
            (words_.empty() || words_[static_cast<std::size_t>(p.first)].sentence != scope.sentence ||
             words_[static_cast<std::size_t>(p.last)].sentence != scope.sentence))
          continue;
        add(p);
      }
      break;
    case NodeKind::any:
      for (const std::uint32_t child : n.children)
        for (const Place& p : find(tree, tree.nodes[child], scope)) add(p);
      break;
    case NodeKind::field: return find(tree, tree.nodes[n.children[0]], {n.mask, scope.sentence});
    case NodeKind::near: {
      const auto left = find(tree, tree.nodes[n.children[0]], scope),
                 right = find(tree, tree.nodes[n.children[1]], scope);
      const auto ordinal = [&](std::int64_t w) { return words_[static_cast<std::size_t>(w)].ordinal; };
      const auto before = [&](const Place& a, const Place& b) {
        return a.last < b.first && ordinal(b.first) <= ordinal(a.last) + n.count + 1;
      };
      for (const Place& a : left)
        for (const Place& b : right)
          if (before(a, b) || (!n.ordered && before(b, a))) {
            add(a);
            add(b);
          }
      break;
    }
    default: break;
  }
  return out;
}

Truth Reader::node(const Tree& tree, const Node& n, Scope scope) const {
  const auto child = [&](std::size_t i) { return node(tree, tree.nodes[n.children[i]], scope); };
  const auto truth = [](bool b) { return b ? Truth::yes : Truth::no; };
  switch (n.kind) {
    case NodeKind::all: {
      Truth out = Truth::yes;
      for (std::size_t i = 0; i < n.children.size(); ++i) out = std::min(out, child(i));
      return out;
    }
    case NodeKind::any: {
      Truth out = Truth::no;
      for (std::size_t i = 0; i < n.children.size(); ++i) out = std::max(out, child(i));
      return out;
    }
    case NodeKind::negate: return static_cast<Truth>(2 - static_cast<int>(child(0)));
    case NodeKind::field: return node(tree, tree.nodes[n.children[0]], {n.mask, scope.sentence});
    case NodeKind::term:
    case NodeKind::regex:
    case NodeKind::near: return truth(!find(tree, n, scope).empty());
    case NodeKind::at_least: return truth(find(tree, tree.nodes[n.children[0]], scope).size() >= n.count);
    case NodeKind::sentence:
      for (int s = 1; s <= sentences_; ++s)
        if (node(tree, tree.nodes[n.children[0]], {scope.mask, s}) == Truth::yes) return Truth::yes;
      return Truth::no;
    case NodeKind::value: {
      std::string wanted = n.text;
      if (n.value_field == ValueField::tag && wanted.starts_with('#')) wanted.erase(0, 1);
      return truth(value_holds(n.value_field, fold_value(wanted), document_));
    }
    case NodeKind::number:
      for (const Number& number : document_.engagement)
        if (number.name == n.text) return truth(compare_holds(n.compare, number.value, n.number));
      return Truth::unknown;
    case NodeKind::time:
      if (n.time_field == TimeField::within)
        return truth(to_ms(document_.published.value_or(document_.seen)) >= to_ms(document_.now) - n.low);
      if (n.time_field == TimeField::seen) return truth(time_holds(n.compare, to_ms(document_.seen), n.low, n.high));
      if (!document_.published) return Truth::unknown;
      return truth(time_holds(n.compare, to_ms(*document_.published), n.low, n.high));
    case NodeKind::topic: break;
  }
  return Truth::no;
}

Truth Reader::evaluate(const Tree& tree) const { return node(tree, tree.root(), {field::text, -1}); }

std::vector<Place> Reader::places(const Tree& tree) const { return find(tree, tree.root(), {field::text, -1}); }

}  // namespace earshot::query::reference
