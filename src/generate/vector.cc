#include "generate/vector.h"

#include <algorithm>

namespace synthmill::generate {

char* Arena::Reserve(size_t n) {
  n += kTextSlack;
  while (current_ < chunks_.size()) {
    Chunk& c = chunks_[current_];
    if (c.size - used_ >= n) return c.data.get() + used_;
    if (current_ + 1 == chunks_.size()) break;
    ++current_, used_ = 0;
  }
  const size_t size = std::max<size_t>(n, 64 * 1024);
  chunks_.push_back({std::unique_ptr<char[]>(new char[size]), size});
  current_ = chunks_.size() - 1;
  used_ = 0;
  return chunks_.back().data.get();
}

Text Arena::Copy(std::string_view text) {
  char* p = Reserve(text.size());
  std::memcpy(p, text.data(), text.size());
  Commit(p + text.size());
  return {p, static_cast<uint32_t>(text.size())};
}

Dictionary::Dictionary(const std::vector<std::string>& values) {
  size_t total = kTextSlack;
  for (const std::string& v : values) total += v.size();
  bytes_.reserve(total);
  entries_.reserve(values.size());
  for (const std::string& v : values) {
    entries_.push_back({bytes_.data() + bytes_.size(), static_cast<uint32_t>(v.size())});
    bytes_ += v;
    longest_ = std::max(longest_, static_cast<uint32_t>(v.size()));
  }
  bytes_.resize(total, '\0');
  for (size_t i = 0; i < entries_.size(); ++i)
    index_.emplace(entries_[i].view(), static_cast<int32_t>(i));
  std::vector<int32_t> ends{0};
  for (const Text& t : entries_) ends.push_back(ends.back() + static_cast<int32_t>(t.size));
  array_ = std::make_shared<arrow::StringArray>(
      static_cast<int64_t>(values.size()), arrow::Buffer::FromVector(std::move(ends)),
      arrow::Buffer::FromString(bytes_.substr(0, total - kTextSlack)));
}

int32_t Dictionary::Find(std::string_view text) const {
  auto it = index_.find(text);
  return it == index_.end() ? -1 : it->second;
}

void Vector::SetText(int64_t i, std::string_view t) {
  const Text copy = arena.Copy(t);
  if (form == Form::kTexts) {
    texts[i] = copy;
  } else {
    codes[i] = dictionary->size() + static_cast<int32_t>(extras.size());
    extras.push_back(copy);
  }
  if (has_nulls) nulls[i] = 0;
}

void Vector::SetFrom(int64_t i, const Vector& from, int64_t j) {
  if (from.IsNull(j)) return SetNull(i);
  if (form == Form::kInts) {
    ints[i] = from.ints[j];
  } else if (form == Form::kWides) {
    wides[i] = from.wides[j];
  } else if (form == Form::kCodes && from.form == Form::kCodes && from.dictionary == dictionary &&
             from.codes[j] < dictionary->size()) {
    codes[i] = from.codes[j];
  } else {
    return SetText(i, from.GetText(j).view());
  }
  if (has_nulls) nulls[i] = 0;
}

void Vector::GatherNested(const Vector& from, const int32_t* index, int64_t n) {
  StartNested(n, from.children.size(), from.repeated());
  std::vector<int32_t> child_index;
  if (repeated()) {
    offsets[0] = 0;
    for (int64_t i = 0; i < n; ++i) {
      const int32_t begin = from.offsets[index[i]], end = from.offsets[index[i] + 1];
      for (int32_t k = begin; k < end; ++k) child_index.push_back(k);
      offsets[i + 1] = static_cast<int32_t>(child_index.size());
    }
    index = child_index.data();
    n = static_cast<int64_t>(child_index.size());
  }
  for (size_t c = 0; c < children.size(); ++c) children[c].Gather(from.children[c], index, n);
}

void Vector::Gather(const Vector& from, const int32_t* index, int64_t n) {
  if (from.form == Form::kNested) {
    GatherNested(from, index, n);
  } else {
    Start(from.form, n, from.dictionary);
  }
  switch (form) {
    case Form::kNested:
      break;
    case Form::kWides: {
      for (int64_t i = 0; i < n; ++i) wides[i] = from.wides[index[i]];
      break;
    }
    case Form::kInts: {
      const int64_t* in = from.ints.data();
      int64_t* out = ints.data();
      for (int64_t i = 0; i < n; ++i) out[i] = in[index[i]];
      break;
    }
    case Form::kCodes: {
      const int32_t* in = from.codes.data();
      int32_t* out = codes.data();
      for (int64_t i = 0; i < n; ++i) out[i] = in[index[i]];
      extras = from.extras;
      break;
    }
    case Form::kTexts: {
      const Text* in = from.texts.data();
      Text* out = texts.data();
      for (int64_t i = 0; i < n; ++i) out[i] = in[index[i]];
      break;
    }
  }
  if (from.has_nulls) {
    has_nulls = true;
    uint8_t* out = nulls.Resize(n);
    for (int64_t i = 0; i < n; ++i) out[i] = from.nulls[index[i]];
  }
}

void Vector::CopyFrom(const Vector& from) {
  const int64_t n = from.length;
  if (from.form == Form::kNested) {
    StartNested(n, from.children.size(), from.repeated());
    if (repeated()) std::memcpy(offsets.data(), from.offsets.data(), (n + 1) * sizeof(int32_t));
    for (size_t c = 0; c < children.size(); ++c) children[c].CopyFrom(from.children[c]);
  } else {
    Start(from.form, n, from.dictionary);
  }
  if (form == Form::kWides) std::memcpy(wides.data(), from.wides.data(), n * sizeof(Int128));
  if (form == Form::kInts) std::memcpy(ints.data(), from.ints.data(), n * sizeof(int64_t));
  if (form == Form::kCodes) {
    std::memcpy(codes.data(), from.codes.data(), n * sizeof(int32_t));
    extras = from.extras;
  }
  if (form == Form::kTexts) std::memcpy(texts.data(), from.texts.data(), n * sizeof(Text));
  if (from.has_nulls) {
    has_nulls = true;
    std::memcpy(nulls.Resize(n), from.nulls.data(), n);
  }
}

bool SameCell(const Vector& a, int64_t i, const Vector& b, int64_t j, const Type& type) {
  const bool na = a.IsNull(i), nb = b.IsNull(j);
  if (na || nb) return na && nb;
  if (type.bytes()) return a.GetText(i).view() == b.GetText(j).view();
  if (type.wide()) return a.wides[i] == b.wides[j];
  if (!type.nested()) return a.ints[i] == b.ints[j];
  int64_t n = 1;
  if (a.repeated()) {
    n = a.offsets[i + 1] - a.offsets[i];
    if (n != b.offsets[j + 1] - b.offsets[j]) return false;
    i = a.offsets[i], j = b.offsets[j];
  }
  for (size_t c = 0; c < a.children.size(); ++c)
    for (int64_t k = 0; k < n; ++k)
      if (!SameCell(a.children[c], i + k, b.children[c], j + k, type.children[c].type))
        return false;
  return true;
}

}  // namespace synthmill::generate
