// A DNS server of a few lines for tests: answers over UDP what it is told, counts what it is asked.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "net/asio/asio.h"

namespace earshot::test {

struct DnsRecord {
  std::vector<std::string> v4{}, v6{};
  std::uint32_t ttl = 60;
  int rcode = 0;                       // 3 is NXDOMAIN, 2 SERVFAIL
  std::optional<std::uint32_t> soa{};  // negative answers carry an SOA with this minimum
  bool silent = false;                 // no answer at all
  bool silent_v6 = false;              // none to AAAA questions
};

class DnsServer {
 public:
  explicit DnsServer(boost::asio::io_context& io);
  ~DnsServer();
  DnsServer(const DnsServer&) = delete;
  DnsServer& operator=(const DnsServer&) = delete;

  std::string address() const;               // for Options::dns_servers
  std::map<std::string, DnsRecord> answers;  // names not here do not exist
  std::vector<std::string> questions;        // "name A", "name AAAA"

 private:
  void receive();
  std::string reply(std::string_view query);

  boost::asio::ip::udp::socket socket_;
  boost::asio::ip::udp::endpoint from_;
  std::array<char, 1500> bytes_{};
};

}  // namespace earshot::test
