#include "script.h"

namespace earshot::host::test {
namespace {

int instance_of_all = 0;

std::int32_t create(const earshot_host* host, const earshot_config* config, const earshot_create_out* out,
                    void** instance) {
  if (script().create) return script().create(host, config, out, instance);
  *instance = &instance_of_all;
  return EARSHOT_OK;
}
void destroy(void* instance) {
  if (script().destroy) script().destroy(instance);
}
std::int32_t begin(void*, const earshot_call* call, const earshot_source_out* out) {
  return script().begin ? script().begin(call, out) : EARSHOT_OK;
}
std::int32_t response(void*, const earshot_call* call, const earshot_response* response,
                      const earshot_source_out* out) {
  return script().response ? script().response(call, response, out) : EARSHOT_OK;
}
std::int32_t frame(void*, const earshot_call* call, const earshot_frame* frame, const earshot_source_out* out) {
  return script().frame ? script().frame(call, frame, out) : EARSHOT_OK;
}
std::int32_t request(void*, const earshot_call* call, const earshot_alert* alert, const earshot_sink_out* out) {
  return script().request ? script().request(call, alert, out) : EARSHOT_OK;
}
std::int32_t outcome(void*, const earshot_call* call, const earshot_alert* alert, const earshot_response* response,
                     const earshot_sink_out* out) {
  return script().outcome ? script().outcome(call, alert, response, out) : EARSHOT_OK;
}

earshot_plugin table(std::uint32_t kind, std::uint32_t capabilities) {
  earshot_plugin t{};
  t.size = sizeof t;
  t.kind = kind;
  t.capabilities = capabilities;
  t.name = str("scripted");
  t.version = str("1.0");
  t.summary = str("Does what the test says");
  t.config_schema = str(R"({"type":"object"})");
  t.create = &create;
  t.destroy = &destroy;
  return t;
}

template <class Made>
Made must(Result<Made> made) {
  if (!made) throw std::runtime_error(made.error().message);
  return *std::move(made);
}

}  // namespace

Script& script() {
  static Script running;
  return running;
}

earshot_plugin source_table(std::uint32_t capabilities) {
  earshot_plugin t = table(EARSHOT_SOURCE, capabilities);
  t.source_begin = &begin;
  t.source_response = &response;
  t.source_frame = &frame;
  return t;
}

earshot_plugin sink_table(std::uint32_t capabilities) {
  earshot_plugin t = table(EARSHOT_SINK, capabilities);
  t.sink_request = &request;
  t.sink_outcome = &outcome;
  return t;
}

std::unique_ptr<SourceInstance> ScriptTest::source(const Limits& limits, std::uint32_t capabilities) {
  return must(SourceInstance::create(must(Plugin::from_table(source_table(capabilities))), "name", "{}", limits));
}

std::unique_ptr<SinkInstance> ScriptTest::sink(const Limits& limits, std::uint32_t capabilities) {
  return must(SinkInstance::create(must(Plugin::from_table(sink_table(capabilities))), "name", "{}", limits));
}

Result<Round> ScriptTest::round(const std::function<void(const earshot_source_out&)>& body, const Limits& limits,
                                std::uint32_t capabilities) {
  script().begin = [&](const earshot_call*, const earshot_source_out* out) {
    body(*out);
    return EARSHOT_OK;
  };
  return source(limits, capabilities)->begin({});
}

}  // namespace earshot::host::test
