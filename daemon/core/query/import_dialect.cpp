#include "core/query/import_dialect.h"

#include <algorithm>
#include <array>

namespace earshot::query {
namespace {

using F = ForeignField;

// Meltwater's help, "How to Master Boolean Search" 1 to 3.
constexpr auto kMeltwater = std::to_array<F>({{"title", F::text, "title"},
                                              {"ingress", F::text, "summary"},
                                              {"url", F::text, "url"},
                                              {"author", F::author, ""},
                                              {"language", F::value, "lang"},
                                              {"source", F::value, "source"},
                                              {"hashtag", F::hashtag, ""},
                                              {"from", F::author, ""}});
// Talkwalker's "Search Syntax" and the fields of its API.
constexpr auto kTalkwalker = std::to_array<F>({{"title", F::text, "title"},
                                               {"content", F::text, "body"},
                                               {"url", F::text, "url"},
                                               {"inurl", F::text, "url"},
                                               {"author", F::author, ""},
                                               {"lang", F::value, "lang"},
                                               {"site", F::value, "site"},
                                               {"domain", F::value, "domain"},
                                               {"domainurl", F::value, "domain"},
                                               {"blog", F::value, "site"},
                                               {"mention", F::handle, ""},
                                               {"hashtag", F::hashtag, ""},
                                               {"tag", F::value, "tag"},
                                               {"followers", F::number, "followers"},
                                               {"likes", F::number, "likes"}});
// Brandwatch Consumer Research's "Query Operators"; raw: and at_mentions: are of its older guide.
constexpr auto kBrandwatch = std::to_array<F>({{"title", F::text, "title"},
                                               {"url", F::text, "url"},
                                               {"links", F::text, "url"},
                                               {"site", F::value, "site"},
                                               {"topleveldomain", F::value, "domain"},
                                               {"author", F::author, ""},
                                               {"language", F::value, "lang"},
                                               {"tags", F::value, "tag"},
                                               {"at_mentions", F::handle, ""},
                                               {"hashtags", F::hashtag, ""},
                                               {"raw", F::raw, ""},
                                               {"authorfollowers", F::number, "followers"}});
// docs.x.com, "List of operators" of search and of the filtered stream; min_… and since: are of the search page.
constexpr auto kX = std::to_array<F>({{"from", F::author, ""},
                                      {"to", F::handle, ""},
                                      {"lang", F::value, "lang"},
                                      {"url", F::text, "url"},
                                      {"followers_count", F::number, "followers"},
                                      {"min_likes", F::number, "likes"},
                                      {"min_faves", F::number, "likes"},
                                      {"min_reposts", F::number, "reposts"},
                                      {"min_retweets", F::number, "reposts"},
                                      {"min_replies", F::number, "replies"},
                                      {"since", F::since, ""},
                                      {"until", F::until, ""}});
// Google's "Refine Google searches" and its Search Protocol Reference.
constexpr auto kGoogle = std::to_array<F>({{"site", F::value, "site"},
                                           {"intitle", F::text, "title"},
                                           {"allintitle", F::all_text, "title"},
                                           {"inurl", F::text, "url"},
                                           {"allinurl", F::all_text, "url"},
                                           {"intext", F::text, "body"},
                                           {"allintext", F::all_text, "body"},
                                           {"after", F::since, ""},
                                           {"before", F::until, ""}});

constexpr std::array<DialectRules, 5> kRules{
    {{.name = "Meltwater", .any_case = true, .wildcards = true, .boosts = true, .near = 4, .fields = kMeltwater},
     {.name = "Talkwalker",
      .any_case = true,
      .wildcards = true,
      .sentence_joins = true,
      .plus = Plus::exact,
      .fields = kTalkwalker},
     {.name = "Brandwatch", .braces_exact = true, .wildcards = true, .accents_told = true, .fields = kBrandwatch},
     {.name = "X", .plus = Plus::as_is, .fields = kX},
     {.name = "Google",
      .or_binds_tighter = true,
      .around = true,
      .pipe_is_or = true,
      .ranges_of_words = true,
      .plus = Plus::as_is,
      .fields = kGoogle}}};

}  // namespace

const DialectRules& rules_of(Dialect dialect) { return kRules[static_cast<std::size_t>(dialect)]; }

const ForeignField* field_of(const DialectRules& rules, std::string_view theirs) {
  const auto found = std::ranges::find(rules.fields, theirs, &ForeignField::theirs);
  return found == rules.fields.end() ? nullptr : &*found;
}

}  // namespace earshot::query
