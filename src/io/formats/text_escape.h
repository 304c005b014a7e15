// Which texts have to be quoted or escaped, and how.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>

namespace synthmill::io::internal {

// RFC 4180: quotes around a text with delimiter, quote or line end in it, quotes doubled. An empty
// text, and one spelled like null, are quoted to tell them from null.
struct CsvEscape {
  char delimiter = ',';
  std::string null_text;

  // Tells the bytes that need quoting; of one byte, or of all bytes of a vector.
  struct Matcher {
    unsigned char delimiter;
    template <typename T>
    auto operator()(T c) const {
      return (c == delimiter) | (c == '"') | (c == '\r') | (c == '\n');
    }
  };
  Matcher matcher() const { return {static_cast<unsigned char>(delimiter)}; }

  static constexpr size_t kGrowth = 2;  // bytes out per byte in, at most (and two quotes)
  // A cell that is spelled like null can't be told by its bytes.
  bool AnyTextMayNeedIt() const { return !null_text.empty(); }
  char* Write(std::string_view text, char* out) const;
};

// RFC 8259, without the quotes; UTF-8 stays as it is.
struct JsonEscape {
  struct Matcher {
    template <typename T>
    auto operator()(T c) const {
      return (c == '"') | (c == '\\') | (c < 0x20);
    }
  };
  Matcher matcher() const { return {}; }

  static constexpr size_t kGrowth = 6;
  bool AnyTextMayNeedIt() const { return false; }
  char* Write(std::string_view text, char* out) const;
};

// Sixteen bytes in the vector extension of GCC and Clang: SSE2 or NEON, as the machine has it.
using ByteVector [[gnu::vector_size(16)]] = unsigned char;

// Whether any byte matches.
template <typename Matcher>
bool HasAny(Matcher matches, const char* text, size_t size) {
  auto found = [&]<size_t vectors>(const char* at, std::integral_constant<size_t, vectors>) {
    ByteVector v[vectors];
    std::memcpy(v, at, sizeof(v));
    auto any = matches(v[0]);
    for (size_t i = 1; i < vectors; ++i) any |= matches(v[i]);
    uint64_t words[2];
    std::memcpy(words, &any, sizeof(words));
    return (words[0] | words[1]) != 0;
  };
  size_t i = 0;
  for (; i + 64 <= size; i += 64) {
    if (found(text + i, std::integral_constant<size_t, 4>{})) return true;
  }
  for (; i + 16 <= size; i += 16) {
    if (found(text + i, std::integral_constant<size_t, 1>{})) return true;
  }
  for (; i < size; ++i) {
    if (matches(static_cast<unsigned char>(text[i]))) return true;
  }
  return false;
}

}  // namespace synthmill::io::internal
