#include "web/metrics.h"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <sstream>
#include <utility>

namespace earshot::web {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;
using Labels = std::vector<ClientMetric::Label>;

class Page {
 public:
  void counter(const char* name, const char* help, std::uint64_t value) {
    add(family(name, help, MetricType::Counter), {}, static_cast<double>(value));
  }
  void gauge(const char* name, const char* help, double value) {
    add(family(name, help, MetricType::Gauge), {}, value);
  }
  void gauge(const char* name, const char* help, std::uint64_t value) { gauge(name, help, static_cast<double>(value)); }

  MetricFamily& family(const char* name, const char* help, MetricType type) {
    MetricFamily& family = families_.emplace_back();
    family.name = name;
    family.help = help;
    family.type = type;
    return family;
  }
  static void add(MetricFamily& to, Labels labels, double value) {
    ClientMetric& metric = to.metric.emplace_back();
    metric.label = std::move(labels);
    if (to.type == MetricType::Counter)
      metric.counter.value = value;
    else
      metric.gauge.value = value;
  }
  std::string text() const {
    std::ostringstream out;
    prometheus::TextSerializer{}.Serialize(out, families_);
    return std::move(out).str();
  }

 private:
  std::vector<MetricFamily> families_;
};

void daemon(Page& page, const Figures& f) {
  Page::add(page.family("earshot_build_info", "Which Earshot this is.", MetricType::Gauge), {{"version", f.version}},
            1);
  page.gauge("earshot_start_time_seconds", "When the daemon started, as Unix time.", f.started);
  page.gauge("earshot_store_writable",
             "1: what is heard can be kept; 0: full or broken disk, polls and deliveries wait.",
             std::uint64_t{f.store_writable});
}

void listening(Page& page, const Figures& f) {
  page.gauge("earshot_sources", "Sources that are polled.", f.sources);
  page.gauge("earshot_polls_under_way", "Polls and streams under way.", f.polls_under_way);
  MetricFamily& polls =
      page.family("earshot_polls_total", "Polls that were kept, by how they ended.", MetricType::Counter);
  Page::add(polls, {{"outcome", "good"}}, static_cast<double>(f.polls - f.polls_failed));
  Page::add(polls, {{"outcome", "failed"}}, static_cast<double>(f.polls_failed));
  MetricFamily& mentions = page.family(
      "earshot_items_total", "Items that were not known before, by what became of them.", MetricType::Counter);
  Page::add(mentions, {{"outcome", "new"}}, static_cast<double>(f.mentions_new));
  Page::add(mentions, {{"outcome", "merged"}}, static_cast<double>(f.mentions_merged));
  Page::add(mentions, {{"outcome", "edited"}}, static_cast<double>(f.mentions_edited));
}

void network(Page& page, const Figures& f) {
  page.counter("earshot_http_requests_total", "Requests sent to sources and channels.", f.requests);
  page.counter("earshot_http_received_bytes_total", "Bytes received, as they came over the wire.", f.bytes_in);
  page.counter("earshot_connections_opened_total", "Connections opened.", f.connections_opened);
  page.counter("earshot_connections_reused_total", "Requests on a connection that was open already.",
               f.connections_reused);
  page.gauge("earshot_connections_active", "Connections in use.", f.connections_active);
  page.gauge("earshot_connections_idle", "Connections kept for the next request.", f.connections_idle);
  page.gauge("earshot_fetches_waiting", "Fetches that wait for a connection.", f.fetches_waiting);
  MetricFamily& tls = page.family("earshot_tls_handshakes_total", "TLS handshakes, by kind.", MetricType::Counter);
  Page::add(tls, {{"kind", "full"}}, static_cast<double>(f.tls_full));
  Page::add(tls, {{"kind", "resumed"}}, static_cast<double>(f.tls_resumed));
  page.counter("earshot_dns_queries_total", "Names that were asked for.", f.dns_queries);
  page.counter("earshot_dns_cache_hits_total", "Names whose address was known.", f.dns_cache_hits);
}

void channels(Page& page, const Figures& f) {
  page.counter("earshot_alerts_total", "Alerts put into the outbox by polls.", f.alerts);
  MetricFamily& tries =
      page.family("earshot_deliveries_total", "Tries to deliver an alert, by outcome.", MetricType::Counter);
  for (const ChannelFigures& c : f.channels) {
    Page::add(tries, {{"channel", c.name}, {"outcome", "delivered"}}, static_cast<double>(c.delivered));
    Page::add(tries, {{"channel", c.name}, {"outcome", "retried"}}, static_cast<double>(c.retried));
    Page::add(tries, {{"channel", c.name}, {"outcome", "given_up"}}, static_cast<double>(c.given_up));
  }
  MetricFamily& owed = page.family("earshot_outbox_alerts", "Alerts owed to a channel.", MetricType::Gauge);
  for (const ChannelFigures& c : f.channels) Page::add(owed, {{"channel", c.name}}, static_cast<double>(c.owed));
  MetricFamily& oldest = page.family("earshot_outbox_oldest_seconds",
                                     "How long the first alert in a channel's line has waited.", MetricType::Gauge);
  for (const ChannelFigures& c : f.channels) Page::add(oldest, {{"channel", c.name}}, c.oldest_s);
  page.gauge("earshot_dead_letters", "Alerts that could not be delivered.", f.dead_letters);
}

void store(Page& page, const Figures& f) {
  page.gauge("earshot_store_mentions", "Mentions kept (estimate).", f.stored_mentions);
  page.gauge("earshot_store_fingerprints", "Items known (estimate).", f.stored_fingerprints);
  page.gauge("earshot_store_disk_bytes", "Size of the store's files.", f.store_disk_bytes);
  page.gauge("earshot_store_memory_bytes", "The store's caches and write buffers.", f.store_memory_bytes);
}

}  // namespace

std::string metrics_text(const Figures& figures) {
  Page page;
  daemon(page, figures);
  listening(page, figures);
  network(page, figures);
  channels(page, figures);
  store(page, figures);
  return page.text();
}

}  // namespace earshot::web
