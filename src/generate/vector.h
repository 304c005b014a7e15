// The columns of a batch while values are being made: plain arrays that are reused from batch to
// batch, so that no value costs an allocation. They become Arrow arrays at the very end.
#pragma once

#include <arrow/array.h>
#include <arrow/result.h>

#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace synthmill::generate {

// Bytes that may be read past the end of any text, so that short texts can be copied 16 at a time.
inline constexpr size_t kTextSlack = 32;

struct Text {
  const char* data = "";
  uint32_t size = 0;
  std::string_view view() const { return {data, size}; }
};

// Copies by 16 bytes; both sides must have kTextSlack bytes to spare behind the text.
inline char* CopyText(char* out, Text t) {
  std::memcpy(out, t.data, 16);
  for (uint32_t i = 16; i < t.size; i += 16) std::memcpy(out + i, t.data + i, 16);
  return out + t.size;
}

enum class TypeId {
  kBool,
  kInt8,
  kInt16,
  kInt32,
  kInt64,
  kFloat32,
  kFloat64,
  kDecimal,
  kString,
  kBinary,
  kDate,       // days
  kTime,       // microseconds since midnight
  kTimestamp,  // microseconds since 1970
  kList,
  kMap,
  kStruct
};

struct TypeField;

struct Type {
  TypeId id = TypeId::kString;
  int precision = 0;  // decimals
  int scale = 0;      // decimals and floats: the value is the integer divided by 10^scale
  bool utc = false;   // timestamps: moments in UTC; else local times without a zone
  std::vector<TypeField> children;  // list: the item; map: key and value; struct: the fields

  Type();
  Type(TypeId id, int precision = 0, int scale = 0, bool utc = false);  // NOLINT: {kDecimal, 10, 2}

  bool text() const { return id == TypeId::kString; }
  // Values are bytes: forms kCodes and kTexts.
  bool bytes() const { return id == TypeId::kString || id == TypeId::kBinary; }
  // Decimals beyond int64: form kWides.
  bool wide() const { return id == TypeId::kDecimal && precision > 18; }
  bool nested() const { return id >= TypeId::kList; }  // form kNested
  // Form kInts.
  bool ints() const { return !bytes() && !wide() && !nested(); }
  bool operator==(const Type& other) const;
};

struct TypeField {
  std::string name;
  Type type;
  bool operator==(const TypeField&) const = default;
};

// Not within Type: its children are complete only here.
inline Type::Type() = default;
inline Type::Type(TypeId type_id, int p, int s, bool in_utc)
    : id(type_id), precision(p), scale(s), utc(in_utc) {}

inline bool Type::operator==(const Type& other) const {
  return id == other.id && precision == other.precision && scale == other.scale &&
         utc == other.utc && children == other.children;
}

std::shared_ptr<arrow::DataType> ToArrow(const Type& type);

// An array that grows without initialising what it holds.
template <typename T>
class Buffer {
 public:
  T* Resize(size_t n) {
    if (n > capacity_) {
      capacity_ = n + n / 4;
      data_.reset(new T[capacity_]);
    }
    size_ = n;
    return data_.get();
  }
  T* data() { return data_.get(); }
  const T* data() const { return data_.get(); }
  T& operator[](size_t i) { return data_[i]; }
  const T& operator[](size_t i) const { return data_[i]; }
  size_t size() const { return size_; }

 private:
  std::unique_ptr<T[]> data_;
  size_t size_ = 0, capacity_ = 0;
};

// Room for texts that lives until Reset.
class Arena {
 public:
  // At least n bytes plus slack.
  char* Reserve(size_t n);
  // What was used of the last Reserve.
  void Commit(const char* end) { used_ = static_cast<size_t>(end - chunks_[current_].data.get()); }
  Text Copy(std::string_view text);
  void Reset() { current_ = 0, used_ = 0; }

 private:
  struct Chunk {
    std::unique_ptr<char[]> data;
    size_t size;
  };
  std::vector<Chunk> chunks_;
  size_t current_ = 0, used_ = 0;
};

// Distinct texts, fixed when the spec is compiled; columns of few values are codes into one.
class Dictionary {
 public:
  // `values` must be distinct.
  explicit Dictionary(const std::vector<std::string>& values);
  int32_t size() const { return static_cast<int32_t>(entries_.size()); }
  const Text& operator[](int32_t i) const { return entries_[static_cast<size_t>(i)]; }
  const std::vector<Text>& entries() const { return entries_; }
  uint32_t longest() const { return longest_; }
  // The code of a text, or -1.
  int32_t Find(std::string_view text) const;
  const std::shared_ptr<arrow::Array>& array() const { return array_; }

 private:
  std::string bytes_;
  std::vector<Text> entries_;
  std::unordered_map<std::string_view, int32_t> index_;
  uint32_t longest_ = 0;
  std::shared_ptr<arrow::Array> array_;
};

using Int128 = __int128;

// What a column keeps with the vector it fills, from batch to batch.
struct Workspace {
  virtual ~Workspace() = default;
};

struct Vector {
  enum class Form {
    kInts,    // numbers, dates, times, booleans
    kWides,   // decimals of more than 18 digits
    kCodes,   // text: codes into `dictionary`, then into `extras`
    kTexts,   // text and binary: every value its own
    kNested,  // lists and maps: offsets into `children`; structs: `children` row by row
  };
  Form form = Form::kInts;
  int64_t length = 0;
  Buffer<int64_t> ints;
  Buffer<Int128> wides;
  Buffer<int32_t> codes;
  Buffer<Text> texts;
  Buffer<int32_t> offsets;       // lists and maps: row i owns [offsets[i], offsets[i + 1])
  std::vector<Vector> children;  // list: items; map: keys and values; struct: fields
  const Dictionary* dictionary = nullptr;
  std::vector<Text> extras;  // code dictionary->size() + i
  Buffer<uint8_t> nulls;     // 1: null; only meaningful if has_nulls
  bool has_nulls = false;
  Arena arena;
  std::unique_ptr<Workspace> workspace;

  // Ready to be filled with `n` values.
  void Start(Form f, int64_t n, const Dictionary* d = nullptr) {
    form = f, length = n, dictionary = d, has_nulls = false;
    extras.clear();
    arena.Reset();
    if (f == Form::kInts) ints.Resize(n);
    if (f == Form::kWides) wides.Resize(n);
    if (f == Form::kCodes) codes.Resize(n);
    if (f == Form::kTexts) texts.Resize(n);
  }
  // The same for lists, maps (`repeated`: offsets are to be filled) and structs.
  void StartNested(int64_t n, size_t child_count, bool repeated) {
    Start(Form::kNested, n);
    children.resize(child_count);
    offsets.Resize(repeated ? n + 1 : 0);
  }
  bool repeated() const { return offsets.size() != 0; }
  bool IsNull(int64_t i) const { return has_nulls && nulls[i]; }
  void SetNull(int64_t i) {
    if (!has_nulls) {
      std::memset(nulls.Resize(length), 0, length);
      has_nulls = true;
    }
    nulls[i] = 1;
  }
  // Text columns only.
  Text GetText(int64_t i) const {
    if (form == Form::kTexts) return texts[i];
    const int32_t c = codes[i];
    return c < dictionary->size() ? (*dictionary)[c] : extras[c - dictionary->size()];
  }
  // Text columns only; `t` is copied.
  void SetText(int64_t i, std::string_view t);
  // Takes value j of `from`, which has the same type; not for nested types unless value j is null.
  void SetFrom(int64_t i, const Vector& from, int64_t j);
  // This vector becomes from[index[0]], from[index[1]], …; texts still point into `from`, and so do
  // those of its children.
  void Gather(const Vector& from, const int32_t* index, int64_t n);
  void CopyFrom(const Vector& from);  // the same, in order

 private:
  void GatherNested(const Vector& from, const int32_t* index, int64_t n);
};

// Equal as cells: both null, or both the same value.
bool SameCell(const Vector& a, int64_t i, const Vector& b, int64_t j, const Type& type);
// As truth_changes writes it; nested values as JSON.
std::string CellText(const Vector& v, int64_t i, const Type& type);
// As JSON: numbers bare, other values as texts (binary in hex), maps as objects.
void AppendJson(const Vector& v, int64_t i, const Type& type, std::string* out);

// `as_dictionary`: codes become a dictionary array (only if there are no extras).
arrow::Result<std::shared_ptr<arrow::Array>> ToArrow(const Vector& v, const Type& type,
                                                     bool as_dictionary);

}  // namespace synthmill::generate
