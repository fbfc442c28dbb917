#include "core/mention/language.h"

#include <cld2/public/compact_lang_det.h>
#include <cld2/public/encodings.h>

#include <algorithm>
#include <array>
#include <cstdio>  // compact_lang_det.h names FILE and does not include it
#include <utility>

namespace earshot::mention {
namespace {

// Bytes of words. A kilobyte that is sure and of one language decides: it costs a seventh of reading further. What is
// mixed, such as an article that begins with a quotation, is read further.
constexpr std::size_t kGlance = 1024, kRead = 8192;
constexpr int kOfOneLanguage = 95;  // percent
// Bytes of letters below which even a sure answer is luck: "Hello world" has 11.
constexpr int kLeastLetters = 12;
// A language with a script of its own is certain although Latin names stand among its words.
constexpr int kLeastShare = 50;

// CLD2 keeps some codes that ISO 639-1 gave up in 1989, and one that is Google's own.
constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kModern{
    {{"iw", "he"}, {"in", "id"}, {"ji", "yi"}, {"jw", "jv"}}};

// Languages that no detector tells apart in a few sentences: among these the source's own word decides.
constexpr std::array<std::string_view, 5> kNeighbours{" no nb nn ", " hr bs sr sh cnr ", " id ms ", " tl fil ",
                                                      " zh cmn yue "};

std::string_view modern(std::string_view code) {
  const auto* old = std::ranges::find(kModern, code, [](const auto& pair) { return pair.first; });
  return old == kModern.end() ? code : old->second;
}

// "pt" of "pt-BR" or "pt_BR", in lower case; empty for what is no language tag.
std::string primary(std::string_view tag) {
  std::string code;
  for (const char c : tag.substr(0, tag.find_first_of("-_"))) {
    const char low = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    if (low < 'a' || low > 'z') return {};
    code += low;
  }
  if (code.size() < 2 || code.size() > 3 || code == kUndetermined || code == "mul" || code == "zxx") return {};
  return std::string(modern(code));
}

// The source's word as a tag of ours: "pt-BR".
std::string tidy(std::string_view said, const std::string& code) {
  const std::size_t end = said.find_first_of("-_");
  if (end == std::string_view::npos) return code;
  std::string tag = code;
  for (const char c : said.substr(end)) {
    const bool fine = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
    if (!fine && c != '_') return code;
    tag += c == '_' ? '-' : c;
  }
  return tag.size() > 35 || tag.back() == '-' ? code : tag;  // RFC 5646 §4.4.1: 35 characters hold every sound tag
}

bool neighbours(std::string_view a, std::string_view b) {
  if (a == b) return true;
  const std::string x = " " + std::string(a) + " ", y = " " + std::string(b) + " ";
  return std::ranges::any_of(kNeighbours, [&](std::string_view group) {
    return group.find(x) != std::string_view::npos && group.find(y) != std::string_view::npos;
  });
}

// Words of no language: addresses, @names, #tags.
bool is_word(std::string_view word) {
  return !word.starts_with('@') && !word.starts_with('#') && !word.starts_with("http://") &&
         !word.starts_with("https://") && !word.starts_with("www.");
}

void append_words(std::string& to, std::string_view text, std::size_t most) {
  for (std::size_t at = 0; at < text.size() && to.size() < most;) {
    const std::size_t begin = std::min(text.find_first_not_of(" \t\r\n", at), text.size());
    at = std::min(text.find_first_of(" \t\r\n", begin), text.size());
    const std::string_view word = text.substr(begin, at - begin);
    if (word.empty() || !is_word(word)) continue;
    to.append(word.substr(0, most)).push_back(' ');
  }
}

bool has_own_script(CLD2::Language language) {
  return language == CLD2::CHINESE || language == CLD2::CHINESE_T || language == CLD2::JAPANESE ||
         language == CLD2::KOREAN;
}

struct Finding {
  CLD2::Language best = CLD2::UNKNOWN_LANGUAGE;
  int share = 0;  // percent of the text
  int letters = 0;
  bool sure = false;
};

Finding detect(std::string_view title, std::string_view text, const std::string& hint, std::size_t most) {
  std::string words;
  append_words(words, title, most);
  append_words(words, text, most);
  CLD2::CLDHints hints{hint.empty() ? nullptr : hint.c_str(), nullptr, CLD2::UNKNOWN_ENCODING, CLD2::UNKNOWN_LANGUAGE};
  std::array<CLD2::Language, 3> languages{};
  std::array<int, 3> shares{};
  std::array<double, 3> scores{};
  Finding found;
  int valid = 0;
  CLD2::ExtDetectLanguageSummaryCheckUTF8(words.data(), static_cast<int>(words.size()), true, &hints, 0,
                                          languages.data(), shares.data(), scores.data(), nullptr, &found.letters,
                                          &found.sure, &valid);
  found.best = languages[0];
  found.share = shares[0];
  return found;
}

}  // namespace

Language language_of(std::string_view title, std::string_view text, std::string_view said) {
  const std::string hint = primary(said);
  Language by_word = hint.empty() ? Language{} : Language{tidy(said, hint), 0};

  Finding found = detect(title, text, hint, kGlance);
  if (title.size() + text.size() > kGlance && !(found.sure && found.share >= kOfOneLanguage))
    found = detect(title, text, hint, kRead);
  if (found.best == CLD2::UNKNOWN_LANGUAGE || found.letters < kLeastLetters ||
      !(found.sure || (has_own_script(found.best) && found.share >= kLeastShare)))
    return by_word;
  const std::string code = primary(CLD2::LanguageCode(found.best));
  if (code.empty()) return by_word;
  const auto confidence = static_cast<std::uint8_t>(std::clamp(found.share, 1, 100));
  return {neighbours(code, hint) ? by_word.code : code, confidence};
}

}  // namespace earshot::mention
