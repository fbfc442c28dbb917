#include <fmt/format.h>

#include <boost/json.hpp>
#include <iterator>

#include "core/json/item_json.h"

namespace earshot {
namespace {

namespace json = boost::json;

void write(std::string& out, const json::value& value, std::size_t level);

template <class List, class Write>
void write_list(std::string& out, char open, char close, const List& list, std::size_t level, Write&& one) {
  out += open;
  bool first = true;
  for (const auto& element : list) {
    out += first ? "\n" : ",\n";
    first = false;
    out.append(2 * (level + 1), ' ');
    one(element);
  }
  if (!first) out.append(1, '\n').append(2 * level, ' ');
  out += close;
}

// Boost.JSON's parser bounds the depth of what it reads, so this recursion is bounded too.
void write(std::string& out, const json::value& value, std::size_t level) {
  if (const json::object* object = value.if_object())
    write_list(out, '{', '}', *object, level, [&](const json::key_value_pair& member) {
      append_json(out, std::string_view{member.key()});
      out += ": ";
      write(out, member.value(), level + 1);
    });
  else if (const json::array* array = value.if_array())
    write_list(out, '[', ']', *array, level, [&](const json::value& element) { write(out, element, level + 1); });
  else if (const double* number = value.if_double())
    fmt::format_to(std::back_inserter(out), "{}", *number);  // 90 and 0.5, where Boost.JSON writes 9E1 and 5E-1
  else
    out += json::serialize(value);
}

}  // namespace

std::string pretty(const json::value& value) {
  std::string out;
  write(out, value, 0);
  out += '\n';
  return out;
}

}  // namespace earshot
