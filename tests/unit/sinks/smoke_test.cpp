// Every sink takes its settings and turns an alert of every kind into one request.
#include <gtest/gtest.h>

#include "driver.h"

namespace earshot::test {
namespace {

class EverySink : public testing::TestWithParam<std::string> {};

TEST_P(EverySink, RequestsForEveryKind) {
  SinkUnderTest sink(GetParam());
  ASSERT_EQ(sink.create(settings_of(GetParam())), "");
  for (const TestAlert& alert : alerts_of_every_kind()) {
    const Posted posted = sink.request(alert);
    EXPECT_TRUE(posted.ok) << posted.error;
    EXPECT_FALSE(posted.url.empty());
    EXPECT_FALSE(posted.body.empty());
  }
}

INSTANTIATE_TEST_SUITE_P(Sinks, EverySink, testing::ValuesIn(sink_names()),
                         [](const auto& name) { return name.param; });

}  // namespace
}  // namespace earshot::test
