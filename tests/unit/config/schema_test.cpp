// The schema for editors, and what a schema may say.
#include "core/config/schema.h"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

#include "core/texts/known.h"
#include "unit/config/support.h"

namespace earshot::config {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

// The plugins of this repository, as their folders say.
class OwnPlugins final : public PluginSchemas {
 public:
  std::optional<std::string_view> schema(PluginKind kind, std::string_view type) const override {
    const fs::path path = folder(kind) / type / "schema.json";
    if (!fs::exists(path)) return std::nullopt;
    return read_[path] = read_file(path);
  }
  std::vector<std::string> types(PluginKind kind) const override {
    std::vector<std::string> out;
    for (const auto& entry : fs::directory_iterator(folder(kind)))
      if (fs::exists(entry.path() / "schema.json")) out.push_back(entry.path().filename());
    std::ranges::sort(out);
    return out;
  }

 private:
  static fs::path folder(PluginKind kind) {
    return fs::path(CONFIG_FOLDER).parent_path() / "plugins" / (kind == PluginKind::source ? "sources" : "sinks");
  }
  mutable std::map<fs::path, std::string> read_;
};

TEST(EditorSchema, TheCommittedFileIsTheGeneratedOne) {
  const fs::path file = fs::path(CONFIG_FOLDER) / "earshot.schema.json";
  const std::string made = editor_schema(OwnPlugins());
  if (std::getenv("EARSHOT_UPDATE")) std::ofstream(file) << made;
  EXPECT_EQ(read_file(file), made) << "make it anew: earshot check --schema > config/earshot.schema.json";
}

TEST(EditorSchema, EntriesTakeTheirPluginsKeys) {
  const json::value schema = json::parse(editor_schema(plugins()));
  const json::value& feed = schema.at_pointer("/definitions/source-feed");
  EXPECT_EQ(feed.at("additionalProperties"), false);
  EXPECT_TRUE(feed.at("properties").as_object().contains("max_items"));
  EXPECT_TRUE(feed.at("properties").as_object().contains("interval"));
  EXPECT_EQ(feed.at("required"), json::array({"name", "type", "url"}));
  // References into a plugin's own schema still lead to the same thing.
  const std::string ref = schema.at_pointer("/definitions/source-odd/properties/tags/items/$ref").as_string().c_str();
  EXPECT_EQ(schema.at_pointer(ref.substr(1)).at("minLength"), 1);
}

TEST(PluginSchemas, OursCompile) {
  const OwnPlugins own;
  for (const PluginKind kind : {PluginKind::source, PluginKind::sink})
    for (const std::string& type : own.types(kind)) {
      const auto compiled = SchemaDocument::compile(*own.schema(kind, type));
      EXPECT_TRUE(compiled.has_value()) << type << ": " << compiled.error().message;
    }
}

TEST(ShippedConfigurations, AreGood) {
  for (const char* name : {"earshot.yaml", "quickstart.yaml", "sources.d/industry.yaml.example"}) {
    std::vector<File> files{{name, read_file(fs::path(CONFIG_FOLDER) / name)}};
    if (std::string(name).ends_with(".example")) files.push_back({"more", "channels: [{name: here, type: console}]\n"});
    const Loaded loaded = load(files, plugins(), secret);
    EXPECT_EQ(printed(loaded.problems), "");
    EXPECT_FALSE(loaded.config.sources.empty());
  }
}

// Every key that there is stands in the commented default, so that nobody has to guess.
TEST(ShippedConfigurations, TheDefaultNamesEveryKey) {
  const std::string text = read_file(fs::path(CONFIG_FOLDER) / "earshot.yaml");
  const auto named = [&](const std::string& key) { return text.find(key + ":") != std::string::npos; };
  std::vector<const Schema*> todo{&own_keys().root()};
  while (!todo.empty()) {
    const Schema* schema = todo.back();
    todo.pop_back();
    for (const Schema::Property& p : schema->properties) {
      EXPECT_TRUE(named(p.name)) << p.name;
      if (p.name != "texts") todo.push_back(p.schema);  // `earshot texts` lists them
    }
    if (schema->items) todo.push_back(schema->items);
    for (const Schema* part : schema->all_of) todo.push_back(part);
    for (const Schema* part : schema->any_of) todo.push_back(part);
  }
}

TEST(OwnKeys, KnowEveryTextThatAChannelMaySayItsOwnWay) {
  const Schema* texts =
      own_keys().root().property("channels")->items->all_of.front()->property("texts")->all_of.front();
  std::vector<std::string> keys, known;
  for (const Schema::Property& p : texts->properties) {
    keys.push_back(p.name);
    EXPECT_EQ(p.schema->min_length.value_or(0) == 0, texts::find(p.name)->use == texts::Use::optional) << p.name;
  }
  for (const texts::Text& text : texts::all())
    if (text.use != texts::Use::page) known.emplace_back(text.name);
  EXPECT_EQ(keys, known);
}

TEST(SchemaDocument, RefusesWhatItDoesNotKnow) {
  const auto refused = [](std::string_view text) {
    const auto compiled = SchemaDocument::compile(text);
    return compiled ? std::string("taken") : compiled.error().message;
  };
  EXPECT_EQ(refused("{"), "it is no JSON: incomplete JSON");
  EXPECT_EQ(refused("[]"), "it must be a JSON object");
  EXPECT_EQ(refused(R"({"propertis": {}})"), "/propertis is a keyword that is not known; did you mean \"properties\"?");
  EXPECT_EQ(refused(R"({"type": "text"})"), "/type is no type of JSON");
  EXPECT_EQ(refused(R"({"properties": {"a": {"pattern": "("}}})"),
            "/properties/a/pattern is no regular expression: missing ): (");
  EXPECT_EQ(refused(R"({"format": "colour"})"), "/format names \"colour\", which is no format that is known");
  EXPECT_EQ(refused(R"({"minLength": -1})"), "/minLength must be a whole number");
  EXPECT_EQ(refused(R"({"$ref": "#/nowhere"})"), "/$ref \"#/nowhere\" leads nowhere in this schema");
  EXPECT_EQ(refused(R"({"$ref": "https://evil.example/"})"),
            "/$ref \"https://evil.example/\" leads nowhere in this schema");
  EXPECT_EQ(refused(R"({"$ref": "#"})"), "it refers to itself without end");
  EXPECT_EQ(refused(R"({"anyOf": [{"$ref": "#"}]})"), "it refers to itself without end");
  EXPECT_EQ(refused(R"({"properties": {"a": {"$ref": "#"}}})"), "taken");  // goes round, but into the value
  std::string deep = R"({"type": "object"})";
  for (int i = 0; i < 30; ++i) deep = R"({"items": )" + deep + "}";
  EXPECT_EQ(refused(deep), "taken");
  for (int i = 0; i < 30; ++i) deep = R"({"items": )" + deep + "}";
  EXPECT_NE(refused(deep), "taken");
}

}  // namespace
}  // namespace earshot::config
