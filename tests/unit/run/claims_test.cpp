// Claims in a real store: made by a letter, and gone with their mentions.
#include <gtest/gtest.h>

#include "run/wish.h"
#include "unit/store/support.h"

namespace earshot::run {
namespace {

class Claims : public store::StoreTest {
 protected:
  void hear(const std::string& id, Time seen) {
    Mention mention = store::mention_of("blog", id, "https://blog.example/" + id, {"brand"}, seen);
    mention.id = id;
    ASSERT_OK(store->commit(std::vector{store::fetch_of("blog", {store::candidate_of(std::move(mention), "")}, seen)}));
  }
  void claim(const std::string& id) {
    const auto wish =
        read_letter(*store, {"claim-" + id, R"({"do":"claim","mention":")" + id + R"(","state":"claimed","by":"sam"})"},
                    store::noon);
    ASSERT_OK(wish);
    ASSERT_OK(grant(*store, *wish, store::noon));
  }
  std::vector<std::string> claims() {
    std::vector<std::string> keys;
    const auto notes = store->notes(route::kClaimPrefix, 100);
    for (const store::Note& note : *notes) keys.push_back(note.key);
    return keys;
  }
};

TEST_F(Claims, GoWithTheirMentions) {
  hear("old", store::noon - store::days(500));
  hear("new", store::noon);
  claim("old");
  claim("new");
  EXPECT_EQ(forget_claims(*store, store::noon), 0U) << "both are still there";
  ASSERT_OK(store->sweep({}, store::noon));
  EXPECT_EQ(forget_claims(*store, store::noon), 1U);
  EXPECT_EQ(claims(), std::vector{std::string(route::kClaimPrefix) + "new"});
  EXPECT_EQ(forget_claims(*store, store::noon), 0U);
}

}  // namespace
}  // namespace earshot::run
