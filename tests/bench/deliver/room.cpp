#include "room.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <stdexcept>

#include "run/clock.h"
#include "run/engine.h"
#include "run/log.h"

namespace earshot::bench {
namespace {

constexpr auto kSlice = std::chrono::milliseconds{1};  // how exactly the end of a round is seen
constexpr auto kMost = std::chrono::seconds{30};       // for one round
constexpr std::size_t kSlowAlerts = 2;                 // of the slow channel: it is waited for
const net::AddressPolicy kLoopback{.allow_all_private = true, .allow_private = {}};

template <class T>
T value(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().message);
  return std::move(*result);
}

void check(const Status& status) {
  if (!status) throw std::runtime_error(status.error().message);
}

std::filesystem::path make_folder() {
  const char* base = std::getenv("EARSHOT_BENCH_DIR");
  const std::filesystem::path where = base == nullptr ? std::filesystem::temp_directory_path() : base;
  std::string name = (where / "earshot-deliver-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no folder for the store");
  return name;
}

// Runs the loop until `over` says so.
template <class Over>
void run_until(boost::asio::io_context& io, const Over& over) {
  const auto end = std::chrono::steady_clock::now() + kMost;
  io.restart();
  while (!over()) {
    io.run_for(kSlice);
    if (io.stopped()) io.restart();
    if (std::chrono::steady_clock::now() >= end) throw std::runtime_error("a round took longer than it may");
  }
}

}  // namespace

Room::Room(Receiver& receiver, std::size_t channels, bool one_address)
    : receiver_(receiver), folder_(make_folder()), workers_(std::max(2U, std::thread::hardware_concurrency())) {
  log::start(spdlog::level::critical);
  store_ = value(store::Store::open(folder_ / "store"));
  committer_.emplace(*store_);
  const std::filesystem::path plugins = EARSHOT_BENCH_PLUGINS;
  catalogue_ = host::Catalogue::scan({&plugins, 1});
  for (std::size_t i = 0; i < channels; ++i) {
    config::Channel& channel = config_.channels.emplace_back();
    channel.name = fmt::format("team-{:04}", i);
    channel.type = "webhook";
    channel.settings = fmt::format(R"({{"url":"{}","secret":"whsec_ZWFyc2hvdCBiZW5jaG1hcmsgb2YgZGVsaXZlcnk="}})",
                                   receiver.url(one_address ? 0 : i, i));
  }
  client_.emplace(io_.get_executor(), run::channel_client_options(config_.fetch, {}));
}

Room::~Room() {
  client_.reset();
  committer_.reset();
  store_.reset();
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

Alert Room::alert(std::size_t channel, std::uint64_t number) const {
  Alert alert;
  alert.delivery_id = delivery_id(channel, number);
  alert.channel = config_.channels[channel].name;
  alert.created = run::wall_clock();
  Mention& mention = alert.mentions.emplace_back();
  mention.id = fmt::format("{:08}{:08}", channel, number);
  mention.source = "evening-paper";
  mention.site = "paper.example";
  mention.canonical_url = mention.item.url = fmt::format("https://paper.example/news/{}/{}", channel, number);
  mention.item.title = "Acme Bank answers for the outage of last night";
  mention.item.author = "J. Doe";
  mention.item.published = mention.seen = alert.created;
  mention.language = "en";
  mention.matches = {{"brand", {{"Acme Bank", "title", {0, 9}}}}};
  mention.labels = {{"team", "pr"}};
  mention.title_hits = {{0, 9}};
  mention.snippet =
      "Customers of Acme Bank could not pay by card for three hours on Tuesday evening. The bank says that a change "
      "to its network was the cause, that no data were lost, and that whoever had costs will be paid.";
  mention.snippet_hits = {{13, 22}};
  return alert;
}

// In turns, as alerts of one document come to several channels.
void Room::fill(std::size_t each, std::size_t last) {
  std::vector<Alert> alerts;
  for (std::uint64_t number = 0; number < each; ++number)
    for (std::size_t channel = 0; channel < config_.channels.size(); ++channel)
      if (channel + 1 < config_.channels.size() || number < last) alerts.push_back(alert(channel, number));
  for (std::size_t at = 0; at < alerts.size(); at += 1000)
    check(store_->enqueue(std::span(alerts).subspan(at, std::min<std::size_t>(1000, alerts.size() - at)), {},
                          run::wall_clock()));
}

Round Room::now() const {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto us = [](timeval t) { return static_cast<double>(t.tv_sec) * 1e6 + static_cast<double>(t.tv_usec); };
  Round out;
  out.server_us = receiver_.cpu_us();
  out.cpu_us = us(usage.ru_utime) + us(usage.ru_stime) - out.server_us;
  out.wall_us = std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now().time_since_epoch()).count();
  out.opened = client_->stats().opened;
  return out;
}

Round Room::since(const Round& before) const {
  Round out = now();
  out.wall_us -= before.wall_us;
  out.cpu_us -= before.cpu_us;
  out.server_us -= before.server_us;
  out.opened -= before.opened;
  return out;
}

Round Room::deliver(std::size_t each, bool slow) {
  fill(each, slow ? kSlowAlerts : each);
  receiver_.expect_from_start();
  run::Exchange exchange(*client_, workers_, [](std::string_view) { return Status{}; });
  run::House house{.io = io_.get_executor(),
                   .workers = workers_,
                   .store = *store_,
                   .committer = *committer_,
                   .config = config_,
                   .catalogue = catalogue_,
                   .rules = nullptr,  // no part of a delivery
                   .exchange = exchange,
                   .now = run::wall_clock,
                   .random = run::random_bits};
  run::Deliverer deliverer(house, exchange, value(run::make_channels(config_, catalogue_)));
  const std::uint64_t all = config_.channels.size() * each - (slow ? each - kSlowAlerts : 0);
  const std::uint64_t awaited = slow ? all - kSlowAlerts : all;
  const std::string slow_one = slow ? config_.channels.back().name : "";
  const std::uint64_t received = receiver_.received();
  const auto settled = [&](std::uint64_t target, const std::string& without) {
    if (receiver_.received() - received < target) return false;  // the cheap question first
    std::uint64_t delivered = 0;
    for (const run::Tries& tries : deliverer.tries()) {
      if (tries.retried + tries.given_up > 0) throw std::runtime_error("a delivery failed");
      if (tries.channel != without) delivered += tries.delivered;
    }
    return delivered >= target;
  };
  const Round before = now();
  boost::asio::co_spawn(io_, deliverer.start(), [](const std::exception_ptr& bug, const Status& status) {
    if (bug || !status) throw std::runtime_error("the deliveries did not start");
  });
  run_until(io_, [&] { return settled(awaited, slow_one); });
  Round round = since(before);
  round.alerts = awaited;
  run_until(io_, [&] { return settled(all, ""); });
  deliverer.stop();
  run_until(io_, [&] { return deliverer.busy() == 0; });
  if (!value(store_->pending()).empty()) throw std::runtime_error("something is owed still");
  return round;
}

std::vector<std::vector<net::Request>> Room::requests(std::size_t each) {
  auto channels = value(run::make_channels(config_, catalogue_));
  std::vector<std::vector<net::Request>> out(channels.size());
  for (std::size_t i = 0; i < channels.size(); ++i) {
    for (std::uint64_t number = 0; number < each; ++number) {
      host::Request made = value(channels[i].sink->request({run::wall_clock(), run::random_bits(), {}},
                                                           alert(i, number), 1, channels[i].context));
      net::Request& request = out[i].emplace_back();
      request.method = std::move(made.method);
      request.url = std::move(made.url);
      for (auto& [name, text] : made.headers) request.headers.push_back({std::move(name), std::move(text)});
      request.body = std::move(made.body);
      request.policy = &kLoopback;
    }
  }
  return out;
}

Round Room::post(std::size_t each) {
  auto all = requests(each);
  receiver_.expect_from_start();
  std::size_t ended = 0;
  const auto work = [this](std::vector<net::Request>& line) -> boost::asio::awaitable<void> {
    for (net::Request& request : line) {
      const auto answer = co_await client_->fetch(std::move(request));
      if (!answer || answer->status != 204) throw std::runtime_error("a post failed");
    }
  };
  const Round before = now();
  for (auto& line : all)
    boost::asio::co_spawn(io_, work(line), [&ended](const std::exception_ptr& bug) {
      if (bug) std::rethrow_exception(bug);
      ++ended;
    });
  run_until(io_, [&] { return ended == all.size(); });
  Round round = since(before);
  round.alerts = all.size() * each;
  return round;
}

double Room::syncs_per_second() const {
  constexpr int kTimes = 200;
  const std::string bytes(500, 'x');
  const int fd = open((folder_ / "syncs").c_str(), O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
  bool good = fd >= 0;
  const Round before = now();
  for (int i = 0; good && i < kTimes; ++i)
    good = write(fd, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()) && fdatasync(fd) == 0;
  const double wall = since(before).wall_us;
  if (fd >= 0) close(fd);
  if (!good) throw std::runtime_error("the folder of the store cannot be written to");
  return kTimes * 1e6 / wall;
}

}  // namespace earshot::bench
