// Writes down what the sinks post, for judges that know nothing of Earshot: one JSON object a line,
//   {"sink","kind","language","what":"plain|attack …|huge …","method","url","headers":{…},"body"}
// on standard output. `--plain` leaves out attacks and huge alerts. Signed requests carry the real time, since their
#include <boost/json.hpp>
#include <chrono>
#include <iostream>
#include <stdexcept>

#include "common/sink/card.h"
#include "support/sinks/attacks.h"
#include "support/sinks/contract.h"

namespace {

namespace json = boost::json;
using namespace earshot::test;

std::int64_t now() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

void write(const SinkUnderTest& sink, const std::string& name, const TestAlert& alert, const std::string& what) {
  const Posted posted = sink.request(alert, now());
  if (!posted.ok) throw std::runtime_error(name + ": " + posted.error);
  json::object headers;
  for (const auto& [key, value] : posted.headers) headers[key] = value;
  std::cout << json::serialize(json::object{{"sink", name},
                                            {"kind", earshot::sink::kind_name(alert.kind)},
                                            {"language", alert.language},
                                            {"what", what},
                                            {"method", posted.method},
                                            {"url", posted.url},
                                            {"headers", std::move(headers)},
                                            {"body", posted.body}})
            << '\n';
}

// Kinds that are laid out differently: one mention, a lead and a list, a list, a text.
bool shapes_differ(const TestAlert& alert) {
  return alert.kind == EARSHOT_ALERT_MENTION || alert.kind == EARSHOT_ALERT_STORY ||
         alert.kind == EARSHOT_ALERT_DIGEST || alert.kind == EARSHOT_ALERT_REPORT;
}

void everything(const std::string& name, const std::string& settings, bool hostile) {
  SinkUnderTest sink(name);
  if (const std::string error = sink.create(settings); !error.empty()) throw std::runtime_error(name + ": " + error);
  for (const char* language : {"en", "nl", "de", "fr", "es"})
    for (TestAlert alert : alerts_of_every_kind()) {
      alert.language = language;
      write(sink, name, alert, "plain");
    }
  if (!hostile) return;
  for (const TestAlert& whole : alerts_of_every_kind()) {
    if (!shapes_differ(whole)) continue;
    for (const Attack& attack : attacks()) {
      TestAlert alert = whole;
      put_everywhere(attack.text, alert);
      write(sink, name, alert, "attack " + std::string(attack.name));
    }
    for (const auto& [filler, piece] : fillers()) {
      TestAlert alert = whole;
      make_huge(piece, alert);
      write(sink, name, alert, "huge " + std::string(filler));
    }
  }
}

}  // namespace

int main(int argc, char** argv) try {
  const bool hostile = argc < 2 || std::string_view(argv[1]) != "--plain";
  for (const std::string& name : sink_names()) everything(name, contract_of(name).settings, hostile);
  json::object structured = json::parse(contract_of("cloudevents").settings).as_object();
  structured["mode"] = "structured";
  everything("cloudevents", json::serialize(structured), hostile);
} catch (const std::exception& e) {
  std::cerr << "judges_dump: " << e.what() << '\n';
  return 1;
}
