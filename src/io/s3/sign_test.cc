#include "io/s3/sign.h"

#include <gtest/gtest.h>

#include "io/http/http.h"

namespace synthmill::io {
namespace {

// The examples of Amazon's S3 documentation ("Signature Calculations for the Authorization
// Header"), all of 24 May 2013.
const S3Credentials kExample = {"AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
                                "", 0, ""};
constexpr int64_t kMoment = 1369353600;
const std::string kEmpty = Sha256Hex("");

std::string SignatureOf(const SignedRequest& request, const S3Credentials& credentials = kExample) {
  for (const std::string& line : SignHeaders(request, credentials, "us-east-1", "s3", kMoment)) {
    if (line.starts_with("Authorization: ")) return line.substr(line.rfind('=') + 1);
  }
  return "";
}

TEST(SignHeaders, SignsARangeOfAnObjectAsAmazonDocumentsIt) {
  EXPECT_EQ(
      SignatureOf(
          {"GET", "examplebucket.s3.amazonaws.com", "/test.txt", "", {"Range: bytes=0-9"}, kEmpty}),
      "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
}

TEST(SignHeaders, SignsAnUploadAsAmazonDocumentsIt) {
  EXPECT_EQ(SignatureOf(
                {"PUT",
                 "examplebucket.s3.amazonaws.com",
                 "/test%24file.text",
                 "",
                 {"Date: Fri, 24 May 2013 00:00:00 GMT", "x-amz-storage-class: REDUCED_REDUNDANCY"},
                 Sha256Hex("Welcome to Amazon S3.")}),
            "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd");
}

TEST(SignHeaders, SignsParametersAsAmazonDocumentsThem) {
  EXPECT_EQ(SignatureOf({"GET", "examplebucket.s3.amazonaws.com", "/", "lifecycle=", {}, kEmpty}),
            "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543");
  EXPECT_EQ(SignatureOf(
                {"GET", "examplebucket.s3.amazonaws.com", "/", "max-keys=2&prefix=J", {}, kEmpty}),
            "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7");
}

TEST(SignHeaders, SortsHeadersByNameNotByLine) {
  // '-' sorts before ':', so lines would stand the other way round.
  const auto headers = SignHeaders(
      {"PUT",
       "h",
       "/k",
       "",
       {"x-amz-server-side-encryption-aws-kms-key-id: k", "x-amz-server-side-encryption: aws:kms"},
       kEmpty},
      kExample, "us-east-1", "s3", kMoment);
  EXPECT_NE(headers.back().find("x-amz-server-side-encryption;"
                                "x-amz-server-side-encryption-aws-kms-key-id,"),
            std::string::npos);
}

TEST(SignHeaders, CarriesAndSignsTheSessionToken) {
  S3Credentials with_token = kExample;
  with_token.session_token = "token";
  const SignedRequest request{"GET", "h", "/k", "", {}, kEmpty};
  EXPECT_NE(SignatureOf(request), SignatureOf(request, with_token));
  const auto headers = SignHeaders(request, with_token, "us-east-1", "s3", kMoment);
  EXPECT_NE(std::find(headers.begin(), headers.end(), "x-amz-security-token: token"),
            headers.end());
}

}  // namespace
}  // namespace synthmill::io
