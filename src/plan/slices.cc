#include "plan/slices.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <set>

#include "generate/program.h"
#include "plan/plan.h"

namespace synthmill::plan {

namespace {

std::string_view Trim(std::string_view s) {
  constexpr std::string_view kBlank = " \t\r\n\f\v";
  const size_t begin = s.find_first_not_of(kBlank);
  if (begin == s.npos) return {};
  return s.substr(begin, s.find_last_not_of(kBlank) - begin + 1);
}

std::optional<uint64_t> Whole(std::string_view text) {
  std::string digits;
  for (const char c : text) {
    if (c != '_') digits.push_back(c);
  }
  uint64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (digits.empty() || error != std::errc() || end != digits.data() + digits.size()) {
    return std::nullopt;
  }
  return value;
}

// Nothing of a line that says something: a comment, a ruler, `(960 rows)`.
bool Passed(std::string_view line) {
  if (line.empty() || line.starts_with('#') || line.starts_with("--")) return true;
  if (line.find_first_not_of("-+=| ") == line.npos) return true;
  return line.starts_with('(') && (line.ends_with("rows)") || line.ends_with("row)"));
}

}  // namespace

uint64_t SlicedTable::rows() const {
  uint64_t sum = 0;
  for (const Slice& s : slices) sum += s.rows;
  return sum;
}

bool SlicedTable::all_chosen() const {
  return std::all_of(slices.begin(), slices.end(), [](const Slice& s) { return s.chosen; });
}

arrow::Result<Scale> ParseScale(std::string_view text) {
  const auto wrong = [&](std::string_view why) {
    return arrow::Status::Invalid("--scale ", text, ": ", why, "; such as 1e-6, 0.001 or 2");
  };
  const size_t e = text.find_first_of("eE");
  const std::string_view number = text.substr(0, e);
  int64_t exponent = 0;
  if (e != text.npos) {
    std::string_view digits = text.substr(e + 1);
    if (digits.starts_with('+')) digits.remove_prefix(1);
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), exponent);
    if (digits.empty() || error != std::errc() || end != digits.data() + digits.size()) {
      return wrong("not a number");
    }
  }
  std::string digits;
  bool point = false;
  for (const char c : number) {
    if (c == '.' && !point) {
      point = true;
    } else if (c >= '0' && c <= '9') {
      digits.push_back(c);
      exponent -= point;
    } else {
      return wrong("not a number above 0");
    }
  }
  digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size()));
  if (digits.empty() && number.find('0') != number.npos) digits = "0";
  while (digits.size() > 1 && digits.ends_with('0')) {
    digits.pop_back();
    ++exponent;
  }
  const std::optional<uint64_t> mantissa = digits.size() > 18 ? std::nullopt : Whole(digits);
  if (!mantissa) return wrong("not a number of at most 18 digits");
  if (*mantissa == 0) return wrong("not a number above 0");
  if (exponent < -18 || exponent > 15) return wrong("too small or too large");
  Scale scale{*mantissa, 1};
  for (; exponent < 0; ++exponent) scale.denominator *= 10;
  for (; exponent > 0; --exponent) {
    if (scale.numerator > 1'000'000'000'000'000'000u / 10) return wrong("too large");
    scale.numerator *= 10;
  }
  return scale;
}

arrow::Result<uint64_t> ScaleRows(uint64_t rows, const Scale& scale) {
  if (rows > generate::kMaxRootRows) {
    return arrow::Status::Invalid(Grouped(rows), " rows are more than 10^15");
  }
  // At most 2 · 10^15 · 10^18.
  const auto twice = static_cast<unsigned __int128>(rows) * scale.numerator * 2;
  const auto scaled =
      (twice + scale.denominator) / (2 * static_cast<unsigned __int128>(scale.denominator));
  if (scaled > generate::kMaxRootRows) {
    return arrow::Status::Invalid(Grouped(rows), " rows, scaled, are more than 10^15");
  }
  return static_cast<uint64_t>(scaled);
}

arrow::Result<SliceIds> ParseSliceIds(const std::vector<std::string>& given) {
  SliceIds out;
  for (const std::string& text : given) {
    const size_t dots = text.find("..");
    const auto from = Whole(Trim(std::string_view(text).substr(0, dots)));
    const auto to = dots == text.npos ? from : Whole(Trim(std::string_view(text).substr(dots + 2)));
    if (!from || !to || *from > *to) {
      return arrow::Status::Invalid("--slice ", text,
                                    ": a slice such as 17, or a range such as "
                                    "100..199, is needed");
    }
    out.emplace_back(*from, *to);
  }
  return out;
}

arrow::Result<std::vector<SlicedTable>> ReadSlices(const std::string& file, std::string_view text,
                                                   const Scale& scale, const SliceIds& chosen) {
  std::vector<SlicedTable> tables;
  std::map<std::string, size_t, std::less<>> index;
  std::map<std::string, std::set<uint64_t>> ids;
  std::map<std::string, uint64_t> sums;
  std::vector<bool> met(chosen.size());
  bool first = true;
  int number = 0;
  for (size_t begin = 0; begin < text.size(); ++number) {
    const size_t end = std::min(text.find('\n', begin), text.size());
    std::string_view line = Trim(text.substr(begin, end - begin));
    begin = end + 1;
    if (number == 0 && line.starts_with("\xEF\xBB\xBF")) line.remove_prefix(3);
    if (Passed(line)) continue;
    const auto wrong = [&](const std::string& why) {
      return arrow::Status::Invalid(file, ":", number + 1, ": ", why,
                                    "; a line reads: table | slice | rows");
    };
    std::vector<std::string_view> fields;
    for (size_t at = 0; at <= line.size();) {
      const size_t bar = std::min(line.find('|', at), line.size());
      fields.push_back(Trim(line.substr(at, bar - at)));
      at = bar + 1;
    }
    // A table as some tools print it: bars at both ends.
    if (fields.size() == 5 && fields.front().empty() && fields.back().empty()) {
      fields = {fields[1], fields[2], fields[3]};
    }
    if (fields.size() != 3) {
      return wrong(
          fmt::format("{} field{} instead of 3", fields.size(), fields.size() == 1 ? "" : "s"));
    }
    const auto id = Whole(fields[1]), rows = Whole(fields[2]);
    const bool header = first && !id && !rows;
    first = false;
    if (header) continue;
    if (fields[0].empty()) return wrong("no table");
    if (!id)
      return wrong(fmt::format("'{}' is not the number of a slice", fields[1].substr(0, 40)));
    if (!rows) return wrong(fmt::format("'{}' is not a number of rows", fields[2].substr(0, 40)));
    const std::string name(fields[0]);
    const auto [at, fresh] = index.emplace(name, tables.size());
    if (fresh) tables.push_back({name, number + 1, {}});
    if (!ids[name].insert(*id).second) {
      return wrong(fmt::format("slice {} of {} is here twice", *id, name));
    }
    Slice slice{*id, *rows, 0, chosen.empty()};
    for (size_t c = 0; c < chosen.size(); ++c) {
      if (*id < chosen[c].first || *id > chosen[c].second) continue;
      slice.chosen = true;
      met[c] = true;
    }
    const auto scaled = ScaleRows(*rows, scale);
    if (!scaled.ok()) return wrong(scaled.status().message());
    slice.rows = *scaled;
    SlicedTable& table = tables[at->second];
    table.slices.push_back(slice);
    uint64_t& sum = sums[name];
    sum += slice.rows;
    if (sum > generate::kMaxRootRows) {
      return wrong(fmt::format("{} has more than 10^15 rows", name));
    }
  }
  if (tables.empty()) {
    return arrow::Status::Invalid(file, ": no slices; a line reads: table | slice | rows");
  }
  for (size_t c = 0; c < chosen.size(); ++c) {
    if (met[c]) continue;
    return arrow::Status::Invalid(
        fmt::format("--slice {}: {} has no such slice",
                    chosen[c].first == chosen[c].second
                        ? std::to_string(chosen[c].first)
                        : fmt::format("{}..{}", chosen[c].first, chosen[c].second),
                    file));
  }
  return tables;
}

}  // namespace synthmill::plan
