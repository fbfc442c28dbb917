#include "run/log.h"

#include <gtest/gtest.h>

namespace earshot::log {
namespace {

TEST(Log, WritesFieldsInLogfmt) {
  EXPECT_EQ(line("polled", {{"source", "hn"}, {"new", "3"}}), "polled source=hn new=3");
  EXPECT_EQ(line("polled", {{"source", ""}}), "polled");
}

TEST(Log, QuotesWhatWouldBreakTheLine) {
  EXPECT_EQ(line("x", {{"error", "no route to host"}}), R"(x error="no route to host")");
  EXPECT_EQ(line("x", {{"error", "a\"b\\c\nd\x1b[31m"}}), R"(x error="a\"b\\c\nd\x1b[31m")");
  EXPECT_EQ(line("x", {{"k", "a=b"}}), R"(x k="a=b")");
}

TEST(Log, BlotsOutSecretsWhereverTheyStand) {
  const std::vector<std::string> secrets{"s3cr3t-token", "s3cr3t-token-longer", "abc"};
  hide(secrets);
  EXPECT_EQ(redacted("POST /hook/s3cr3t-token and s3cr3t-token-longer"), "POST /hook/*** and ***");
  EXPECT_EQ(redacted("abc"), "abc");  // too short to hide without hiding ordinary words
}

}  // namespace
}  // namespace earshot::log
