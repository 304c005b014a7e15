#include "core/dates.h"
#include "generate/noise.h"

namespace synthmill::generate {
namespace {

// How dates go wrong in forms: day and month swapped, one digit off, the first of January.
class DateSlip : public NoiseRule {
 public:
  explicit DateSlip(core::Stream stream) : stream_(stream) {}
  arrow::Status Apply(NoiseBatch* b, std::span<const int32_t> rows) const override {
    for (size_t c = 0; c < b->columns.size(); ++c) {
      Vector& v = *b->columns[c];
      for (int32_t row : rows) {
        if (v.IsNull(row)) continue;
        for (int attempt = 0; attempt < kNoiseAttempts; ++attempt) {
          const int64_t slipped =
              Slip(v.ints[row], stream_.Draw(c * kNoiseAttempts + attempt).At(b->hash[row]));
          if (slipped == v.ints[row]) continue;
          b->Touch(c, row);
          v.ints[row] = slipped;
          break;
        }
      }
    }
    return arrow::Status::OK();
  }

 private:
  static int64_t Slip(int64_t days, uint64_t bits) {
    core::Civil d = core::CivilFromDays(days);
    const uint64_t kind = core::Below(bits, 10);
    if (kind < 3) {
      if (d.day <= 12) std::swap(d.day, d.month);
    } else if (kind < 8) {
      // One digit of yyyy-mm-dd, century left alone, by one up or down; what would carry into
      // another digit, or is no date, is not made (the caller draws again).
      const int64_t sign = bits & 1 ? 1 : -1;
      switch (core::Below(core::Mix(bits), 4)) {
        case 0:
          d.year += sign * 10;
          break;
        case 1:
          d.year += sign;
          break;
        case 2:
          d.month = static_cast<unsigned>(static_cast<int64_t>(d.month) + sign);
          break;
        default:
          d.day = static_cast<unsigned>(static_cast<int64_t>(d.day) + sign * (bits & 2 ? 1 : 10));
      }
    } else {
      d.month = d.day = 1;
    }
    if (d.month < 1 || d.month > 12 || d.day < 1 || d.day > core::DaysInMonth(d.year, d.month))
      return days;
    const int64_t slipped = core::DaysFromCivil(d.year, d.month, d.day);
    return kind >= 3 && kind < 8 && DigitsOff(days, slipped) > 1 ? days : slipped;
  }
  static int DigitsOff(int64_t a, int64_t b) {
    char x[10], y[10];
    core::WriteIsoDate(a, x), core::WriteIsoDate(b, y);
    int n = 0;
    for (int i = 0; i < 10; ++i) n += x[i] != y[i];
    return n;
  }
  core::Stream stream_;
};

std::unique_ptr<NoiseRule> Compile(NoiseContext& c) {
  return c.RequireType(TypeId::kDate, TypeId::kDate, "a date")
             ? std::make_unique<DateSlip>(c.stream())
             : nullptr;
}

}  // namespace

extern const NoiseKind kDateSlip = {
    "date_slip",
    "a date with day and month swapped, one digit off, or on the first of January",
    "{rule: date_slip, columns: [date_of_birth], rate: 0.05}",
    {},
    Compile};

}  // namespace synthmill::generate
