// What the host does for every sink: an alert's own words, in its channel's language, and the C structs over it. Beside
// it one message of ICU alone.
#include <benchmark/benchmark.h>
#include <unicode/msgfmt.h>

#include "plugin/alert_view.h"
#include "plugin/people_time.h"

namespace {

using namespace earshot;

Alert alert_of(AlertKind kind, std::size_t mentions) {
  Mention m;
  m.id = "m1";
  m.source = "reg";
  m.site = "theregister.com";
  m.item.url = "https://www.theregister.com/2026/11/23/acme";
  m.item.title = "Acme Bank app is down again";
  m.item.author = "Jane Doe";
  m.item.engagement = {{"likes", 1204}, {"replies", 12}};
  m.item.published = from_ms(1795551000000);
  m.snippet = "Customers of Acme Bank report that the app crashes.";
  m.snippet_hits = {{13, 22}};
  m.matches = {{"complaints", {}}};
  m.severity = Severity::high;
  Alert alert;
  alert.kind = kind;
  alert.created = from_ms(1795551060000);
  alert.mentions.assign(mentions, m);
  alert.total = mentions;
  return alert;
}

void said(benchmark::State& state, AlertKind kind, std::size_t mentions) {
  const Alert alert = alert_of(kind, mentions);
  const auto when = host::PeopleTime::create("Europe/Amsterdam", "nl");
  const host::AlertContext context{[&](Time t) { return (*when)(t); }, texts::Texts::shipped("nl")};
  for (auto _ : state) {
    const host::AlertView view(alert, 1, context);
    benchmark::DoNotOptimize(view.get());
  }
}
BENCHMARK_CAPTURE(said, mention, AlertKind::mention, 1)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(said, digest of 10, AlertKind::digest, 10)->Unit(benchmark::kMicrosecond);

void icu_alone(benchmark::State& state) {
  UErrorCode error = U_ZERO_ERROR;
  const icu::MessageFormat format("{n, plural, one {# antwoord} other {# antwoorden}}", icu::Locale("nl"), error);
  const icu::UnicodeString name("n");
  const icu::Formattable n(12.0);
  for (auto _ : state) {
    icu::UnicodeString out;
    format.format(&name, &n, 1, out, error);
    benchmark::DoNotOptimize(out.length());
  }
  if (U_FAILURE(error)) state.SkipWithError("ICU");
}
BENCHMARK(icu_alone)->Unit(benchmark::kMicrosecond);

}  // namespace
