#include "sources/feed/json_text.h"

#include <boost/json/parse.hpp>
#include <optional>

#include "common/text/space.h"

namespace earshot::feed {
namespace {

namespace json = boost::json;

constexpr std::size_t deepest = 64;

// The value of a \uXXXX at `at`, or nothing.
std::optional<unsigned> unit_at(std::string_view s, std::size_t at) {
  if (s.size() - at < 6 || s[at] != '\\' || s[at + 1] != 'u') return std::nullopt;
  unsigned value = 0;
  for (std::size_t i = at + 2; i < at + 6; ++i) {
    const char c = text::lower(s[i]);
    if (!text::is_digit(c) && (c < 'a' || c > 'f')) return std::nullopt;
    value = value * 16 + static_cast<unsigned>(text::is_digit(c) ? c - '0' : c - 'a' + 10);
  }
  return value;
}

// Copies a text token by token and leaves out or puts right what is wrong with it.
class Mender {
 public:
  explicit Mender(std::string_view text) : s_(text) { out_.reserve(text.size() + 64); }

  std::string run() {
    while (at_ < s_.size() && !(depth_ == 0 && last_ == '}')) token();
    return std::move(out_);
  }

 private:
  void token() {
    const char c = s_[at_];
    if (c == '"' || c == '{' || c == '[') {
      if (last_ == '}' || last_ == ']' || last_ == '"') out_.push_back(',');  // it was forgotten
    }
    if (c == '"') return string();
    if (c == '/' && at_ + 1 < s_.size() && (s_[at_ + 1] == '/' || s_[at_ + 1] == '*')) return comment();
    if (text::is_alpha(c)) return word();
    if (c == '{' || c == '[') ++depth_;
    if ((c == '}' || c == ']') && depth_ > 0) --depth_;
    ++at_;
    if (c == ',' && (last_ == ',' || last_ == '{' || last_ == '[')) return;
    if (!text::is_space(c)) last_ = c;
    out_.push_back(c);
  }

  void string() {
    out_.push_back('"');
    for (++at_; at_ < s_.size() && s_[at_] != '"';) {
      const char c = s_[at_];
      if (c == '\\') {
        escape();
      } else if (static_cast<unsigned char>(c) < 0x20) {
        out_.append(c == '\n' ? "\\n" : c == '\r' ? "\\r" : c == '\t' ? "\\t" : " ");
        ++at_;
      } else {
        out_.push_back(c);
        ++at_;
      }
    }
    if (at_ == s_.size()) return;  // cut off inside it
    out_.push_back('"');
    ++at_;
    last_ = '"';
  }

  void escape() {
    const char next = at_ + 1 < s_.size() ? s_[at_ + 1] : '\0';
    if (next == 'u') return unicode();
    if (next != '\0' && std::string_view("\"\\/bfnrt").find(next) != std::string_view::npos) {
      out_.append(s_.substr(at_, 2));
      at_ += 2;
    } else {
      if (next == '\0' || text::is_alpha(next) || text::is_digit(next)) out_.append("\\\\");  // a path of Windows
      ++at_;
    }
  }

  void unicode() {
    const auto unit = unit_at(s_, at_);
    if (!unit) {
      out_.append("\\\\");
      ++at_;
      return;
    }
    const bool high = *unit >= 0xD800 && *unit < 0xDC00, low = *unit >= 0xDC00 && *unit < 0xE000;
    if (high) {
      const auto second = at_ + 6 < s_.size() ? unit_at(s_, at_ + 6) : std::nullopt;
      if (second && *second >= 0xDC00 && *second < 0xE000) {
        out_.append(s_.substr(at_, 12));
        at_ += 12;
        return;
      }
    }
    out_.append(high || low ? std::string_view("\\uFFFD") : s_.substr(at_, 6));
    at_ += 6;
  }

  void comment() {
    const bool line = s_[at_ + 1] == '/';
    const std::size_t end = s_.find(line ? std::string_view("\n") : std::string_view("*/"), at_ + 2);
    at_ = end == std::string_view::npos ? s_.size() : end + (line ? 1 : 2);
  }

  // true, False, NaN, undefined …; the letters of a number, too.
  void word() {
    std::size_t end = at_;
    while (end < s_.size() && (text::is_alpha(s_[end]) || s_[end] == '_')) ++end;
    const std::string_view w = s_.substr(at_, end - at_);
    if (text::same(w, "e")) {
      out_.append(w);
    } else {
      if (last_ == '-' && out_.ends_with('-')) out_.pop_back();  // -Infinity
      out_.append(text::same(w, "true") ? "true" : text::same(w, "false") ? "false" : "null");
    }
    at_ = end;
    last_ = 'w';
  }

  std::string_view s_;
  std::string out_;
  std::size_t at_ = 0, depth_ = 0;
  char last_ = '\0';  // the last character outside strings that was no blank; '"': a string ended
};

// A body that was cut off: up to the last element of a list that is whole, and the brackets that are still open closed.
std::string whole_items(std::string_view text) {
  std::string open;
  std::size_t good = 0;
  std::string good_open;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c == '\\') ++i;
      if (c == '"') quoted = false;
      continue;
    }
    if (c == '"') quoted = true;
    if (c == '{' || c == '[') open.push_back(c);
    if ((c == '}' || c == ']') && !open.empty()) {
      open.pop_back();
      if (c == '}' && open.size() == 2 && open.back() == '[') {  // an item of the feed
        good = i + 1;
        good_open = open;
      }
    }
    if (open.size() > deepest) break;
  }
  std::string out(text.substr(0, good));
  while (!good_open.empty()) {
    out.push_back(good_open.back() == '{' ? '}' : ']');
    good_open.pop_back();
  }
  return out;
}

}  // namespace

json::value parse_json(std::string_view text, const json::storage_ptr& memory, source::Warnings& warnings,
                       std::string& error) {
  json::parse_options options;
  options.max_depth = deepest;
  json::error_code ec;
  json::value v = json::parse(text, ec, memory, options);
  if (!ec) return v;
  error = ec.message();
  options.allow_trailing_commas = true;
  options.allow_invalid_utf8 = true;
  const std::string mended = Mender(text).run();
  v = json::parse(mended, ec, memory, options);
  if (!ec) {
    warnings.add("the JSON is not well-formed: " + error);
    return v;
  }
  const std::string whole = whole_items(mended);
  if (whole.empty()) return nullptr;
  v = json::parse(whole, ec, memory, options);
  if (ec) return nullptr;
  warnings.add("the document ends early; the last item is cut off and was left out");
  return v;
}

}  // namespace earshot::feed
