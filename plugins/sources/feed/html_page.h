// A page where a feed was expected: the feeds that it names (RSS Advisory Board, "RSS Autodiscovery").
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace earshot::feed {

// Whether the front of it says HTML.
bool is_html_page(std::string_view text);

// Absolute where `url` allows; at most ten.
std::vector<std::string> feeds_of_page(std::string_view html, std::string_view url);

// "no feed: this is an HTML page; it names these feeds: …"
std::string html_problem(std::string_view html, std::string_view url);

}  // namespace earshot::feed
