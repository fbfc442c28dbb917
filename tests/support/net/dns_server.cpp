#include "support/net/dns_server.h"

namespace earshot::test {

using boost::asio::ip::udp;

namespace {

void number(std::string& out, std::uint32_t value, int octets) {
  for (int i = octets - 1; i >= 0; --i) out += static_cast<char>(value >> (8 * i));
}

}  // namespace

DnsServer::DnsServer(boost::asio::io_context& io)
    : socket_(io, udp::endpoint(boost::asio::ip::address_v4::loopback(), 0)) {
  receive();
}

DnsServer::~DnsServer() {
  socket_.close();
  auto& io = static_cast<boost::asio::io_context&>(socket_.get_executor().context());
  io.restart();
  io.poll();
}

std::string DnsServer::address() const { return "127.0.0.1:" + std::to_string(socket_.local_endpoint().port()); }

void DnsServer::receive() {
  socket_.async_receive_from(boost::asio::buffer(bytes_), from_,
                             [this](boost::system::error_code error, std::size_t count) {
                               if (error) return;
                               const std::string out = reply({bytes_.data(), count});
                               boost::system::error_code ignored;
                               if (!out.empty()) socket_.send_to(boost::asio::buffer(out), from_, 0, ignored);
                               receive();
                             });
}

std::string DnsServer::reply(std::string_view query) {
  if (query.size() < 17) return {};
  std::string name;
  std::size_t at = 12;
  while (at < query.size() && query[at] != 0) {
    const auto length = static_cast<std::size_t>(query[at]);
    if (!name.empty()) name += '.';
    name += query.substr(at + 1, length);
    at += length + 1;
  }
  const std::size_t end = at + 5;
  if (end > query.size()) return {};
  const bool v6 = query[at + 2] == 28;
  questions.push_back(name + (v6 ? " AAAA" : " A"));
  const auto found = answers.find(name);
  const DnsRecord record = found == answers.end() ? DnsRecord{.rcode = 3} : found->second;
  if (record.silent || (v6 && record.silent_v6)) return {};
  const auto& addresses = v6 ? record.v6 : record.v4;

  std::string out(query.substr(0, 2));
  number(out, 0x8180 | static_cast<std::uint32_t>(record.rcode), 2);
  number(out, 1, 2);
  number(out, static_cast<std::uint32_t>(addresses.size()), 2);
  number(out, addresses.empty() && record.soa ? 1 : 0, 2);
  number(out, 0, 2);
  out += query.substr(12, end - 12);
  for (const std::string& text : addresses) {
    number(out, 0xC00C, 2);
    number(out, v6 ? 28 : 1, 2);
    number(out, 1, 2);
    number(out, record.ttl, 4);
    const auto address = boost::asio::ip::make_address(text);
    if (v6) {
      const auto octets = address.to_v6().to_bytes();
      number(out, 16, 2);
      out.append(reinterpret_cast<const char*>(octets.data()), octets.size());
    } else {
      number(out, 4, 2);
      number(out, address.to_v4().to_uint(), 4);
    }
  }
  if (addresses.empty() && record.soa) {
    number(out, 0xC00C, 2);
    number(out, 6, 2);
    number(out, 1, 2);
    number(out, 86'400, 4);
    number(out, 22, 2);
    out += std::string(2, '\0');  // root names
    number(out, 1, 4);
    number(out, 7200, 4);
    number(out, 3600, 4);
    number(out, 86'400, 4);
    number(out, *record.soa, 4);
  }
  return out;
}

}  // namespace earshot::test
