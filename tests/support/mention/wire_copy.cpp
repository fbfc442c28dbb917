#include "support/mention/wire_copy.h"

#include <algorithm>
#include <array>
#include <random>
#include <span>
#include <utility>

namespace earshot::wire {
namespace {

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : engine_(seed * 0x9e3779b97f4a7c15 + 1) {}
  std::size_t below(std::size_t n) { return static_cast<std::size_t>(engine_() % n); }
  bool one_in(std::size_t n) { return below(n) == 0; }
  template <class T>
  const T& of(std::span<const T> all) {
    return all[below(all.size())];
  }
  std::mt19937_64& engine() { return engine_; }

 private:
  std::mt19937_64 engine_;
};

using Words = std::span<const std::string_view>;

constexpr std::array<std::string_view, 24> kFirms{
    "Acme Bank",        "Noorderlicht Energie", "Brandt Logistics", "Helvar Foods",       "Quillon Telecom",
    "Marsh & Vale",     "Ostrava Steel",        "Lindqvist Pharma", "Delta Ferries",      "Cobalt Airways",
    "Rivage Insurance", "Tamarind Retail",      "Kestrel Motors",   "Blauwzand Pensions", "Orchard Software",
    "Varna Shipping",   "Pico Semiconductors",  "Hallam Water",     "Juniper Rail",       "Sable Cosmetics",
    "Monte Rosa Dairy", "Fjord Paper",          "Castell Builders", "Meridian Post"};
constexpr std::array<std::string_view, 20> kCities{
    "Utrecht", "Gent",   "Lyon", "Porto",  "Malmö", "Leipzig", "Turin",  "Cork",  "Brno", "Tartu",
    "Split",   "Bergen", "Graz", "Bilbao", "Leeds", "Namur",   "Szeged", "Varna", "Oulu", "Groningen"};
constexpr std::array<std::string_view, 20> kPeople{
    "Ines Marchetti", "Joost Verhagen",  "Amara Okoye",   "Pavel Dvorak",    "Sofia Lindgren",
    "Callum Reid",    "Mireille Dupont", "Tomasz Wolski", "Freya Halvorsen", "Nikos Pappas",
    "Zeynep Aydin",   "Hugo Baptista",   "Lena Vogt",     "Andrei Munteanu", "Maeve Brennan",
    "Ravi Chandran",  "Elisa Conti",     "Bram de Wit",   "Katya Petrova",   "Samuel Eto"};
constexpr std::array<std::string_view, 12> kRoles{
    "chief executive", "finance director", "a spokeswoman", "head of operations", "union secretary", "the mayor",
    "an analyst",      "a customer",       "the regulator", "an engineer",        "the chairman",    "a shareholder"};
constexpr std::array<std::string_view, 14> kThings{
    "payments", "deliveries", "the mobile app", "card terminals", "tickets",         "the website", "customer service",
    "meters",   "invoices",   "refunds",        "subscriptions",  "the night shift", "spare parts", "the data centre"};
constexpr std::array<std::string_view, 14> kCauses{"a faulty update",
                                                   "a power cut",
                                                   "a cut cable",
                                                   "a strike",
                                                   "higher fuel prices",
                                                   "a fire in a substation",
                                                   "weak demand",
                                                   "a cyber attack",
                                                   "a shortage of staff",
                                                   "flooding",
                                                   "an expired certificate",
                                                   "a lost contract",
                                                   "a change of law",
                                                   "a dispute with a supplier"};
constexpr std::array<std::string_view, 10> kMoments{
    "on Monday morning",     "late on Tuesday",     "early on Wednesday",  "on Thursday",
    "on Friday evening",     "over the weekend",    "shortly before noon", "after the markets closed",
    "at the annual meeting", "in a letter to staff"};

// $f firm, $g another firm, $c city, $d another city, $p person, $q another person, $r role, $t thing, $u cause,
// $m moment, $n a number.
constexpr std::array<std::string_view, 10> kOpenings{
    "$f said $m that $t in $c had stopped working because of $u.",
    "$f is to cut $n jobs in $c, $p said $m, blaming $u.",
    "$f will buy $g for $n million euros, the two said $m in $c.",
    "Profit at $f fell to $n million euros as $u weighed on $t, the $c firm reported $m.",
    "Thousands of customers of $f in $c were left without $t $m after $u.",
    "A court in $c ruled $m that $f must pay $n million euros over $t.",
    "$f opens its first branch in $c next month and wants to hire $n people there, $p announced $m.",
    "The regulator has fined $f $n million euros for the way it handled $t in $c, it said $m.",
    "$p steps down as chief executive of $f $m after $n months, the company in $c confirmed.",
    "$f recalls $n thousand products sold in $c and $d after $u, it said $m."};
constexpr std::array<std::string_view, 34> kBodies{
    "\"We are doing all we can to put this right for everybody in $c,\" said $p, $r.",
    "By the end of the day $n reports had come in, most of them from $c and $d.",
    "It is the second time this year that $u has hit $t at $f.",
    "$q, $r, called the decision \"hard to explain to the people of $d\".",
    "Shares in $f lost $n percent in early trading and later made up some of the ground.",
    "The company expects the costs to come to about $n million euros before tax.",
    "In $d, where $f has had an office for $n years, staff were told in a short meeting.",
    "$g, its largest rival, declined to say whether it had been affected as well.",
    "A first inquiry points to $u, though $p warned against drawing conclusions too early.",
    "Customers who had been waiting for $t since the morning were offered $n euros each.",
    "The union wants talks within $n days and does not rule out further action in $c.",
    "\"Nobody rang us, nobody wrote to us,\" said $q, who runs a small shop in $d.",
    "According to the annual accounts the division employed $n people at the end of last year.",
    "Analysts had expected $f to earn $n million euros more in the same months.",
    "The board meets again in $c next week to decide about $t.",
    "$p had promised in spring that $u would not be a problem again.",
    "Parliament has asked the minister to explain what $u means for $t.",
    "Rescue workers were in the building until $n o'clock, the fire service in $c said.",
    "$f took over the site from $g $n years ago and has since doubled its size.",
    "About $n households in the north of $c noticed the effects for most of the afternoon.",
    "The deal still needs the approval of the authorities, which $p expects before the summer.",
    "$q, $r, has studied such cases for years and sees a pattern at $f.",
    "Trains between $c and $d were not affected, the operator said.",
    "A hotline received $n calls in its first hour, more than in a usual week.",
    "The fine is the highest that has been imposed for $t so far.",
    "\"It was a long night for all of us,\" said $p after the work in $d was done.",
    "The new branch will have room for $n visitors and a café that is open to everybody.",
    "In a message to customers the firm apologised and promised a report within $n days.",
    "$f did not say how many people were concerned, but $n is said to be close.",
    "The plan had been known to a small circle since $p visited $c last autumn.",
    "Neighbours had complained about $u for months, a councillor in $d recalled.",
    "An earlier offer by $g of $n million euros had been turned down.",
    "Both firms want to keep their names and their seats in $c and $d.",
    "Whether $t can be brought back before the end of the month remains open, $q said."};

struct Cast {
  std::string_view firm, rival, city, other_city, person, other_person, role, thing, cause, moment;
};

std::string fill(std::string_view pattern, const Cast& cast, Dice& dice) {
  std::string out;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] != '$') {
      out += pattern[i];
      continue;
    }
    switch (pattern[++i]) {
      case 'f': out += cast.firm; break;
      case 'g': out += cast.rival; break;
      case 'c': out += cast.city; break;
      case 'd': out += cast.other_city; break;
      case 'p': out += cast.person; break;
      case 'q': out += cast.other_person; break;
      case 'r': out += cast.role; break;
      case 't': out += cast.thing; break;
      case 'u': out += cast.cause; break;
      case 'm': out += cast.moment; break;
      default: out += std::to_string(2 + dice.below(900)); break;
    }
  }
  return out;
}

std::vector<std::string> sentences(std::string_view text) {
  std::vector<std::string> all;
  while (!text.empty()) {
    std::size_t end = text.find('\n');
    end = end == std::string_view::npos ? text.size() : end;
    if (end > 0) all.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(text.size(), end + 1));
  }
  return all;
}

std::string joined(const std::vector<std::string>& all) {
  std::string out;
  for (const std::string& one : all) (out += one) += '\n';
  return out;
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
  return text;
}

}  // namespace

std::string story(std::uint64_t seed) {
  Dice dice(seed);
  const auto two = [&](Words all) {
    const std::size_t a = dice.below(all.size());
    return std::pair{all[a], all[(a + 1 + dice.below(all.size() - 1)) % all.size()]};
  };
  const auto [firm, rival] = two(kFirms);
  const auto [city, other_city] = two(kCities);
  const auto [person, other_person] = two(kPeople);
  const Cast cast{firm,
                  rival,
                  city,
                  other_city,
                  person,
                  other_person,
                  dice.of(Words(kRoles)),
                  dice.of(Words(kThings)),
                  dice.of(Words(kCauses)),
                  dice.of(Words(kMoments))};
  std::vector<std::string_view> bodies(kBodies.begin(), kBodies.end());
  std::shuffle(bodies.begin(), bodies.end(), dice.engine());
  bodies.resize(6 + dice.below(9));
  std::vector<std::string> all{fill(dice.of(Words(kOpenings)), cast, dice)};
  for (const std::string_view body : bodies) all.push_back(fill(body, cast, dice));
  return joined(all);
}

std::string changed(std::string_view text, Change change, std::uint64_t seed) {
  Dice dice(seed);
  std::vector<std::string> all = sentences(text);
  switch (change) {
    case Change::none: break;
    case Change::cut:
      all.resize(std::max<std::size_t>(4, all.size() - all.size() * (10 + dice.below(25)) / 100));
      break;
    case Change::introduced:
      all.front() = "(" + std::string(dice.of(Words(kCities))) + ", own report) " + all.front();
      all.insert(all.begin() + 1, "More about this in our newsletter tomorrow, and on the pages of our region.");
      break;
    case Change::footer:
      all.emplace_back("This article was produced with material from an agency and has not been edited by our desk.");
      if (dice.one_in(2)) all.emplace_back("Sign up for free to read up to three stories a week and comment on them.");
      break;
    case Change::words: {
      std::string out;
      for (const char c : joined(all)) {
        out += c;
        if (c == ' ' && dice.one_in(24)) out += dice.one_in(2) ? "also " : "reportedly ";
      }
      return replaced(std::move(out), " about ", " around ");
    }
    case Change::order:
      if (all.size() > 4) std::swap(all[2], all[3 + dice.below(all.size() - 3)]);
      break;
    case Change::typography: {
      std::string out = replaced(joined(all), " \"", " “");
      out = replaced(std::move(out), "\"", "”");
      return replaced(std::move(out), "'", "’");
    }
    case Change::corrected:
      all.insert(all.begin(), "CORRECTION: an earlier version of this text gave a wrong figure.");
      all.back() += " The figure was put right at noon.";
      break;
    case Change::merged:
      all.erase(all.begin() + static_cast<std::ptrdiff_t>(1 + dice.below(all.size() - 1)));
      all.emplace_back("Our reporter in the region adds that the mood there is calm and that shops opened as usual.");
      break;
  }
  return joined(all);
}

std::vector<Copy> labelled_set(std::size_t stories, std::size_t copies, std::uint64_t seed) {
  Dice dice(seed);
  std::vector<Copy> all;
  for (std::size_t s = 0; s < stories; ++s) {
    const std::string wire = story(seed * 1'000'003 + s);
    all.push_back({s, wire});
    for (std::size_t c = 1; c < copies; ++c) {
      std::string text = changed(wire, static_cast<Change>(dice.below(kChanges)), dice.engine()());
      if (dice.one_in(2)) text = changed(text, static_cast<Change>(dice.below(kChanges)), dice.engine()());
      all.push_back({s, std::move(text)});
    }
  }
  std::shuffle(all.begin(), all.end(), dice.engine());
  return all;
}

}  // namespace earshot::wire
