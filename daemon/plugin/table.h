// A plugin's table as the host keeps it: checked once, so that no call has to ask again.
#pragma once

#include <earshot/plugin.h>

#include <string>
#include <vector>

#include "core/result.h"

namespace earshot::host {

// A copy of a table whose texts are its own.
struct Table {
  earshot_plugin functions{};  // its texts point nowhere: they are below
  std::string name, version, summary, schema, sample;
  std::vector<earshot_rate> rates;
};

// Copies min(size, sizeof) bytes of `from`, which must be readable for as many, and checks all that the contract asks
// of a table. The error says which plugin, what is wrong with it and what to do, without a path.
Result<Table> check_table(const earshot_plugin* from);

}  // namespace earshot::host
