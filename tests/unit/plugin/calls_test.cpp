// A call into a plugin, and everything that may go wrong with it.
#include <stdexcept>
#include <thread>

#include "script.h"

namespace earshot::host::test {
namespace {

class CallsTest : public ScriptTest {
 protected:
  static void give_item(const earshot_source_out* out, std::string_view id) {
    auto item = earshot::plugin::sized<earshot_item>();
    item.id = str(id);
    out->item(out->ctx, &item);
  }
};

TEST_F(CallsTest, ThePluginSeesWhatItIsGiven) {
  int made = 0;
  script().create = [&](const earshot_host* host, const earshot_config* config, const earshot_create_out*, void** to) {
    EXPECT_EQ(host->abi_minor, std::uint32_t{EARSHOT_ABI_MINOR});
    EXPECT_EQ(text(host->user_agent), "Test/1");
    EXPECT_EQ(text(config->name), "blog");
    EXPECT_EQ(text(config->settings), R"({"url":"https://example.com/"})");
    *to = &made;
    return EARSHOT_OK;
  };
  script().response = [](const earshot_call* call, const earshot_response* response, const earshot_source_out*) {
    EXPECT_EQ(call->size, sizeof *call);
    EXPECT_EQ(call->now, 1'234);
    EXPECT_EQ(call->random, 99U);
    EXPECT_EQ(text(call->state), "before");
    EXPECT_EQ(response->status, 200U);
    EXPECT_EQ(response->tag, 7U);
    EXPECT_EQ(text(response->url), "https://example.com/final");
    EXPECT_EQ(response->n_headers, 1U);
    EXPECT_EQ(text(response->headers[0].name) + text(response->headers[0].value), "ETag\"x\"");
    EXPECT_EQ(text(response->body), "body");
    return EARSHOT_OK;
  };
  const auto plugin = Plugin::from_table(source_table(), "test", "Test/1");
  const auto source = SourceInstance::create(*plugin, "blog", R"({"url":"https://example.com/"})");
  ASSERT_TRUE(source) << source.error().message;
  const Response response{200, 7, "https://example.com/final", {{"ETag", "\"x\""}}, "body"};
  EXPECT_TRUE((*source)->response({from_ms(1'234), 99, "before"}, response));
  EXPECT_EQ((*source)->name(), "blog");
}

TEST_F(CallsTest, StateIsAbsentAtFirst) {
  script().begin = [](const earshot_call* call, const earshot_source_out*) {
    EXPECT_EQ(call->state.data, nullptr);
    EXPECT_EQ(call->state.len, 0U);
    return EARSHOT_OK;
  };
  EXPECT_TRUE(source()->begin({}));
}

TEST_F(CallsTest, AFailedCallGivesItsReasonAndNothingElse) {
  script().begin = [](const earshot_call*, const earshot_source_out* out) -> std::int32_t {
    give_item(out, "1");
    out->error(out->ctx, "no\nfeed", 7);
    out->error(out->ctx, "second", 6);
    return EARSHOT_FAILED;
  };
  EXPECT_EQ(error(source()->begin({})), "name: no feed");
}

TEST_F(CallsTest, AStatusThatContradictsItselfIsAFailure) {
  script().begin = [](const earshot_call*, const earshot_source_out*) -> std::int32_t { return EARSHOT_FAILED; };
  EXPECT_EQ(error(source()->begin({})), "name: source_begin of the plugin scripted failed without a reason");
  script().begin = [](const earshot_call*, const earshot_source_out* out) -> std::int32_t {
    out->error(out->ctx, "said so", 7);
    return EARSHOT_OK;
  };
  EXPECT_EQ(error(source()->begin({})), "name: said so");
  script().begin = [](const earshot_call*, const earshot_source_out*) -> std::int32_t { return EARSHOT_FULL; };
  EXPECT_EQ(error(source()->begin({})),
            "name: the plugin scripted breaks its contract: source_begin returned 2, which is neither EARSHOT_OK nor "
            "EARSHOT_FAILED");
}

TEST_F(CallsTest, AnExceptionQuarantinesTheInstance) {
  int destroyed = 0;
  script().destroy = [&](void*) { ++destroyed; };
  script().begin = [](const earshot_call*, const earshot_source_out* out) -> std::int32_t {
    give_item(out, "1");
    throw std::runtime_error("lost");
  };
  {
    const auto broken = source();
    EXPECT_EQ(error(broken->begin({})),
              "name: the plugin scripted let an exception out of source_begin (lost), which breaks its contract: it is "
              "out of service. Update or remove built-in");
    EXPECT_TRUE(broken->quarantined());
    script().begin = nullptr;
    EXPECT_EQ(error(broken->begin({})),
              "name: is out of service since its plugin let an exception through; it is made anew at the next reload");
    EXPECT_TRUE(source()->begin({}));  // others go on
  }
  EXPECT_EQ(destroyed, 1);  // the healthy one only: the other may hold locks
  script().begin = [](const earshot_call*, const earshot_source_out*) -> std::int32_t { throw 5; };
  EXPECT_NE(error(source()->begin({})).find("of a type unknown to the host"), std::string::npos);
}

TEST_F(CallsTest, CreateMayRefuse) {
  int destroyed = 0;
  script().destroy = [&](void*) { ++destroyed; };
  const auto create = [] { return SourceInstance::create(*Plugin::from_table(source_table()), "name", "{}"); };
  script().create = [](const earshot_host*, const earshot_config*, const earshot_create_out* out, void** to) {
    *to = to;  // left behind by a plugin that fails after all
    out->error(out->ctx, "no such instance", 16);
    return std::int32_t{EARSHOT_FAILED};
  };
  EXPECT_EQ(error(create()), "name: no such instance");
  script().create = [](auto...) -> std::int32_t { return EARSHOT_OK; };
  EXPECT_EQ(error(create()), "name: create of the plugin succeeded without an instance");
  script().create = [](auto...) -> std::int32_t { throw std::runtime_error("create"); };
  EXPECT_NE(error(create()).find("let an exception out of create (create)"), std::string::npos);
  EXPECT_EQ(destroyed, 0);
}

TEST_F(CallsTest, AnInstanceIsDestroyedOnceAndKeepsItsPlugin) {
  int made = 0;
  std::vector<void*> destroyed;
  script().create = [&](const earshot_host*, const earshot_config*, const earshot_create_out*, void** to) {
    *to = &made;
    return EARSHOT_OK;
  };
  script().destroy = [&](void* instance) { destroyed.push_back(instance); };
  std::weak_ptr<const Plugin> plugin;
  {
    auto loaded = *Plugin::from_table(source_table());
    plugin = loaded;
    const auto source = *SourceInstance::create(std::move(loaded), "name", "{}");
    EXPECT_FALSE(plugin.expired());
    EXPECT_TRUE(destroyed.empty());
  }
  EXPECT_EQ(destroyed, std::vector<void*>{&made});
  EXPECT_TRUE(plugin.expired());
}

TEST_F(CallsTest, TheKindMustFit) {
  EXPECT_EQ(error(SourceInstance::create(*Plugin::from_table(sink_table()), "name", "{}")),
            "name: the plugin scripted is a sink, not a source");
  EXPECT_EQ(error(SinkInstance::create(*Plugin::from_table(source_table()), "name", "{}")),
            "name: the plugin scripted is a source, not a sink");
}

// A plugin that keeps its `out` must not reach the host's memory, neither when no call runs nor in a later one.
TEST_F(CallsTest, ACallbackKeptBeyondItsCallReachesNothing) {
  earshot_source_out kept{};
  const auto keeping = source();
  script().begin = [&](const earshot_call*, const earshot_source_out* out) {
    kept = *out;
    return EARSHOT_OK;
  };
  ASSERT_TRUE(keeping->begin({}));
  auto item = earshot::plugin::sized<earshot_item>();
  item.id = str("late");
  EXPECT_EQ(kept.item(kept.ctx, &item), EARSHOT_FAILED);
  EXPECT_EQ(kept.state(kept.ctx, "x", 1), EARSHOT_FAILED);
  kept.warning(kept.ctx, "x", 1);
  kept.error(kept.ctx, "x", 1);

  script().begin = [&](const earshot_call*, const earshot_source_out* out) {
    EXPECT_EQ(kept.item(kept.ctx, &item), EARSHOT_FAILED);
    give_item(out, "good");
    return EARSHOT_OK;
  };
  EXPECT_EQ(error(keeping->begin({})),
            "name: the plugin scripted breaks its contract: source_begin uses a callback of another call");
}

TEST_F(CallsTest, ACallbackFromAnotherThreadReachesNothing) {
  script().begin = [&](const earshot_call*, const earshot_source_out* out) {
    std::thread([&] {
      auto item = earshot::plugin::sized<earshot_item>();
      item.id = str("elsewhere");
      EXPECT_EQ(out->item(out->ctx, &item), EARSHOT_FAILED);
    }).join();
    return EARSHOT_OK;
  };
  const auto result = source()->begin({});
  ASSERT_TRUE(result);
  EXPECT_TRUE(result->items.empty());
}

TEST_F(CallsTest, TwoCallsAtOnceForOneInstanceAreABugOfTheHost) {
  const auto one = source();
  script().begin = [&](const earshot_call*, const earshot_source_out*) {
    EXPECT_THROW(static_cast<void>(one->response({}, {})), std::logic_error);
    return EARSHOT_OK;
  };
  EXPECT_TRUE(one->begin({}));
  script().begin = nullptr;
  EXPECT_TRUE(one->begin({}));  // and it goes on
}

// Many instances at the same time, each with its own items: what the thread sanitizer looks at.
TEST_F(CallsTest, InstancesAreCalledAtTheSameTime) {
  script().response = [](const earshot_call* call, const earshot_response* response, const earshot_source_out* out) {
    for (std::uint64_t i = 0; i < call->random; ++i) give_item(out, text(response->body) + std::to_string(i));
    out->state(out->ctx, response->body.data, response->body.len);
    return EARSHOT_OK;
  };
  const auto plugin = *Plugin::from_table(source_table());
  std::vector<std::thread> threads;
  for (std::uint64_t t = 0; t < 8; ++t)
    threads.emplace_back([t, plugin] {
      const auto source = *SourceInstance::create(plugin, "s" + std::to_string(t), "{}");
      const std::string body(1, static_cast<char>('a' + t));
      for (int i = 0; i < 200; ++i) {
        const auto round = source->response({{}, t + 1, {}}, {200, 0, {}, {}, body});
        ASSERT_TRUE(round);
        ASSERT_EQ(round->items.size(), t + 1);
        ASSERT_EQ(round->items.back().id, body + std::to_string(t));
        ASSERT_EQ(round->state, body);
      }
    });
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace earshot::host::test
