#include "unit/query/random_query.h"

#include <unicode/normalizer2.h>
#include <unicode/unistr.h>

namespace earshot::query {
namespace {

using Words = std::vector<std::string>;

// Few words of each script, sharing pieces, so that a random query often meets a random text.
const std::vector<Words>& scripts() {
  static const std::vector<Words> all{
      {"acme", "bank", "acmebank", "app", "ac", "a", "refund", "refunds", "crash", "crashed", "don't", "e-mail",
       "acme_b"},
      {"café", "naïve", "straße", "Müller", "Łódź", "œuvre", "ﬁre", "İzmir", "ısı", "ĳs", "ø", "Å", "ẞ", "ŉ"},
      {"банк", "Акме", "ёжик", "йод", "її", "банки", "не", "Ў"},
      {"τράπεζα", "ΟΔΟΣ", "οδός", "Άκμη", "ΐ", "ᾳ"},
      {"بنك", "أحمد", "مدرسة", "ـــ", "كَتَبَ", "ی", "لا", "ﻻ"},
      {"בנק", "שָׁלוֹם", "אקמה"},
      {"北京", "大学", "京", "小米", "手机", "東京", "京都", "東京都", "的"},
      {"ソニー", "ラム", "プログラム", "ﾗﾑ", "ガ", "ｶﾞ", "すし", "おすし", "ー", "がく"},
      {"삼성", "삼성은", "애플", "애플리케이션", "을", "한국", "각"},
      {"ธนาคาร", "กรุง", "เก", "กา", "การ", "น้ำ", "แ"},
      {"हिन्दी", "बैंक", "क़", "नि", "क्ष"},
      {"C++", ".NET", "a.b", "$CASH", "#tag", "@acme", "x1", "3.5", "½", "²", "Ⅳ", "①", "ａｂ", "™", "№"},
      {"👍", "👍🏽", "👩‍💻", "👩", "💻", "🇳🇱", "🇱🇺", "❤️", "❤", "1️⃣", "🏴󠁧󠁢󠁥󠁮󠁧󠁿",
       "🏽"},
      {"\xC2\xAD", "\xE2\x80\x8D", "\xE2\x80\x8B", "\xCC\x81", "\xE3\x82\x99", "\xCD\x85", "\xE1\x85\xA1", "\xFF",
       "\xE2\x82", "\xE1\x84\x80", "\xE0\xB8\xB4", "\xEF\xB7\xBA", "\xCC\xB8", "\xE1\x83\xBF", "\xCC\x88"}};
  return all;
}

}  // namespace

std::string RandomQuery::word() {
  if (chance(12)) return pick(scripts()[random_() % scripts().size()]);
  return pick(scripts()[script_]);
}

// The same word as somebody else might write it.
std::string RandomQuery::varied(std::string word) {
  UErrorCode status = U_ZERO_ERROR;
  if (chance(70)) return word;
  icu::UnicodeString u = icu::UnicodeString::fromUTF8(word);
  switch (random_() % 5) {
    case 0: u.toUpper(); break;
    case 1: u.toLower(); break;
    case 2: u = icu::Normalizer2::getNFDInstance(status)->normalize(u, status); break;
    case 3: u = icu::Normalizer2::getNFKDInstance(status)->normalize(u, status); break;
    default: u.toTitle(nullptr); break;
  }
  word.clear();
  return u.toUTF8String(word);
}

std::string RandomQuery::text(int max_words) {
  static const Words separators{" ",  " ",        " ",    " ",  "",   "-", ", ", ". ", "\n",           "'",
                                "’",  "  ",       "/",    " #", " @", "#", "@",  "$",  "\xE3\x80\x80", "。",
                                "! ", "\xC2\xA0", "\n\n", "…",  "_"};
  script_ = random_() % scripts().size();
  std::string out;
  for (int n = static_cast<int>(random_() % static_cast<unsigned>(max_words + 1)); n > 0; --n) {
    out += varied(word());
    out += pick(separators);
    if (chance(6)) script_ = random_() % scripts().size();
  }
  return out;
}

std::string RandomQuery::term() {
  const auto clean = [](std::string s) {
    std::erase_if(s, [](char c) { return c == '"' || c == '`' || c == '(' || c == ')' || c == '/' || c == '\\'; });
    return s;
  };
  switch (random_() % 12) {
    case 0: return "\"" + varied(word()) + " " + varied(word()) + "\"";
    case 1: return "\"" + varied(word()) + pick(Words{"-", " ", "", ". ", "'"}) + varied(word()) + " " + word() + "\"";
    case 2: return varied(word()) + "*";
    case 3: {
      // In the place of a character, before one, or at the end; now and then two.
      icu::UnicodeString u = icu::UnicodeString::fromUTF8(varied(word()));
      for (int n = chance(20) ? 2 : 1; n > 0; --n) {
        const auto at = static_cast<std::int32_t>(random_() % static_cast<unsigned>(u.length() + 1));
        u.replace(at, chance(60) ? 1 : 0, u'?');
      }
      std::string s;
      u.toUTF8String(s);
      if (chance(20)) s += "*";
      return chance(20) ? "\"" + s + " " + varied(word()) + "\"" : s;
    }
    case 4: return "=\"" + varied(word()) + "\"";
    case 5: return "`" + clean(varied(word()) + pick(Words{"", " ", ".", "+"}) + (chance(40) ? word() : "")) + "`";
    case 6: {
      static const Words expressions{"/ac+me/i",         "/b.nk/",       "/[a-z]+bank/i", "/\\bapp\\b/",
                                     "/refund(s|ed)?/i", "/(crash|京)/", "/банк?и/i"};
      return pick(expressions);
    }
    case 7: return pick(Words{"#", "@", "$"}) + varied(word());
    default: return varied(word());
  }
}

std::string RandomQuery::value() {
  static const Words values{"lang:en",
                            "lang:nl",
                            "site:acme.com",
                            "domain:com",
                            "source:blog",
                            "tag:x",
                            "tag:#ac*",
                            "likes:>=5",
                            "likes:<5",
                            "views:>0",
                            "published:>=2026-01-01",
                            "published:<2026-01-01",
                            "within:24h",
                            "author:acme",
                            "url:acme",
                            "author:(acme OR bank)",
                            "url:\"acme com\""};
  return pick(values);
}

std::string RandomQuery::positional(int depth) {
  if (depth > 0 && chance(25)) return "(" + positional(depth - 1) + " OR " + positional(depth - 1) + ")";
  if (depth > 0 && chance(12))
    return "(" + positional(depth - 1) + (chance(50) ? " NEAR/" : " ONEAR/") + std::to_string(random_() % 4) + " " +
           positional(depth - 1) + ")";
  return term();
}

std::string RandomQuery::group(int depth) {
  if (depth > 0) {
    switch (random_() % 12) {
      case 0:
      case 1: return "(" + group(depth - 1) + " " + group(depth - 1) + ")";
      case 2:
      case 3: return "(" + group(depth - 1) + " OR " + group(depth - 1) + ")";
      case 4: return "(" + group(depth - 1) + " -" + group(depth - 1) + ")";
      case 5:
        return "(" + positional(1) + (chance(50) ? " NEAR/" : " ONEAR/") + std::to_string(random_() % 4) + " " +
               positional(2) + ")";
      case 6: return "SENTENCE(" + positional(1) + (chance(30) ? " -" : " ") + positional(1) + ")";
      case 7: return "atleast/" + std::to_string(1 + random_() % 3) + ":" + term();
      case 8:
        return pick(Words{"title:", "body:", "summary:", "content:"}) + "(" + positional(1) +
               (chance(50) ? " OR " : " ") + positional(1) + ")";
      case 9: return "(" + group(depth - 1) + " " + (chance(40) ? "-" : "") + value() + ")";
      default: break;
    }
  }
  return term();
}

std::string RandomQuery::query() {
  script_ = random_() % scripts().size();
  if (chance(35)) return term();
  if (chance(8)) return value();
  return group(static_cast<int>(1 + random_() % 3));
}

Document RandomQuery::Doc::view() const {
  Document d;
  d.title = title;
  d.summary = summary;
  d.content = content;
  d.author = author;
  d.url = url;
  d.lang = lang;
  d.source = source;
  d.tags = tags;
  d.engagement = engagement;
  d.published = published;
  d.seen = d.now = from_ms(1'795'000'000'000);
  return d;
}

RandomQuery::Doc RandomQuery::document() {
  Doc d;
  if (chance(60)) d.title = text(4);
  if (chance(30)) d.summary = text(8);
  d.content = text(chance(5) ? 400 : 14);
  if (chance(30)) d.author = text(2);
  if (chance(50)) d.url = pick(Words{"https://www.acme.com/bank", "http://a.b.nl/acme-com", "https://example.com"});
  if (chance(50)) d.lang = pick(Words{"en", "en-GB", "nl"});
  if (chance(50)) d.source = pick(Words{"blog", "Blog", "hn"});
  if (chance(30)) d.tags = {pick(Words{"x", "#Acme", "y"})};
  if (chance(50)) d.engagement = {{"likes", static_cast<double>(random_() % 10)}};
  if (chance(60)) d.published = from_ms(1'795'000'000'000 - static_cast<std::int64_t>(random_() % 40'000'000'000));
  return d;
}

}  // namespace earshot::query
