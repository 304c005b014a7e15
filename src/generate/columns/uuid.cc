#include "core/bijection.h"
#include "generate/columns/kinds.h"

namespace synthmill::generate {
namespace {

// 122 free bits: a bijection of (hash of the table, row number), so ids are unique over all tables
// of the dataset that share the column's name.
class Uuid : public Column {
 public:
  Uuid(core::Stream stream, uint64_t scope) : order_(stream), scope_(scope) {}
  uint64_t distinct_rows() const override { return ~0ull; }
  void Fill(const Rows& rows, Inputs, Vector* out) const override {
    out->Start(Vector::Form::kTexts, rows.count);
    char* p = out->arena.Reserve(static_cast<size_t>(rows.count) * 36);
    for (int64_t i = 0; i < rows.count; ++i) {
      uint64_t left = scope_ & core::WideBijection::kMask, right = rows.number[i];
      order_(&left, &right);
      const uint64_t a = left >> 1;                                    // 60 bits
      const uint64_t b = ((left & 1) << 61) | right;                   // 62 bits
      const uint64_t high = ((a >> 12) << 16) | 0x4000 | (a & 0xFFF);  // version 4
      const uint64_t low = (2ull << 62) | b;                           // RFC 9562 variant
      out->texts[i] = {p, 36};
      p = Write(high, low, p);
    }
    out->arena.Commit(p);
  }

 private:
  static char* Write(uint64_t high, uint64_t low, char* p) {
    for (int i = 0; i < 8; ++i) {
      if (i == 4 || i == 6) *p++ = '-';
      p = WriteHexByte(p, static_cast<uint8_t>(high >> (56 - 8 * i)));
    }
    *p++ = '-';
    for (int i = 0; i < 8; ++i) {
      if (i == 2) *p++ = '-';
      p = WriteHexByte(p, static_cast<uint8_t>(low >> (56 - 8 * i)));
    }
    return p;
  }
  core::WideBijection order_;
  uint64_t scope_;
};

std::unique_ptr<Column> Compile(ColumnContext& c) {
  return std::make_unique<Uuid>(c.shared_stream(), c.scope_hash());
}

}  // namespace

extern const ColumnKind kUuid = {
    "uuid", "a random UUID, unique over all tables of the dataset", "{kind: uuid}", {}, Compile};

}  // namespace synthmill::generate
