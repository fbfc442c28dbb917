// A sink that breaks its contract: it lets an exception through. An alert whose title has "always" in it is never
// rendered, one with "once" only by the second instance; all others are posted to the channel's `url`.
#include <earshot/plugin.h>

#include <stdexcept>
#include <string>
#include <string_view>

namespace {

struct Moody {
  std::string url;
};

constexpr std::string_view view(earshot_str s) { return {s.data, s.len}; }
constexpr earshot_str str(std::string_view s) { return {s.data(), s.size()}; }

int32_t create(const earshot_host*, const earshot_config* config, const earshot_create_out*, void** instance) {
  // {"url":"…"}: the schema allows nothing else.
  const std::string_view settings = view(config->settings);
  const std::size_t at = settings.find("http"), end = settings.rfind('"');
  *instance = new Moody{std::string(settings.substr(at, end - at))};
  return EARSHOT_OK;
}

void destroy(void* instance) { delete static_cast<Moody*>(instance); }

int32_t request(void* instance, const earshot_call*, const earshot_alert* alert, const earshot_sink_out* out) {
  const std::string_view title = view(alert->mentions[0]->title);
  if (title.find("always") != std::string_view::npos) throw std::runtime_error("in a mood");
  if (title.find("once") != std::string_view::npos && alert->attempt == 1) throw 7;
  earshot_request post{};
  post.size = sizeof post;
  post.method = str("POST");
  post.url = str(static_cast<Moody*>(instance)->url);
  post.body = str(title);
  return out->request(out->ctx, &post);
}

}  // namespace

extern "C" {
extern EARSHOT_EXPORT const earshot_plugin earshot_plugin_v1;
const earshot_plugin earshot_plugin_v1 = {
    .size = sizeof(earshot_plugin),
    .needs_minor = 0,
    .kind = EARSHOT_SINK,
    .capabilities = 0,
    .name = str("moody"),
    .version = str("1.0"),
    .summary = str("Lets exceptions through"),
    .config_schema = str(R"({"type": "object", "additionalProperties": false, "required": ["url"],
                             "properties": {"url": {"type": "string", "format": "uri", "description": "Where to."}}})"),
    .sample = str("type: moody\nurl: https://example.com/hook\n"),
    .create = create,
    .destroy = destroy,
    .source_begin = nullptr,
    .source_response = nullptr,
    .source_frame = nullptr,
    .sink_request = request,
    .sink_outcome = nullptr,
    .rates = nullptr,
    .n_rates = 0,
};
}
