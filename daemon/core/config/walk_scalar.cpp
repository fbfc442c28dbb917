// The leaves of the walk: one scalar against its schema.
#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <charconv>

#include "core/config/suggest.h"
#include "core/config/walk.h"
#include "core/config/words.h"

namespace earshot::config {

namespace json = boost::json;

namespace {

constexpr std::uint8_t kScalars = kBoolean | kInteger | kNumber | kString;

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

}  // namespace

json::value Walker::scalar(const Node& node, const Schema& schema, const std::string& what) {
  // Names and queries are Earshot's own words: nothing is filled into them.
  const bool word = schema.format && (schema.format->use != Use::none || schema.format->name == "name");
  const Resolved resolved = word ? Resolved{node.text, false, true} : references_.resolve(node, *findings_);
  if (!resolved.good) return nullptr;
  const bool hidden = hiding_ || resolved.referred;
  if (hiding_) references_.hide(resolved.text);
  if (schema.format && schema.format->use != Use::none) used_.push_back({schema.format->use, &node});

  const std::uint8_t types = schema.types ? schema.types : kScalars;
  const bool plain = !node.quoted || resolved.referred;
  const Written as = plain ? written(resolved.text) : Written::text;
  Value value;
  if (as == Written::boolean && types & kBoolean) {
    value = (resolved.text[0] | 0x20) == 't';
  } else if ((as == Written::integer || as == Written::number) && types & (kInteger | kNumber)) {
    value = number(node, resolved.text, schema, what, hidden);
  } else if (types & kString) {
    // A format decides by itself; but a bare 007 as a name is another name to every other reader of YAML.
    const bool ambiguous = as != Written::text && !resolved.referred && (word || !schema.format) && schema.types != 0;
    if (ambiguous) {
      const std::string_view kind = as == Written::boolean ? "is true or false to YAML" : "is a number to YAML";
      findings_->error(node.place(), hidden ? fmt::format("{} must be text, and this {}: put it in quotes", what, kind)
                                            : fmt::format("{} must be text, and {} {}: write \"{}\"", what,
                                                          shown(node.text), kind, node.text));
      return nullptr;
    }
    value = text(node, resolved.text, schema, what, hidden);
  } else {
    std::string help;
    if (types & kBoolean) help = "; write true or false, bare";
    if (types & (kInteger | kNumber))
      help = as == Written::odd_number ? "; write it in plain decimal digits"
             : node.quoted             ? "; write it without quotes"
                                       : "";
    findings_->error(node.place(), fmt::format("{} must be {}{}{}", what, expectation(schema),
                                               hidden ? "" : "; found " + shown(node.text), help));
    return nullptr;
  }
  choices(node, value, schema, what);
  return value;
}

json::value Walker::number(const Node& node, const std::string& text, const Schema& schema, const std::string& what,
                           bool hidden) {
  const std::string found = hidden ? "" : "; found " + shown(text);
  const std::string_view digits = std::string_view(text).substr(text.starts_with('+') ? 1 : 0);
  double real = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), real);
  std::int64_t whole = 0;
  const auto [end, bad] = std::from_chars(digits.data(), digits.data() + digits.size(), whole);
  const bool integral = bad == std::errc{} && end == digits.data() + digits.size();
  const bool any = schema.types == 0 || schema.types & kNumber;
  if (!integral && !any) {
    findings_->error(node.place(), fmt::format("{} must be {}{}", what, expectation(schema), found));
    return nullptr;
  }
  const auto bound = [&](bool broken, std::string_view words, const std::optional<double>& limit) {
    if (limit && broken) findings_->error(node.place(), fmt::format("{} must be {} {}{}", what, words, *limit, found));
  };
  bound(real < schema.minimum.value_or(0), "at least", schema.minimum);
  bound(real > schema.maximum.value_or(0), "at most", schema.maximum);
  bound(real <= schema.above.value_or(0), "more than", schema.above);
  bound(real >= schema.below.value_or(0), "less than", schema.below);
  if (integral) return whole;
  return real;
}

json::value Walker::text(const Node& node, std::string text, const Schema& schema, const std::string& what,
                         bool hidden) {
  const auto error = [&](const std::string& message) { findings_->error(node.place(), message); };
  const std::string found = hidden ? "" : "; found " + shown(text);
  if (schema.format) {
    if (const auto wrong = schema.format->wrong(text)) {
      // Details may quote the text.
      error(fmt::format("{} must be {}{}{}", what, schema.format->expects, found,
                        hidden || wrong->empty() ? "" : ": " + *wrong));
      return nullptr;
    }
    const auto beyond = [&](const std::string& limit, bool least) {
      if (limit.empty()) return false;
      if (const auto a = parse_duration(text), b = parse_duration(limit); a && b) return least ? *a < *b : *a > *b;
      if (const auto a = parse_size(text), b = parse_size(limit); a && b) return least ? *a < *b : *a > *b;
      return false;
    };
    if (beyond(schema.x_minimum, true)) error(fmt::format("{} must be at least {}{}", what, schema.x_minimum, found));
    if (beyond(schema.x_maximum, false)) error(fmt::format("{} must be at most {}{}", what, schema.x_maximum, found));
  }
  const std::size_t length = schema.min_length || schema.max_length ? characters(text) : 0;
  if (schema.min_length && length < *schema.min_length) {
    error(*schema.min_length == 1
              ? fmt::format("{} must not be empty", what)
              : fmt::format("{} must have at least {} characters{}", what, *schema.min_length, found));
  }
  if (schema.max_length && length > *schema.max_length)
    error(fmt::format("{} must have at most {} characters; it has {}", what, *schema.max_length, length));
  if (schema.pattern && !re2::RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), *schema.pattern)) {
    if (!schema.expects.empty()) {
      error(fmt::format("{} must be {}{}", what, schema.expects, found));
      return json::string(text);
    }
    const std::string means = schema.description.empty() ? "" : ": " + inside(first_sentence(schema.description));
    error(fmt::format("{} does not have the form {}{}{}", what, schema.pattern->pattern(), found, means));
  }
  return json::string(text);
}

void Walker::choices(const Node& node, const Value& value, const Schema& schema, const std::string& what) {
  if (schema.choices.empty() || value.is_null() || std::ranges::find(schema.choices, value) != schema.choices.end())
    return;
  std::vector<std::string_view> names;
  for (const Value& choice : schema.choices)
    if (choice.is_string()) names.emplace_back(choice.get_string());
  const bool hidden = hiding_ || node.text.find("${") != std::string::npos;
  const auto near = hidden ? std::nullopt : nearest(node.text, names);
  findings_->error(node.place(), fmt::format("{} must be {}{}{}", what, expectation(schema),
                                             hidden ? "" : "; found " + shown(node.text),
                                             near ? fmt::format("; did you mean \"{}\"?", *near) : ""));
}

}  // namespace earshot::config
