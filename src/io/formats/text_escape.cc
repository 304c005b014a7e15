#include "io/formats/text_escape.h"

namespace synthmill::io::internal {

char* CsvEscape::Write(std::string_view text, char* out) const {
  if (!text.empty() && text != null_text && !HasAny(matcher(), text.data(), text.size())) {
    std::memcpy(out, text.data(), text.size());
    return out + text.size();
  }
  *out++ = '"';
  for (const char c : text) {
    *out++ = c;
    if (c == '"') *out++ = '"';
  }
  *out++ = '"';
  return out;
}

char* JsonEscape::Write(std::string_view text, char* out) const {
  static constexpr char kHex[] = "0123456789abcdef";
  const Matcher special = matcher();
  for (const char c : text) {
    if (!special(static_cast<unsigned char>(c))) {
      *out++ = c;
      continue;
    }
    *out++ = '\\';
    switch (c) {
      case '\b':
        *out++ = 'b';
        break;
      case '\f':
        *out++ = 'f';
        break;
      case '\n':
        *out++ = 'n';
        break;
      case '\r':
        *out++ = 'r';
        break;
      case '\t':
        *out++ = 't';
        break;
      case '"':
      case '\\':
        *out++ = c;
        break;
      default:
        std::memcpy(out, "u00", 3);
        out[3] = kHex[static_cast<unsigned char>(c) >> 4];
        out[4] = kHex[c & 15];
        out += 5;
    }
  }
  return out;
}

}  // namespace synthmill::io::internal
