#include "web/message.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "web/address.h"
#include "web/metrics.h"
#include "web/signature.h"

namespace earshot::web {
namespace {

using testing::HasSubstr;

TEST(Form, DecodesPlusesAndPercents) {
  const Form form("hub.topic=https%3A%2F%2Fa.example%2Ff%3Fx%3D1&name=Ann+Lee&empty=&&flag&name=second");
  EXPECT_EQ(form.get("hub.topic"), "https://a.example/f?x=1");
  EXPECT_EQ(form.get("name"), "Ann Lee");
  EXPECT_EQ(form.get("empty"), "");
  EXPECT_EQ(form.get("flag"), "");
  EXPECT_EQ(form.get("missing"), std::nullopt);
}

TEST(Form, KeepsBrokenEscapes) { EXPECT_EQ(Form("a=100%&b=%zz").get("a"), "100%"); }

TEST(EscapeHtml, LeavesNoWayOutOfTextOrAttribute) {
  EXPECT_EQ(escape_html(R"(<a href="x" b='y'>&)"), "&lt;a href=&quot;x&quot; b=&#39;y&#39;&gt;&amp;");
}

TEST(Address, TakesEveryFormOfServerListen) {
  EXPECT_EQ(parse_address("127.0.0.1:7373")->port, 7373);
  EXPECT_EQ(parse_address("localhost:1")->host, "127.0.0.1");
  EXPECT_EQ(parse_address("[::1]:80")->host, "::1");
  EXPECT_EQ(parse_address("unix:/run/e.sock")->path, "/run/e.sock");
  EXPECT_TRUE(parse_address("unix:/run/e.sock")->loopback());
  EXPECT_TRUE(parse_address("[::1]:80")->loopback());
  EXPECT_FALSE(parse_address("0.0.0.0:80")->loopback());
  for (const char* bad : {"", "7373", "example.com:80", "127.0.0.1:x", "127.0.0.1:70000", "127.0.0.1:"})
    EXPECT_FALSE(parse_address(bad)) << bad;
}

TEST(Metrics, AreOneFamilyEachWithHelpAndEscapedLabels) {
  Figures figures;
  figures.version = "1.2.3";
  figures.polls = 10;
  figures.polls_failed = 3;
  figures.store_writable = false;
  figures.channels.push_back({.name = "p\"r", .owed = 4, .oldest_s = 1.5, .delivered = 7, .retried = 2, .given_up = 1});
  const std::string text = metrics_text(figures);
  for (const char* line : {"# TYPE earshot_polls_total counter\n", "earshot_polls_total{outcome=\"good\"} 7\n",
                           "earshot_polls_total{outcome=\"failed\"} 3\n", "earshot_store_writable 0\n",
                           "earshot_build_info{version=\"1.2.3\"} 1\n", "earshot_outbox_alerts{channel=\"p\\\"r\"} 4\n",
                           "earshot_outbox_oldest_seconds{channel=\"p\\\"r\"} 1.5\n",
                           "earshot_deliveries_total{channel=\"p\\\"r\",outcome=\"given_up\"} 1\n"})
    EXPECT_THAT(text, HasSubstr(line));
  std::size_t types = 0, helps = 0;
  for (std::size_t at = 0; (at = text.find("# TYPE ", at)) != text.npos; ++at) ++types;
  for (std::size_t at = 0; (at = text.find("# HELP ", at)) != text.npos; ++at) ++helps;
  EXPECT_EQ(types, helps);
  EXPECT_GT(types, 20U);
}

// The HMACs of "<rss/>" with "geheim", by Python's hmac module.
TEST(Signature, IsOneOfTheFourHashes) {
  for (const char* good :
       {"sha1=f13c8ce72d978271beca353652afd83b7849cb49",
        "sha256=c4d7b6e180f9cbcbba05d9fe52933b2e802e6d98ef3b9b9ad9913da868bda8ab",
        "sha256=C4D7B6E180F9CBCBBA05D9FE52933B2E802E6D98EF3B9B9AD9913DA868BDA8AB",
        "sha384=62455d55ce3977c7cdb36b172ccf5d5873e52e9baaca08af7b70f959d046b0a1e9bd7eea4743a34fab436884d01b68c6",
        "sha512=16c04cac427253d28fba58554c1f11870677f8e8b94c1f7004ae53a2e89602f7884245be2d5de6132cd48e496e24bd61"
        "71b9fca71fa0bcd2ef6cf62eb3f4ffe8"})
    EXPECT_TRUE(signed_with("geheim", good, "<rss/>")) << good;
}

TEST(Signature, NothingElseIsBelieved) {
  const std::string good = "sha256=c4d7b6e180f9cbcbba05d9fe52933b2e802e6d98ef3b9b9ad9913da868bda8ab";
  EXPECT_FALSE(signed_with("geheim", good, "<rss />"));
  EXPECT_FALSE(signed_with("geheim!", good, "<rss/>"));
  EXPECT_FALSE(signed_with("", good, "<rss/>"));
  EXPECT_FALSE(signed_with("geheim", "sha1" + good.substr(6), "<rss/>"));
  EXPECT_FALSE(signed_with("geheim", "md5=00", "<rss/>"));
  for (std::size_t n = 0; n < good.size(); ++n) EXPECT_FALSE(signed_with("geheim", good.substr(0, n), "<rss/>")) << n;
  EXPECT_FALSE(signed_with("geheim", good + "0", "<rss/>"));
}

}  // namespace
}  // namespace earshot::web
