// What is shipped, and how a channel says it another way.
#include "core/texts/texts.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <stdexcept>
#include <thread>

namespace earshot::texts {
namespace {

constexpr const char* kLanguages[] = {"en", "nl", "de", "fr", "es"};

// Every argument with a value of its own.
Values all_of(const Text& text, double number) {
  Values values;
  for (const Argument& argument : text.arguments)
    values.emplace_back(std::string(argument.name),
                        argument.number ? Value(number) : Value("<" + std::string(argument.name) + ">"));
  return values;
}

TEST(Shipped, EveryTextSaysSomethingInEveryLanguage) {
  for (const char* language : kLanguages)
    for (const Text& text : all()) {
      const Texts& texts = *Texts::shipped(language);
      EXPECT_EQ(texts.language(), language);
      EXPECT_EQ(texts.say(text.name, all_of(text, 2)).empty(), text.name == "note") << language << " " << text.name;
    }
}

// A language that forgot an argument would keep something from its readers.
TEST(Shipped, LanguagesSayTheSameThings) {
  for (const Text& text : all()) {
    const auto used = [&](const char* language) {
      const auto names =
          Pattern::parse(Texts::shipped(language)->pattern(text.name), language, text.arguments)->arguments();
      return std::set<std::string>(names.begin(), names.end());
    };
    for (const char* language : kLanguages) EXPECT_EQ(used(language), used("en")) << language << " " << text.name;
  }
}

TEST(Shipped, FamiliesHaveDifferentWords) {
  for (const char* language : kLanguages)
    for (const std::string_view family : {"severity_", "kind_", "source_"}) {
      std::set<std::string> said;
      std::size_t members = 0;
      for (const Text& text : all())
        if (text.name.starts_with(family)) {
          said.insert(Texts::shipped(language)->say(text.name, {{"source", "x"}}));
          ++members;
        }
      EXPECT_EQ(said.size(), members) << language << " " << family;
    }
}

TEST(Shipped, EnglishWhereTheLanguageIsUnknown) {
  EXPECT_EQ(Texts::shipped("xx"), Texts::shipped("en"));
  EXPECT_EQ(Texts::shipped(""), Texts::shipped("en"));
  EXPECT_EQ(Texts::shipped("de-AT"), Texts::shipped("de"));
  EXPECT_THROW(Texts::shipped("en")->say("no such text"), std::logic_error);
}

TEST(Own, IsSaidInsteadAndTheRestAsShipped) {
  const auto texts = Texts::with("nl", {{"more", "+{n}"}, {"byline", ""}, {"untitled", "{'"}});
  ASSERT_FALSE(texts) << "a text that cannot be read";
  const auto own = Texts::with("nl", {{"more", "+{n}"}, {"byline", ""}});
  ASSERT_TRUE(own);
  EXPECT_EQ((*own)->say("more", {{"n", 12345}}), "+12.345") << "numbers are those of its language";
  EXPECT_EQ((*own)->say("open"), "Openen");
  EXPECT_EQ((*own)->say("byline", {{"where", "a.example"}}), "") << "may be empty";
  EXPECT_EQ((*own)->pattern("more"), "+{n}");
  EXPECT_EQ((*own)->pattern("open"), "Openen");
  EXPECT_EQ((*own)->language(), "nl");
  EXPECT_EQ(*Texts::with("nl", {}), Texts::shipped("nl"));
}

TEST(Own, WhatIsNeededIsNeverEmpty) {
  const auto own = Texts::with("en", {{"status", "{label_team}"}, {"take", " "}});
  ASSERT_TRUE(own);
  EXPECT_EQ((*own)->say("status", {{"label_team", "care"}}), "care");
  EXPECT_EQ((*own)->say("status", {{"severity", "High"}, {"kind", "Story"}}), "High · Story") << "as shipped";
  EXPECT_EQ((*own)->say("take"), "I take it");
}

TEST(Own, ErrorsNameTheText) {
  const auto wrong = Texts::with("en", {{"status", "{nope}"}});
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().message.substr(0, 21), "text \"status\", byte 1");
  EXPECT_FALSE(Texts::with("en", {{"statuss", "x"}}));
  EXPECT_FALSE(Texts::with("en", {{"page_expired", "x"}})) << "pages belong to no channel";
}

TEST(Texts, AreSaidByManyThreadsAtOnce) {
  const auto texts = *Texts::with("fr", {{"likes", "{n, plural, one {# pouce} other {# pouces}}"}});
  std::vector<std::thread> threads;
  std::vector<int> wrong(4);
  for (std::size_t t = 0; t < wrong.size(); ++t)
    threads.emplace_back([&, t] {
      for (int i = 2; i < 500; ++i) {
        if (texts->say("likes", {{"n", i}}) != std::to_string(i) + " pouces") ++wrong[t];
        if (texts->say("more", {{"n", i}}) != "et " + std::to_string(i) + " autres") ++wrong[t];
      }
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, std::vector<int>(4));
}

TEST(Labels, AreArguments) {
  EXPECT_EQ(label_argument("team"), "label_team");
  EXPECT_EQ(label_argument("sentiment.tone-x y"), "label_sentiment_tone_x_y");
}

}  // namespace
}  // namespace earshot::texts
