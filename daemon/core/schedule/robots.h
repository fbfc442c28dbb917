// robots.txt: which pages of a site a robot may ask for (RFC 9309). For sources that read web pages; feeds are made for
// machines and are asked without it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace earshot::schedule {

class Robots {
 public:
  // The rules of `text` for a robot called `product` ("earshot": letters, - and _, compared without case): those of
  // every group that names it, else of every group for *, else none. What is no rule is passed over; more than 500 KiB
  // are not read (§2.5).
  static Robots parse(std::string_view text, std::string_view product);

  // What a fetch of /robots.txt that gave no text means (§2.3.1): a 4xx that nothing is forbidden; 5xx and a server
  // that cannot be reached (`status` 0), that everything is.
  static Robots without_text(unsigned status);

  // May `target`, a URL's path with its query, be asked for? The longest rule that matches decides, `allow` among
  // equals; without one it may.
  bool allows(std::string_view target) const;

 private:
  struct Rule {
    std::string pattern;  // normalised; * for any bytes, $ at its end for the end
    bool allow = false;
  };
  std::vector<Rule> rules_;
};

}  // namespace earshot::schedule
