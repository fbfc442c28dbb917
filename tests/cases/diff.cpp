#include "cases/diff.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

namespace earshot::cases {
namespace {

namespace json = boost::json;

constexpr std::size_t kMost = 20;

// Long texts are told from a little before the place where they part.
std::string shown(const json::value& v, std::size_t from) {
  constexpr std::size_t kWidth = 160;
  std::string text = json::serialize(v);
  from = from > 40 ? from - 40 : 0;
  if (from > 0) text = "…" + text.substr(from);
  return text.size() > kWidth ? text.substr(0, kWidth) + "…" : text;
}

// 90 and 90.0 are one number; large whole ones are compared as such.
bool same_number(const json::value& a, const json::value& b) {
  return a == b || ((a.is_double() || b.is_double()) && a.to_number<double>() == b.to_number<double>());
}

class Differences {
 public:
  void compare(const std::string& path, const json::value& expected, const json::value& got) {
    if (count_ > kMost) return;
    if (expected.is_object() && got.is_object())
      objects(path, expected.get_object(), got.get_object());
    else if (expected.is_array() && got.is_array())
      arrays(path, expected.get_array(), got.get_array());
    else if (expected.is_number() && got.is_number() ? !same_number(expected, got) : expected != got)
      differ(path, expected, got);
  }
  std::string text() const { return text_; }

 private:
  void objects(const std::string& path, const json::object& expected, const json::object& got) {
    const std::string prefix = path.empty() ? "" : path + ".";
    for (const auto& [key, value] : expected)
      if (const json::value* other = got.if_contains(key))
        compare(prefix + std::string{key}, value, *other);
      else
        tell(fmt::format("{}{}: is missing\n    expected {}", prefix, std::string_view{key}, shown(value, 0)));
    for (const auto& [key, value] : got)
      if (!expected.contains(key))
        tell(fmt::format("{}{}: was not expected\n    got      {}", prefix, std::string_view{key}, shown(value, 0)));
  }
  void arrays(const std::string& path, const json::array& expected, const json::array& got) {
    for (std::size_t i = 0; i < std::min(expected.size(), got.size()); ++i)
      compare(fmt::format("{}[{}]", path, i), expected[i], got[i]);
    if (expected.size() != got.size())
      tell(fmt::format("{}: expected {} entries, got {}", path, expected.size(), got.size()));
  }
  void differ(const std::string& path, const json::value& expected, const json::value& got) {
    const std::string a = json::serialize(expected), b = json::serialize(got);
    const auto parting = static_cast<std::size_t>(std::ranges::mismatch(a, b).in1 - a.begin());
    tell(fmt::format("{}:\n    expected {}\n    got      {}", path, shown(expected, parting), shown(got, parting)));
  }
  void tell(const std::string& what) {
    if (++count_ <= kMost)
      text_ += "  " + what + "\n";
    else if (count_ == kMost + 1)
      text_ += "  … and more\n";
  }

  std::string text_;
  std::size_t count_ = 0;
};

}  // namespace

std::string diff(const json::value& expected, const json::value& got) {
  Differences differences;
  differences.compare("", expected, got);
  return differences.text();
}

}  // namespace earshot::cases
