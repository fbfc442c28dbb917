// What came in over HTTP and what goes out, without a socket.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace earshot::web {

struct Request {
  std::string method;                                        // GET HEAD POST …
  std::string path;                                          // as sent: "/a/x", not decoded
  std::string query;                                         // without its "?", not decoded
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
  std::string body;
  std::string peer;  // the address of the other side; "unix" for a Unix socket

  // The value of the first header of that name (in lower case), or "".
  std::string_view header(std::string_view name) const;
};

struct Answer {
  unsigned status = 200;
  std::string body;
  std::string type = "text/plain; charset=utf-8";
  std::vector<std::pair<std::string, std::string>> headers = {};
};

// The fields of a query or of an application/x-www-form-urlencoded body, decoded (WHATWG URL, section 5.1).
class Form {
 public:
  explicit Form(std::string_view encoded);
  // The first of that name.
  std::optional<std::string_view> get(std::string_view name) const;

 private:
  std::vector<std::pair<std::string, std::string>> fields_;
};

// For text and for the values of attributes between double quotes.
std::string escape_html(std::string_view text);
// "text/plain" and a line.
Answer plain(unsigned status, std::string_view line);

}  // namespace earshot::web
