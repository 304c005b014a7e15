#include "spec/args.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>

namespace synthmill::spec {
namespace {

constexpr int64_t kOne = Value::kDecimalOne;

// Runs `body` on the arguments of a map and returns what was reported.
std::string With(const std::string& text, const std::function<void(const Args&)>& body) {
  Diagnostics diagnostics("t.yaml", text);
  const Node node = ParseYaml(text, &diagnostics);
  const Environment env = {{"n", Value::Int(10)}, {"as_of", Value::Date(20454)}};
  body(Args(node, "column 'c'", env, &diagnostics));
  return diagnostics.Render();
}

TEST(Args, EvaluateExpressionsOverParameters) {
  const std::string errors =
      With("{a: n * 2, b: 0.5, c: as_of - 1d, d: n > 3, e: 19.99, f: 12345678901.23}",
           [](const Args& args) {
             EXPECT_EQ(args.Int("a", 0), 20);
             EXPECT_EQ(args.Decimal("a", 0), 20 * kOne);
             EXPECT_EQ(args.Share("b", 0), kOne / 2);
             EXPECT_EQ(args.Date("c", 0), 20453);
             EXPECT_TRUE(args.Bool("d", false));
             EXPECT_EQ(args.Scaled("e", 2, 0), 1999);
             EXPECT_EQ(args.Scaled("a", 3, 0), 20'000);
             EXPECT_EQ(args.Scaled("f", 2, 0), 1'234'567'890'123);
             EXPECT_EQ(args.Int("absent", 7), 7);
           });
  EXPECT_EQ(errors, "");
}

TEST(Args, ReportEveryWrongValueAtItsPlaceAndReturnTheFallback) {
  const std::string errors =
      With("{a: 0.5, b: 1.5, c: x, e: 1.999, f: [1], g: n / 0}", [](const Args& args) {
        EXPECT_EQ(args.Int("a", 3), 3);
        EXPECT_EQ(args.Share("b", 4), 4);
        EXPECT_EQ(args.Date("c", 5), 5);
        EXPECT_EQ(args.Scaled("e", 2, 6), 6);
        EXPECT_EQ(args.Int("f", 7), 7);
        EXPECT_EQ(args.Text("f", "t"), "t");
        EXPECT_EQ(args.Int("g", 8), 8);
      });
  for (const char* part :
       {"t.yaml:1:5: error: column 'c': 'a': 0.5 is not a whole number",
        "t.yaml:1:13: error: column 'c': 'b' must be within 0 and 1 (got 1.5)",
        "t.yaml:1:21: error: column 'c': 'c': unknown name 'x'",
        "'e': 1.999 is not exact with 2 digits", "'f' must be a number or an expression",
        "'f' must be a text", "'g': '/': 10 / 0 divides by zero"}) {
    EXPECT_NE(errors.find(part), std::string::npos) << part << "\nin\n" << errors;
  }
}

TEST(Args, TakeWeightsFromAMapOrAPlainList) {
  using Weights = std::vector<std::pair<std::string, int64_t>>;
  const std::string errors = With("{m: {F: 0.51, M: 0.49}, l: [x, y]}", [](const Args& args) {
    EXPECT_EQ(args.Weights("m"), (Weights{{"F", 510'000'000}, {"M", 490'000'000}}));
    EXPECT_EQ(args.Weights("l"), (Weights{{"x", kOne}, {"y", kOne}}));
  });
  EXPECT_EQ(errors, "");
}

TEST(Args, RefuseWeightsThatAreNegativeOrAllZero) {
  const std::string errors =
      With("{a: {x: -1, y: 2}, b: {x: 0}, c: [], d: {x: z}}", [](const Args& args) {
        for (const char* key : {"a", "b", "c", "d"}) args.Weights(key);
      });
  EXPECT_NE(errors.find("'a': weight of 'x' is negative (-1)"), std::string::npos) << errors;
  EXPECT_NE(errors.find("'b': all weights are 0"), std::string::npos);
  EXPECT_NE(errors.find("'c' is an empty list"), std::string::npos);
  EXPECT_NE(errors.find("unknown name 'z'"), std::string::npos);
}

TEST(Args, SuggestChoicesAndKeys) {
  const std::vector<std::string> choices = {"low", "high"};
  const std::string errors = With("{skew: lwo, mn: 3}", [&](const Args& args) {
    EXPECT_EQ(args.Choice("skew", choices, "high"), "high");
    args.RejectUnknown(std::vector<std::string>{"skew", "min", "max"});
    EXPECT_FALSE(args.Require("max", "max: 9"));
  });
  EXPECT_NE(errors.find("'skew' cannot be 'lwo'"), std::string::npos) << errors;
  EXPECT_NE(errors.find("did you mean 'low'?"), std::string::npos);
  EXPECT_NE(errors.find("1:13: error: column 'c' has no 'mn'"), std::string::npos);
  EXPECT_NE(errors.find("did you mean 'min'?"), std::string::npos);
  EXPECT_NE(errors.find("needs 'max'"), std::string::npos);
}

TEST(Args, TakeAScalarForAListOfOne) {
  With("{a: x, b: [x, y]}", [](const Args& args) {
    EXPECT_EQ(args.TextList("a"), (std::vector<std::string>{"x"}));
    EXPECT_EQ(args.TextList("b"), (std::vector<std::string>{"x", "y"}));
  });
}

}  // namespace
}  // namespace synthmill::spec
