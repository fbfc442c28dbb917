// Writes down what the sinks post, for judges that know nothing of Earshot: one JSON object a line,
//   {"sink","form":"post|below|edit","message","kind","language","what","method","url","headers":{…},"body"}
// on standard output. `form` is how the alert reaches its channel, `message` the one it belongs below or replaces, and
// `what` is "plain", "taken", "noted", "attack …", "huge …" or "scene …". `--scenes` writes the scenes alone. Signed
// requests carry the real time, since their judge compares it with its own clock.
#include <array>
#include <boost/json.hpp>
#include <chrono>
#include <iostream>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "common/sink/card.h"
#include "core/texts/texts.h"
#include "scenes.h"
#include "support/sinks/attacks.h"
#include "support/sinks/contract.h"

namespace {

namespace json = boost::json;
using namespace earshot::test;

// A message of its own, one below that which told the story first, and one in its place.
enum class Form { post, below, edit };
constexpr std::array<std::pair<Form, std::string_view>, 3> kForms{
    {{Form::post, "post"}, {Form::below, "below"}, {Form::edit, "edit"}}};

std::int64_t now() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

void take(TestAlert& alert) {
  alert.standing = earshot::texts::Texts::shipped(alert.language)->say("taken_by", {{"who", "Jane Doe"}});
}

// Kinds that are laid out differently: one mention, a lead and a list, a list, a text.
bool shapes_differ(const TestAlert& alert) {
  return alert.kind == EARSHOT_ALERT_MENTION || alert.kind == EARSHOT_ALERT_STORY ||
         alert.kind == EARSHOT_ALERT_DIGEST || alert.kind == EARSHOT_ALERT_REPORT;
}

class Dump {
 public:
  // `name` is a contract's, which says from which answer the sink learns the id of a message.
  Dump(const std::string& name, const std::string& settings)
      : name_(contract_of(name).sink.empty() ? name : contract_of(name).sink), sink_(name_) {
    if (const std::string error = sink_.create(settings); !error.empty()) throw std::runtime_error(name + ": " + error);
    if (sink_.table().sink_outcome)
      message_ = sink_.outcome({}, contract_of(name).accepted_status, contract_of(name).accepted).remote_id;
  }

  void scenes() const {
    for (const Scene& scene : earshot::test::scenes()) write(scene.alert, "post", "scene " + scene.name);
  }

  void everything() const {
    scenes();
    for (const auto& [form, name] : kForms) {
      if (!can(form)) continue;
      for (const TestAlert& alert : alerts_of_every_kind()) as_it_comes(form, name, alert);
      for (const TestAlert& alert : alerts_of_every_kind())
        if (shapes_differ(alert)) hostile(form, name, alert);
    }
  }

 private:
  // Whether it edits stands in its table; that it heeds what an alert belongs below is seen in what it posts.
  bool can(Form form) const {
    if (form == Form::post) return true;
    if (message_.empty()) return false;
    if (form == Form::edit) return (sink_.table().capabilities & EARSHOT_EDITS) != 0;
    const Posted alone = sink_.request({}), below = sink_.request(in(form, {}));
    return alone.url != below.url || alone.body != below.body;
  }

  TestAlert in(Form form, TestAlert alert) const {
    if (form == Form::post) return alert;
    // What told the story first gave it its name, which is all that some services go by.
    alert.story = alert.mentions.empty() ? "s" : alert.mentions.front().id;
    (form == Form::below ? alert.thread : alert.edits) = message_;
    if (form == Form::edit && alert.standing.empty()) take(alert);  // the reason for an edit
    return alert;
  }

  void as_it_comes(Form form, std::string_view name, TestAlert alert) const {
    for (const char* language : {"en", "nl", "de", "fr", "es"}) {
      alert.language = language;
      write(in(form, alert), name, "plain");
      TestAlert taken = alert, noted = alert;
      take(taken);
      noted.note = "Ask legal first\nPlaybook 7";
      if (form != Form::edit) write(in(form, taken), name, "taken");
      write(in(form, noted), name, "noted");
    }
  }

  void hostile(Form form, std::string_view name, const TestAlert& whole) const {
    for (const Attack& attack : attacks()) {
      TestAlert alert = whole;
      put_everywhere(attack.text, alert);
      write(in(form, alert), name, "attack " + std::string(attack.name));
    }
    for (const auto& [filler, piece] : fillers()) {
      TestAlert alert = whole;
      make_huge(piece, alert);
      write(in(form, alert), name, "huge " + std::string(filler));
    }
  }

  void write(const TestAlert& alert, std::string_view form, const std::string& what) const {
    const Posted posted = sink_.request(alert, now());
    if (!posted.ok) throw std::runtime_error(name_ + ": " + posted.error);
    json::object headers;
    for (const auto& [key, value] : posted.headers) headers[key] = value;
    std::cout << json::serialize(json::object{{"sink", name_},
                                              {"form", form},
                                              {"message", alert.edits.empty() ? alert.thread : alert.edits},
                                              {"kind", earshot::sink::kind_name(alert.kind)},
                                              {"language", alert.language},
                                              {"what", what},
                                              {"method", posted.method},
                                              {"url", posted.url},
                                              {"headers", std::move(headers)},
                                              {"body", posted.body}})
              << '\n';
  }

  std::string name_;
  SinkUnderTest sink_;
  std::string message_;
};

// A further way to set up a sink, which answers like the first.
Dump structured_cloudevents() {
  json::object settings = json::parse(contract_of("cloudevents").settings).as_object();
  settings["mode"] = "structured";
  return {"cloudevents", json::serialize(settings)};
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc > 1 && std::string_view(argv[1]) == "--scenes") {
    for (const std::string& name : sink_names()) Dump(name, contract_of(name).settings).scenes();
    return 0;
  }
  for (const std::string& name : contract_names()) Dump(name, contract_of(name).settings).everything();
  structured_cloudevents().everything();
} catch (const std::exception& e) {
  std::cerr << "judges_dump: " << e.what() << '\n';
  return 1;
}
