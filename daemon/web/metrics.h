// What the daemon says of itself in numbers, in Prometheus' text format 0.0.4
// (prometheus.io/docs/instrumenting/exposition_formats).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace earshot::web {

inline constexpr std::string_view kMetricsType = "text/plain; version=0.0.4; charset=utf-8";

struct ChannelFigures {
  std::string name;
  std::uint64_t owed = 0;  // alerts in the outbox
  double oldest_s = 0;     // how long the first in line has waited
  std::uint64_t delivered = 0, retried = 0, given_up = 0;
};

// Counts are since the start, or since the last reload: a scraper sees that as a reset.
struct Figures {
  std::string version;
  double started = 0;  // unix time
  bool store_writable = true;

  std::uint64_t sources = 0, polls_under_way = 0;
  std::uint64_t polls = 0, polls_failed = 0;
  std::uint64_t mentions_new = 0, mentions_merged = 0, mentions_edited = 0, alerts = 0;

  std::uint64_t requests = 0, bytes_in = 0;
  std::uint64_t connections_opened = 0, connections_reused = 0, connections_active = 0, connections_idle = 0;
  std::uint64_t fetches_waiting = 0;
  std::uint64_t tls_full = 0, tls_resumed = 0;
  std::uint64_t dns_queries = 0, dns_cache_hits = 0;

  std::uint64_t stored_mentions = 0, stored_fingerprints = 0, dead_letters = 0;  // estimates of the store
  std::uint64_t store_disk_bytes = 0, store_memory_bytes = 0;

  std::vector<ChannelFigures> channels;
};

std::string metrics_text(const Figures& figures);

}  // namespace earshot::web
