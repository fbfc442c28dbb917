/* SPDX-License-Identifier: Apache-2.0
 *
 * Earshot's contract with its plugins: plain C11, only <stdint.h> and <stddef.h>. The C++ face is plugin.hpp.
 *
 * A plugin is a shared object that exports ONE symbol, `earshot_plugin_v1`, a table of functions. It never touches a
 * socket, a file, a clock or the environment: the host (the daemon) does all that and hands the bytes in.
 *
 *   source   begin ──► requests ──host──► response ──► items, new state, further requests (a page, a token)
 *                      or a stream's frames ──host──► frame ──► items, new state, frames to send
 *   sink     alert ──► request ──host──► outcome: response ──► delivered / retry / rejected / channel gone
 *
 * EVOLUTION  The symbol's name is the major version. Every struct that can grow begins with `size` = sizeof as its
 *            writer knew it; fields are only ever appended. A reader copies min(size, its own sizeof) bytes into a
 *            zeroed struct, so a field that the other side does not know reads as zero. Structs without `size` are
 *            elements of arrays and are frozen.
 * MEMORY     Nothing changes owner. What a function is given lives until that function returns; what a plugin hands to
 *            a callback is copied before the callback returns.
 * ERRORS     A function returns EARSHOT_OK or EARSHOT_FAILED, after saying why with `error`. When a call fails, all it
 *            gave (items, state, requests) is thrown away. No C++ exception may cross (plugin.hpp sees to it).
 * THREADS    Calls come from the host's worker threads: one at a time for one instance, at the same time for different
 *            instances. So a plugin keeps no mutable globals. Callbacks are valid only inside the call they came with
 *            and on its thread; used at any other time they answer EARSHOT_FAILED.
 * TEXT       UTF-8, not NUL-terminated; the host replaces ill-formed bytes by U+FFFD and cuts what exceeds its limits.
 *            Null with a length that is not 0 breaks the contract and fails the call, as does a struct without a size.
 * TIME       int64_t milliseconds since 1970-01-01T00:00:00Z; EARSHOT_NO_TIME where there is none.
 */
#ifndef EARSHOT_PLUGIN_H
#define EARSHOT_PLUGIN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define EARSHOT_ABI_MAJOR 1
#define EARSHOT_ABI_MINOR 3 /* raised with every appended field */

#define EARSHOT_NO_TIME INT64_MIN

enum { EARSHOT_OK = 0, EARSHOT_FAILED = 1 };

/* What a callback that takes things answers: EARSHOT_OK, or EARSHOT_FULL when the host's limit is reached and further
 * calls of it in this round are ignored. */
enum { EARSHOT_FULL = 2 };

/* ------------------------------------------------------------------------------------------- frozen elements ---- */

/* Borrowed bytes; {NULL, 0} means absent, {"", 0} empty. */
typedef struct earshot_str {
  const char* data;
  size_t len;
} earshot_str;

/* A header, a label, a button (label → URL). */
typedef struct earshot_pair {
  earshot_str name;
  earshot_str value;
} earshot_pair;

/* A count such as likes, replies, views: the name is lower-case ASCII. */
typedef struct earshot_number {
  earshot_str name;
  double value;
} earshot_number;

typedef struct earshot_category {
  earshot_str term;   /* as the feed wrote it, plain text */
  earshot_str scheme; /* URI or absent */
  earshot_str label;  /* for people, or absent */
} earshot_category;

typedef struct earshot_enclosure {
  earshot_str url;  /* absolute http(s) */
  earshot_str type; /* media type or absent */
  uint64_t length;  /* bytes; 0 is unknown */
} earshot_enclosure;

/* At most so many requests in each period: a service's documented limit. */
typedef struct earshot_rate {
  uint32_t count;
  uint32_t period_ms;
} earshot_rate;

/* Half-open range of bytes in a text. */
typedef struct earshot_span {
  uint32_t start;
  uint32_t end;
} earshot_span;

/* -------------------------------------------------------------------------------------------- HTTP, both kinds --- */

enum {
  /* Send the validators (ETag, Last-Modified) of the last good answer to the same URL. A 304 ends the round: the
   * plugin is not called for it. */
  EARSHOT_REQUEST_CONDITIONAL = 1u << 0,
  EARSHOT_REQUEST_WEBSOCKET = 1u << 1, /* ws(s): frames follow through source_frame */
  EARSHOT_REQUEST_EVENTS = 1u << 2     /* text/event-stream: frames follow through source_frame */
};

typedef struct earshot_request {
  uint32_t size;
  uint32_t flags;     /* EARSHOT_REQUEST_… */
  earshot_str method; /* absent: GET, or POST when there is a body */
  /* absolute: https http; file: with EARSHOT_NEEDS_FILES; console: with EARSHOT_NEEDS_CONSOLE; smtp: and smtps: with
   * EARSHOT_NEEDS_SMTP (below) */
  earshot_str url;
  const earshot_pair* headers; /* beside those of the host; Host, Content-Length and hop-by-hop ones are refused */
  size_t n_headers;
  earshot_str body;
  uint64_t tag; /* comes back in the response */
} earshot_request;

/* A whole answer: decoded (gzip, deflate, br undone), redirects followed. Transport failures never reach a plugin. */
typedef struct earshot_response {
  uint32_t size;
  uint32_t status; /* 200 … */
  uint64_t tag;
  earshot_str url; /* the URL that answered, after redirects */
  const earshot_pair* headers;
  size_t n_headers;
  earshot_str body;
} earshot_response;

/* clang-format off */
/* MAIL (sinks with EARSHOT_NEEDS_SMTP, minor 1). The URL is smtp://HOST:PORT, where TLS begins with STARTTLS, or
 * smtps://HOST:PORT, where it is there from the first byte (RFC 8314); the port is always written. The body is the whole
 * message (RFC 5322: CRLF line ends, at most 998 octets a line). The headers are the envelope and no HTTP:
 *   from             the sender, ASCII addr-spec; exactly once
 *   to               a recipient; 1 to 50 times
 *   hello            what EHLO says of us: a domain
 *   user, password   for AUTH PLAIN or LOGIN; only with TLS
 *   tls              "off": no encryption; refused unless the server has a private or loopback address
 * In the response `status` is the SMTP reply that decided (250, 451, 550 …: never to be read as an HTTP status), `body`
 * the server's words, and the headers say more:
 *   step             greeting ehlo starttls auth mail rcpt data message: what the reply answers
 *   taken            a recipient the server accepted the message for; once for each, and only where it was accepted
 *   refused          "550 a@example.com 5.1.1 no such user": one it did not */
/* clang-format on */

enum {
  EARSHOT_FRAME_OPENED = 1,
  EARSHOT_FRAME_TEXT = 2,
  EARSHOT_FRAME_BINARY = 3,
  EARSHOT_FRAME_EVENT = 4,
  EARSHOT_FRAME_CLOSED = 5
};

/* One message of a stream. OPENED and CLOSED have no data; after CLOSED the host reconnects through source_begin. */
typedef struct earshot_frame {
  uint32_t size;
  uint32_t kind;
  uint64_t tag;      /* of the request that opened the stream */
  earshot_str event; /* EVENT: its name */
  earshot_str id;    /* EVENT: its id */
  earshot_str data;
} earshot_frame;

/* -------------------------------------------------------------------------------------------------- every call --- */

typedef struct earshot_call {
  uint32_t size;
  uint32_t reserved;
  int64_t now;     /* the time of this call */
  uint64_t random; /* 64 fresh random bits, for jitter and ids */
  /* source: what it last stored. sink (minor 1): what the outcome of the last try at this alert wanted to have back.
   * Absent at first. Opaque to the host */
  earshot_str state;
} earshot_call;

/* What creates an instance: a source or channel of the configuration. */
typedef struct earshot_config {
  uint32_t size;
  uint32_t reserved;
  earshot_str name; /* as the user named it */
  earshot_str
      settings; /* JSON object, already valid against config_schema, secrets filled in. Never log a value of it */
} earshot_config;

/* The host, valid as long as the plugin is loaded. */
typedef struct earshot_host {
  uint32_t size;
  uint32_t abi_minor;     /* EARSHOT_ABI_MINOR of the host */
  earshot_str user_agent; /* what it sends, for plugins that must show it elsewhere */
} earshot_host;

/* ----------------------------------------------------------------------------------------------------- sources --- */

/* One entry of a source, before it is known whether anybody wants it. `id` or `url` must be there. */
typedef struct earshot_item {
  uint32_t size;
  uint32_t reserved;
  earshot_str id;           /* stable within the source; absent: the host takes the URL */
  earshot_str url;          /* absolute http(s), where a person reads it */
  earshot_str title;        /* plain text */
  earshot_str summary;      /* sanitised HTML or text */
  earshot_str content;      /* sanitised HTML or text */
  earshot_str summary_text; /* the same as plain text, for matching; absent: the host makes it from summary */
  earshot_str content_text;
  earshot_str author;   /* display name or handle */
  earshot_str language; /* BCP 47, as declared */
  int64_t published;
  int64_t updated;
  const earshot_category* categories;
  size_t n_categories;
  const earshot_enclosure* enclosures;
  size_t n_enclosures;
  const earshot_number* engagement; /* likes reposts replies points followers score views … */
  size_t n_engagement;
  earshot_str comments; /* URL of its discussion */
} earshot_item;

/* What a document says of itself, and its word on when to come again. */
typedef struct earshot_feed {
  uint32_t size;
  uint32_t ttl_s;      /* seconds to keep before asking again; 0: not said */
  earshot_str type;    /* rss atom rdf json … */
  earshot_str version; /* 2.0 … */
  earshot_str title;   /* plain text */
  earshot_str link;    /* the page it belongs to */
  earshot_str description;
  earshot_str language;
  earshot_str hub;  /* WebSub */
  earshot_str self; /* its own URL, as it says */
  int64_t updated;
  uint32_t skip_hours; /* bit h: GMT hour h is to be left out (RSS skipHours) */
  uint32_t skip_days;  /* bit d: day d is to be left out, 0 = Sunday (RSS skipDays) */
  int64_t update_base; /* minor 2. What is new comes at update_base + n * ttl_s (sy:updateBase): the next of these
                        * instants is waited for, and not ttl_s from whenever it was asked. Needs ttl_s */
} earshot_feed;

/* An item and a feed without anything: their times are absent, which zero would not say. C++ has
 * earshot::plugin::sized<earshot_item>(). */
#ifndef __cplusplus
/* clang-format off */
#define EARSHOT_ITEM_INIT {.size = sizeof(earshot_item), .published = EARSHOT_NO_TIME, .updated = EARSHOT_NO_TIME}
#define EARSHOT_FEED_INIT \
  {.size = sizeof(earshot_feed), .updated = EARSHOT_NO_TIME, .update_base = EARSHOT_NO_TIME}
/* clang-format on */
#endif

/* What a source call gives back. Every callback copies. */
typedef struct earshot_source_out {
  uint32_t size;
  uint32_t reserved;
  void* ctx;
  int32_t (*request)(void* ctx, const earshot_request* request); /* a further one; the host caps how many a round */
  int32_t (*item)(void* ctx, const earshot_item* item);
  int32_t (*feed)(void* ctx, const earshot_feed* feed);       /* at most once a document */
  int32_t (*state)(void* ctx, const char* bytes, size_t len); /* replaces; at most 64 KiB; committed with the items */
  int32_t (*send)(void* ctx, const char* text, size_t len);   /* source_frame only: a text frame to the peer */
  void (*warning)(void* ctx, const char* text, size_t len);   /* something was wrong and mended or left out */
  void (*error)(void* ctx, const char* text, size_t len);     /* why the call returns EARSHOT_FAILED */
} earshot_source_out;

/* ------------------------------------------------------------------------------------------------------- sinks --- */

enum {
  EARSHOT_ALERT_MENTION = 1,
  EARSHOT_ALERT_STORY = 2,
  EARSHOT_ALERT_GROWTH = 3,
  EARSHOT_ALERT_DIGEST = 4,
  EARSHOT_ALERT_ROLLUP = 5, /* "and 37 more" */
  EARSHOT_ALERT_SPIKE = 6,
  EARSHOT_ALERT_ESCALATION = 7,
  EARSHOT_ALERT_HEALTH = 8, /* about a source or a channel */
  EARSHOT_ALERT_REPORT = 9,
  EARSHOT_ALERT_TEST = 10,
  EARSHOT_ALERT_EDIT = 11 /* a mention that was told says something else now */
};

enum {
  EARSHOT_SEVERITY_LOW = 1,
  EARSHOT_SEVERITY_NORMAL = 2,
  EARSHOT_SEVERITY_HIGH = 3,
  EARSHOT_SEVERITY_CRITICAL = 4
};

/* A mention inside an alert. Every text in it but `when` comes from outside: escape it for the target. */
typedef struct earshot_mention {
  uint32_t size;
  uint32_t severity;        /* EARSHOT_SEVERITY_… */
  earshot_str id;           /* Earshot's own */
  earshot_str source;       /* the source's name in the configuration */
  earshot_str site;         /* host of the URL without www. */
  earshot_str url;          /* absolute http(s), or absent */
  earshot_str title;        /* plain text, may be empty */
  earshot_str snippet;      /* plain text, at most 240 characters around the best hit */
  const earshot_span* hits; /* in snippet, ascending, not overlapping */
  size_t n_hits;
  const earshot_span* title_hits; /* in title */
  size_t n_title_hits;
  earshot_str author;
  earshot_str language;
  earshot_str when; /* published (else seen) in the team's time zone, for people: "Mon 23 Nov 2026 21:10 CET" */
  int64_t published;
  int64_t seen;
  const earshot_str* topics;
  size_t n_topics;
  const earshot_pair* labels;
  size_t n_labels;
  const earshot_number* engagement;
  size_t n_engagement;
  /* minor 3. What is said of it, in the alert's language or as the channel's own `texts:` say it: */
  earshot_str byline;  /* who said it where and when: "theregister.com · Jane Doe · Mon 23 Nov 21:10 CET" */
  earshot_str figures; /* its engagement: "1,204 likes · 12 replies"; or absent */
} earshot_mention;

typedef struct earshot_alert {
  uint32_t size;
  uint32_t kind; /* EARSHOT_ALERT_… */
  uint32_t severity;
  uint32_t attempt;        /* 1 at the first try */
  earshot_str delivery_id; /* the same at every try: [a-z0-9-]{1,64} */
  earshot_str channel;     /* the channel's name */
  earshot_str headline;    /* plain text for kinds without one mention; else absent */
  earshot_str text;        /* plain text, lines by \n: reports, health, tests */
  int64_t created;
  const earshot_mention* const* mentions;
  size_t n_mentions;
  uint64_t total;              /* mentions it stands for, those not listed included */
  const earshot_pair* actions; /* buttons: label → https URL, in order */
  size_t n_actions;
  earshot_str language; /* of the alert's own words: en nl de fr es */
  earshot_str story;    /* minor 1. The one all its mentions belong to, the same in all alerts about it; or absent */
  /* minor 2. */
  earshot_str edits;    /* remote_id of the message that is to be replaced by this alert (EARSHOT_EDITS); or absent */
  earshot_str thread;   /* remote_id of the message that told its story first: this one belongs below it; or absent */
  earshot_str standing; /* what became of it, in `language`: "Jane has taken it"; or absent. A person typed the name */
  /* minor 3. The alert's own words, so that a sink needs none: in `language`, or as the channel's `texts:` say them.
   * They quote what came from outside: escape them like it. */
  earshot_str status;      /* severity, kind, how many, topics: "🟠 High · Story · 5 mentions · complaints" */
  earshot_str open;        /* the button to an article: "Open" */
  earshot_str untitled;    /* in place of a title where there is neither title nor text */
  earshot_str note;        /* what the team wants said below, lines by \n; or absent */
  const earshot_str* more; /* more[k]: when only the first k mentions are shown: "and 37 more" */
  size_t n_more;
} earshot_alert;

enum {
  EARSHOT_DELIVERED = 1,
  EARSHOT_RETRY = 2,       /* try again, not before retry_after_ms */
  EARSHOT_REJECTED = 3,    /* this alert will never be taken: a dead letter */
  EARSHOT_CHANNEL_GONE = 4 /* nothing will be taken until somebody mends the channel */
};

typedef struct earshot_outcome {
  uint32_t size;
  uint32_t result;
  int64_t retry_after_ms; /* RETRY: 0 is the host's own back-off. DELIVERED: pause before the next alert (rate limit) */
  earshot_str reason;     /* for people; without secrets */
  earshot_str remote_id;  /* the message's id over there, where one comes back */
  earshot_str state;      /* minor 1. RETRY: kept on disk, and in earshot_call at the next try; at most 64 KiB */
} earshot_outcome;

typedef struct earshot_sink_out {
  uint32_t size;
  uint32_t reserved;
  void* ctx;
  int32_t (*request)(void* ctx, const earshot_request* request); /* sink_request: exactly one */
  int32_t (*outcome)(void* ctx, const earshot_outcome* outcome); /* sink_outcome: exactly one */
  void (*warning)(void* ctx, const char* text, size_t len);
  void (*error)(void* ctx, const char* text, size_t len);
} earshot_sink_out;

/* ----------------------------------------------------------------------------------------------------- the table - */

enum { EARSHOT_SOURCE = 1, EARSHOT_SINK = 2 };

enum {
  EARSHOT_NEEDS_FILES = 1u << 0,   /* may ask for file: URLs that its configuration names */
  EARSHOT_NEEDS_CONSOLE = 1u << 1, /* may "post" to console: (standard output) */
  EARSHOT_STREAMS = 1u << 2,       /* may open WebSockets or event streams */
  EARSHOT_NEEDS_SMTP = 1u << 3,    /* minor 1: may send mail through smtp: and smtps: */
  /* minor 2: can replace a message of its own. When somebody takes a mention, the alerts about it come once more, with
   * `edits` and `standing`; wherever an outcome gave no remote_id they do not. */
  EARSHOT_EDITS = 1u << 4
};

typedef struct earshot_create_out {
  uint32_t size;
  uint32_t reserved;
  void* ctx;
  void (*error)(void* ctx, const char* text, size_t len);
} earshot_create_out;

typedef struct earshot_plugin {
  uint32_t size;
  uint32_t needs_minor;  /* the least host ABI minor it can live with */
  uint32_t kind;         /* EARSHOT_SOURCE or EARSHOT_SINK */
  uint32_t capabilities; /* EARSHOT_NEEDS_… | EARSHOT_STREAMS */
  earshot_str name;      /* what `type:` says in the configuration: [a-z][a-z0-9-]* */
  earshot_str version;
  earshot_str summary;       /* one line for people */
  earshot_str config_schema; /* JSON Schema of its settings: one object; see README of include/earshot */
  earshot_str sample;        /* YAML: a commented example entry */

  /* `*instance` is handed to every further call. Settings that the schema cannot rule out are refused here; a create
   * that fails leaves nothing behind, and destroy is not called for it. */
  int32_t (*create)(const earshot_host* host, const earshot_config* config, const earshot_create_out* out,
                    void** instance);
  void (*destroy)(void* instance); /* never NULL; no call runs any more */

  /* EARSHOT_SOURCE: begin and response are required; frame with EARSHOT_STREAMS. */
  int32_t (*source_begin)(void* instance, const earshot_call* call, const earshot_source_out* out);
  int32_t (*source_response)(void* instance, const earshot_call* call, const earshot_response* response,
                             const earshot_source_out* out);
  int32_t (*source_frame)(void* instance, const earshot_call* call, const earshot_frame* frame,
                          const earshot_source_out* out);

  /* EARSHOT_SINK: request is required. Without outcome the host goes by the status alone. HTTP: 2xx delivered; 408 425
   * 429 5xx retry (with Retry-After); 401 403 404 410 channel gone; others rejected. SMTP: 2xx delivered; 4xx retry;
   * 5xx to AUTH or STARTTLS channel gone; other 5xx rejected. */
  int32_t (*sink_request)(void* instance, const earshot_call* call, const earshot_alert* alert,
                          const earshot_sink_out* out);
  int32_t (*sink_outcome)(void* instance, const earshot_call* call, const earshot_alert* alert,
                          const earshot_response* response, const earshot_sink_out* out);

  /* minor 1. EARSHOT_SINK: the service's documented limits for one channel, all of which the host keeps, so that most
   * 429s never come about. None: the answers alone say when it was too much. */
  const earshot_rate* rates;
  size_t n_rates;
} earshot_plugin;

#if defined(__GNUC__)
#define EARSHOT_EXPORT __attribute__((visibility("default")))
#else
#define EARSHOT_EXPORT
#endif

/* The one symbol. */
extern EARSHOT_EXPORT const earshot_plugin earshot_plugin_v1;

#ifdef __cplusplus
}
#endif
#endif
