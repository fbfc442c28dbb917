// What signs the webhooks: held to the vectors of RFC 8032 and of the reference libraries of Standard Webhooks.
#include "sinks/webhook/signature.h"

#include <gtest/gtest.h>

#include "common/text/base64.h"
#include "support/sinks/driver.h"

namespace earshot {
namespace {

std::string unhex(std::string_view hex) {
  std::string out;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    out += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
  return out;
}

std::string whsk(std::string_view key) { return "whsk_" + text::to_base64(key); }

// "" when the secret is no good; what is said against it is left in `wrong`.
std::string sign(std::string_view secret, std::string_view content, std::string* wrong = nullptr) {
  plugin::Failure failure;
  const auto key = SigningKey::read(secret, failure);
  EXPECT_NE(key.has_value(), static_cast<bool>(failure));
  if (failure && wrong) *wrong = failure.reason();
  return key ? key->sign(content) : std::string();
}

TEST(Ed25519, GivesTheSignaturesOfRfc8032) {  // 7.1, TEST 1 to 3
  struct Vector {
    const char *seed, *pair, *message, *signature;
  };
  for (const Vector& v : {
           Vector{"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
                  "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
                  "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
                  "d25bf5f0595bbe24655141438e7a100b"},
           Vector{"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
                  "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
                  "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
                  "387b2eaeb4302aeeb00d291612bb0c00"},
           Vector{"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
                  "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
                  "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659"
                  "4a7c15e9716ed28dc027beceea1ec40a"},
       }) {
    const std::string expected = "v1a," + text::to_base64(unhex(v.signature));
    EXPECT_EQ(sign(whsk(unhex(v.seed)), unhex(v.message)), expected);
    EXPECT_EQ(sign(whsk(unhex(v.seed) + unhex(v.pair)), unhex(v.message)), expected) << "with its public half";
  }
}

// The known answers of the reference libraries' own tests: Go's for v1a, all of them for v1.
TEST(Webhook, SignsTheExamplesOfTheReferenceLibraries) {
  const std::string content = signed_content("msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", R"({"test": 2432232314})");
  EXPECT_EQ(sign("whsk_VEVTVFNJR05JTkdLRVlET05PVFVTRVRISVNGT1JBTlk=", content),
            "v1a,tQ9V2XOqn7jL/DQenEFpqIugdBVtiMmER5mhSkXBNwM0mkATuDe6KYYUuxqtaiHeYGb7KaaBRdM5WqyeFiL8Ag==");
  EXPECT_EQ(sign("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", content), "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

TEST(Webhook, SignsWithEverySecretWhileTheyAreRotated) {
  test::SinkUnderTest sink("webhook");
  const std::string first = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", second = whsk(std::string(32, 'a')),
                    third = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD", fourth = whsk(std::string(32, 'b'));
  ASSERT_EQ(sink.create(R"({"url":"https://h.example/","secret":[")" + first + "\",\"" + second + "\",\"" + third +
                        "\",\"" + fourth + "\"]}"),
            "");
  const test::Posted posted = sink.request({}, 1614265330999);
  const std::string content = signed_content("d-1", "1614265330", posted.body);
  EXPECT_EQ(posted.header("webhook-signature"), sign(first, content) + " " + sign(second, content) + " " +
                                                    sign(third, content) + " " + sign(fourth, content));
}

TEST(Webhook, SaysWhatIsWrongWithASecretAndNothingOfIt) {
  const std::string seed = unhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
  const std::string base64 = text::to_base64(seed);
  struct Wrong {
    std::string secret, said;
  };
  for (const Wrong& w : {
           Wrong{"", "must begin with"},
           {base64, "must begin with"},
           {"WHSK_" + base64, "must begin with"},
           {"whpk_" + base64, "is a public key"},
           {"whsec_", "24 to 64 random bytes"},
           {"whsec_" + text::to_base64(std::string(23, 'x')), "24 to 64 random bytes"},
           {"whsec_" + text::to_base64(std::string(65, 'x')), "24 to 64 random bytes"},
           {"whsk_", "its 32 bytes, or 64"},
           {whsk(seed.substr(1)), "its 32 bytes, or 64"},
           {whsk(seed + "x"), "its 32 bytes, or 64"},
           {whsk(std::string(48, 'x')), "its 32 bytes, or 64"},  // PKCS #8 in DER
           {whsk(std::string(65, 'x')), "its 32 bytes, or 64"},
           {whsk(std::string(300, 'x')), "its 32 bytes, or 64"},
           {"whsk_" + base64.substr(0, base64.size() - 1), "its 32 bytes, or 64"},  // without padding
           {"whsk_" + base64 + "\n", "its 32 bytes, or 64"},
           {"whsk_ " + base64, "its 32 bytes, or 64"},
           {"whsk_" + std::string(43, '_') + "=", "its 32 bytes, or 64"},  // the alphabet for URLs
           {"whsk_" + base64.substr(0, 20) + "=" + base64.substr(21), "its 32 bytes, or 64"},
           {whsk(seed + seed), "is not that of its first 32"},
       }) {
    SCOPED_TRACE(w.secret);
    std::string wrong;
    EXPECT_EQ(sign(w.secret, "x", &wrong), "");
    EXPECT_NE(wrong.find(w.said), std::string::npos) << wrong;
    EXPECT_EQ(wrong.find(base64.substr(0, 8)), std::string::npos) << wrong;
  }
}

}  // namespace
}  // namespace earshot
