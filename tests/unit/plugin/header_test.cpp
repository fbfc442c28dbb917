// The binary contract is frozen: a field that moves breaks plugins that are out there. New fields are appended, and
// their offsets added here with the minor that brought them.
#include <earshot/plugin.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <earshot/plugin.hpp>

extern "C" const earshot_item* empty_item_of_c(void);
extern "C" const earshot_feed* empty_feed_of_c(void);

namespace {

static_assert(EARSHOT_ABI_MAJOR == 1 && EARSHOT_ABI_MINOR == 3);
static_assert(sizeof(void*) == 8, "the offsets below are those of 64-bit systems");

static_assert(sizeof(earshot_str) == 16 && sizeof(earshot_pair) == 32 && sizeof(earshot_number) == 24);
static_assert(sizeof(earshot_category) == 48 && sizeof(earshot_enclosure) == 40 && sizeof(earshot_span) == 8);

static_assert(offsetof(earshot_request, method) == 8 && offsetof(earshot_request, headers) == 40);
static_assert(offsetof(earshot_request, body) == 56 && sizeof(earshot_request) == 80);
static_assert(offsetof(earshot_response, tag) == 8 && offsetof(earshot_response, body) == 48);
static_assert(sizeof(earshot_response) == 64 && sizeof(earshot_frame) == 64);
static_assert(offsetof(earshot_call, now) == 8 && offsetof(earshot_call, state) == 24 && sizeof(earshot_call) == 40);
static_assert(sizeof(earshot_config) == 40 && sizeof(earshot_host) == 24 && sizeof(earshot_create_out) == 24);

static_assert(offsetof(earshot_item, id) == 8 && offsetof(earshot_item, language) == 136);
static_assert(offsetof(earshot_item, published) == 152 && offsetof(earshot_item, categories) == 168);
static_assert(offsetof(earshot_item, comments) == 216 && sizeof(earshot_item) == 232);
static_assert(offsetof(earshot_feed, type) == 8 && offsetof(earshot_feed, updated) == 136);
static_assert(offsetof(earshot_feed, skip_days) == 148);
// minor 2
static_assert(offsetof(earshot_feed, update_base) == 152 && sizeof(earshot_feed) == 160);

static_assert(offsetof(earshot_source_out, ctx) == 8 && offsetof(earshot_source_out, error) == 64);
static_assert(offsetof(earshot_sink_out, outcome) == 24 && offsetof(earshot_sink_out, error) == 40);

static_assert(offsetof(earshot_mention, hits) == 104 && offsetof(earshot_mention, engagement) == 232);
static_assert(offsetof(earshot_alert, delivery_id) == 16 && offsetof(earshot_alert, mentions) == 88);
static_assert(offsetof(earshot_alert, language) == 128 && offsetof(earshot_outcome, remote_id) == 32);
// minor 1
static_assert(offsetof(earshot_alert, story) == 144);
static_assert(offsetof(earshot_outcome, state) == 48 && sizeof(earshot_outcome) == 64);
// minor 2
static_assert(offsetof(earshot_alert, edits) == 160 && offsetof(earshot_alert, standing) == 192);
// minor 3
static_assert(offsetof(earshot_mention, byline) == 248 && sizeof(earshot_mention) == 280);
static_assert(offsetof(earshot_alert, status) == 208 && offsetof(earshot_alert, more) == 272);
static_assert(sizeof(earshot_alert) == 288);

static_assert(offsetof(earshot_plugin, name) == 16 && offsetof(earshot_plugin, create) == 96);
static_assert(offsetof(earshot_plugin, source_begin) == 112 && offsetof(earshot_plugin, sink_outcome) == 144);
static_assert(sizeof(earshot_rate) == 8);
// minor 1
static_assert(offsetof(earshot_plugin, rates) == 152 && sizeof(earshot_plugin) == 168);

TEST(Header, AnEmptyItemHasNoTimes) {
  const auto item = earshot::plugin::sized<earshot_item>();
  for (const earshot_item* i : {&item, empty_item_of_c()}) {
    EXPECT_EQ(i->size, sizeof(earshot_item));
    EXPECT_EQ(i->published, EARSHOT_NO_TIME);
    EXPECT_EQ(i->updated, EARSHOT_NO_TIME);
  }
  const auto feed = earshot::plugin::sized<earshot_feed>();
  for (const earshot_feed* f : {&feed, empty_feed_of_c()}) {
    EXPECT_EQ(f->size, sizeof(earshot_feed));
    EXPECT_EQ(f->updated, EARSHOT_NO_TIME);
    EXPECT_EQ(f->update_base, EARSHOT_NO_TIME);
  }
}

}  // namespace
