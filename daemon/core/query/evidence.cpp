// Why a topic holds: the places of the terms that made it so (evaluate.h).
#include <algorithm>
#include <map>
#include <tuple>
#include <unordered_map>

#include "core/query/evaluate.h"
#include "core/query/values.h"

namespace earshot::query {
namespace {

constexpr std::size_t kMaxHits = 64, kMaxHitsPerTerm = 16;
constexpr std::array<const char*, field::count> kFieldNames{"title", "summary", "content", "author", "url"};

// A value's own bytes, where there is one to point at.
std::string_view value_text(ValueField field, const Document& d) {
  switch (field) {
    case ValueField::site: return d.site.empty() ? d.url : d.site;
    case ValueField::domain: return d.url;
    case ValueField::lang: return d.lang;
    case ValueField::source: return d.source;
    case ValueField::type: return d.type;
    default: return {};
  }
}

}  // namespace

void Evaluator::value_hit(const Step& s, std::vector<Hit>& hits) const {
  const Constant& constant = set_->constants[s.a];
  Hit hit{std::string(set_->view(constant.shown)), {}, {}};
  if (s.kind == NodeKind::value) {
    const auto field = static_cast<ValueField>(s.b);
    hit.field = name(field);
    const std::string_view text = value_text(field, *document_);
    hit.span.end = static_cast<std::uint32_t>(text.size());
    if (field == ValueField::domain || (field == ValueField::site && document_->site.empty())) {
      hit.field = "url";
      const std::size_t at = text.find("://");
      const std::size_t from = at == std::string_view::npos ? 0 : at + 3;
      hit.span.start = static_cast<std::uint32_t>(from);
      hit.span.end = static_cast<std::uint32_t>(std::min(text.size(), text.find_first_of("/?#", from)));
    }
  } else if (s.kind == NodeKind::number) {
    hit.field = set_->view(constant.text);
  } else {
    hit.field = static_cast<TimeField>(s.b) == TimeField::seen ? "seen" : "published";
  }
  hits.push_back(std::move(hit));
}

// In the first of the sentences that do.
void Evaluator::collect_sentences(const Step& s, const Scope& scope, std::vector<Occurrence>& out,
                                  std::vector<Hit>& hits) {
  Scope inner = scope;
  inner.sentences = true;
  const SentenceSet holds = holding(s.a, inner);
  const auto& sentence = sentences();
  inner.sentences = false;
  for (const std::uint32_t number : holds.numbers) {
    if (out.size() >= kMaxHits * 4) break;
    const auto [first, end] = std::equal_range(sentence.begin(), sentence.end(), number);
    inner.first = static_cast<std::uint32_t>(first - sentence.begin());
    inner.last = static_cast<std::uint32_t>(end - sentence.begin()) - 1;
    collect(s.a, inner, out, hits);
  }
}

// `index` holds in `scope`: what of it is there to be seen.
void Evaluator::collect(std::uint32_t index, const Scope& scope, std::vector<Occurrence>& out, std::vector<Hit>& hits) {
  const Step& s = set_->steps[index];
  switch (s.kind) {
    case NodeKind::all:
      for (std::uint32_t i = 0; i < s.b; ++i) collect(set_->kids[s.a + i], scope, out, hits);
      break;
    case NodeKind::any:
      for (std::uint32_t i = 0; i < s.b; ++i)
        if (step(set_->kids[s.a + i], scope) == Truth::yes) collect(set_->kids[s.a + i], scope, out, hits);
      break;
    case NodeKind::negate: break;
    case NodeKind::field: {
      Scope inner = scope;
      inner.mask = s.mask;
      collect(s.a, inner, out, hits);
      break;
    }
    case NodeKind::at_least: collect(s.a, scope, out, hits); break;
    case NodeKind::sentence: collect_sentences(s, scope, out, hits); break;
    case NodeKind::topic: collect(set_->roots[s.a], scope, out, hits); break;
    case NodeKind::term:
    case NodeKind::regex:
    case NodeKind::near: {
      std::vector<Occurrence> found;
      places(index, scope, found);
      std::unordered_map<std::uint32_t, std::size_t> per_term;  // they are in order: later ones would not be shown
      for (const Occurrence& o : found)
        if (++per_term[o.term] <= kMaxHitsPerTerm) out.push_back(o);
      break;
    }
    case NodeKind::value:
    case NodeKind::number:
    case NodeKind::time: value_hit(s, hits); break;
  }
}

void Evaluator::explain(std::uint32_t topic, std::vector<Hit>& hits) {
  std::vector<Occurrence> found;
  std::vector<Hit> others;
  collect(set_->roots[topic], {}, found, others);
  struct Seen {
    std::uint32_t field, start, end, term;
    bool operator==(const Seen&) const = default;
  };
  std::vector<Seen> seen;
  for (const Occurrence& o : found) {
    if (o.raw) {
      seen.push_back({o.field, o.start, o.end, o.term});
    } else {
      const Folded& map = mapped();
      seen.push_back({o.field, map.origins()[o.start].start, map.origins()[o.end - 1].end, o.term});
    }
  }
  std::ranges::sort(seen, {}, [](const Seen& s) { return std::tuple(s.field, s.start, s.end, s.term); });
  seen.erase(std::unique(seen.begin(), seen.end()), seen.end());
  std::map<std::uint32_t, std::size_t> per_term;
  for (const Seen& s : seen) {
    if (hits.size() >= kMaxHits) return;
    if (++per_term[s.term] > kMaxHitsPerTerm) continue;
    hits.push_back({std::string(set_->view(set_->terms[s.term].shown)), kFieldNames[s.field], {s.start, s.end}});
  }
  for (Hit& hit : others)
    if (hits.size() < kMaxHits) hits.push_back(std::move(hit));
}

}  // namespace earshot::query
