#include "core/mention/canonical_url.h"

#include <gtest/gtest.h>

#include <array>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace earshot::mention {
namespace {

struct Case {
  std::string_view given, expected;
};

void expect_all(const std::vector<Case>& cases) {
  for (const auto& [given, expected] : cases) EXPECT_EQ(canonical_url(given), expected) << given;
}

TEST(CanonicalUrl, OneSpellingOfSchemeHostAndPort) {
  expect_all({
      {"https://acme.example/a", "https://acme.example/a"},
      {" HTTP://WWW.Acme.Example:80/a \n", "https://acme.example/a"},
      {"https://acme.example:443", "https://acme.example/"},
      {"https://acme.example:8443/", "https://acme.example:8443/"},
      {"https://user:secret@acme.example/", "https://acme.example/"},
      {"https://acme.example./x", "https://acme.example/x"},
      {"http://[2001:DB8::1]/x", "https://[2001:db8::1]/x"},
      {"https://münchen.example/", "https://xn--mnchen-3ya.example/"},
  });
}

TEST(CanonicalUrl, OneSpellingOfPathAndEscapes) {
  expect_all({
      {"https://acme.example/a/./b/../c", "https://acme.example/a/c"},
      {"https://acme.example/%7euser/%c3%a9", "https://acme.example/~user/%C3%A9"},
      {"https://acme.example/é", "https://acme.example/%C3%A9"},
      {"https://acme.example/100%", "https://acme.example/100%25"},
      {"https://acme.example/%%341", "https://acme.example/%2541"},
      {"https://acme.example/a;jsessionid=1A2B.node/b", "https://acme.example/a/b"},
  });
}

// What looks alike and need not be the same page stays apart: a false merge loses a mention.
TEST(CanonicalUrl, KeepsApartWhatMayDiffer) {
  const std::vector<std::vector<std::string_view>> groups{
      {"https://acme.example/a", "https://acme.example/a/", "https://acme.example/A",
       "https://acme.example/a/index.html"},
      {"https://acme.example/?id=1", "https://acme.example/?id=2", "https://acme.example/?ID=1",
       "https://acme.example/?id=1&page=2", "https://acme.example/?page=2&id=1", "https://acme.example/?id="},
      {"https://acme.example/a%2Fb", "https://acme.example/a/b"},
      {"https://shop.example/guitars/amp", "https://shop.example/guitars"},
      {"https://shop.example/?amp=50", "https://shop.example/"},
      {"https://m.co.uk/", "https://co.uk/"},
      {"https://blog.acme.example/", "https://acme.example/"},
      {"https://other.example/watch?v=1&si=2", "https://other.example/watch?v=1"},
      {"https://acme.example/#!/news/1", "https://acme.example/#!/news/2", "https://acme.example/"},
      {"https://acme.example/#/news/1", "https://acme.example/#/news/2"},
      {"https://notgoogle.com/url?q=https://a.example/", "https://a.example/"},
      {"https://google.com/search?q=https://a.example/", "https://a.example/"},
      {"https://api.github.com/x?ref=v1", "https://api.github.com/x?ref=v2"},
  };
  for (const auto& group : groups)
    for (std::size_t i = 0; i < group.size(); ++i)
      for (std::size_t j = i + 1; j < group.size(); ++j)
        EXPECT_NE(canonical_url(group[i]), canonical_url(group[j])) << group[i] << " and " << group[j];
}

TEST(CanonicalUrl, DropsWhatTellsHowTheReaderCame) {
  expect_all({
      {"https://acme.example/a?utm_source=x&utm_medium=y&UTM_Anything=z", "https://acme.example/a"},
      {"https://acme.example/a?id=7&fbclid=abc&x=1", "https://acme.example/a?id=7&x=1"},
      {"https://acme.example/a?gclid=1&&msclkid=2&mc_cid=3&mc_eid=4&_hsenc=5", "https://acme.example/a"},
      {"https://acme.example/a?%75tm_source=x", "https://acme.example/a"},
      {"https://acme.example/a#section-2", "https://acme.example/a"},
      {"https://acme.example/a#:~:text=acme", "https://acme.example/a"},
      {"https://www.youtube.com/watch?v=abc&feature=share&si=xyz", "https://youtube.com/watch?v=abc"},
      {"https://twitter.com/acme/status/1?s=20&t=abc", "https://x.com/acme/status/1"},
      {"https://open.spotify.com/episode/1?si=2", "https://open.spotify.com/episode/1"},
      {"https://www.amazon.de/dp/B01?pd_rd_w=1&pf_rd_p=2&ref_=x", "https://amazon.de/dp/B01"},
  });
}

TEST(CanonicalUrl, MobileAndAmpAreTheSamePage) {
  expect_all({
      {"https://m.acme.example/a", "https://acme.example/a"},
      {"https://mobile.twitter.com/acme/status/1", "https://x.com/acme/status/1"},
      {"https://en.m.wikipedia.org/wiki/Acme", "https://en.wikipedia.org/wiki/Acme"},
      {"https://old.reddit.com/r/acme/comments/1/x/", "https://reddit.com/r/acme/comments/1/x/"},
      {"https://amp.acme.example/a", "https://acme.example/a"},
      {"https://acme.example/2026/11/acme-opens-new-shop-here/amp/",
       "https://acme.example/2026/11/acme-opens-new-shop-here/"},
      {"https://acme.example/story-20261123/amp", "https://acme.example/story-20261123"},
      {"https://acme.example/a.html?amp=1", "https://acme.example/a.html"},
      {"https://acme.example/a.html?amp", "https://acme.example/a.html"},
      {"https://www.google.com/amp/s/www.acme.example/a.html", "https://acme.example/a.html"},
      {"https://acme-example.cdn.ampproject.org/c/s/acme.example/a?id=1&usqp=mq331AQ", "https://acme.example/a?id=1"},
  });
}

TEST(CanonicalUrl, UnwrapsRedirects) {
  expect_all({
      // As Google Alerts sends them: not escaped, the page's own parameters run on to the last "&ct=ga".
      {"https://www.google.com/url?rct=j&sa=t&url=https://acme.example/a?id=1&page=2&ct=ga&cd=CAI&usg=AOv",
       "https://acme.example/a?id=1&page=2"},
      {"https://www.google.com/url?rct=j&sa=t&url=https%3A%2F%2Facme.example%2Fa%3Fid%3D1%26utm_source%3Dx&ct=ga&cd=C",
       "https://acme.example/a?id=1"},
      {"https://www.google.co.uk/url?q=https://acme.example/&sa=U", "https://acme.example/"},
      {"https://l.facebook.com/l.php?u=https%3A%2F%2Facme.example%2Fa%3Ffbclid%3D1&h=AT0", "https://acme.example/a"},
      {"https://www.youtube.com/redirect?event=x&q=https%3A%2F%2Facme.example%2F", "https://acme.example/"},
      {"https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Facme.example%2F&data=05",
       "https://acme.example/"},
      // Within each other, and where there is nothing to unwrap.
      {"https://www.google.com/"
       "url?url=https%3A%2F%2Fl.facebook.com%2Fl.php%3Fu%3Dhttps%253A%252F%252Facme.example%252Fa",
       "https://acme.example/a"},
      {"https://www.google.com/url?sa=t&usg=AOv", "https://google.com/url?sa=t&usg=AOv"},
      {"https://www.google.com/url?url=javascript:alert(1)", "https://google.com/url?url=javascript:alert(1)"},
  });
}

TEST(CanonicalUrl, LeavesAloneWhatIsNoWebAddress) {
  expect_all({{"", ""},
              {"  mailto:pr@acme.example ", "mailto:pr@acme.example"},
              {"urn:uuid:1", "urn:uuid:1"},
              {"acme.example/a", "acme.example/a"},
              {"http://", "http://"},
              {"https://acme.example:99999/", "https://acme.example:99999/"}});
  const std::string long_one = "https://acme.example/" + std::string(1 << 20, 'a');
  EXPECT_EQ(canonical_url(long_one), long_one);
}

TEST(CanonicalUrl, EndsWithHoweverManyWrappers) {
  std::string url = "https://acme.example/";
  for (int i = 0; i < 400; ++i) url.insert(0, "https://google.com/url?q=");
  EXPECT_EQ(canonical_url(canonical_url(url)), canonical_url(url));
}

// URLs put together at random from the pieces that the rules look for.
TEST(CanonicalUrl, IsIdempotent) {
  constexpr std::array<std::string_view, 72> pieces{"http://",
                                                    "https://",
                                                    "HTTPS://",
                                                    "www.",
                                                    "m.",
                                                    "mobile.",
                                                    "amp.",
                                                    "google.com",
                                                    "google.co.uk",
                                                    "facebook.com",
                                                    "l.facebook.com",
                                                    "cdn.ampproject.org",
                                                    "en.m.wikipedia.org",
                                                    "acme.example",
                                                    "co.uk",
                                                    "com",
                                                    ".",
                                                    "..",
                                                    "/",
                                                    "//",
                                                    "/./",
                                                    "/../",
                                                    "%2e%2e",
                                                    "%2E",
                                                    ":80",
                                                    ":443",
                                                    ":8080",
                                                    ":",
                                                    "@",
                                                    "user",
                                                    "?",
                                                    "&",
                                                    "=",
                                                    "#",
                                                    "#!",
                                                    "#/",
                                                    "/url",
                                                    "/%75rl",
                                                    "url=",
                                                    "q=",
                                                    "u=",
                                                    "/l.php",
                                                    "utm_source=x",
                                                    "amp",
                                                    "amp=1",
                                                    "/amp",
                                                    "/amp/",
                                                    "/amp/s/",
                                                    "/c/s/",
                                                    "a-long-slug-here",
                                                    "2026",
                                                    ".html",
                                                    ";jsessionid=1",
                                                    ";jsession",
                                                    "id=1",
                                                    "&ct=ga",
                                                    "%",
                                                    "%25",
                                                    "%3A%2F%2F",
                                                    "https%3A%2F%2F",
                                                    "%41",
                                                    "%4",
                                                    "é",
                                                    "\xff",
                                                    " ",
                                                    "\t",
                                                    "\\",
                                                    "[::1]",
                                                    "127.0.0.1",
                                                    "0x7f.1",
                                                    "xn--",
                                                    "old.reddit.com"};
  std::mt19937_64 random(2026);
  for (int round = 0; round < 200'000; ++round) {
    std::string url = random() % 8 ? "https://" : "";
    for (auto n = 1 + random() % 9; n > 0; --n) url += pieces[random() % pieces.size()];
    const std::string once = canonical_url(url);
    ASSERT_EQ(canonical_url(once), once) << url;
  }
}

TEST(SiteOf, IsTheHostWithoutWww) {
  EXPECT_EQ(site_of("https://WWW.Acme.Example:8080/a"), "acme.example");
  EXPECT_EQ(site_of("https://m.acme.example/"), "m.acme.example");
  EXPECT_EQ(site_of("https://www.acme.example./"), "acme.example");
  EXPECT_EQ(site_of("mailto:pr@acme.example"), "");
  EXPECT_EQ(site_of(""), "");
}

}  // namespace
}  // namespace earshot::mention
