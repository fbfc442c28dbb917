// A plugin that hands over whatever bytes the fuzzer likes. Whatever it is, what the host keeps is well-formed UTF-8
// within the limits, its URLs are http or https, and it can be written as JSON and read back.
#include <boost/json.hpp>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <earshot/plugin.hpp>
#include <vector>

#include "core/json/item_json.h"
#include "core/utf8.h"
#include "plugin/http_rules.h"
#include "plugin/source.h"

namespace {

using namespace earshot;
namespace face = earshot::plugin;

// Takes what a plugin gives from the fuzzer's bytes. Each text is a copy of exactly its size on the heap, so that one
// byte read too far is found.
class Bytes {
 public:
  explicit Bytes(std::string_view data) : data_(data) {}

  std::uint8_t byte() {
    if (data_.empty()) return 0;
    const auto b = static_cast<std::uint8_t>(data_.front());
    data_.remove_prefix(1);
    return b;
  }
  earshot_str text() {
    const std::uint8_t kind = byte();
    if (kind == 255) return {nullptr, byte()};
    const std::size_t size = std::min<std::size_t>(kind, data_.size());
    kept_.emplace_back(new char[size]);
    std::memcpy(kept_.back().get(), data_.data(), size);
    data_.remove_prefix(size);
    return {kept_.back().get(), size};
  }
  std::int64_t time() {
    std::int64_t value = 0;
    for (int i = 0; i < 8; ++i) value = static_cast<std::int64_t>(static_cast<std::uint64_t>(value) << 8U | byte());
    return value;
  }
  bool empty() const { return data_.empty(); }

 private:
  std::string_view data_;
  std::vector<std::unique_ptr<char[]>> kept_;
};

void give_item(Bytes& in, const earshot_source_out& out) {
  earshot_item item{};
  item.size = in.byte() < 250 ? sizeof item : in.byte();
  for (auto member : {&earshot_item::id, &earshot_item::url, &earshot_item::title, &earshot_item::summary,
                      &earshot_item::content, &earshot_item::author, &earshot_item::comments})
    item.*member = in.text();
  item.published = in.time();
  const earshot_category category{in.text(), in.text(), in.text()};
  const earshot_enclosure enclosure{in.text(), in.text(), in.byte()};
  const earshot_number number{in.text(), in.byte() / 3.0};
  item.categories = &category;
  item.n_categories = 1;
  item.enclosures = &enclosure;
  item.n_enclosures = 1;
  item.engagement = &number;
  item.n_engagement = 1;
  // As long as it says it is, and not a byte more.
  const std::size_t size = std::min<std::size_t>(std::max<std::size_t>(item.size, 4), sizeof item);
  const std::unique_ptr<unsigned char[]> exact{new unsigned char[size]};
  std::memcpy(exact.get(), &item, size);
  out.item(out.ctx, reinterpret_cast<const earshot_item*>(exact.get()));
}

void give_request(Bytes& in, const earshot_source_out& out) {
  earshot_request request{};
  request.size = sizeof request;
  request.flags = in.byte();
  request.method = in.text();
  request.url = in.text();
  request.body = in.text();
  const earshot_pair header{in.text(), in.text()};
  request.headers = &header;
  request.n_headers = in.byte() % 3 == 0 ? 0 : 1;
  out.request(out.ctx, &request);
}

std::int32_t give(const earshot_response* response, const earshot_source_out* out) {
  Bytes in{face::view(response->body)};
  while (!in.empty()) {
    const std::uint8_t what = in.byte();
    const earshot_str text = what % 8 < 3 ? earshot_str{} : in.text();
    switch (what % 8) {
      case 0:
      case 1: give_item(in, *out); break;
      case 2: give_request(in, *out); break;
      case 3: out->state(out->ctx, text.data, text.len); break;
      case 4: out->warning(out->ctx, text.data, text.len); break;
      case 5: out->send(out->ctx, text.data, text.len); break;
      default:
        if (what > 250) out->error(out->ctx, text.data, text.len);
    }
  }
  return EARSHOT_OK;
}

void must(bool good, int line = __builtin_LINE()) {
  if (good) return;
  std::fprintf(stderr, "the promise of line %d is broken\n", line);
  std::abort();
}

void check(const std::string& text, std::size_t limit, int line = __builtin_LINE()) {
  must(is_valid_utf8(text) && text.size() <= limit, line);
}

host::Limits small() {
  host::Limits limits;
  limits.content = 50;
  limits.title = 40;
  limits.url = 60;
  return limits;
}

std::unique_ptr<host::SourceInstance> make_source() {
  earshot_plugin table =
      face::detail::table({"fuzz", "1", "", R"({"type":"object"})", "", EARSHOT_STREAMS}, EARSHOT_SOURCE);
  static int instance = 0;
  table.create = [](const earshot_host*, const earshot_config*, const earshot_create_out*, void** to) -> std::int32_t {
    *to = &instance;
    return EARSHOT_OK;
  };
  table.destroy = [](void*) {};
  table.source_begin = [](void*, const earshot_call*, const earshot_source_out*) -> std::int32_t { return EARSHOT_OK; };
  table.source_response = [](void*, const earshot_call*, const earshot_response* response,
                             const earshot_source_out* out) { return give(response, out); };
  table.source_frame = [](void*, const earshot_call*, const earshot_frame*, const earshot_source_out*) -> std::int32_t {
    return EARSHOT_OK;
  };
  return *host::SourceInstance::create(*host::Plugin::from_table(table), "fuzz", "{}", small());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto source = make_source();
  const host::Limits limits = small();
  host::Response response;
  response.body = {reinterpret_cast<const char*>(data), size};
  const auto round = source->response({}, response);
  if (!round) {
    check(round.error().message, SIZE_MAX);
    return 0;
  }
  for (const Item& item : round->items) {
    must(!item.id.empty());
    check(item.title, limits.title);
    check(item.summary, limits.content);
    check(item.content, limits.content);
    must(item.url.empty() || (host::is_http_url(item.url) && item.url.size() <= limits.url));
    std::string json;
    append_json(json, item, ItemText::all);
    const auto read = item_from_json(json);
    must(read.has_value() && read->content == item.content &&
         read->published.has_value() == item.published.has_value());
  }
  for (const host::Request& request : round->requests) {
    must(request.url.find_first_of("\r\n ") == std::string::npos);
    for (const auto& [name, value] : request.headers) must((name + value).find_first_of("\r\n") == std::string::npos);
  }
  for (const std::string& warning : round->warnings)
    must(is_valid_utf8(warning) && warning.find('\n') == std::string::npos);
  return 0;
}
