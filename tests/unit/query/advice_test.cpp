#include <gmock/gmock.h>

#include "core/query/lint.h"
#include "unit/query/support.h"

namespace earshot::query {
namespace {

using testing::HasSubstr;

std::string advice(std::string_view query, const LintOptions& options = {}) {
  const auto parsed = parse(query);
  if (!parsed) return "does not parse: " + parsed.error()[0].message;
  std::string out;
  for (const Problem& p : lint(*parsed, options)) out += p.message + "\n";
  return out;
}

TEST(Lint, FindsWhatCannotMatch) {
  EXPECT_THAT(advice("acme -acme"), HasSubstr("can never match"));
  EXPECT_THAT(advice("acmebank -acme*"), HasSubstr("can never match"));
  EXPECT_THAT(advice("acme lang:en lang:nl"), HasSubstr("lang:(en OR nl)"));
  EXPECT_THAT(advice("acme likes:>10 likes:<5"), HasSubstr("can never match"));
  EXPECT_EQ(advice("acme likes:>5 likes:<10"), "");
  EXPECT_EQ(advice("acmebank -\"acmebank arena\""), "");
}

TEST(Lint, FindsWhatIsRedundant) {
  EXPECT_THAT(advice("acmebank OR acmebank"), HasSubstr("said twice"));
  EXPECT_THAT(advice("refund* OR refunds"), HasSubstr("refund* already finds this"));
  EXPECT_THAT(advice("acmebank OR \"acmebank app\""), HasSubstr("acmebank already finds this"));
  EXPECT_THAT(advice("acmebank \"acmebank app\""), HasSubstr("it can go"));
  EXPECT_THAT(advice("Müller OR muller"), HasSubstr("said twice"));
  EXPECT_EQ(advice("refunds OR refunded"), "");
  LintOptions keep;
  keep.fold_accents = false;
  EXPECT_EQ(advice("Müller OR muller", keep), "");
  EXPECT_EQ(advice("schön OR \"schon wieder\"", keep), "");
  EXPECT_THAT(advice("Müller OR MÜLLER", keep), HasSubstr("said twice"));
  EXPECT_EQ(advice("refund refund*"), "refund* is already asked for by refund: it can go\n");
}

TEST(Lint, IsQuickAboutLargeQueries) {
  std::string query = "word0";
  for (int i = 1; i < 3'900; ++i) query += " OR word" + std::to_string(i);
  EXPECT_EQ(advice(query), "");
  for (char& c : query)
    if (c >= '0' && c <= '9') c = '7';  // thousands that say the same
  const auto parsed = parse(query);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(lint(*parsed).size(), 100u);
}

TEST(Lint, WarnsOfFloodsQuotesAndOperators) {
  EXPECT_THAT(advice("apple"), HasSubstr("everyday word"));
  EXPECT_THAT(advice("ing"), HasSubstr("likely to flood"));
  EXPECT_THAT(advice("2026"), HasSubstr("likely to flood"));
  EXPECT_THAT(advice("lang:en"), HasSubstr("everything from there"));
  EXPECT_THAT(advice("Acme Bank"), HasSubstr("\"Acme Bank\""));
  EXPECT_THAT(advice("acmebank or acmeapp"), HasSubstr("written OR"));
  EXPECT_THAT(advice("acmebank near/5 crashed"), HasSubstr("written NEAR/5"));
  EXPECT_THAT(advice("C++ OR golang"), HasSubstr("this finds c with any punctuation or none"));
  EXPECT_THAT(advice("(AT&T OR verizon) outage"), HasSubstr("`AT&T`"));
  EXPECT_EQ(advice("#acmebank e-mail refund* don't"), "");
  EXPECT_THAT(advice("acmebank lang:english"), HasSubstr("lang:en"));
  LintOptions history;
  history.volume = [](const Query&) { return std::optional<double>(12'000); };
  EXPECT_THAT(advice("acmebank", history), HasSubstr("about 12000 items a day"));
  history.volume = [](const Query&) { return std::optional<double>(3); };
  EXPECT_EQ(advice("ing", history), "");
}

}  // namespace
}  // namespace earshot::query
