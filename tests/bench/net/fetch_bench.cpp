// CPU of one poll, of our client alone, against nginx on loopback, beside the least a program can do: a blocking socket
// that writes the same request and reads the same bytes. Prints a table; the figures of interest are the ratios.
//
//   bench_net [REQUESTS]
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>

#include "net/asio/asio.h"
#include "net/http.h"
#include "support/net/nginx.h"

namespace earshot::net {
namespace {

double cpu_us() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto us = [](timeval t) { return static_cast<double>(t.tv_sec) * 1e6 + static_cast<double>(t.tv_usec); };
  return us(usage.ru_utime) + us(usage.ru_stime);
}

void require(bool good, const char* what) {
  if (!good) throw std::runtime_error(what);
}

// A feed of 52 KB that packs like one.
std::string feed() {
  std::string out = "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>Bench</title>";
  std::uint32_t x = 7;
  for (int item = 0; out.size() < 52'000; ++item) {
    out += "<item><guid>https://bench.example/" + std::to_string(item) + "</guid><title>";
    for (int word = 0; word < 350; ++word) {
      static const char* const kWords[] = {"heard",   "of",   "a",      "bank", "that",   "answers",
                                           "quickly", "when", "people", "ask",  "outage", "refund"};
      x = x * 1664525 + 1013904223;
      out += std::string(kWords[(x >> 24) % 12]) + (x >> 28 == 0 ? std::to_string(x) : "") + ' ';
    }
    out += "</title></item>";
  }
  out.resize(52'000);
  return out;
}

// The floor: request out, answer in, nothing looked at but its length.
double bare(int port, const std::string& request, int count) {
  const int fd = test::dial(port);
  require(fd >= 0, "connect");
  std::string buffer(1 << 17, '\0');
  const double before = cpu_us();
  for (int i = 0; i < count; ++i) {
    require(send(fd, request.data(), request.size(), 0) == static_cast<ssize_t>(request.size()), "send");
    std::size_t have = 0, need = 0;
    do {
      const ssize_t got = recv(fd, buffer.data() + have, buffer.size() - have, 0);
      require(got > 0, "recv");
      have += static_cast<std::size_t>(got);
      const std::string_view seen(buffer.data(), have);
      if (const std::size_t end = seen.find("\r\n\r\n"); need == 0 && end != seen.npos) {
        const std::size_t length = seen.find("Content-Length: ");
        need = end + 4 + (length < end ? std::strtoul(seen.data() + length + 16, nullptr, 10) : 0);
      }
    } while (need == 0 || have < need);
  }
  const double used = (cpu_us() - before) / count;
  close(fd);
  return used;
}

struct Client1 {
  Client1(const std::string& ca) : client(io.get_executor(), Options{.user_agent = "earshot/1.0", .ca_file = ca}) {
    policy.allow_all_private = true;
  }
  // CPU of `count` fetches, one after another.
  double fetch(const std::string& url, const Validators& validators, unsigned status, int count) {
    double used = 0;
    asio::co_spawn(
        io,
        [&]() -> awaitable<void> {
          const double before = cpu_us();
          for (int i = 0; i < count; ++i) {
            Request request;
            request.url = url;
            request.validators = validators;
            request.policy = &policy;
            const auto answer = co_await client.fetch(std::move(request));
            if (!answer) throw std::runtime_error(answer.error().message);
            require(answer->status == status, "unexpected status");
            last = answer->validators;
            resumed += answer->tls_resumed;
          }
          used = (cpu_us() - before) / count;
        },
        [](std::exception_ptr thrown) {
          if (thrown) std::rethrow_exception(thrown);
        });
    io.restart();
    while (used == 0 && io.run_one() > 0) {
    }
    return used;
  }
  asio::io_context io{1};
  AddressPolicy policy;
  Client client;
  Validators last;
  int resumed = 0;
};

void row(const char* what, double ours, double floor) {
  if (floor > 0) {
    std::printf("%-44s %8.1f %8.1f %7.2f\n", what, ours, floor, ours / floor);
  } else {
    std::printf("%-44s %8.1f %8s %7s\n", what, ours, "-", "-");
  }
}

void measure(int count) {
  test::Nginx nginx;
  nginx.put("feed.xml", feed());
  Client1 ours(nginx.authority.file());
  const std::string base = "http://127.0.0.1:" + std::to_string(nginx.port);
  const std::string tls = "https://127.0.0.1:" + std::to_string(nginx.tls_port);
  ours.fetch(base + "/feed.xml", {}, 200, 1);
  const Validators known = ours.last;
  const std::string head =
      "GET /feed.xml HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: earshot/1.0\r\nAccept: */*\r\nAccept-Encoding: gzip, "
      "deflate, br\r\n";
  const std::string conditional =
      head + "If-None-Match: " + known.etag + "\r\nIf-Modified-Since: " + known.last_modified + "\r\n\r\n";

  std::printf("%-44s %8s %8s %7s\n", "CPU us of a fetch (user+system)", "earshot", "bare", "ratio");
  // Thrice, alternating, and the best of each: other load on the machine only ever adds.
  double best[4] = {1e9, 1e9, 1e9, 1e9};
  for (int round = 0; round < 3; ++round) {
    best[0] = std::min(best[0], ours.fetch(base + "/feed.xml", known, 304, count));
    best[1] = std::min(best[1], bare(nginx.port, conditional, count));
    best[2] = std::min(best[2], ours.fetch(base + "/feed.xml", {}, 200, count / 4));
    best[3] = std::min(best[3], bare(nginx.port, head + "\r\n", count / 4));
  }
  row("304, kept connection", best[0], best[1]);
  row("200, kept connection, 52 KB gzipped, unpacked", best[2], best[3]);
  row("304, new connection each", ours.fetch(base + "/closing/feed.xml", known, 304, count / 10), 0);
  ours.fetch(tls + "/feed.xml", known, 304, 1);
  row("304, kept TLS connection", ours.fetch(tls + "/feed.xml", known, 304, count / 2), 0);
  ours.resumed = 0;
  const int handshakes = std::max(count / 40, 10);
  row("304, new TLS 1.3 connection, resumed", ours.fetch(tls + "/closing/feed.xml", known, 304, handshakes), 0);
  std::printf("    of which resumed: %.0f %%\n", 100.0 * ours.resumed / handshakes);
  double full = 0;
  for (int i = 0; i < handshakes; ++i) {
    Client1 fresh(nginx.authority.file());
    // The roots are read once a client; they are no part of a handshake.
    fresh.fetch(base + "/feed.xml", known, 304, 1);
    full += fresh.fetch(tls + "/closing/feed.xml", known, 304, 1);
  }
  row("304, new TLS 1.3 connection, full", full / handshakes, 0);
}

}  // namespace
}  // namespace earshot::net

int main(int argc, char** argv) {
  try {
    earshot::net::measure(argc > 1 ? std::max(std::atoi(argv[1]), 100) : 20'000);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "bench_net: %s\n", e.what());
    return 1;
  }
}
