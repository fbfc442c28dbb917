/* An example of a sink in C: every alert is one line of text on the daemon's standard output. */
#include <earshot/plugin.h>
#include <stdlib.h>
#include <string.h>

#define STR(literal) \
  { literal, sizeof(literal) - 1 }

/* A line that grows. Once memory is short it stays `broken` and takes nothing more. */
typedef struct line {
  char* data;
  size_t len, room;
  int broken;
} line;

static void put(line* to, earshot_str text) {
  if (to->broken || text.len == 0) return;
  if (text.len > to->room - to->len) {
    const size_t room = 2 * (to->len + text.len);
    char* data = realloc(to->data, room);
    if (!data) {
      to->broken = 1;
      return;
    }
    to->data = data;
    to->room = room;
  }
  for (size_t i = 0; i < text.len; ++i) {
    /* Every text of an alert comes from outside: no control character may reach somebody's terminal. */
    const unsigned char c = (unsigned char)text.data[i];
    to->data[to->len++] = c < 0x20 || c == 0x7F ? ' ' : (char)c;
  }
}

static void put_words(line* to, const char* words) {
  const earshot_str text = {words, strlen(words)};
  put(to, text);
}

/* A sink without settings still has an instance: anything but null. */
static int32_t create(const earshot_host* host, const earshot_config* config, const earshot_create_out* out,
                      void** instance) {
  (void)host;
  (void)config;
  *instance = malloc(1);
  if (*instance) return EARSHOT_OK;
  out->error(out->ctx, "out of memory", 13);
  return EARSHOT_FAILED;
}

static void destroy(void* instance) { free(instance); }

static int32_t sink_request(void* instance, const earshot_call* call, const earshot_alert* alert,
                            const earshot_sink_out* out) {
  (void)instance;
  (void)call;
  line text = {NULL, 0, 0, 0};
  put(&text, alert->headline);
  for (size_t i = 0; i < alert->n_mentions; ++i) {
    const earshot_mention* mention = alert->mentions[i];
    if (text.len > 0) put_words(&text, " | ");
    put(&text, mention->title.len > 0 ? mention->title : mention->snippet);
    put_words(&text, " <");
    put(&text, mention->url);
    put_words(&text, ">");
  }
  if (alert->total > alert->n_mentions) put_words(&text, " and more");

  /* The host has copied the request when `request` returns, so all of it may be freed then. */
  int32_t status = EARSHOT_FAILED;
  if (text.broken) {
    out->error(out->ctx, "out of memory", 13);
  } else {
    earshot_request request = {.size = sizeof request, .url = STR("console:")};
    request.body.data = text.data;
    request.body.len = text.len;
    status = out->request(out->ctx, &request);
  }
  free(text.data);
  return status == EARSHOT_OK ? EARSHOT_OK : EARSHOT_FAILED;
}

/* No sink_outcome: the answer's status says it all. */
const earshot_plugin earshot_plugin_v1 = {.size = sizeof(earshot_plugin),
                                          .kind = EARSHOT_SINK,
                                          .capabilities = EARSHOT_NEEDS_CONSOLE,
                                          .name = STR("one-line"),
                                          .version = STR("1.0"),
                                          .summary = STR("Every alert as one line on standard output"),
                                          .config_schema = STR("{\"type\":\"object\",\"additionalProperties\":false}"),
                                          .sample = STR("- {name: lines, type: one-line}\n"),
                                          .create = create,
                                          .destroy = destroy,
                                          .sink_request = sink_request};
