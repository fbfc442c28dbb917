#include "plugin/plugin.h"

#include <dlfcn.h>
#include <elf.h>
#include <fmt/format.h>
#include <link.h>

#include <cstring>
#include <utility>

#include "core/utf8.h"
#include "plugin/table.h"
#include "plugin/trust.h"

namespace earshot::host {

struct Plugin::Library {
  explicit Library(void* h) : handle(h) {}
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;
  ~Library() { dlclose(handle); }

  void* handle;
};

namespace {

// dlerror repeats the file's name, which our message already begins with.
std::string loader_message(const std::string& path) {
  const char* said = dlerror();
  std::string text = said ? to_valid_utf8(said) : "unknown error of the loader";
  if (const std::string prefix = path + ": "; text.starts_with(prefix)) text.erase(0, prefix.size());
  return text;
}

constexpr const char* kSymbol = "earshot_plugin_v1";

// The table of this very file: dlsym also looks into the libraries it depends on, and a symbol can be anything.
// Whatever size the table claims, what the linker laid out for it is all there is.
Result<const earshot_plugin*> find_table(void* handle) {
  void* const found = dlsym(handle, kSymbol);
  if (!found) return fail(fmt::format("is no Earshot plugin: it does not export {}", kSymbol));
  const link_map* own = nullptr;
  Dl_info info{};
  const ElfW(Sym)* symbol = nullptr;
  if (dlinfo(handle, RTLD_DI_LINKMAP, &own) != 0 ||
      !dladdr1(found, &info, reinterpret_cast<void**>(const_cast<ElfW(Sym)**>(&symbol)), RTLD_DL_SYMENT) || !symbol)
    return fail(fmt::format("{} cannot be looked at", kSymbol));
  if (reinterpret_cast<ElfW(Addr)>(info.dli_fbase) != own->l_addr)
    return fail(fmt::format("is no Earshot plugin: {} comes from {}, which it depends on", kSymbol, info.dli_fname));
  const auto* table = static_cast<const earshot_plugin*>(found);
  std::uint32_t size = 0;
  if ((symbol->st_info & 0xF) != STT_OBJECT || symbol->st_size < sizeof size)
    return fail(fmt::format("{} is no table but something else", kSymbol));
  std::memcpy(&size, found, sizeof size);
  if (size > symbol->st_size)
    return fail(fmt::format("its table says size {} and has {} bytes", size, symbol->st_size));
  return table;
}

}  // namespace

Plugin::Plugin(std::unique_ptr<Library> library, Table table, std::filesystem::path path, std::string user_agent)
    : library_(std::move(library)),
      table_(std::make_unique<const Table>(std::move(table))),
      path_(std::move(path)),
      user_agent_(std::move(user_agent)) {
  host_.size = sizeof host_;
  host_.abi_minor = EARSHOT_ABI_MINOR;
  host_.user_agent = {user_agent_.data(), user_agent_.size()};
}

Plugin::~Plugin() = default;

const std::string& Plugin::name() const { return table_->name; }
const std::string& Plugin::version() const { return table_->version; }
const std::string& Plugin::summary() const { return table_->summary; }
const std::string& Plugin::schema() const { return table_->schema; }
const std::string& Plugin::sample() const { return table_->sample; }
const std::vector<earshot_rate>& Plugin::rates() const { return table_->rates; }
const earshot_plugin& Plugin::table() const { return table_->functions; }

Result<std::shared_ptr<const Plugin>> Plugin::load(const std::filesystem::path& path, std::string user_agent) {
  auto trusted = trusted_path(path);
  if (!trusted) return tl::unexpected{trusted.error()};
  const std::string file = trusted->string();
  const auto wrong = [&](std::string_view what) { return fail(fmt::format("{}: {}", file, what)); };
  // NOW: a symbol that is missing is told here and not in the middle of a call. LOCAL: plugins do not see each other.
  void* const handle = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!handle) return wrong("cannot be loaded: " + loader_message(file));
  auto library = std::make_unique<Library>(handle);
  const auto found = find_table(handle);
  if (!found) return wrong(found.error().message);
  auto table = check_table(*found);
  if (!table) return wrong(table.error().message);
  return std::shared_ptr<const Plugin>{
      new Plugin(std::move(library), *std::move(table), *std::move(trusted), std::move(user_agent))};
}

Result<std::shared_ptr<const Plugin>> Plugin::from_table(const earshot_plugin& table, std::string where,
                                                         std::string user_agent) {
  auto checked = check_table(&table);
  if (!checked) return fail(fmt::format("{}: {}", where, checked.error().message));
  return std::shared_ptr<const Plugin>{
      new Plugin(nullptr, *std::move(checked), std::move(where), std::move(user_agent))};
}

}  // namespace earshot::host
