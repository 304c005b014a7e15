#include "generate/noise.h"

namespace synthmill::generate {
namespace {

// The ten digits of a NANP number, written another way. One of the five ways is "as it is", so a
// fifth of the records touched does not change.
class PhoneFormat : public NoiseRule {
 public:
  explicit PhoneFormat(core::Stream stream) : stream_(stream) {}
  arrow::Status Apply(NoiseBatch* b, std::span<const int32_t> rows) const override {
    static constexpr const char* kForms[] = {"", "###.###.####", "### ### ####", "##########",
                                             "(###) ###-####"};
    for (size_t c = 0; c < b->columns.size(); ++c) {
      Vector& v = *b->columns[c];
      const core::Stream stream = stream_.Draw(c);
      for (int32_t row : rows) {
        if (v.IsNull(row)) continue;
        char digits[10];
        int n = 0;
        for (char ch : v.GetText(row).view())
          if (ch >= '0' && ch <= '9') {
            if (n < 10) digits[n] = ch;
            ++n;
          }
        if (n != 10) continue;
        const char* form = kForms[core::Below(stream.At(b->hash[row]), 5)];
        if (!*form) continue;
        b->Touch(c, row);
        char out[16];
        char* p = out;
        n = 0;
        for (; *form; ++form) *p++ = *form == '#' ? digits[n++] : *form;
        v.SetText(row, {out, static_cast<size_t>(p - out)});
      }
    }
    return arrow::Status::OK();
  }

 private:
  core::Stream stream_;
};

std::unique_ptr<NoiseRule> Compile(NoiseContext& c) {
  return c.RequireText() ? std::make_unique<PhoneFormat>(c.stream()) : nullptr;
}

}  // namespace

extern const NoiseKind kPhoneFormat = {
    "phone_format",
    "ten digits written one of five ways, one of them as they are",
    "{rule: phone_format, columns: [phone], rate: 0.3}",
    {},
    Compile};

}  // namespace synthmill::generate
