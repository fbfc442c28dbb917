#include "common/sink/dress.h"

namespace earshot::sink::dress {

void plain(std::string_view text, std::string& out) { out += text; }
void label_only(std::string_view text, std::string_view, std::string& out) { out += text; }

void markdown_bold(std::string_view text, std::string& out) { out.append("**").append(text).append("**"); }
void markdown_link(std::string_view text, std::string_view url, std::string& out) {
  out.append("[").append(text).append("](").append(url).append(")");
}

void html_bold(std::string_view text, std::string& out) { out.append("<b>").append(text).append("</b>"); }
void html_link(std::string_view text, std::string_view url, std::string& out) {
  out += "<a href=\"";
  for (const char c : url) {
    if (c == '&')
      out += "&amp;";  // the only one that safe_link() leaves and an attribute value cannot hold
    else
      out += c;
  }
  out.append("\">").append(text).append("</a>");
}

}  // namespace earshot::sink::dress
