#include "sources/feed/precedence.h"

#include <array>
#include <cstddef>

namespace earshot::feed {
namespace {

using source::Ns;
using source::Tag;

struct Row {
  Field field;
  std::uint8_t rank;
  Ns ns;
  Tag tag;
};

// Reasons in README.md, "Who is heard first".
constexpr Row rows[] = {
    {Field::id, 1, Ns::none, Tag::guid},
    {Field::id, 2, Ns::atom, Tag::id},
    {Field::id, 3, Ns::none, Tag::id},

    {Field::title, 1, Ns::none, Tag::title},
    {Field::title, 1, Ns::atom, Tag::title},
    {Field::title, 2, Ns::dc, Tag::title},
    {Field::title, 2, Ns::dcterms, Tag::title},
    {Field::title, 3, Ns::itunes, Tag::title},
    {Field::title, 4, Ns::media, Tag::title},

    {Field::summary, 1, Ns::none, Tag::description},
    {Field::summary, 2, Ns::atom, Tag::summary},
    {Field::summary, 2, Ns::atom, Tag::subtitle},
    {Field::summary, 2, Ns::atom, Tag::tagline},
    {Field::summary, 3, Ns::none, Tag::summary},
    {Field::summary, 3, Ns::none, Tag::abstract},
    {Field::summary, 3, Ns::none, Tag::subtitle},
    {Field::summary, 4, Ns::dcterms, Tag::abstract},
    {Field::summary, 4, Ns::dc, Tag::description},
    {Field::summary, 5, Ns::itunes, Tag::summary},
    {Field::summary, 6, Ns::googleplay, Tag::description},
    {Field::summary, 7, Ns::media, Tag::description},
    {Field::summary, 8, Ns::itunes, Tag::subtitle},

    {Field::content, 1, Ns::content, Tag::encoded},
    {Field::content, 2, Ns::atom, Tag::content},
    {Field::content, 3, Ns::xhtml, Tag::body},
    {Field::content, 4, Ns::xhtml, Tag::div},
    {Field::content, 5, Ns::none, Tag::encoded},
    {Field::content, 6, Ns::none, Tag::content},
    {Field::content, 7, Ns::none, Tag::fullitem},
    {Field::content, 8, Ns::none, Tag::body},

    {Field::link, 1, Ns::none, Tag::link},
    {Field::link, 1, Ns::atom, Tag::link},
    {Field::link, 2, Ns::none, Tag::url},
    {Field::orig_link, 1, Ns::feedburner, Tag::origlink},

    {Field::author, 1, Ns::none, Tag::author},
    {Field::author, 1, Ns::atom, Tag::author},
    {Field::author, 2, Ns::dc, Tag::creator},
    {Field::author, 2, Ns::dcterms, Tag::creator},
    {Field::author, 3, Ns::dc, Tag::author},
    {Field::author, 3, Ns::none, Tag::creator},
    {Field::author, 4, Ns::itunes, Tag::author},
    {Field::author, 5, Ns::googleplay, Tag::author},
    {Field::author, 6, Ns::media, Tag::credit},
    {Field::author, 7, Ns::none, Tag::managingeditor},
    {Field::author, 8, Ns::dc, Tag::publisher},
    {Field::author, 9, Ns::itunes, Tag::owner},
    {Field::author, 10, Ns::none, Tag::webmaster},

    {Field::published, 1, Ns::none, Tag::pubdate},
    {Field::published, 2, Ns::atom, Tag::published},
    {Field::published, 3, Ns::atom, Tag::issued},
    {Field::published, 4, Ns::dcterms, Tag::issued},
    {Field::published, 5, Ns::dc, Tag::date},
    {Field::published, 5, Ns::dcterms, Tag::date},
    {Field::published, 6, Ns::none, Tag::published},
    {Field::published, 6, Ns::none, Tag::date},
    {Field::published, 7, Ns::atom, Tag::created},
    {Field::published, 7, Ns::dcterms, Tag::created},
    {Field::published, 7, Ns::none, Tag::created},

    {Field::updated, 1, Ns::atom, Tag::updated},
    {Field::updated, 2, Ns::atom, Tag::modified},
    {Field::updated, 3, Ns::dcterms, Tag::modified},
    {Field::updated, 4, Ns::none, Tag::updated},
    {Field::updated, 4, Ns::none, Tag::modified},
    {Field::updated, 4, Ns::none, Tag::lastbuilddate},
    {Field::updated, 5, Ns::none, Tag::lastpubdate},

    {Field::category, 1, Ns::none, Tag::category},
    {Field::category, 1, Ns::atom, Tag::category},
    {Field::category, 1, Ns::dc, Tag::subject},
    {Field::category, 1, Ns::itunes, Tag::category},
    {Field::category, 1, Ns::media, Tag::category},
    {Field::category, 1, Ns::googleplay, Tag::category},
    {Field::keywords, 1, Ns::itunes, Tag::keywords},
    {Field::keywords, 1, Ns::media, Tag::keywords},
    {Field::keywords, 1, Ns::none, Tag::keywords},

    {Field::enclosure, 1, Ns::none, Tag::enclosure},
    {Field::enclosure, 1, Ns::enclosure, Tag::enclosure},
    {Field::enclosure, 1, Ns::podcast, Tag::alternateenclosure},
    {Field::original_enclosure, 1, Ns::feedburner, Tag::origenclosurelink},
    {Field::media, 1, Ns::media, Tag::content},
    {Field::media, 1, Ns::media, Tag::group},
    {Field::media, 1, Ns::media, Tag::community},

    {Field::comments, 1, Ns::none, Tag::comments},
    {Field::replies, 1, Ns::slash, Tag::comments},
    {Field::replies, 1, Ns::thread, Tag::total},

    {Field::language, 1, Ns::none, Tag::language},
    {Field::language, 2, Ns::dc, Tag::language},
    {Field::language, 2, Ns::dcterms, Tag::language},

    {Field::ttl, 1, Ns::none, Tag::ttl},
    {Field::update_period, 1, Ns::syndication, Tag::updateperiod},
    {Field::update_frequency, 1, Ns::syndication, Tag::updatefrequency},
    {Field::update_base, 1, Ns::syndication, Tag::updatebase},
    {Field::skip_hours, 1, Ns::none, Tag::skiphours},
    {Field::skip_days, 1, Ns::none, Tag::skipdays},
    {Field::source, 1, Ns::none, Tag::source},
    {Field::source, 1, Ns::atom, Tag::source},
};

constexpr std::size_t tags = static_cast<std::size_t>(Tag::count_);

constexpr auto index = [] {
  std::array<Rule, static_cast<std::size_t>(Ns::count_) * tags> table{};
  for (const Row& r : rows)
    table[static_cast<std::size_t>(r.ns) * tags + static_cast<std::size_t>(r.tag)] = {r.field, r.rank};
  return table;
}();

}  // namespace

Rule rule_of(source::Ns ns, source::Tag tag) noexcept {
  return index[static_cast<std::size_t>(family(ns)) * tags + static_cast<std::size_t>(tag)];
}

}  // namespace earshot::feed
