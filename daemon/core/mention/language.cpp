#include "core/mention/language.h"

#include <cld2/public/compact_lang_det.h>
#include <cld2/public/encodings.h>

#include <algorithm>
#include <array>
#include <cstdio>  // compact_lang_det.h names FILE and does not include it
#include <utility>

namespace earshot::mention {
namespace {

constexpr std::size_t kRead = 8192;
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

void append_words(std::string& to, std::string_view text) {
  for (std::size_t at = 0; at < text.size() && to.size() < kRead;) {
    const std::size_t begin = std::min(text.find_first_not_of(" \t\r\n", at), text.size());
    at = std::min(text.find_first_of(" \t\r\n", begin), text.size());
    const std::string_view word = text.substr(begin, at - begin);
    if (word.empty() || !is_word(word)) continue;
    to.append(word.substr(0, kRead)).push_back(' ');
  }
}

bool has_own_script(CLD2::Language language) {
  return language == CLD2::CHINESE || language == CLD2::CHINESE_T || language == CLD2::JAPANESE ||
         language == CLD2::KOREAN;
}

}  // namespace

Language language_of(std::string_view title, std::string_view text, std::string_view said) {
  const std::string hint = primary(said);
  const Language by_word = hint.empty() ? Language{} : Language{tidy(said, hint), 0};

  std::string words;
  append_words(words, title);
  append_words(words, text);
  CLD2::CLDHints hints{hint.empty() ? nullptr : hint.c_str(), nullptr, CLD2::UNKNOWN_ENCODING, CLD2::UNKNOWN_LANGUAGE};
  std::array<CLD2::Language, 3> languages{};
  std::array<int, 3> shares{};
  std::array<double, 3> scores{};
  int letters = 0, valid = 0;
  bool sure = false;
  CLD2::ExtDetectLanguageSummaryCheckUTF8(words.data(), static_cast<int>(words.size()), true, &hints, 0,
                                          languages.data(), shares.data(), scores.data(), nullptr, &letters, &sure,
                                          &valid);
  const CLD2::Language best = languages[0];
  if (best == CLD2::UNKNOWN_LANGUAGE || letters < kLeastLetters ||
      !(sure || (has_own_script(best) && shares[0] >= kLeastShare)))
    return by_word;
  const std::string code = primary(CLD2::LanguageCode(best));
  if (code.empty()) return by_word;
  const auto confidence = static_cast<std::uint8_t>(std::clamp(shares[0], 1, 100));
  return {neighbours(code, hint) ? by_word.code : code, confidence};
}

}  // namespace earshot::mention
