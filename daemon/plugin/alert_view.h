// An alert as a sink plugin reads it: the C structs, pointing into the alert and into texts made for people.
#pragma once

#include <earshot/plugin.h>

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "core/mention/mention.h"
#include "plugin/alert_texts.h"
#include "plugin/sink.h"

namespace earshot::host {

// Valid as long as it and the alert and context it was made from live.
class AlertView {
 public:
  AlertView(const Alert& alert, std::uint32_t attempt, const AlertContext& context);
  AlertView(const AlertView&) = delete;
  AlertView& operator=(const AlertView&) = delete;

  const earshot_alert* get() const { return &alert_; }

 private:
  // The arrays behind one mention. They never move once filled.
  struct Parts {
    MentionTexts texts;
    std::vector<earshot_span> hits, title_hits;
    std::vector<earshot_str> topics;
    std::vector<earshot_pair> labels;
    std::vector<earshot_number> engagement;
    earshot_mention mention{};
  };
  static void fill(Parts& parts, const Mention& mention, Time created, const AlertContext& context);

  std::deque<Parts> parts_;
  std::vector<const earshot_mention*> mentions_;
  std::vector<earshot_pair> actions_;
  AlertTexts texts_;
  std::vector<earshot_str> more_;
  earshot_alert alert_{};
};

}  // namespace earshot::host
