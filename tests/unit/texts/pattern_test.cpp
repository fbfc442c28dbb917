// How a text is read and said.
#include "core/texts/pattern.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace earshot::texts {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr Argument kKnown[] = {{"where"}, {"author"}, {"n", true}, {"usual", true}, {"label_"}};

std::string say(std::string_view pattern, const Values& values, std::string_view language = "en") {
  const auto parsed = Pattern::parse(pattern, language, kKnown);
  return parsed ? (*parsed)(values) : "refused: " + parsed.error().message;
}

Problem problem(std::string_view pattern) {
  const auto parsed = Pattern::parse(pattern, "en", kKnown);
  return parsed ? Problem{"none", 0} : parsed.error();
}

TEST(Pattern, SaysWhatItIsGiven) {
  EXPECT_EQ(say("{author} at {where}", {{"where", "a.example"}, {"author", "Ann"}}), "Ann at a.example");
  EXPECT_EQ(say("", {}), "");
  EXPECT_EQ(say("Open", {{"n", 1}}), "Open") << "what is not used may be there";
  EXPECT_EQ(say("it''s '{'{n}'}'", {{"n", 1}}), "it's {1}");
  EXPECT_EQ(say("{label_team}", {{"label_team", "care"}}), "care");
}

TEST(Pattern, CountsAsTheLanguageDoes) {
  constexpr std::string_view replies = "{n, plural, one {# one} other {# more}}";
  EXPECT_EQ(say(replies, {{"n", 1}}), "1 one");
  EXPECT_EQ(say(replies, {{"n", 0}}), "0 more");
  EXPECT_EQ(say(replies, {{"n", 0}}, "fr"), "0 one");
  EXPECT_EQ(say(replies, {{"n", 12345}}), "12,345 more");
  EXPECT_EQ(say(replies, {{"n", 1234567}}, "de"), "1.234.567 more");
  EXPECT_EQ(say("{n}", {{"n", 12345}}, "fr"), "12\u202F345");
  EXPECT_EQ(say("{n, selectordinal, one {#st} two {#nd} few {#rd} other {#th}}", {{"n", 22}}), "22nd");
  EXPECT_EQ(say("{usual}", {{"usual", 2.5}}, "nl"), "2,5");
  EXPECT_EQ(say("{usual, number, integer}", {{"usual", 2.0}}), "2");
  EXPECT_EQ(say("{n}", {{"n", std::uint64_t{1} << 53}}), "9,007,199,254,740,992");
}

TEST(Pattern, LeavesOutPiecesThatHaveNothingToSay) {
  constexpr std::string_view line = "{where} · by {author} · {n, plural, one {# like} other {# likes}}";
  EXPECT_EQ(say(line, {{"where", "a.example"}, {"author", "Ann"}, {"n", 2}}), "a.example · by Ann · 2 likes");
  EXPECT_EQ(say(line, {{"where", "a.example"}, {"author", ""}, {"n", 0}}), "a.example · 0 likes");
  EXPECT_EQ(say(line, {{"author", "Ann"}}), "by Ann") << "what is missing is empty";
  EXPECT_EQ(say(line, {}), "");
  EXPECT_EQ(say("Playbook · {where}", {}), "Playbook") << "words without arguments stay";
  EXPECT_EQ(say("{where} {author} · x", {{"author", "Ann"}}), "Ann · x") << "one argument is enough";
  EXPECT_EQ(say("a\nb {where}\n\nc · d", {}), "a\nc · d") << "so do lines";
  EXPECT_EQ(say("{where, select, other {x · y}}", {{"where", "w"}}), "x · y") << "no piece ends inside an argument";
  EXPECT_EQ(say("{author}", {{"author", "a · b {n} '' # <b>"}}), "a · b {n} '' # <b>") << "values are no patterns";
}

TEST(Pattern, RefusesWhatItCouldNotSay) {
  EXPECT_EQ(problem("{where} {autor}").offset, 9U);
  EXPECT_THAT(problem("{where} {autor}").message,
              HasSubstr("there is no {autor} here; this text knows {where} {author}"));
  EXPECT_EQ(problem("é {autor}").offset, 4U) << "bytes, not characters";
  EXPECT_THAT(problem("é {where").message, HasSubstr("has no \"}\""));
  EXPECT_THAT(problem("{n, plural, one {#}}").message, HasSubstr("other {…}"));
  EXPECT_THAT(problem("{where, plural, other {#}}").message, HasSubstr("use select, not plural"));
  EXPECT_THAT(problem("{n, select, other {x}}").message, HasSubstr("use plural, not select"));
  for (const char* pattern : {"{n, date}", "{n, number, ::scale/100}", "{where, number}", "{n, choice, 0#x|1#y}",
                              "{n, spellout}", "{0}", "{}", "{label_}", "{n, plural, one {{x}} other {#}}", "{{n}}"})
    EXPECT_NE(problem(pattern).message, "none") << pattern;
  EXPECT_EQ(problem("{n, plural, other {{author, select, other {{where}}}}}").message, "none");
  std::string deep;
  for (int i = 0; i < 5000; ++i) deep += "{n, plural, other {";
  EXPECT_NE(problem(deep).message, "none");
  EXPECT_NE(problem("\xff{").message, "none") << "whatever bytes come";
  EXPECT_EQ(problem("\xff\xff\xff{autor}").offset, 10U) << "inside the text all the same";
}

TEST(Pattern, KnowsWhatItUses) {
  const auto parsed = Pattern::parse("{where} {n, plural, other {{author}}} · {where} {label_x}", "en", kKnown);
  ASSERT_TRUE(parsed);
  EXPECT_THAT(parsed->arguments(), ElementsAre("where", "n", "author", "where", "label_x"));
}

}  // namespace
}  // namespace earshot::texts
