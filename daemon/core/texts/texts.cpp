#include "core/texts/texts.h"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <map>
#include <mutex>
#include <stdexcept>

#include "core/texts/shipped.h"

namespace earshot::texts {
namespace {

struct Sentence {
  std::string written;
  Pattern pattern;
};

std::size_t index_of(std::string_view language) {
  const auto found =
      std::ranges::find(kShipped, language.substr(0, language.find_first_of("-_")), &ShippedLanguage::code);
  return found == kShipped.end() ? 0 : static_cast<std::size_t>(found - kShipped.begin());
}

Result<Sentence> sentence(const Text& text, const std::string& written, std::string_view language) {
  auto pattern = Pattern::parse(written, language, text.arguments);
  if (!pattern)
    return fail(fmt::format("text \"{}\", byte {}: {}", text.name, pattern.error().offset, pattern.error().message));
  return Sentence{written, std::move(*pattern)};
}

}  // namespace

struct Texts::Made {
  std::string language;
  std::shared_ptr<const Texts> rest;  // where what is not in `sentences` stands; null: nowhere
  std::map<std::string, Sentence, std::less<>> sentences;
  mutable std::mutex mutex;  // ICU's formatters are used by one thread at a time
};

Texts::Texts(std::unique_ptr<Made> made) : made_(std::move(made)) {}
Texts::~Texts() = default;

const std::shared_ptr<const Texts>& Texts::shipped(std::string_view language) {
  static const auto all = [] {
    std::array<std::shared_ptr<const Texts>, kShipped.size()> out;
    for (std::size_t i = 0; i < out.size(); ++i) {
      auto made = std::make_unique<Made>();
      made->language = kShipped[i].code;
      const YAML::Node file = YAML::Load(std::string(kShipped[i].yaml));
      for (const Text& text : texts::all()) {
        auto one = sentence(text, file[std::string(text.name)].as<std::string>(), made->language);
        if (!one) throw std::logic_error(one.error().message);  // a unit test reads them all
        made->sentences.emplace(text.name, std::move(*one));
      }
      out.at(i).reset(new Texts(std::move(made)));
    }
    return out;
  }();
  return all.at(index_of(language));
}

Result<std::shared_ptr<const Texts>> Texts::with(std::string_view language, const Own& own) {
  const std::shared_ptr<const Texts>& rest = shipped(language);
  if (own.empty()) return rest;
  auto made = std::make_unique<Made>();
  made->language = rest->language();
  made->rest = rest;
  for (const auto& [name, written] : own) {
    const Text* text = find(name);
    if (!text || text->use == Use::page) return fail(fmt::format("there is no text called \"{}\"", name));
    auto one = sentence(*text, written, made->language);
    if (!one) return tl::unexpected(one.error());
    made->sentences.emplace(name, std::move(*one));
  }
  return std::shared_ptr<const Texts>(new Texts(std::move(made)));
}

std::string Texts::say(std::string_view name, const Values& values) const {
  const auto found = made_->sentences.find(name);
  const bool here = found != made_->sentences.end();
  if (!here && !made_->rest) throw std::logic_error(fmt::format("there is no text called \"{}\"", name));
  std::string said;
  if (here) {
    const std::lock_guard lock(made_->mutex);
    said = found->second.pattern(values);
  }
  const bool as_shipped = !here || (said.empty() && find(name)->use == Use::needed);
  return made_->rest && as_shipped ? made_->rest->say(name, values) : said;
}

const std::string& Texts::language() const { return made_->language; }

std::string_view Texts::pattern(std::string_view name) const {
  const auto found = made_->sentences.find(name);
  if (found != made_->sentences.end()) return found->second.written;
  return made_->rest ? made_->rest->pattern(name) : std::string_view();
}

}  // namespace earshot::texts
