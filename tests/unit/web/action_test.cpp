#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "web/action_page.h"
#include "web/ticket.h"

namespace earshot::web {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

constexpr Time kNow = from_ms(1'795'551'000'000);  // 2026-11-24
constexpr std::uint32_t kToday = 1'795'551'000 / 86'400;
const std::string kKey(32, 'k');

Ticket ticket() { return {Act::take, "3f9kq2", "nl", kToday + 30}; }

TEST(Ticket, IsGoodAsLongAsItSays) {
  const std::string path = sign(ticket(), kKey);
  const Checked checked = check(path, kKey, kNow);
  EXPECT_EQ(checked.fault, TicketFault::none);
  EXPECT_EQ(checked.ticket.act, Act::take);
  EXPECT_EQ(checked.ticket.mention, "3f9kq2");
  EXPECT_EQ(checked.ticket.language, "nl");
  EXPECT_EQ(check(path, kKey, kNow + 24h * 30).fault, TicketFault::none);
  EXPECT_EQ(check(path, kKey, kNow + 24h * 31).fault, TicketFault::expired);
}

TEST(Ticket, NobodyMakesOneUp) {
  const std::string good = sign(ticket(), kKey);
  EXPECT_EQ(check(good, std::string(32, 'x'), kNow).fault, TicketFault::forged);
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] = bad[i] == 'a' ? 'b' : 'a';
    EXPECT_EQ(check(bad, kKey, kNow).fault, TicketFault::forged) << bad;
    EXPECT_EQ(check(good.substr(0, i), kKey, kNow).fault, TicketFault::forged);
  }
  EXPECT_EQ(check(good + "A", kKey, kNow).fault, TicketFault::forged);
  EXPECT_EQ(check(good + "/", kKey, kNow).fault, TicketFault::forged);
  EXPECT_EQ(check(std::string(100'000, '/'), kKey, kNow).fault, TicketFault::forged);
}

TEST(ActionPage, AsksAndDoesNothingByItself) {
  const Answer page =
      action_page(ticket(), {"Acme is down", "https://news.example/1", "news.example", "Mon 21:10", {}}, "Ann");
  EXPECT_EQ(page.status, 200U);
  EXPECT_THAT(page.body, HasSubstr("<form method=\"post\">"));
  EXPECT_THAT(page.body, HasSubstr("Ik pak het op"));
  EXPECT_THAT(page.body, HasSubstr("Nog niemand"));
  EXPECT_THAT(page.body, HasSubstr("value=\"Ann\""));
  EXPECT_THAT(page.body, HasSubstr("<a href=\"https://news.example/1\""));
  EXPECT_THAT(page.body, Not(HasSubstr("<script")));
}

TEST(ActionPage, ForeignTextStaysText) {
  const std::string evil = "\"><script>alert(1)</script>{}";
  const Answer page =
      action_page(ticket(), {evil, "javascript:alert(1)", evil, evil, Seen::Claim{Act::take, evil, evil}}, evil);
  EXPECT_THAT(page.body, Not(HasSubstr("<script")));
  EXPECT_THAT(page.body, Not(HasSubstr("href=\"javascript")));
  EXPECT_THAT(page.body, Not(HasSubstr("value=\"\">")));
}

TEST(ActionPage, OffersWhatComesNext) {
  const Seen taken{"t", "", "w", "when", Seen::Claim{Act::take, "Ann", "21:10"}};
  const std::string page = action_page(ticket(), taken, "").body;
  EXPECT_THAT(page, HasSubstr("Ann heeft het opgepakt"));
  EXPECT_THAT(page, HasSubstr("<button class=\"first\" name=\"do\" value=\"done\">"));
  EXPECT_THAT(page, HasSubstr("value=\"take\">"));  // somebody else may take it over
  const Seen done{"t", "", "w", "when", Seen::Claim{Act::done, "Ann", "21:10"}};
  EXPECT_THAT(action_page(ticket(), done, "").body, Not(HasSubstr("value=\"done\"")));
}

TEST(ActionPage, SaysInWordsWhyALinkIsNoGood) {
  EXPECT_EQ(action_refused(ticket(), TicketFault::expired).status, 410U);
  EXPECT_THAT(action_refused(ticket(), TicketFault::expired).body, HasSubstr("te oud"));
  EXPECT_EQ(action_refused({}, TicketFault::forged).status, 404U);
}

}  // namespace
}  // namespace earshot::web
