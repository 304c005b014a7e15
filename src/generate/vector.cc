#include "generate/vector.h"

#include <algorithm>
#include <cstdio>

#include "core/dates.h"

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
  } else if (form == Form::kCodes && from.form == Form::kCodes && from.dictionary == dictionary &&
             from.codes[j] < dictionary->size()) {
    codes[i] = from.codes[j];
  } else {
    return SetText(i, from.GetText(j).view());
  }
  if (has_nulls) nulls[i] = 0;
}

void Vector::Gather(const Vector& from, const int32_t* index, int64_t n) {
  Start(from.form, n, from.dictionary);
  switch (form) {
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
  Start(from.form, n, from.dictionary);
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
  if (!type.text()) return a.ints[i] == b.ints[j];
  return a.GetText(i).view() == b.GetText(j).view();
}

std::string CellText(const Vector& v, int64_t i, const Type& type) {
  const int64_t x = type.text() ? 0 : v.ints[i];
  switch (type.id) {
    case TypeId::kString:
      return std::string(v.GetText(i).view());
    case TypeId::kBool:
      return x ? "true" : "false";
    case TypeId::kDate:
      return core::FormatIsoDate(x);
    case TypeId::kTimestamp: {
      const int64_t day = x >= 0 ? x / 86'400'000'000 : -((-x + 86'399'999'999) / 86'400'000'000);
      int64_t us = x - day * 86'400'000'000;
      char rest[24];
      std::snprintf(rest, sizeof rest, " %02d:%02d:%02d.%06d", static_cast<int>(us / 3'600'000'000),
                    static_cast<int>(us / 60'000'000 % 60), static_cast<int>(us / 1'000'000 % 60),
                    static_cast<int>(us % 1'000'000));
      return core::FormatIsoDate(day) + rest;
    }
    default:
      break;
  }
  if (type.scale == 0) return std::to_string(x);
  uint64_t magnitude = x < 0 ? 0 - static_cast<uint64_t>(x) : static_cast<uint64_t>(x);
  std::string digits = std::to_string(magnitude);
  if (digits.size() <= static_cast<size_t>(type.scale))
    digits.insert(0, static_cast<size_t>(type.scale) + 1 - digits.size(), '0');
  digits.insert(digits.size() - static_cast<size_t>(type.scale), ".");
  return (x < 0 ? "-" : "") + digits;
}

}  // namespace synthmill::generate
