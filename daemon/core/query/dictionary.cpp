#include "core/query/dictionary.h"

#include <unicode/brkiter.h>
#include <unicode/ubrk.h>
#include <unicode/unistr.h>

#include "core/query/chars.h"

namespace earshot::query {
namespace {

std::unique_ptr<icu::BreakIterator> word_breaks() {
  UErrorCode status = U_ZERO_ERROR;
  return std::unique_ptr<icu::BreakIterator>(icu::BreakIterator::createWordInstance(icu::Locale::getRoot(), status));
}

// The dictionary has Thai and Lao AM as one letter, which folding takes apart.
bool takes_am(char32_t before, char32_t c) {
  return (before == 0xE4D && c == 0xE32) || (before == 0xECD && c == 0xEB2);
}

struct Run {
  icu::UnicodeString text;
  std::int32_t start = 0, end = 0;  // of the term in it
};

Run run_of(std::string_view text, std::size_t from, std::size_t start, std::size_t end, std::size_t to) {
  Run run;
  char32_t before = 0;
  for (std::size_t i = from; i < to;) {
    if (i == start) run.start = run.text.length();
    const Decoded d = decode(text, i);
    if (takes_am(before, d.cp)) {
      run.text.truncate(run.text.length() - 1);
      run.text.append(static_cast<UChar32>(d.cp + 1));
    } else {
      run.text.append(static_cast<UChar32>(d.cp));
    }
    before = d.cp;
    i += d.length;
    if (i == end) run.end = run.text.length();
  }
  return run;
}

bool spaceless(Class kind) { return kind == Class::unit || kind == Class::cluster; }

}  // namespace

Dictionary::Dictionary() = default;
Dictionary::~Dictionary() = default;
Dictionary::Dictionary(Dictionary&&) noexcept = default;
Dictionary& Dictionary::operator=(Dictionary&&) noexcept = default;

bool Dictionary::knows(std::string_view pattern) {
  std::size_t characters = 0;
  for (std::size_t i = 0; i < pattern.size(); ++characters) {
    if (static_cast<unsigned char>(pattern[i]) < 0x80) return false;
    const Decoded d = decode(pattern, i);
    const Class kind = char_info(d.cp).kind();
    if (!spaceless(kind) && !(kind == Class::extend && i > 0)) return false;
    i += d.length;
  }
  if (characters < 2) return false;
  const Run run = run_of(pattern, 0, 0, pattern.size(), pattern.size());
  const auto words = word_breaks();
  words->setText(run.text);
  // One word, and one that a break is made around when it stands between others of its kind.
  return words->next() == run.text.length() && words->getRuleStatus() >= UBRK_WORD_LETTER;
}

bool Dictionary::allows(std::string_view text, std::size_t start, std::size_t end) {
  std::size_t from = start, to = end;
  for (int i = 0; i < kWindow && from > 0; ++i) {
    if (static_cast<unsigned char>(text[from - 1]) < 0x80) break;
    from -= decode_before(text, from).length;
  }
  for (int i = 0; i < kWindow && to < text.size() && static_cast<unsigned char>(text[to]) >= 0x80; ++i)
    to += decode(text, to).length;
  if (from == start && to == end) return true;
  if (!words_) words_ = word_breaks();
  const Run run = run_of(text, from, start, end, to);
  words_->setText(run.text);
  // Thai and its kin: the word has edges where the dictionary has. Han and kana: no word of the text lies across an
  // edge; that the term is a part of a longer word is as it should be (北京 in 北京大学).
  const bool cluster = char_info(decode(text, start).cp).kind() == Class::cluster;
  std::int32_t left = 0;
  for (std::int32_t right = words_->next(); right != icu::BreakIterator::DONE; left = right, right = words_->next()) {
    const bool over_start = left < run.start && right > run.start;
    const bool over_end = left < run.end && right > run.end;
    if (cluster ? over_start || over_end : (over_start && right < run.end) || (over_end && left > run.start))
      return false;
  }
  return true;
}

}  // namespace earshot::query
