#include <gmock/gmock.h>

#include "core/query/import.h"
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
  EXPECT_EQ(advice("refund refund*"), "refund* is already asked for by refund: it can go\n");
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

struct Case {
  Dialect from;
  const char* theirs;
  const char* ours;
  const char* loss;  // part of the only loss; "" none
};

TEST(Import, CarriesQueriesOver) {
  const Case cases[] = {
      {Dialect::x, "from:acmebank outage -is:retweet lang:en", "author:acmebank AND outage AND lang:en", "is:retweet"},
      {Dialect::x, "acme bank OR broker", "(acme AND bank) OR broker", ""},
      {Dialect::x, "#acme min_likes:10 since:2026-11-01", "#acme AND likes:>=10 AND published:>=2026-11-01", ""},
      {Dialect::google, "acme bank OR broker site:example.com", "acme AND (bank OR broker) AND site:example.com", ""},
      {Dialect::google, "\"acme bank\" AROUND(3) crash -jobs", "\"acme bank\" NEAR/3 crash AND -jobs", ""},
      {Dialect::google, "intitle:acme after:2026-01-01", "title:acme AND published:>=2026-01-01", ""},
      {Dialect::google, "acme filetype:pdf", "acme", "filetype:pdf"},
      {Dialect::talkwalker, "title:\"acme bank\" AND (app NEAR/5 crash*)", "title:\"acme bank\" AND app NEAR/5 crash*",
       ""},
      {Dialect::talkwalker, "acme AND sourcecountry:nl", "acme", "sourcecountry:nl"},
      {Dialect::talkwalker, "SENTENCE(acme outage) not jobs", "SENTENCE(acme AND outage) AND -jobs", ""},
      {Dialect::brandwatch, "{NASA} AND (rocket NEAR/4f launch) NOT title:(job OR career)",
       "=\"NASA\" AND rocket ONEAR/4 launch AND -title:(job OR career)", ""},
      {Dialect::brandwatch, "\"acme bank\"~5 OR at_mentions:acmebank OR hashtags:acme",
       "(acme NEAR/5 bank) OR @acmebank OR #acme", ""},
      {Dialect::brandwatch, "acme AND authorFollowers:[1000 TO 5000]", "acme AND (followers:>=1000 followers:<=5000)",
       ""},
      {Dialect::meltwater, "acme near/5 (outage or storing) and not jobs", "acme NEAR/5 (outage OR storing) AND -jobs",
       ""},
      {Dialect::meltwater, "acme NEAR watch OR (acme onear bank)", "acme NEAR/4 watch OR acme ONEAR/4 bank", ""},
      {Dialect::meltwater, "ac* and bank", "ac AND bank", "3 letters"},
  };
  for (const Case& c : cases) {
    const auto got = import_query(c.from, c.theirs);
    ASSERT_TRUE(got) << c.theirs << ": " << got.error()[0].message;
    EXPECT_EQ(got->query, c.ours) << c.theirs;
    EXPECT_EQ(got->losses.empty(), *c.loss == '\0') << c.theirs;
    if (!got->losses.empty()) {
      EXPECT_THAT(got->losses[0].message, HasSubstr(c.loss));
    }
    EXPECT_TRUE(parse(got->query)) << got->query;
  }
}

TEST(Import, RefusesWhatIsBroken) {
  EXPECT_FALSE(import_query(Dialect::x, ""));
  EXPECT_FALSE(import_query(Dialect::x, "(acme"));
  EXPECT_FALSE(import_query(Dialect::x, "acme)"));
  EXPECT_FALSE(import_query(Dialect::x, "\"acme"));
  EXPECT_FALSE(import_query(Dialect::x, "is:retweet"));
  EXPECT_FALSE(import_query(Dialect::google, "-acme"));
}

}  // namespace
}  // namespace earshot::query
