// How bold text and links are written in the markup languages that several services share, for Syntax.
#pragma once

#include <string>
#include <string_view>

namespace earshot::sink::dress {

// Nothing: for targets whose spans carry their own style.
void plain(std::string_view text, std::string& out);
void label_only(std::string_view text, std::string_view url, std::string& out);

// **bold** and [text](url); safe_link() has encoded the brackets of the URL.
void markdown_bold(std::string_view text, std::string& out);
void markdown_link(std::string_view text, std::string_view url, std::string& out);

// <b>bold</b> and <a href="url">text</a>.
void html_bold(std::string_view text, std::string& out);
void html_link(std::string_view text, std::string_view url, std::string& out);

}  // namespace earshot::sink::dress
