#include <algorithm>
#include <array>
#include <map>

#include "core/query/chars.h"
#include "core/query/set.h"

namespace earshot::query {
namespace {

struct Source {
  const char* field;
  std::string_view text;
};

bool space(char32_t c) { return c != kIllFormed && char_info(c).has(CharInfo::kSpace); }
Class kind_at(std::string_view text, std::size_t at) {
  const Decoded d = decode(text, at);
  return d.cp == kIllFormed ? Class::separator : char_info(d.cp).kind();
}

// Code points of a text by number, looked at only around one place: a window of bytes and its code points' starts.
std::vector<std::uint32_t> starts(std::string_view text, std::size_t from, std::size_t to) {
  std::vector<std::uint32_t> out;
  for (std::size_t i = from; i < to; i += decode(text, i).length) out.push_back(static_cast<std::uint32_t>(i));
  out.push_back(static_cast<std::uint32_t>(to));
  return out;
}

// Whether text may be cut before `at`: never inside a word, a cluster or an emoji.
bool may_cut(std::string_view text, std::size_t at) {
  if (at == 0 || at >= text.size()) return true;
  const Decoded before = decode_before(text, at);
  const Class left = before.cp == kIllFormed ? Class::separator : char_info(before.cp).kind();
  const Class right = kind_at(text, at);
  if (right == Class::ignored || right == Class::extend || left == Class::ignored) return false;
  if (left == Class::cluster && right == Class::cluster) return cluster_begins(before.cp, decode(text, at).cp);
  if (left == Class::unit && right == Class::unit) return true;
  if (left == Class::emoji && right == Class::emoji) return false;
  return left != right || left == Class::separator;
}

// The hit with most different terms within reach of it; ties go to the earlier.
std::size_t best_hit(const std::vector<Hit>& hits, std::size_t reach) {
  std::size_t best = 0, most = 0;
  for (std::size_t i = 0; i < hits.size(); ++i) {
    std::vector<std::string_view> terms;
    for (const Hit& other : hits)
      if (other.span.start + reach >= hits[i].span.start && other.span.end <= hits[i].span.end + reach &&
          std::ranges::find(terms, std::string_view(other.term)) == terms.end())
        terms.emplace_back(other.term);
    if (terms.size() > most) most = terms.size(), best = i;
  }
  return best;
}

}  // namespace

Snippet snippet(const Document& document, const Match& match, std::size_t max_chars) {
  const std::array<Source, 3> sources{
      {{"content", document.content}, {"summary", document.summary}, {"title", document.title}}};
  // The field with most different terms; a body before the title, which an alert shows anyway.
  const Source* from = nullptr;
  std::vector<Hit> hits;
  std::size_t most = 0;
  for (const Source& source : sources) {
    std::vector<Hit> here;
    std::vector<std::string_view> terms;
    for (const Hit& hit : match.hits)
      if (hit.field == source.field && hit.span.end <= source.text.size() && hit.span.start < hit.span.end) {
        here.push_back(hit);
        if (std::ranges::find(terms, std::string_view(hit.term)) == terms.end()) terms.emplace_back(hit.term);
      }
    if (terms.size() > most) {
      most = terms.size();
      from = &source;
      hits = std::move(here);
    }
  }
  for (const Source& source : sources)
    if (from == nullptr && !source.text.empty()) from = &source;
  if (from == nullptr || max_chars < 3) return {};

  const std::string_view text = from->text;
  const Span centre = hits.empty() ? Span{} : hits[best_hit(hits, max_chars)].span;
  // Look no further than the snippet could reach: 4 bytes a code point, and white space that will be collapsed.
  const std::size_t reach = max_chars * 8;
  std::size_t low = centre.start > reach ? centre.start - reach : 0;
  std::size_t high = std::min<std::size_t>(text.size(), centre.end + reach);
  while (low > 0 && (static_cast<unsigned char>(text[low]) & 0xC0) == 0x80) --low;
  while (high < text.size() && (static_cast<unsigned char>(text[high]) & 0xC0) == 0x80) ++high;
  const std::vector<std::uint32_t> at = starts(text, low, high);

  // Collapsed width of code points [i, j): a run of white space is one.
  const auto blank = [&](std::size_t i) { return i + 1 < at.size() && space(decode(text, at[i]).cp); };
  const std::size_t last = at.size() - 1;
  auto begin = static_cast<std::size_t>(std::ranges::lower_bound(at, centre.start) - at.begin());
  auto end = static_cast<std::size_t>(std::ranges::lower_bound(at, centre.end) - at.begin());
  const std::size_t budget = max_chars - 2;  // an ellipsis at either end
  std::size_t used = 0;
  for (std::size_t i = begin; i < end; ++i) used += !(blank(i) && i > begin && blank(i - 1)) ? 1 : 0;
  if (used > budget) {  // a hit longer than a snippet: its beginning
    end = std::min(end, begin + budget);
    used = budget;
  }
  // Grow on both sides in turn, so that the hit stands in the middle, and give the rest to whichever side has text.
  for (bool left = true, stuck_left = false, stuck_right = false; used < budget && !(stuck_left && stuck_right);
       left = !left) {
    if (left) {
      if (begin == 0) {
        stuck_left = true;
        continue;
      }
      --begin;
      if (!(blank(begin) && blank(begin + 1))) ++used;
    } else {
      if (end == last) {
        stuck_right = true;
        continue;
      }
      ++end;
      if (!(blank(end - 1) && end >= 2 && blank(end - 2))) ++used;
    }
  }
  // Back to where a word begins and ends, but never into the hit.
  const auto hit_begin =
      std::min(static_cast<std::size_t>(std::ranges::lower_bound(at, centre.start) - at.begin()), end);
  const auto hit_end = std::min(static_cast<std::size_t>(std::ranges::lower_bound(at, centre.end) - at.begin()), end);
  const bool cut_left = at[begin] > 0, cut_right = at[end] < text.size();
  if (cut_left)
    for (std::size_t i = begin; i <= hit_begin; ++i)
      if (may_cut(text, at[i])) {
        begin = i;
        break;
      }
  if (cut_right && !(hits.empty() && end == 0))
    for (std::size_t i = end; i + 1 > std::max<std::size_t>(hit_end, begin + 1); --i)
      if (may_cut(text, at[i])) {
        end = i;
        break;
      }
  while (begin < hit_begin && blank(begin)) ++begin;
  while (end > std::max(hit_end, begin) && blank(end - 1)) --end;

  Snippet out;
  out.field = from->field;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> moved;  // old byte → new byte
  if (at[begin] > 0) out.text = "…";
  bool was_blank = false;
  for (std::size_t i = begin; i < end; ++i) {
    moved.emplace_back(at[i], static_cast<std::uint32_t>(out.text.size()));
    const bool now_blank = blank(i);
    if (!now_blank)
      out.text += text.substr(at[i], at[i + 1] - at[i]);
    else if (!was_blank)
      out.text += ' ';
    was_blank = now_blank;
  }
  moved.emplace_back(at[end], static_cast<std::uint32_t>(out.text.size()));
  if (at[end] < text.size()) out.text += "…";
  const auto move = [&](std::uint32_t byte) {
    const auto found = std::ranges::lower_bound(moved, byte, {}, &std::pair<std::uint32_t, std::uint32_t>::first);
    return found == moved.end() ? moved.back().second : found->second;
  };
  for (const Hit& hit : hits)
    if (hit.span.start >= at[begin] && hit.span.end <= at[end]) {
      const Span span{move(hit.span.start), move(hit.span.end)};
      const auto same = [&](const Span& other) { return span.start < other.end && other.start < span.end; };
      if (span.start < span.end && std::ranges::none_of(out.hits, same)) out.hits.push_back(span);
    }
  std::ranges::sort(out.hits, {}, &Span::start);
  return out;
}

}  // namespace earshot::query
