#include <gmock/gmock.h>

#include "core/query/tree.h"
#include "unit/query/support.h"

namespace earshot::query {
namespace {

using testing::HasSubstr;

TEST(Parse, TokensAreTheText) {
  for (const std::string text :
       {"a AND b", "  (acme OR \"acme bank\") -jobs <<< why >>> title:(x y) likes:>=3 /re+x/i `C++` =\"NASA\" ",
        "atleast/3:word SENTENCE(a b) a NEAR/5 b @{saved topic}", "日本 “スマート 引用”"}) {
    const auto query = parse(text);
    ASSERT_TRUE(query) << caret_message(text, query.error()[0]);
    EXPECT_EQ(query->text(), text);
    std::string joined;
    for (const Token& t : query->tree().tokens) joined += text.substr(t.place.start, t.place.end - t.place.start);
    EXPECT_EQ(joined, text);
    for (const Node& n : query->tree().nodes) {
      EXPECT_LT(n.place.start, n.place.end);
      EXPECT_LE(n.place.end, text.size());
    }
  }
}

TEST(Parse, MixedAndOrShowsBothReadings) {
  EXPECT_THAT(wrong("a AND b OR c"), testing::AllOf(HasSubstr("(a AND b) OR c"), HasSubstr("a AND (b OR c)")));
  EXPECT_THAT(wrong("a b OR c"), testing::AllOf(HasSubstr("(a AND b) OR c"), HasSubstr("a AND (b OR c)")));
  EXPECT_THAT(wrong("a OR b -c"), testing::AllOf(HasSubstr("a OR (b AND -c)"), HasSubstr("(a OR b) AND -c")));
  EXPECT_EQ(wrong("(a AND b) OR c"), "");
  EXPECT_EQ(wrong("a b AND c NOT d"), "");
}

TEST(Parse, RefusesWhatOnlySaysWhatMustNotOccur) {
  for (const char* query : {"-a", "NOT a", "-a -b", "a OR -b", "-(a OR b)", "title:-a"})
    EXPECT_THAT(wrong(query), HasSubstr("must not occur")) << query;
  for (const char* query : {"a -b", "a NOT b", "a OR (b -c)", "-(-a)", "lang:en -b"})
    EXPECT_EQ(wrong(query), "") << query;
}

TEST(Parse, SaysWhatIsWrongWhere) {
  const auto at = [](std::string_view query) {
    const auto parsed = parse(query);
    return parsed ? std::string::npos : parsed.error().front().offset;
  };
  EXPECT_EQ(at("acme AND"), 5u);
  EXPECT_EQ(at("acme (bank"), 5u);
  EXPECT_EQ(at("acme) bank"), 4u);
  EXPECT_EQ(at("acme \"bank"), 5u);
  EXPECT_EQ(at("acme NEAR/99 bank"), 5u);
  EXPECT_EQ(at("ac*"), 0u);
  EXPECT_EQ(at("acme *bank"), 5u);
  EXPECT_EQ(at("acme foo:bar"), 5u);
  EXPECT_EQ(at("acme likes:many"), 5u);
  EXPECT_EQ(at("acme published:>=2026-13-01"), 5u);
  EXPECT_EQ(at("acme /a(b/"), 5u);
  EXPECT_EQ(at(""), 0u);
  EXPECT_EQ(at("acme <<< never closed"), 5u);
  EXPECT_EQ(at("acme ++"), 5u);
  EXPECT_EQ(parse("title:").error().size(), 1u);
  EXPECT_EQ(parse("site:https://acme.com").error().size(), 1u);
}

TEST(Parse, CaretStandsUnderThePlace) {
  const std::string query = "überall acme\nAND bank OR outage";
  const auto parsed = parse(query);
  ASSERT_FALSE(parsed);
  const std::string message = caret_message(query, parsed.error().front());
  EXPECT_THAT(message, testing::StartsWith("AND bank OR outage\n         ^^ AND and OR are mixed"));
}

TEST(Parse, BoundsDepthAndSize) {
  EXPECT_THAT(wrong(std::string(200, '(') + "a" + std::string(200, ')')), HasSubstr("too deep"));
  EXPECT_THAT(wrong(std::string(70'000, 'a')), HasSubstr("longer than 64 KiB"));
  std::string many = "w0";
  for (int i = 1; i < 5'000; ++i) many += " OR w" + std::to_string(i);
  EXPECT_THAT(wrong(many), HasSubstr("split it"));
  std::string dashes;
  for (int i = 0; i < 15'000; ++i) dashes += "NOT ";
  EXPECT_THAT(wrong(dashes + "a"), HasSubstr("too deep"));
}

TEST(Parse, ListsReferences) {
  EXPECT_EQ(references(*parse("@{brand} (x OR @{other one} OR @{brand})")),
            (std::vector<std::string>{"brand", "other one"}));
}

}  // namespace
}  // namespace earshot::query
