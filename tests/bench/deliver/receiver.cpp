#include "receiver.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <ctime>
#include <stdexcept>

namespace earshot::bench {
namespace {

constexpr std::string_view kAnswer = "HTTP/1.1 204 No Content\r\n\r\n";
constexpr std::uint64_t kListener = 1ull << 32;  // in epoll's data: the rest is its descriptor, else a peer's number

double steady_us() {
  return std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

std::string address_of(std::size_t i) { return fmt::format("127.0.{}.{}", 1 + i / 250, 1 + i % 250); }

int listen_at(const std::string& address, int port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  const int yes = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  inet_pton(AF_INET, address.c_str(), &at.sin_addr);
  at.sin_port = htons(static_cast<std::uint16_t>(port));
  if (bind(fd, reinterpret_cast<sockaddr*>(&at), sizeof at) != 0 || listen(fd, 1024) != 0)
    throw std::runtime_error("the receiver cannot listen at " + address);
  return fd;
}

std::uint64_t number_after(std::string_view text, std::string_view what) {
  const std::size_t at = text.find(what);
  std::uint64_t number = 0;
  if (at == text.npos ||
      std::from_chars(text.data() + at + what.size(), text.data() + text.size(), number).ec != std::errc{})
    throw std::runtime_error(fmt::format("a request without \"{}\"", what));
  return number;
}

}  // namespace

std::string delivery_id(std::size_t channel, std::uint64_t number) {
  return fmt::format("bench-{}-{}", channel, number);
}

Receiver::Receiver(std::size_t addresses, std::size_t channels) : channels_(channels) {
  epoll_ = epoll_create1(EPOLL_CLOEXEC);
  for (std::size_t i = 0; i < addresses; ++i) {
    const int fd = listen_at(address_of(i), port_);
    sockaddr_in at{};
    socklen_t size = sizeof at;
    getsockname(fd, reinterpret_cast<sockaddr*>(&at), &size);
    port_ = ntohs(at.sin_port);
    listeners_.push_back(fd);
    epoll_event event{.events = EPOLLIN, .data = {.u64 = kListener | static_cast<std::uint64_t>(fd)}};
    epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event);
  }
  thread_ = std::thread([this] { run(); });
}

Receiver::~Receiver() {
  ending_ = true;
  thread_.join();
  for (Peer& peer : peers_) hang_up(peer);
  for (const int fd : listeners_) close(fd);
  close(epoll_);
}

std::string Receiver::url(std::size_t address, std::size_t channel) const {
  return fmt::format("http://{}:{}/c/{}", address_of(address), port_, channel);
}

void Receiver::expect_from_start() {
  const std::lock_guard guard(mutex_);
  for (Channel& channel : channels_) channel.expected = 0;
}

void Receiver::answer_after(std::size_t channel, Duration delay) {
  const std::lock_guard guard(mutex_);
  channels_.at(channel).delay = delay;
}

double Receiver::cpu_us() {
  clockid_t clock{};
  timespec used{};
  pthread_getcpuclockid(thread_.native_handle(), &clock);
  clock_gettime(clock, &used);
  return static_cast<double>(used.tv_sec) * 1e6 + static_cast<double>(used.tv_nsec) / 1e3;
}

void Receiver::run() {
  std::array<epoll_event, 256> events;
  while (!ending_) {
    int wait = 100;  // ms; no longer, so that the end is seen
    for (const Answer& answer : answers_)
      wait = std::min(wait, std::max(0, static_cast<int>((answer.due - steady_us()) / 1000)));
    const int count = epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), wait);
    const std::lock_guard guard(mutex_);
    // All that has come is read before any of it is answered: a channel that sends two at once is seen.
    for (int i = 0; i < count; ++i) {
      const std::uint64_t which = events[static_cast<std::size_t>(i)].data.u64;
      if ((which & kListener) != 0)
        accept_all(static_cast<int>(which & ~kListener));
      else
        read_from(which);
    }
    answer_those_due();
  }
}

void Receiver::accept_all(int listener) {
  for (int fd; (fd = accept4(listener, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK)) >= 0;) {
    const int yes = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    epoll_event event{.events = EPOLLIN, .data = {.u64 = peers_.size()}};
    epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event);
    peers_.push_back({.fd = fd, .in = {}});
  }
}

void Receiver::read_from(std::size_t number) {
  Peer& peer = peers_[number];
  std::array<char, 32768> bytes;
  const ssize_t got = recv(peer.fd, bytes.data(), bytes.size(), 0);
  if (got <= 0) return hang_up(peer);
  peer.in.append(bytes.data(), static_cast<std::size_t>(got));
  const std::size_t end = peer.in.find("\r\n\r\n");
  if (end == peer.in.npos) return;
  const std::string_view head = std::string_view(peer.in).substr(0, end + 2);
  const std::size_t whole = end + 4 + number_after(head, "\r\nContent-Length: ");
  if (peer.in.size() < whole) return;
  if (peer.in.size() > whole) ++disorderly_;  // the client does not pipeline
  take(number, head);
  peer.in.clear();
}

void Receiver::take(std::size_t number, std::string_view head) {
  const std::size_t at = number_after(head, "/c/");
  Channel& channel = channels_.at(at);
  const std::string id = fmt::format("\r\nwebhook-id: {}\r\n", delivery_id(at, channel.expected));
  if (channel.under_way || head.find(id) == head.npos) ++disorderly_;
  ++channel.expected;
  channel.under_way = true;
  ++received_;
  peers_[number].channel = at;
  const double delay = std::chrono::duration<double, std::micro>(channel.delay).count();
  answers_.push_back({delay > 0 ? steady_us() + delay : 0, number});
}

void Receiver::answer_those_due() {
  if (answers_.empty()) return;
  const double now = steady_us();
  std::erase_if(answers_, [&](const Answer& answer) {
    if (answer.due > now) return false;
    const Peer& peer = peers_[answer.peer];
    channels_[peer.channel].under_way = false;
    if (peer.fd >= 0) (void)!send(peer.fd, kAnswer.data(), kAnswer.size(), MSG_NOSIGNAL);
    return true;
  });
}

void Receiver::hang_up(Peer& peer) {
  if (peer.fd >= 0) close(peer.fd);
  peer.fd = -1;
}

}  // namespace earshot::bench
