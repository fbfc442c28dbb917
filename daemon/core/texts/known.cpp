#include "core/texts/known.h"

#include <algorithm>

namespace earshot::texts {
namespace {

constexpr Argument kAlert[] = {{"mark"},     {"severity"}, {"kind"},        {"mentions"}, {"topics"},     {"topic"},
                               {"headline"}, {"channel"},  {"severity_id"}, {"kind_id"},  {"where"},      {"author"},
                               {"when"},     {"source"},   {"language"},    {"label_"},   {"total", true}};
constexpr Argument kMention[] = {{"where"},    {"author"}, {"when"},        {"source"}, {"language"}, {"mark"},
                                 {"severity"}, {"topics"}, {"severity_id"}, {"topic"},  {"label_"}};
constexpr Argument kCount[] = {{"n", true}};
constexpr Argument kOtherCount[] = {{"n", true}, {"name"}};
constexpr Argument kWho[] = {{"who"}};
constexpr Argument kStory[] = {{"outlets", true}, {"plus"}, {"languages"}, {"first"}};
constexpr Argument kSpike[] = {{"topic"}, {"stories", true}, {"usual", true}};
constexpr Argument kSpikeOfStory[] = {{"topic"}, {"n", true}, {"usual", true}};
constexpr Argument kList[] = {{"list"}};
constexpr Argument kSource[] = {{"source"}};
constexpr Argument kChannel[] = {{"channel"}};
constexpr Argument kPeriod[] = {{"name"}, {"from"}, {"to"}};
constexpr Argument kFigures[] = {{"mentions", true}, {"mentions_change"}, {"stories", true},
                                 {"stories_change"}, {"outlets", true},   {"outlets_change"}};
constexpr Argument kTopicFigures[] = {{"topic"},         {"mentions", true}, {"mentions_change"},
                                      {"stories", true}, {"stories_change"}, {"not_relevant", true}};
constexpr Argument kBars[] = {{"bars"}};
constexpr Argument kBigStory[] = {{"title"}, {"outlets", true}};
constexpr Argument kWork[] = {{"taken", true}, {"time"}, {"done", true}, {"not_relevant", true}, {"open", true}};

constexpr Text kTexts[] = {
    {"status", kAlert},
    {"byline", kMention, Use::optional},
    {"note", kAlert, Use::optional},
    {"open", {}},
    {"untitled", {}},
    {"mentions", kCount},
    {"more", kCount},

    {"severity_low", {}},
    {"severity_normal", {}},
    {"severity_high", {}},
    {"severity_critical", {}},

    {"kind_mention", {}},
    {"kind_story", {}},
    {"kind_growth", {}},
    {"kind_digest", {}},
    {"kind_rollup", {}},
    {"kind_spike", {}},
    {"kind_escalation", {}},
    {"kind_health", {}},
    {"kind_report", {}},
    {"kind_test", {}},
    {"kind_edit", {}},

    {"views", kCount, Use::optional},
    {"likes", kCount, Use::optional},
    {"reposts", kCount, Use::optional},
    {"shares", kCount, Use::optional},
    {"quotes", kCount, Use::optional},
    {"replies", kCount, Use::optional},
    {"comments", kCount, Use::optional},
    {"points", kCount, Use::optional},
    {"votes", kCount, Use::optional},
    {"reach", kCount, Use::optional},
    {"other_count", kOtherCount, Use::optional},

    {"take", {}},
    {"done", {}},
    {"not_relevant", {}},
    {"taken_by", kWho},
    {"done_by", kWho},
    {"not_relevant_by", kWho},

    {"story", kStory, Use::optional},
    {"spike", kSpike},
    {"spike_story", kSpikeOfStory},
    {"spike_terms", kList, Use::optional},
    {"spike_outlets", kList, Use::optional},
    {"spike_languages", kList, Use::optional},
    {"backlog", {}},

    {"source_ok", kSource},
    {"source_late", kSource},
    {"source_empty", kSource},
    {"source_blocked", kSource},
    {"source_gone", kSource},
    {"source_moved", kSource},
    {"source_broken", kSource},
    {"channel_gone", kChannel},
    {"channel_kept", kChannel},
    {"channel_back", kChannel},
    {"test", kChannel},
    {"test_works", kChannel},

    {"share", kOtherCount},
    {"report_headline", kPeriod},
    {"report_nothing", {}},
    {"report_counts", kFigures},
    {"report_topic", kTopicFigures, Use::optional},
    {"report_more_topics", kCount, Use::optional},
    {"report_days", kBars, Use::optional},
    {"report_outlets", kList, Use::optional},
    {"report_languages", kList, Use::optional},
    {"report_story", kBigStory, Use::optional},
    {"report_work", kWork, Use::optional},

    {"page_your_name", {}, Use::page},
    {"page_nobody", {}, Use::page},
    {"page_expired", {}, Use::page},
    {"page_forged", {}, Use::page},
};

}  // namespace

std::string label_argument(std::string_view label) {
  std::string out(kLabelPrefix);
  for (const char c : label) out += c == '-' || c == '.' || c == ' ' ? '_' : c;
  return out;
}

std::span<const Text> all() { return kTexts; }

const Text* find(std::string_view name) {
  const auto found = std::ranges::find(kTexts, name, &Text::name);
  return found == std::end(kTexts) ? nullptr : found;
}

}  // namespace earshot::texts
