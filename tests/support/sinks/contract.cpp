#include "contract.h"

#include <algorithm>
#include <boost/json.hpp>
#include <stdexcept>

#include "contracts.h"
#include "mime.h"

namespace earshot::test {
namespace {

namespace json = boost::json;

void collect(const json::value& v, std::vector<std::string>& out) {
  if (v.is_string()) out.emplace_back(v.get_string());
  if (v.is_array())
    for (const json::value& e : v.get_array()) collect(e, out);
  if (v.is_object())
    for (const auto& [key, e] : v.get_object()) collect(e, out);
}

std::string form_decoded(std::string_view s) {
  std::string out;
  for (std::size_t i = 0; i < s.size(); ++i) {
    if (s[i] == '%' && i + 2 < s.size()) {
      out += static_cast<char>(std::stoi(std::string(s.substr(i + 1, 2)), nullptr, 16));
      i += 2;
    } else {
      out += s[i] == '+' ? ' ' : s[i];
    }
  }
  return out;
}

const std::map<std::string, Contract>& all_contracts() {
  static const std::map<std::string, Contract> all = contracts();
  return all;
}

}  // namespace

std::vector<std::string> visible(const Posted& posted) {
  std::vector<std::string> out;
  const std::string type = posted.header("Content-Type");
  if (type.find("json") != std::string::npos) {
    collect(json::parse(posted.body), out);
  } else if (type == "application/x-www-form-urlencoded") {
    for (std::size_t at = 0; at < posted.body.size();) {
      const std::size_t end = std::min(posted.body.find('&', at), posted.body.size());
      const std::string pair = posted.body.substr(at, end - at);
      out.push_back(form_decoded(pair.substr(pair.find('=') + 1)));
      at = end + 1;
    }
  } else if (posted.url.starts_with("smtp")) {
    const Message message = read_message(posted.body);
    out = {message.header("Subject"), message.text, message.html};
  } else {
    out.push_back(posted.body);
  }
  return out;
}

std::size_t code_points(const std::string& text) {
  std::size_t n = 0;
  for (const char c : text) n += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  return n;
}

std::size_t utf16(const std::string& text) {
  std::size_t n = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    n += byte >= 0xF0 ? 2 : (byte & 0xC0) != 0x80 ? 1 : 0;
  }
  return n;
}

const Contract& contract_of(const std::string& name) {
  const auto found = all_contracts().find(name);
  if (found == all_contracts().end())
    throw std::runtime_error("no contract for the sink " + name + ": add one to contracts.cpp");
  return found->second;
}

std::vector<std::string> contract_names() {
  std::vector<std::string> names = sink_names();
  for (const auto& [name, contract] : all_contracts())
    if (std::ranges::find(names, contract.sink) != names.end()) names.push_back(name);
  return names;
}

}  // namespace earshot::test
