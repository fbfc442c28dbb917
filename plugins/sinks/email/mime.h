// Text and headers as mail carries them: RFC 5322 (the frame), RFC 2047 (words of headers), RFC 2045 (bodies). All that
// goes in is UTF-8 of one line for headers; all that comes out is ASCII in lines of at most 998 octets that end with
// CRLF.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace earshot::mime {

// "Name: value\r\n" for a value that is plain ASCII already; folded at its spaces where it is long.
std::string header(std::string_view name, std::string_view value);
// The same for free text: as it is where it is short, plain, and could not be taken for an encoded word; else as
// encoded words, which are cut between characters.
std::string text_header(std::string_view name, std::string_view text);
// A name before an address: an atom, a quoted string, or encoded words. Empty stays empty.
std::string phrase(std::string_view name);

// "Mon, 23 Nov 2026 20:11:00 +0000"; empty outside the years 1970–9999.
std::string date(std::int64_t ms);

// One body part with its header lines, in whichever of quoted-printable and base64 is shorter. Line ends of `text` are
// '\n'.
std::string part(std::string_view type, std::string_view text);

struct Mailbox {
  std::string name, address;
  std::string_view domain() const { return std::string_view(address).substr(address.rfind('@') + 1); }
};
// "Earshot <earshot@acme.example>", or the address alone. The address is an ASCII dot-atom at a domain: no quotes, no
// comments, no routes. Nothing when it is no such thing.
std::optional<Mailbox> mailbox(std::string_view text);

}  // namespace earshot::mime
