#include "generate/columns/kinds.h"

namespace synthmill::generate {
namespace {

struct Counting {
  int64_t start, step, every, wrap;
  uint64_t distinct() const {
    if (step == 0 || every != 1) return 0;
    return wrap == 0 ? ~0ull : static_cast<uint64_t>(wrap);
  }
  int64_t At(uint64_t row) const {
    uint64_t i = row / static_cast<uint64_t>(every);
    if (wrap > 0) i %= static_cast<uint64_t>(wrap);
    return start + static_cast<int64_t>(i) * step;
  }
};

class NumberSequence : public Column {
 public:
  NumberSequence(Type type, Counting c) : c_(c) { type_ = type; }
  uint64_t distinct_rows() const override { return c_.distinct(); }
  void Fill(const Rows& rows, Inputs, Vector* out) const override {
    out->Start(Vector::Form::kInts, rows.count);
    for (int64_t i = 0; i < rows.count; ++i) out->ints[i] = c_.At(rows.number[i]);
  }

 private:
  Counting c_;
};

class TextSequence : public Column {
 public:
  TextSequence(Counting c, std::string prefix, int digits)
      : c_(c), prefix_(std::move(prefix)), digits_(digits) {}
  uint64_t distinct_rows() const override { return c_.distinct(); }
  bool takes_ending() const override { return false; }
  void Fill(const Rows& rows, Inputs, Vector* out) const override {
    out->Start(Vector::Form::kTexts, rows.count);
    const size_t room = prefix_.size() + 20 + static_cast<size_t>(digits_);
    char* p = out->arena.Reserve(static_cast<size_t>(rows.count) * room);
    for (int64_t i = 0; i < rows.count; ++i) {
      char* start = p;
      std::memcpy(p, prefix_.data(), prefix_.size());
      p = WriteNumber(p + prefix_.size(), c_.At(rows.number[i]), digits_);
      out->texts[i] = {start, static_cast<uint32_t>(p - start)};
    }
    out->arena.Commit(p);
  }

 private:
  Counting c_;
  std::string prefix_;
  int digits_;
};

std::unique_ptr<Column> Compile(ColumnContext& c) {
  const spec::Args& args = c.args();
  const bool text = args.Has("prefix") || args.Has("digits");
  Type type;
  if (!text && !ReadType(args, {"int32", "int64", "date"}, "int64", &type)) return nullptr;
  const int64_t start =
      !text && type.id == TypeId::kDate ? args.Date("start", 1) : args.Int("start", 1);
  const Counting counting = {start, args.Int("step", 1), args.Int("every", 1), args.Int("wrap", 0)};
  if (counting.every < 1 || counting.wrap < 0) {
    args.Error(args.At(counting.every < 1 ? "every" : "wrap"), "must be at least 1");
    return nullptr;
  }
  const int64_t digits = args.Int("digits", 0);
  if (digits < 0 || digits > 40) {
    args.Error(args.At("digits"), "digits must be 0..40");
    return nullptr;
  }
  if (text)
    return std::make_unique<TextSequence>(counting, args.Text("prefix", ""),
                                          static_cast<int>(digits));
  return std::make_unique<NumberSequence>(type, counting);
}

}  // namespace

extern const ColumnKind kSequence = {
    "sequence",
    "counts with the row number",
    "{kind: sequence, prefix: CUST_, digits: 5}",
    {{"start", "value of the first row, a date for dates; default 1"},
     {"step", "default 1"},
     {"every", "rows that share a value; default 1"},
     {"wrap", "begins again after this many values; 0: never"},
     {"prefix", "makes it text"},
     {"digits", "pads with zeros to at least so many"},
     {"type", "int32, int64 (default), date"}},
    Compile};

}  // namespace synthmill::generate
