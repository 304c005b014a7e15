#include "generate/columns/kinds.h"

namespace synthmill::generate {
namespace {

class Constant : public Column {
 public:
  Constant(Type type, int64_t number, const Dictionary* text) : number_(number), text_(text) {
    type_ = type;
  }
  const Dictionary* dictionary() const override { return text_; }
  uint64_t domain() const override { return 1; }
  void FillAt(const uint64_t*, int64_t n, Vector* out) const override {
    Fill({n, nullptr, nullptr}, {}, out);
  }
  void Fill(const Rows& rows, Inputs, Vector* out) const override {
    if (text_) {
      out->Start(Vector::Form::kCodes, rows.count, text_);
      std::memset(out->codes.data(), 0, static_cast<size_t>(rows.count) * 4);
      return;
    }
    out->Start(Vector::Form::kInts, rows.count);
    for (int64_t i = 0; i < rows.count; ++i) out->ints[i] = number_;
  }

 private:
  int64_t number_;
  const Dictionary* text_;
};

std::unique_ptr<Column> Compile(ColumnContext& c) {
  const spec::Args& args = c.args();
  if (!args.Require("value", "value: crm")) return nullptr;
  Type type;
  if (!ReadType(args, {"string", "int32", "int64", "bool", "date"}, "string", &type))
    return nullptr;
  if (type.text()) return std::make_unique<Constant>(type, 0, c.Keep({args.Text("value", "")}));
  const int64_t number = type.id == TypeId::kBool   ? args.Bool("value", false)
                         : type.id == TypeId::kDate ? args.Date("value", 0)
                                                    : args.Int("value", 0);
  return std::make_unique<Constant>(type, number, nullptr);
}

}  // namespace

extern const ColumnKind kConstant = {
    "constant",
    "the same value in every row",
    "{kind: constant, value: crm}",
    {{"value", "the value; parameters in braces"}, {"type", "string, int32, int64, bool, date"}},
    Compile};

}  // namespace synthmill::generate
