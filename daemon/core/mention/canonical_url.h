// The canonical URL: one spelling for the many ways in which one page is linked, so that duplicates are found by it.
// A false merge loses a mention for good, a missed one shows it twice; so each rule here is one that cannot, or hardly
// ever does, join two different pages.
#pragma once

#include <string>
#include <string_view>

namespace earshot::mention {

// `url` is absolute; what is no http(s) URL comes back as it was, trimmed. Never fails, never throws on bad input,
// linear in its length. Idempotent: canonical_url(canonical_url(u)) == canonical_url(u).
//
//   known redirect wrappers are unwrapped (google.com/url?url=…, l.facebook.com/l.php?u=…), a few deep;
//   AMP caches (cdn.ampproject.org/c/s/…, google.com/amp/s/…) give the page they hold;
//   scheme and host in lower case, default port and user info dropped, http and https are one (written https), as are
//   www.example.com and example.com, and mobile host names (m. mobile. amp.) of a registered site;
//   percent-encoding as RFC 3986 §6.2.2 wants it, dot segments removed (§5.2.4), an empty path is "/";
//   tracking parameters go (tracking_parameters.txt); what remains keeps its order, for order may matter;
//   the fragment goes, unless it is a route of a page application: "#!…" and "#/…" stay.
// Trailing slashes, index.html, parameter order and letter case of paths are left alone: sites differ in them.
std::string canonical_url(std::string_view url);

// The host of an http(s) URL in lower case without "www.": what `site:` is asked for. Empty where there is none.
std::string site_of(std::string_view url);

}  // namespace earshot::mention
