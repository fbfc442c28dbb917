#include "core/url/ip.h"

#include <gtest/gtest.h>

namespace earshot::url {
namespace {

TEST(Ip, ReadsAndWritesBothFamilies) {
  for (const char* text : {"0.0.0.0", "192.0.2.1", "255.255.255.255", "::", "::1", "2001:db8::1", "fe80::1:0:0:1"}) {
    const auto ip = parse_ip(text);
    ASSERT_TRUE(ip) << text;
    EXPECT_EQ(to_string(*ip), text);
  }
  EXPECT_EQ(parse_ip("127.0.0.1"), Ip::v4(0x7F000001));
  EXPECT_EQ(parse_ip("1.2.3.4")->v4_value(), 0x01020304u);
}

TEST(Ip, RefusesWhatIsNone) {
  for (const char* text :
       {"", "1", "1.2.3", "1.2.3.4.5", "256.1.1.1", "0x7f.0.0.1", "::g", "[::1]", "fe80::1%eth0", "1.2.3.4 "})
    EXPECT_FALSE(parse_ip(text)) << text;
  EXPECT_FALSE(parse_ip(std::string_view("1.2.3.4\0", 8)));
}

TEST(Network, ContainsItsOwnAndNoOther) {
  const auto ten = parse_network("10.0.0.0/8");
  ASSERT_TRUE(ten);
  EXPECT_TRUE(ten->contains(*parse_ip("10.255.0.1")));
  EXPECT_FALSE(ten->contains(*parse_ip("11.0.0.0")));
  EXPECT_FALSE(ten->contains(*parse_ip("::ffff:10.0.0.1")));
  const auto odd = parse_network("172.16.0.0/12");
  ASSERT_TRUE(odd);
  EXPECT_TRUE(odd->contains(*parse_ip("172.31.255.255")));
  EXPECT_FALSE(odd->contains(*parse_ip("172.32.0.0")));
  const auto ula = parse_network("fc00::/7");
  ASSERT_TRUE(ula);
  EXPECT_TRUE(ula->contains(*parse_ip("fdff::1")));
  EXPECT_FALSE(ula->contains(*parse_ip("fe00::1")));
  const auto all = parse_network("0.0.0.0/0");
  ASSERT_TRUE(all);
  EXPECT_TRUE(all->contains(*parse_ip("203.0.113.7")));
  const auto one = parse_network("::1");
  ASSERT_TRUE(one);
  EXPECT_EQ(one->prefix, 128);
  EXPECT_TRUE(one->contains(*parse_ip("::1")));
  EXPECT_FALSE(one->contains(*parse_ip("::2")));
}

TEST(Network, SaysWhatIsWrong) {
  EXPECT_NE(parse_network("10.1.0.0/8").error().message.find("did you mean 10.0.0.0/8?"), std::string::npos);
  for (const char* text : {"", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8x", "::/129", "intranet"})
    EXPECT_FALSE(parse_network(text)) << text;
}

}  // namespace
}  // namespace earshot::url
