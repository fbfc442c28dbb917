// `earshot watch QUERY URL…`: no configuration at all. The same poll and the same matcher as the daemon's; what was
// shown is remembered only as long as it runs.
#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/serialize.hpp>
#include <csignal>
#include <filesystem>
#include <map>
#include <memory>
#include <set>

#include "cli/commands.h"
#include "cli/local_time.h"
#include "cli/mention_json.h"
#include "cli/setup.h"
#include "cli/terminal.h"
#include "core/mention/canonical_url.h"
#include "core/mention/make.h"
#include "core/url/url.h"
#include "plugin/catalogue.h"
#include "run/clock.h"
#include "run/engine.h"
#include "run/poll.h"
#include "run/rules.h"

namespace earshot::cli {
namespace {

namespace asio = boost::asio;

struct Options {
  std::string query;
  std::vector<std::string> urls;
  bool once = false, json = false, allow_private = false, keep_accents = false;
  std::string interval = "5m", type = "feed";
};

struct Watched {
  config::Source source;
  std::string label;  // who says it: the host, or the file
  std::unique_ptr<host::SourceInstance> instance;
  store::SourceState state;
  net::AddressPolicy policy;
};

// What the person typed may be inside their own network; where a redirect from there leads may not.
void allow_what_was_typed(net::AddressPolicy& policy, const url::Url& url, bool all) {
  policy.allow_all_private = all;
  const auto add = [&](std::string_view network) {
    if (auto parsed = url::parse_network(network)) policy.allow_private.push_back(*parsed);
  };
  if (url.host == "localhost" || url.host.ends_with(".localhost")) {
    add("127.0.0.0/8");
    add("::1/128");
  } else if (url.ip) {
    add(url.host + (url.host.find(':') == std::string::npos ? "/32" : "/128"));
  }
}

Result<std::unique_ptr<Watched>> make_watched(const Options& options, const std::string& address,
                                              const host::Catalogue& catalogue) {
  auto watched = std::make_unique<Watched>();
  boost::json::object settings;
  watched->source.type = options.type;
  if (const auto parsed = url::parse(address)) {
    watched->label = mention::site_of(address);
    settings["url"] = address;
    allow_what_was_typed(watched->policy, *parsed, options.allow_private);
  } else if (address.find("://") == std::string::npos && std::filesystem::exists(address)) {
    watched->label = std::filesystem::path(address).filename();
    watched->source.type = "file";
    settings["path"] = std::filesystem::absolute(address).string();
  } else {
    return fail(
        fmt::format("{}: neither a URL ({}) nor a file that is there", printable(address), parsed.error().message));
  }
  watched->source.name = watched->label;
  watched->source.settings = boost::json::serialize(settings);
  auto plugin = catalogue.find(host::Kind::source, watched->source.type);
  if (!plugin) return tl::unexpected(plugin.error());
  auto instance = host::SourceInstance::create(*plugin, watched->label, watched->source.settings);
  if (!instance) return tl::unexpected(instance.error());
  watched->instance = std::move(*instance);
  return watched;
}

class Watch {
 public:
  Watch(const Options& options, Duration interval, std::shared_ptr<const run::Rules> rules,
        std::vector<std::unique_ptr<Watched>> sources, net::ProxySettings proxy)
      : options_(options),
        interval_(interval),
        rules_(std::move(rules)),
        sources_(std::move(sources)),
        client_(io_.get_executor(), run::client_options({}, proxy)),
        exchange_(client_, workers_, run::print_to_stdout) {}

  int run() {
    left_ = sources_.size();
    for (const auto& watched : sources_)
      asio::co_spawn(io_, follow(*watched), [this](const std::exception_ptr& bug) {
        if (bug) std::rethrow_exception(bug);
        if (--left_ == 0) finish();
      });
    signals_.async_wait([this](const boost::system::error_code& error, int) {
      if (!error) finish();
    });
    show_progress();
    io_.run();
    clear_progress();
    workers_.join();
    return options_.once && shown_ == 0 ? no : good;
  }

 private:
  asio::awaitable<void> follow(Watched& watched) {
    asio::steady_timer timer(io_);
    for (;;) {
      co_await poll_one(watched);
      ++polls_;
      if (options_.once || stopping_) co_return;
      show_progress();
      timer.expires_after(interval_);
      co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
    }
  }

  asio::awaitable<void> poll_one(Watched& watched) {
    auto begin = [&] {
      return watched.instance->begin({run::wall_clock(), run::random_bits(), watched.state.plugin_state});
    };
    auto first = co_await workers_.run(std::move(begin));
    if (!first) {
      complain(watched, first.error().message);
      co_return;
    }
    const run::PollTools tools{exchange_, workers_, run::wall_clock, run::random_bits};
    const run::Manner manner{.headers = {}, .policy = &watched.policy, .limits = {}};
    run::Polled polled = co_await run::poll(tools, *watched.instance, std::move(*first), watched.state, manner);
    if (polled.kind == run::Polled::Kind::cancelled) co_return;
    if (polled.kind == run::Polled::Kind::failed)
      complain(watched, polled.error);
    else
      watched.state.validators = std::move(polled.validators);
    if (polled.plugin_state) watched.state.plugin_state = std::move(*polled.plugin_state);
    auto take = [&] { return matches(watched, std::move(polled.items)); };
    const std::vector<Mention> found = co_await workers_.run(std::move(take));
    for (const Mention& mention : found) show(watched, mention);
  }

  // On a worker. Oldest first, as they were said.
  std::vector<Mention> matches(const Watched& watched, std::vector<Item> items) const {
    const Time now = run::wall_clock();
    std::vector<Mention> found;
    for (Item& item : items) {
      item.id = mention::item_key(item);
      if (item.id.empty()) continue;
      Mention mention = mention::make(std::move(item), {watched.label, {}}, now);
      run::match(mention, watched.source, *rules_, now);
      if (!mention.matches.empty()) found.push_back(std::move(mention));
    }
    std::ranges::stable_sort(found, {}, [](const Mention& m) { return m.item.published.value_or(m.seen); });
    return found;
  }

  void show(const Watched& watched, const Mention& mention) {
    if (!seen_.insert(mention.id).second) return;
    if (!mention.canonical_url.empty() && !seen_urls_.emplace(mention.canonical_url, mention.source).second &&
        seen_urls_[mention.canonical_url] != mention.source)
      return;  // another of the sources had it already
    ++shown_;
    clear_progress();
    std::string line = options_.json      ? mention_json(mention)
                       : out_.is_terminal ? for_people(watched, mention)
                                          : plain(watched, mention);
    if (const Status printed = run::print_to_stdout(line + '\n'); !printed)
      finish();  // the reader of the pipe has gone
    show_progress();
  }

  std::string plain(const Watched& watched, const Mention& mention) const {
    return fmt::format("{}\t{}\t{}\t{}", rfc3339(mention.item.published.value_or(mention.seen)),
                       printable(watched.label), printable(words(mention).first), printable(mention.item.url));
  }

  std::string for_people(const Watched& watched, const Mention& mention) const {
    const auto [text, hits] = words(mention);
    return fmt::format("{}  {}  {}  {}", out_.styled(local_time(mention.item.published.value_or(mention.seen)), "2"),
                       out_.styled(printable(watched.label), "36"), highlighted(text, hits, out_),
                       out_.styled(printable(mention.item.url), "2;4"));
  }

  // The title, where it is hit or nothing else is there; else the title and the place in the text that was.
  static std::pair<std::string, std::vector<Span>> words(const Mention& mention) {
    if (!mention.title_hits.empty() || mention.snippet.empty()) return {mention.item.title, mention.title_hits};
    std::string text = mention.item.title.empty() ? "" : mention.item.title + ": ";
    std::vector<Span> hits = mention.snippet_hits;
    for (Span& hit : hits) {
      hit.start += static_cast<std::uint32_t>(text.size());
      hit.end += static_cast<std::uint32_t>(text.size());
    }
    return {text + mention.snippet, hits};
  }

  void complain(const Watched& watched, const std::string& error) {
    clear_progress();
    fmt::print(stderr, "{}: {}{}\n", printable(watched.label), printable(error),
               options_.once ? "" : fmt::format(" (trying again in {})", format_duration(interval_)));
    show_progress();
  }

  void show_progress() {
    if (!err_.is_terminal || options_.once) return;
    const std::string text = fmt::format("listening to {} source{}, {} polls, {} mentions; Ctrl-C ends it",
                                         sources_.size(), sources_.size() == 1 ? "" : "s", polls_, shown_);
    fmt::print(stderr, "\r\x1b[K{}", err_.styled(text.substr(0, static_cast<std::size_t>(err_.width)), "2"));
    std::fflush(stderr);
  }

  void clear_progress() const {
    if (err_.is_terminal && !options_.once) fmt::print(stderr, "\r\x1b[K");
  }

  void finish() {
    stopping_ = true;
    client_.close();
    signals_.cancel();
    io_.stop();
  }

  const Options& options_;
  Duration interval_;
  std::shared_ptr<const run::Rules> rules_;
  std::vector<std::unique_ptr<Watched>> sources_;
  asio::io_context io_{1};
  run::Workers workers_{2};
  net::Client client_;
  run::Exchange exchange_;
  asio::signal_set signals_{io_, SIGINT, SIGTERM};
  std::set<std::string> seen_;
  std::map<std::string, std::string> seen_urls_;  // canonical URL → who had it first
  std::size_t left_ = 0, polls_ = 0, shown_ = 0;
  bool stopping_ = false;
  Terminal out_ = Terminal::of(stdout), err_ = Terminal::of(stderr);
};

int watch(const Options& options) {
  std::signal(SIGPIPE, SIG_IGN);
  const auto interval = parse_duration(options.interval);
  if (!interval || *interval < std::chrono::seconds{1}) {
    fmt::print(stderr, "earshot watch: --interval {}: write a duration of at least 1s, such as 5m\n", options.interval);
    return usage;
  }
  config::Config config;
  config.topics.push_back({.name = "watch",
                           .query = options.query,
                           .fold_accents = !options.keep_accents,
                           .description = {},
                           .labels = {},
                           .place = {},
                           .query_place = {}});
  if (const auto parsed = query::parse(options.query); !parsed) {
    for (const query::Problem& problem : parsed.error())
      fmt::print(stderr, "{}\n", query::caret_message(options.query, problem));
    return usage;
  }
  const auto rules = run::make_rules(config);
  if (!rules) {
    fmt::print(stderr, "earshot watch: {}\n", rules.error().message);
    return usage;
  }
  const host::Catalogue catalogue = installed_plugins();
  std::vector<std::unique_ptr<Watched>> sources;
  for (const std::string& address : options.urls) {
    auto watched = make_watched(options, address, catalogue);
    if (!watched) {
      fmt::print(stderr, "earshot watch: {}\n", watched.error().message);
      return usage;
    }
    sources.push_back(std::move(*watched));
  }
  auto proxy = net::proxy_from_environment();
  if (!proxy) {
    fmt::print(stderr, "earshot watch: {}\n", proxy.error().message);
    return no;
  }
  Watch watch(options, *interval, *rules, std::move(sources), std::move(*proxy));
  return watch.run();
}

}  // namespace

void add_watch(CLI::App& app, int& exit) {
  CLI::App* command =
      app.add_subcommand("watch", "Watch these words on these feeds: no configuration, mentions as they come");
  auto options = std::make_shared<Options>();
  command->add_option("query", options->query, "What to listen for")->required()->type_name("QUERY");
  command->add_option("url", options->urls, "Feeds (http, https) or local files")->required()->type_name("URL");
  command->add_flag("--once", options->once, "Poll each URL once and exit: 0 if something matched, 1 if nothing did");
  command->add_flag("--json", options->json, "One JSON object a line");
  command->add_option("--interval", options->interval, "How often to poll (default 5m)")->type_name("TIME");
  command->add_option("--type", options->type, "The source plugin that reads the URLs (default feed)")
      ->type_name("TYPE");
  command->add_flag("--keep-accents", options->keep_accents, "cafe does not find café");
  command->add_flag("--allow-private", options->allow_private, "URLs may lead into your own network");
  command->footer(
      "Examples:\n"
      "  earshot watch '\"Acme Bank\" OR acmebank' https://news.ycombinator.com/rss https://lwn.net/headlines/rss\n"
      "  earshot watch --once --json openssl https://www.debian.org/security/dsa | jq .title\n"
      "  earshot watch 'title:(outage OR storing)' feed.xml");
  command->callback([options, &exit] { exit = watch(*options); });
}

}  // namespace earshot::cli
