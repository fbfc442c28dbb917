#include "mime.h"

#include <algorithm>

#include "common/text/utf8.h"

namespace earshot::test {
namespace {

std::string base64_decoded(std::string_view text) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  unsigned bits = 0, n = 0;
  for (const char c : text) {
    const std::size_t value = alphabet.find(c);
    if (value == std::string_view::npos) continue;
    bits = bits << 6 | static_cast<unsigned>(value);
    if ((n += 6) < 8) continue;
    n -= 8;
    out += static_cast<char>(bits >> n & 0xFF);
  }
  return out;
}

std::string quoted_printable_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '=') {
      out += text[i];
    } else if (text.substr(i + 1, 2) == "\r\n") {
      i += 2;
    } else {
      out += static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16));
      i += 2;
    }
  }
  return out;
}

std::string words_decoded(std::string_view text, std::vector<std::string>& wrong) {
  std::string out;
  bool after_word = false;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' ', text.starts_with(' ') ? 1 : 0), text.size());
    std::string_view piece = text.substr(0, end);
    text.remove_prefix(end);
    std::string_view word = piece;
    while (word.starts_with(' ')) word.remove_prefix(1);
    if (word.starts_with("=?UTF-8?B?") && word.ends_with("?=")) {
      if (word.size() > 75) wrong.emplace_back("an encoded word of more than 75 characters");
      const std::string decoded = base64_decoded(word.substr(10, word.size() - 12));
      if (!text::is_utf8(decoded)) wrong.emplace_back("an encoded word cuts a character");
      if (!after_word) out += piece.substr(0, piece.size() - word.size());
      out += decoded;
      after_word = true;
    } else {
      if (word.find("=?") != std::string_view::npos) wrong.emplace_back("text that looks like an encoded word");
      out += piece;
      after_word = false;
    }
  }
  return out;
}

Pairs headers_of(std::string_view head, std::vector<std::string>& wrong) {
  Pairs out;
  while (!head.empty()) {
    const std::size_t end = std::min(head.find("\r\n"), head.size());
    const std::string_view line = head.substr(0, end);
    head.remove_prefix(std::min(end + 2, head.size()));
    if (line.size() > 998) wrong.emplace_back("a header line of more than 998 octets");
    if (line.starts_with(' ') && !out.empty()) {
      out.back().second += line;
      continue;
    }
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || line.find(' ') < colon) {
      wrong.push_back("no header: " + std::string(line));
      continue;
    }
    std::string_view value = line.substr(colon + 1);
    if (value.starts_with(' ')) value.remove_prefix(1);
    out.emplace_back(line.substr(0, colon), value);
  }
  for (auto& [name, value] : out) {
    if (value.starts_with(' ')) value.erase(0, 1);
    value = words_decoded(value, wrong);
  }
  return out;
}

std::string find(const Pairs& headers, std::string_view name) {
  for (const auto& [key, value] : headers)
    if (key == name) return value;
  return {};
}

}  // namespace

std::string Message::header(std::string_view name) const { return find(headers, name); }

Message read_message(const std::string& bytes) {
  Message out;
  std::size_t line = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const auto c = static_cast<unsigned char>(bytes[i]);
    if (c >= 0x80) out.wrong.emplace_back("a byte that is no ASCII");
    if (c == '\r' && (i + 1 == bytes.size() || bytes[i + 1] != '\n')) out.wrong.emplace_back("a lone CR");
    if (c == '\n' && (i == 0 || bytes[i - 1] != '\r')) out.wrong.emplace_back("a lone LF");
    line = c == '\n' ? 0 : line + 1;
    if (line == 1000) out.wrong.emplace_back("a line of more than 998 octets");
  }
  const std::size_t body = bytes.find("\r\n\r\n");
  if (body == std::string::npos) {
    out.wrong.emplace_back("no body");
    return out;
  }
  out.headers = headers_of(std::string_view(bytes).substr(0, body), out.wrong);
  const std::string type = out.header("Content-Type");
  const std::size_t quote = type.find("boundary=\"");
  if (quote == std::string::npos) {
    out.wrong.push_back("no boundary in " + type);
    return out;
  }
  const std::string dashes = "--" + type.substr(quote + 10, type.find('"', quote + 10) - quote - 10);
  std::vector<std::string> parts;
  for (std::size_t at = bytes.find(dashes, body); at != std::string::npos;) {
    const std::size_t begin = at + dashes.size();
    if (bytes.compare(begin, 2, "--") == 0) break;
    at = bytes.find("\r\n" + dashes, begin);
    if (at == std::string::npos) break;
    parts.push_back(bytes.substr(begin + 2, at + 2 - begin - 2));
    at += 2;
  }
  if (parts.size() != 2) out.wrong.push_back(std::to_string(parts.size()) + " parts");
  for (const std::string& part : parts) {
    const std::size_t blank = part.find("\r\n\r\n");
    const Pairs headers = headers_of(std::string_view(part).substr(0, blank), out.wrong);
    const std::string content = part.substr(std::min(blank + 4, part.size()));
    std::string decoded = find(headers, "Content-Transfer-Encoding") == "base64" ? base64_decoded(content)
                                                                                 : quoted_printable_decoded(content);
    std::erase(decoded, '\r');
    (find(headers, "Content-Type").starts_with("text/html") ? out.html : out.text) = std::move(decoded);
  }
  return out;
}

}  // namespace earshot::test
