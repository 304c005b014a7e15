#include "io/ingest/parse_values.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <optional>
#include <random>
#include <string>

#include "io/ingest/cells.h"
#include "io/ingest/infer.h"

namespace synthmill::io::ingest {
namespace {

template <typename T, typename Parse>
std::optional<T> Parsed(const Parse& parse, const std::string& text) {
  const std::string padded = text + std::string(kPadding, '7');
  T value{};
  if (!parse(padded.data(), text.size(), &value)) return std::nullopt;
  return value;
}

std::optional<int64_t> Strict(const std::string& text) {
  return Parsed<int64_t>(ParseInt64<true>, text);
}
std::optional<int64_t> Loose(const std::string& text) {
  return Parsed<int64_t>(ParseInt64<false>, text);
}

TEST(ParseIntTest, TakesWholeNumbersUpToTheLimits) {
  for (int64_t v : {int64_t{0}, int64_t{7}, int64_t{-12345678}, int64_t{123456789},
                    int64_t{1234567890123456}, INT64_MAX, INT64_MIN}) {
    EXPECT_EQ(Strict(std::to_string(v)), v);
  }
  EXPECT_EQ(Strict("9223372036854775808"), std::nullopt);
  EXPECT_EQ(Strict("-9223372036854775809"), std::nullopt);
  EXPECT_EQ(Strict("99999999999999999999"), std::nullopt);
}

TEST(ParseIntTest, EveryOtherByteAtEveryPlaceIsRefused) {
  for (size_t size = 1; size <= 19; ++size) {
    for (size_t at = 0; at < size; ++at) {
      for (int c = 0; c < 256; ++c) {
        std::string text(size, '1');
        text[at] = static_cast<char>(c);
        const bool digit = c >= '0' && c <= '9';
        const bool sign = at == 0 && size > 1 && (c == '-' || c == '+');
        ASSERT_EQ(Loose(text).has_value(), digit || sign) << size << " " << at << " " << c;
      }
    }
  }
}

TEST(ParseIntTest, WhatTheNumberWouldNotBringBackIsNoStrictOne) {
  for (const char* text : {"007", "+1", "-0", "", "-", " 1", "1 ", "1.0"}) {
    EXPECT_EQ(Strict(text), std::nullopt) << text;
  }
  EXPECT_EQ(Loose("007"), 7);
  EXPECT_EQ(Loose("+1"), 1);
  EXPECT_EQ(Loose("00000000000000000000000012"), 12);
}

TEST(ParseDoubleTest, IsTheNearestDouble) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 20'000; ++i) {
    const int digits = 1 + static_cast<int>(random() % 22);
    std::string text = random() % 2 ? "-" : "";
    for (int d = 0; d < digits; ++d) text += static_cast<char>('0' + random() % 10);
    if (random() % 2) text.insert(text.size() - random() % static_cast<size_t>(digits), ".");
    if (random() % 3 == 0) text += "e" + std::to_string(static_cast<int>(random() % 60) - 30);
    const auto value = Parsed<double>(ParseDouble<false>, text);
    ASSERT_TRUE(value.has_value()) << text;
    ASSERT_EQ(*value, std::strtod(text.c_str(), nullptr)) << text;
  }
}

TEST(ParseDoubleTest, StrictOnesHaveFifteenDigitsAndNoLeadingZero) {
  const auto strict = [](const std::string& text) {
    return Parsed<double>(ParseDouble<true>, text);
  };
  EXPECT_EQ(strict("0.5"), 0.5);
  EXPECT_EQ(strict("1e3"), 1000);
  EXPECT_EQ(strict("123456789.012345"), 123456789.012345);
  for (const char* text :
       {"00.5", "1234567890.123456", "nan", "inf", "1e", "e5", ".", "+1", "1,5"}) {
    EXPECT_EQ(strict(text), std::nullopt) << text;
  }
  EXPECT_TRUE(std::isnan(*Parsed<double>(ParseDouble<false>, "nan")));
}

TEST(ParseDecimalTest, TellsWhatDoesNotFit) {
  const auto parse = [](const std::string& text) {
    __int128 value = 0;
    const DecimalError error = ParseDecimal(text.data(), text.size(), 2, 10'000, &value);
    return std::pair(error, static_cast<int64_t>(value));
  };
  EXPECT_EQ(parse("12.3"), std::pair(DecimalError::kNone, int64_t{1230}));
  EXPECT_EQ(parse("-0.05"), std::pair(DecimalError::kNone, int64_t{-5}));
  EXPECT_EQ(parse("1.2300"), std::pair(DecimalError::kNone, int64_t{123}));
  EXPECT_EQ(parse("99.99").first, DecimalError::kNone);
  EXPECT_EQ(parse("100").first, DecimalError::kTooManyDigits);
  EXPECT_EQ(parse("1.234").first, DecimalError::kTooManyDecimals);
  EXPECT_EQ(parse("1.2x").first, DecimalError::kNoNumber);
  EXPECT_EQ(parse("").first, DecimalError::kNoNumber);
}

TEST(ParseDateTest, TakesDaysThatAreInTheCalendar) {
  const auto parse = [](const std::string& text) { return Parsed<int32_t>(ParseDate, text); };
  EXPECT_EQ(parse("1970-01-02"), 1);
  EXPECT_EQ(parse("2024-02-29"), 19782);
  for (const char* text : {"2023-02-29", "2024-13-01", "2024-00-01", "2024-01-00", "0000-01-01",
                           "2024-1-1", "2024/01/01", "20240101", "2024-01-0x"}) {
    EXPECT_EQ(parse(text), std::nullopt) << text;
  }
}

TEST(ParseTimestampTest, TakesMicrosecondsAndNoMore) {
  const auto strict = [](const std::string& text) {
    return Parsed<int64_t>(ParseTimestamp<true>, text);
  };
  EXPECT_EQ(strict("1970-01-01T00:00:01"), 1'000'000);
  EXPECT_EQ(strict("1970-01-01 00:00:00.5"), 500'000);
  EXPECT_EQ(strict("1970-01-01 00:00:00.000001"), 1);
  for (const char* text :
       {"1970-01-01", "1970-01-01 24:00:00", "1970-01-01 00:60:00", "1970-01-01 00:00:00.",
        "1970-01-01 00:00:00.0000001", "1970-01-01 00:00", "1970-01-01 00:00:00Z"}) {
    EXPECT_EQ(strict(text), std::nullopt) << text;
  }
  EXPECT_EQ(Parsed<int64_t>(ParseTimestamp<false>, "1970-01-02"), 86'400'000'000);
  EXPECT_EQ(Parsed<int64_t>(ParseTimestamp<false>, "1970-01-01 00:00:00.100000000"), 100'000);
  EXPECT_EQ(Parsed<int64_t>(ParseTimestamp<false>, "1970-01-01 00:00:00.100000001"), std::nullopt);
}

std::string TypeOf(const std::vector<std::string>& values) {
  std::string text;
  for (const std::string& value : values) text += value + "\n";
  const size_t size = text.size();
  text += std::string(kPadding, '\0');
  RowTable rows;
  MakeCsvSplitter(',', 1)->Split({text.data(), size}, &rows);
  TypeInference types(1, "", false);
  types.Add({text.data(), size}, rows);
  return types.type(0)->ToString() + (types.only_empty(0) ? "?" : "");
}

TEST(InferTest, IsTheFirstTypeThatTakesAllValuesWithoutLoss) {
  EXPECT_EQ(TypeOf({"1", "", "-5"}), "int64");
  EXPECT_EQ(TypeOf({"1", "2.5"}), "double");
  EXPECT_EQ(TypeOf({"true", "FALSE"}), "bool");
  EXPECT_EQ(TypeOf({"2024-01-31", "\"2024-02-01\""}), "date32[day]");
  EXPECT_EQ(TypeOf({"2024-01-31 10:00:00"}), "timestamp[us]");
  EXPECT_EQ(TypeOf({"1", "\"\"", "2"}), "int64");
  EXPECT_EQ(TypeOf({"", ""}), "string?");
  EXPECT_EQ(TypeOf({"", "\"\""}), "string?");
}

TEST(InferTest, WhatWouldLoseSomethingIsText) {
  EXPECT_EQ(TypeOf({"1", "007"}), "string");
  EXPECT_EQ(TypeOf({"1234567890123456", "0.5"}), "string");
  EXPECT_EQ(TypeOf({"0.1234567890123456"}), "string");
  EXPECT_EQ(TypeOf({"9223372036854775808"}), "string");
  EXPECT_EQ(TypeOf({"2024-01-31", "2024-01-31 10:00:00"}), "string");
  EXPECT_EQ(TypeOf({"1", "true"}), "string");
  EXPECT_EQ(TypeOf({"1", "x"}), "string");
}

TEST(ParseMomentTest, TakesZonesAndOffsetsAndGivesUtc) {
  const auto moment = [](const std::string& text) { return Parsed<int64_t>(ParseMoment, text); };
  constexpr int64_t kHour = 3'600'000'000;
  const int64_t noon = *moment("2024-02-29T12:00:00Z");
  EXPECT_EQ(noon, (int64_t{core::DaysFromCivil(2024, 2, 29)} * 24 + 12) * kHour);
  for (const char* text :
       {"2024-02-29 12:00:00", "2024-02-29 12:00:00z", "2024-02-29 12:00:00 UTC",
        "2024-02-29 12:00:00+00", "2024-02-29T14:00:00.000+02:00", "2024-02-29 06:30:00-0530",
        "2024-03-01 02:00:00+14", "2024-02-29 12:00Z", "2024-02-29 12:00+00"}) {
    EXPECT_EQ(moment(text), noon) << text;
  }
  for (const char* text :
       {"", "Z", "+00", "2024-02-30T12:00:00Z", "2024-02-29T12:00:00+2", "2024-02-29T12:00:00+02:",
        "2024-02-29T12:00:00+0260", "2024-02-29T12:00:00+19", "2024-02-29T12:00:00ZZ",
        "2024-02-29T12:00:00 CET", "2024-02-29T12:00:00+-2", "2024-02-29T24:00:00Z"}) {
    EXPECT_EQ(moment(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace synthmill::io::ingest
