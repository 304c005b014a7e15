#include "generate/key_columns.h"

#include <algorithm>
#include <cstring>

#include "generate/scope_view.h"

namespace synthmill::generate {
namespace {

class Keyed : public Column {
 public:
  Keyed(std::unique_ptr<Column> inner, const KeyDigits& digits)
      : inner_(std::move(inner)), digits_(digits) {
    type_ = inner_->type();
  }
  const Dictionary* dictionary() const override { return inner_->dictionary(); }
  bool mostly_distinct() const override { return inner_->mostly_distinct(); }
  const Relation* relation() const override { return inner_->relation(); }
  uint32_t longest() const override { return inner_->longest(); }
  std::optional<ValueRange> range() const override { return inner_->range(); }
  uint64_t distinct_rows() const override { return digits_.alone; }

  void Fill(const Rows& rows, Inputs, Vector* out) const override {
    uint64_t* index = ScopeView::Numbers(out)->Resize(static_cast<size_t>(rows.count));
    digits_.code->Make(rows, index);
    if (!digits_.whole)
      for (int64_t i = 0; i < rows.count; ++i)
        index[i] = index[i] / digits_.divisor % digits_.radix;
    if (digits_.stride > 1)
      for (int64_t i = 0; i < rows.count; ++i)
        index[i] =
            index[i] * digits_.stride + core::Below(digits_.rest.At(rows.hash[i]), digits_.stride);
    inner_->FillAt(index, rows.count, out);
  }

 private:
  std::unique_ptr<Column> inner_;
  KeyDigits digits_;
};

// Texts that hold an '@' and texts that hold none never meet; among either, the last characters of
// what stands before the '@' (or of all) are the row's own.
class Ending : public Column {
 public:
  Ending(core::Bijection order, int width, bool letters, uint64_t max_chars, uint64_t max_bytes)
      : order_(order),
        width_(width),
        base_(letters ? 36 : 10),
        max_chars_(max_chars ? max_chars : ~0ull),
        max_bytes_(max_bytes ? max_bytes : ~0ull) {}
  bool passes_nulls() const override { return true; }
  uint64_t distinct_rows() const override { return order_.size(); }

  void Fill(const Rows& rows, Inputs inputs, Vector* out) const override {
    const Vector& in = *inputs[0];
    out->Start(Vector::Form::kTexts, rows.count);
    size_t room = 0;
    for (int64_t i = 0; i < rows.count; ++i)
      room += (in.IsNull(i) ? 0 : in.GetText(i).size) + static_cast<size_t>(width_);
    char* p = out->arena.Reserve(room);
    for (int64_t i = 0; i < rows.count; ++i) {
      if (in.IsNull(i)) {
        out->texts[i] = {};
        out->SetNull(i);
        continue;
      }
      const std::string_view text = in.GetText(i).view();
      char* start = p;
      p = Write(text, order_(rows.number[i] % order_.size()), p);
      out->texts[i] = {start, static_cast<uint32_t>(p - start)};
    }
    out->arena.Commit(p);
  }

 private:
  static uint64_t Chars(std::string_view s) {
    uint64_t n = 0;
    for (char c : s) n += (c & 0xC0) != 0x80;
    return n;
  }
  // The beginning of at most so many characters and bytes.
  static std::string_view Cut(std::string_view s, uint64_t chars, uint64_t bytes) {
    if (s.size() <= chars && s.size() <= bytes) return s;
    size_t at = 0;
    for (uint64_t n = 0; at < s.size() && n < chars; ++n) {
      size_t next = at + 1;
      while (next < s.size() && (s[next] & 0xC0) == 0x80) ++next;
      if (next > bytes) break;
      at = next;
    }
    return s.substr(0, at);
  }

  char* Write(std::string_view text, uint64_t code, char* p) const {
    const uint64_t width = static_cast<uint64_t>(width_);
    std::string_view head = text, tail;
    if (const size_t at = text.rfind('@'); at != text.npos) {
      head = text.substr(0, at);
      tail = text.substr(at);
      if (tail.size() + width > max_bytes_ || Chars(tail) + width > max_chars_) {
        tail = {};
        head = head.substr(0, head.find('@'));
      }
    }
    head = Cut(head, max_chars_ - width - (tail.empty() ? 0 : Chars(tail)),
               max_bytes_ - width - tail.size());
    if (!head.empty()) std::memcpy(p, head.data(), head.size());
    p += head.size();
    for (int i = width_ - 1; i >= 0; --i, code /= base_)
      p[i] = "0123456789abcdefghijklmnopqrstuvwxyz"[code % base_];
    p += width_;
    if (!tail.empty()) std::memcpy(p, tail.data(), tail.size());
    return p + tail.size();
  }

  core::Bijection order_;
  int width_;
  uint64_t base_;
  uint64_t max_chars_, max_bytes_;
};

// Digits that `rows` numbers need.
int Width(uint64_t rows, uint64_t base, uint64_t* all) {
  int width = 1;
  for (*all = base; *all < rows; ++width) *all *= base;
  return width;
}

}  // namespace

std::unique_ptr<Column> MakeKeyed(std::unique_ptr<Column> column, const KeyDigits& digits) {
  return std::make_unique<Keyed>(std::move(column), digits);
}

std::unique_ptr<Column> MakeEnding(const EndingOptions& options) {
  const uint64_t most = std::min(options.max_chars ? options.max_chars : ~0ull,
                                 options.max_bytes ? options.max_bytes : ~0ull);
  uint64_t all = 0;
  // Plain digits where they leave room for the text, letters too where it is tight.
  int width = Width(options.rows, 10, &all);
  const bool letters = static_cast<uint64_t>(width) * 2 > most;
  if (letters) width = Width(options.rows, 36, &all);
  if (static_cast<uint64_t>(width) > most) return nullptr;
  return std::make_unique<Ending>(core::Bijection(options.stream, all), width, letters,
                                  options.max_chars, options.max_bytes);
}

}  // namespace synthmill::generate
