// No query and no text can make matching slow: the worst that came to mind on a megabyte, counted in steps
// (Scratch::work) for each byte of the text. growth_test.cpp says how the count grows.
#include "unit/query/support.h"

namespace earshot::query {
namespace {

// Steps for each byte.
double cost(const std::vector<Topic>& topics, std::string_view text) {
  auto set = compile(topics, {});
  if (!set) {
    ADD_FAILURE() << set.error()[0].problem.message;
    return 0;
  }
  Scratch scratch;
  (void)set->match(text_of(text), scratch);
  return static_cast<double>(scratch.work()) / static_cast<double>(text.size());
}

std::string repeated(std::string_view piece, std::size_t bytes) {
  std::string out;
  while (out.size() < bytes) out += piece;
  return out;
}

std::string nested_near(int depth) { return depth == 0 ? "a" : "(" + nested_near(depth - 1) + " NEAR/50 (a OR b))"; }

constexpr std::size_t kMegabyte = 1 << 20;
// Folding, finding and deciding take one each; what is looked at twice, a few more.
constexpr double kFew = 5;

TEST(Cost, RepetitionWithNear) {
  EXPECT_LT(cost({{"t", "a NEAR/50 b NEAR/50 c"}}, repeated("a b ", kMegabyte)), kFew);
  EXPECT_LT(cost({{"t", nested_near(20)}}, repeated("a ", kMegabyte)), kFew);
  EXPECT_LT(cost({{"t", "SENTENCE(a -b)"}}, repeated("a b. ", kMegabyte)), kFew);
  EXPECT_LT(cost({{"t", "atleast/100:a"}}, repeated("a", kMegabyte)), kFew);
}

TEST(Cost, ManyTopicsAboutOneTerm) {
  std::vector<Topic> topics;
  for (int i = 0; i < 3'000; ++i)
    topics.push_back(
        {"t" + std::to_string(i), "acme NEAR/5 (broken" + std::to_string(i) + " OR pre" + std::to_string(i) + "*)"});
  EXPECT_LT(cost(topics, repeated("acme bank ", kMegabyte)), kFew);
}

TEST(Cost, LongWordsMarksAndWildcards) {
  EXPECT_LT(cost({{"t", "aaa* OR ?aaaa OR a???????"}}, std::string(kMegabyte, 'a')), kFew);
  EXPECT_LT(cost({{"t", "aaa* bbb*"}}, repeated("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa ", kMegabyte)), kFew);
  EXPECT_LT(cost({{"t", "a"}}, "a" + repeated("\xCC\x81\xCC\xA7", kMegabyte)), kFew);
  EXPECT_LT(cost({{"t", "é"}}, repeated("\xEF\xB7\xBA", kMegabyte)), 4 * kFew);  // one character, eighteen letters
  EXPECT_LT(cost({{"t", "가"}}, repeated("\xE1\x84\x80", kMegabyte)), kFew);
  EXPECT_LT(cost({{"t", "ab"}}, repeated("\xFF", kMegabyte)), kFew);
  EXPECT_LT(cost({{"t", "한국"}}, repeated("한국", kMegabyte)), kFew);
  EXPECT_LT(cost({{"t", "`a.a`"}}, repeated("a.", kMegabyte)), kFew);
  EXPECT_LT(cost({{"t", "北京"}}, repeated("北", kMegabyte)), kFew);
  EXPECT_LT(cost({{"t", "👩"}}, repeated("👩\xE2\x80\x8D", kMegabyte)), kFew);
}

TEST(Cost, RegularExpressionsAreLinear) {
  EXPECT_LT(cost({{"t", "/(a+)+$/"}}, std::string(kMegabyte, 'a') + "b"), kFew);
  EXPECT_LT(cost({{"t", "/(a|aa)+b/"}}, std::string(kMegabyte, 'a')), kFew);
}

TEST(Cost, ReferencesDoNotMultiply) {
  std::vector<Topic> topics{{"t0", "acme"}};
  for (int i = 1; i < 7; ++i) {
    const std::string last = "@{t" + std::to_string(i - 1) + "}";
    topics.push_back({"t" + std::to_string(i), last + " OR title:(" + last + ") OR (x " + last + ")"});
  }
  EXPECT_LT(cost(topics, repeated("acme x ", 10'000)), 50 * kFew);
  for (int i = 7; i < 40; ++i) {
    const std::string last = "@{t" + std::to_string(i - 1) + "}";
    topics.push_back({"t" + std::to_string(i), last + " OR title:(" + last + ") OR (x " + last + ")"});
  }
  EXPECT_FALSE(compile(topics, {}));
}

TEST(Cache, SavesTheCompileAndIsCheckedBeforeUse) {
  std::vector<Topic> topics;
  for (int i = 0; i < 50; ++i)
    topics.push_back({"t" + std::to_string(i), "refund" + std::to_string(i) + "* OR 北京" + std::to_string(i)});
  const auto set = compile(topics, {});
  ASSERT_TRUE(set);
  const std::string good = set->serialize();
  ASSERT_FALSE(good.empty());
  std::string bytes = good;
  Options with;
  Scratch scratch;
  for (int damage = 0; damage < 4; ++damage) {
    if (damage == 1) bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
    if (damage == 2) bytes.resize(bytes.size() / 2);
    if (damage == 3) bytes = "nonsense";
    with.cache = bytes;
    const auto again = compile(topics, with);
    ASSERT_TRUE(again);
    EXPECT_EQ(again->stats().from_cache, damage == 0);
    EXPECT_EQ(again->match(text_of("refund7able"), scratch).size(), 1u);
  }
  for (Topic& topic : topics) topic.fold_accents = false;  // the cache is of the terms, whatever is asked of them
  with.cache = good;
  const auto keeping = compile(topics, with);
  ASSERT_TRUE(keeping);
  EXPECT_TRUE(keeping->stats().from_cache);
  EXPECT_EQ(keeping->match(text_of("refund7able"), scratch).size(), 1u);
  EXPECT_EQ(keeping->match(text_of("réfund7able"), scratch).size(), 0u);
  topics[3].query += " OR xyz*";
  with.cache = good;
  const auto other = compile(topics, with);
  ASSERT_TRUE(other);
  EXPECT_FALSE(other->stats().from_cache);
  EXPECT_EQ(other->match(text_of("xyzzy"), scratch).size(), 1u);
}

}  // namespace
}  // namespace earshot::query
