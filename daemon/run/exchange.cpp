#include "run/exchange.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <utility>

#include "core/url/url.h"
#include "plugin/http_rules.h"
#include "run/mail.h"

namespace earshot::run {
namespace {

net::FetchError failed(net::Step step, std::string message) {
  return {.step = step, .message = std::move(message), .retryable = true};
}

// The whole file, at most `most` bytes. A missing one is a 404, as it would be on a server: it may come later.
Result<net::Response, net::FetchError> read_file(const std::string& url, std::uint64_t most) {
  const std::string path = url::percent_decode(std::string_view{url}.substr(std::strlen("file://")));
  const auto close = [](std::FILE* f) { std::fclose(f); };
  const std::unique_ptr<std::FILE, decltype(close)> file{std::fopen(path.c_str(), "rbe"), close};
  net::Response response;
  response.url = url;
  if (!file) {
    if (errno != ENOENT)
      return tl::unexpected(
          failed(net::Step::connect, fmt::format("{}: cannot be read: {}", path, std::strerror(errno))));
    response.status = 404;
    return response;
  }
  struct stat about {};
  if (fstat(fileno(file.get()), &about) != 0 || !S_ISREG(about.st_mode))
    return tl::unexpected(failed(net::Step::connect, path + ": is no regular file"));
  if (static_cast<std::uint64_t>(about.st_size) > most)
    return tl::unexpected(failed(net::Step::limit, fmt::format("{}: {} bytes are more than fetch.max_size allows ({})",
                                                               path, about.st_size, most)));
  response.body.resize(static_cast<std::size_t>(about.st_size));
  response.body.resize(std::fread(response.body.data(), 1, response.body.size(), file.get()));
  response.status = 200;
  return response;
}

net::Request to_net(Errand&& errand) {
  host::Request& request = errand.request;
  net::Request out;
  out.method = std::move(request.method);
  out.url = std::move(request.url);
  out.headers = std::move(errand.headers);
  for (auto& [name, value] : request.headers) out.headers.push_back({std::move(name), std::move(value)});
  out.body = std::move(request.body);
  if (request.conditional()) out.validators = std::move(errand.validators);
  out.moved_to = std::move(errand.moved_to);
  out.follow_redirects = errand.follow_redirects;
  out.policy = errand.policy;
  out.limits = errand.limits;
  return out;
}

}  // namespace

boost::asio::awaitable<Result<net::Response, net::FetchError>> Exchange::send(Errand errand) {
  host::Request& request = errand.request;
  if (request.url.starts_with("console:")) {
    net::Response response;
    response.url = request.url;
    response.status = 200;
    if (const Status printed = print_(request.body); !printed)
      co_return tl::unexpected(failed(net::Step::send, printed.error().message));
    co_return response;
  }
  if (request.url.starts_with("file://")) {
    auto job = [&] { return read_file(request.url, errand.limits.max_body); };
    co_return co_await workers_.run(std::move(job));
  }
  if (host::is_mail_url(request.url)) {
    const std::string url = request.url;
    auto mail = to_mail(std::move(request));
    if (!mail) co_return tl::unexpected(net::FetchError{.step = net::Step::url, .message = mail.error().message});
    mail->policy = errand.policy;
    auto answer = co_await net::send_mail(client_, std::move(*mail));
    if (!answer) co_return tl::unexpected(std::move(answer.error()));
    co_return to_response(*answer, url);
  }
  co_return co_await client_.fetch(to_net(std::move(errand)));
}

boost::asio::awaitable<Result<std::unique_ptr<net::Stream>, net::FetchError>> Exchange::open(Errand errand,
                                                                                             net::StreamLimits limits) {
  const bool websocket = errand.request.websocket();
  net::Request out = to_net(std::move(errand));
  if (websocket) {
    auto stream = co_await net::open_websocket(client_, std::move(out), limits);
    co_return stream;
  }
  auto stream = co_await net::open_events(client_, std::move(out), {}, limits);
  co_return stream;
}

host::Response plugin_view(const net::Response& response, std::uint64_t tag) {
  host::Response view;
  view.status = response.status;
  view.tag = tag;
  view.url = response.url;
  view.headers.reserve(response.headers.size());
  for (const net::Header& header : response.headers) view.headers.emplace_back(header.name, header.value);
  view.body = response.body;
  return view;
}

Status print_to_stdout(std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0)
    return fail(fmt::format("standard output: {}", std::strerror(errno)));
  return {};
}

}  // namespace earshot::run
