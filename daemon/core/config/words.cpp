#include "core/config/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json/serialize.hpp>
#include <vector>

#include "core/config/formats.h"
#include "core/config/suggest.h"

namespace earshot::config {
namespace {

constexpr std::size_t kShown = 60;  // bytes of a value in a message

bool digits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::string first_sentence(const std::string& description) {
  const std::size_t end = description.find(". ");
  return description.substr(0,
                            end == std::string::npos ? description.size() - (description.ends_with('.') ? 1 : 0) : end);
}

std::string inside(std::string sentence) {
  const auto upper = [](char c) { return c >= 'A' && c <= 'Z'; };
  if (sentence.size() > 1 && upper(sentence[0]) && !upper(sentence[1]))
    sentence[0] = static_cast<char>(sentence[0] + 32);
  return sentence;
}

std::string yaml_trouble(std::string_view message, std::string_view line) {
  struct Help {
    std::string_view says, means;  // how yaml-cpp's message begins (yaml-cpp/exceptions.h), what to do about it
  };
  constexpr std::array helps{
      Help{"illegal block entry",
           "`- ` cannot stand here; look before it for a {, [ or quote that is not closed, and at the indentation"},
      Help{"end of sequence not found", "this line does not fit into the list above it; look at its indentation"},
      Help{"end of map not found",
           "this line does not fit into the mapping above it; look at its indentation, and for a missing colon"},
      Help{"end of sequence flow not found", "a [ is not closed, or a comma is missing"},
      Help{"end of map flow not found", "a { is not closed, or a comma is missing"},
      Help{"illegal map value", "`: ` cannot stand here; put a value that has one in it into quotes"},
      Help{"illegal EOF in scalar", "a quote is not closed"},
      Help{"illegal document indicator in scalar", "a quote is not closed before this `---` or `...`"},
      Help{"unknown token", "no value can begin with this character; put the value into quotes"},
      Help{"unknown escape character", "in double quotes a \\ begins an escape; put the value into single quotes"},
      Help{"the referenced anchor is not defined",
           "a value that begins with * repeats what &… marked; put other values into quotes"},
      Help{"alias not found after *", "a value that begins with * must be in quotes"},
      Help{"anchor not found after &", "a value that begins with & must be in quotes"},
      Help{"cannot assign multiple anchors", "a value that begins with & must be in quotes"},
      Help{"invalid simple key", "a key must stand on one line, and be followed by `: `"},
  };
  const std::size_t text = line.find_first_not_of(" \t");
  if (line.substr(0, text).find('\t') != std::string_view::npos)
    return fmt::format("YAML: {}: YAML is indented by spaces, and this line has a tab", message);
  for (const Help& help : helps)
    if (message.starts_with(help.says)) return fmt::format("YAML: {}: {}", message, help.means);
  return fmt::format("YAML: {}", message);
}

std::string shown(std::string_view text) {
  std::string out = "\"";
  std::size_t cut = std::min(text.size(), kShown);
  while (cut < text.size() && cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xC0U) == 0x80U) --cut;
  for (const char c : text.substr(0, cut)) out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  return out + (cut < text.size() ? "…\"" : "\"");
}

Written written(std::string_view text) {
  if (text == "true" || text == "True" || text == "TRUE" || text == "false" || text == "False" || text == "FALSE")
    return Written::boolean;
  std::string_view rest = text;
  if (rest.starts_with('-') || rest.starts_with('+')) rest.remove_prefix(1);
  if (digits(rest)) return rest.size() > 1 && rest[0] == '0' ? Written::odd_number : Written::integer;
  if (rest.starts_with("0x") || rest.starts_with("0o")) {
    const bool all = rest.size() > 2 && rest.find_first_not_of("0123456789abcdefABCDEF", 2) == std::string_view::npos;
    return all ? Written::odd_number : Written::text;
  }
  // [-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)? of YAML 1.2 §10.3.2
  const std::size_t e = rest.find_first_of("eE");
  std::string_view exponent = e == std::string_view::npos ? std::string_view{"0"} : rest.substr(e + 1);
  if (exponent.starts_with('-') || exponent.starts_with('+')) exponent.remove_prefix(1);
  const std::string_view mantissa = rest.substr(0, e);
  const std::size_t dot = mantissa.find('.');
  const std::string_view whole = mantissa.substr(0, dot);
  const std::string_view part = dot == std::string_view::npos ? std::string_view{} : mantissa.substr(dot + 1);
  const bool good =
      digits(exponent) && (whole.empty() ? digits(part) : digits(whole) && (part.empty() || digits(part)));
  if (good) return Written::number;
  return rest == ".inf" || rest == ".Inf" || rest == ".nan" || rest == ".NaN" ? Written::odd_number : Written::text;
}

std::string expectation(const Schema& schema) {
  if (!schema.choices.empty()) {
    std::vector<std::string> all;
    for (const auto& choice : schema.choices)
      all.push_back(choice.is_string() ? std::string(choice.get_string()) : boost::json::serialize(choice));
    const std::vector<std::string_view> views(all.begin(), all.end());
    return listed(views, "or");
  }
  struct Word {
    std::uint8_t bit;
    std::string_view word;
  };
  constexpr std::array words{Word{kBoolean, "true or false"},
                             Word{kInteger, "a whole number"},
                             Word{kNumber, "a number"},
                             Word{kArray, "a list"},
                             Word{kObject, "a mapping (`key: value` lines)"},
                             Word{kNull, "nothing"}};
  std::vector<std::string_view> parts;
  if (schema.types & kString) parts.push_back(schema.format ? schema.format->expects : "text");
  for (const Word& word : words)
    if (schema.types & word.bit) parts.push_back(word.word);
  if (parts.empty() && schema.all_of.size() == 1) return expectation(*schema.all_of[0]);
  return parts.empty() ? "something else" : listed(parts, "or");
}

}  // namespace earshot::config
