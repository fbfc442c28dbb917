// plugin.h as C11: it is enough that this compiles, with -pedantic-errors -Wall -Wextra -Werror.
#include <earshot/plugin.h>

const earshot_item* empty_item_of_c(void);
const earshot_feed* empty_feed_of_c(void);

const earshot_item* empty_item_of_c(void) {
  static const earshot_item item = EARSHOT_ITEM_INIT;
  return &item;
}

const earshot_feed* empty_feed_of_c(void) {
  static const earshot_feed feed = EARSHOT_FEED_INIT;
  return &feed;
}
