#include "plugin/settings.h"

#include <gtest/gtest.h>

namespace earshot::host {
namespace {

std::string least(std::string_view schema) {
  const auto settings = minimal_settings(schema, "https://example.com/");
  return settings ? *settings : settings.error().message;
}

TEST(MinimalSettings, HoldsOnlyWhatIsRequired) {
  EXPECT_EQ(least(R"({"type":"object"})"), "{}");
  EXPECT_EQ(least(R"({"type":"object","properties":{"url":{"type":"string"}}})"), "{}");
  EXPECT_EQ(least(R"({"type":"object","required":["url"],"properties":{"url":{"type":"string"},"a":{}}})"),
            R"({"url":"https://example.com/"})");
}

TEST(MinimalSettings, TakesTheLeastOfEachType) {
  EXPECT_EQ(least(R"({"required":["a","b","c","d","e","f","g","h","i","j"],"properties":{
                        "a":{"type":"string"},"b":{"type":"integer","minimum":3},"c":{"type":"number"},
                        "d":{"type":"boolean"},"e":{"type":"array"},
                        "f":{"type":"array","minItems":1,"items":{"enum":["x","y"]}},
                        "g":{"type":"object"},"h":{"type":"string","default":"hey"},
                        "i":{"type":"string","format":"uri"},"j":{"type":"string","examples":["acme"]}}})"),
            R"({"a":"earshot","b":3,"c":1,"d":false,"e":[],"f":["x"],"g":{},"h":"hey",)"
            R"("i":"https://example.com/","j":"acme"})");
}

TEST(MinimalSettings, RefusesWhatIsNoSchema) {
  EXPECT_EQ(least("["), "the plugin's config_schema is no JSON object");
  EXPECT_EQ(least(R"({"required":[5,"x"]})"), R"({"x":"earshot"})");
}

}  // namespace
}  // namespace earshot::host
