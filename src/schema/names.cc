#include "schema/names.h"

#include <fmt/format.h>

#include <algorithm>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "core/text.h"

namespace synthmill::schema {

namespace {

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Words that YAML readers take for something else than text.
bool IsYamlWord(std::string_view text) {
  for (const char* word :
       {"null", "true", "false", "yes", "no", "on", "off", "y", "n", "~", "inf", "nan"}) {
    if (core::EqualsIgnoringCase(text, word)) return true;
  }
  return false;
}

}  // namespace

std::string Slug(std::string_view name, std::string_view fallback) {
  constexpr size_t kMost = 60;
  std::string slug;
  for (const char c : name) {
    if (IsLetter(c) || IsDigit(c)) {
      slug.push_back(c);
    } else if (!slug.empty() && slug.back() != '_') {
      slug.push_back('_');
    } else if (slug.empty() && c == '_') {
      slug.push_back('_');
    }
    if (slug.size() == kMost) break;
  }
  // Underscores that stood there stay; one that only replaced something at the end goes.
  while (!slug.empty() && slug.back() == '_' && !name.ends_with('_')) slug.pop_back();
  const bool empty = slug.find_first_not_of('_') == std::string::npos;
  if (empty) return std::string(fallback);
  if (IsDigit(slug[0])) slug.insert(0, "_");
  return slug;
}

std::string Unique(std::string word, std::set<std::string>* taken) {
  std::string unique = word;
  for (int n = 2; !taken->insert(unique).second; ++n) unique = fmt::format("{}_{}", word, n);
  return unique;
}

std::string FolderName(std::string_view name) {
  constexpr size_t kMost = 120, kHash = 17;
  std::string out;
  for (size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    const bool hides = i == 0 && (c == '.' || c == '_');
    const bool plain = IsLetter(c) || IsDigit(c) || c == '-' || c == '$' || c == '_' || c == '.' ||
                       (c & 0x80) != 0;
    if (plain && !hides) {
      out.push_back(c);
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  if (out.empty()) return "%";  // no byte is written so
  if (out.size() <= kMost) return out;
  const auto hash = XXH3_64bits(name.data(), name.size());
  std::string_view kept = std::string_view(out).substr(0, kMost - kHash);
  kept = kept.substr(0, core::ValidUtf8Prefix(kept));
  return fmt::format("{}~{:016x}", kept, hash);
}

std::string ToUtf8(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const size_t good = core::ValidUtf8Prefix(text);
    out += text.substr(0, good);
    text.remove_prefix(good);
    if (text.empty()) break;
    const auto byte = static_cast<unsigned char>(text[0]);
    out.push_back(static_cast<char>(0xC0 | (byte >> 6)));
    out.push_back(static_cast<char>(0x80 | (byte & 0x3F)));
    text.remove_prefix(1);
  }
  return out;
}

std::string YamlText(std::string_view raw) {
  const std::string text = ToUtf8(raw);
  bool plain = !text.empty() && text.size() <= 80 && (IsLetter(text[0]) || text[0] == '_') &&
               !IsYamlWord(text);
  for (const char c : text) {
    plain = plain && (IsLetter(c) || IsDigit(c) || c == '_' || c == '-' || c == '.' || c == '/');
  }
  if (plain) return text;
  std::string out = "\"";
  for (size_t i = 0; i < text.size();) {
    const size_t start = i;
    const auto point = core::NextCodePoint(text, &i);
    const char32_t c = point.value_or(0xFFFD);
    if (!point) i = start + 1;  // cannot happen after ToUtf8
    if (c == '"' || c == '\\') {
      out += {'\\', static_cast<char>(c)};
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029 || c == 0xFEFF) {
      out += fmt::format("\\u{:04x}", static_cast<uint32_t>(c));
    } else {
      out += text.substr(start, i - start);
    }
  }
  return out + "\"";
}

std::string CommentText(std::string_view raw, size_t most) {
  std::string text = ToUtf8(raw);
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  }
  if (text.size() > most) {
    text.resize(core::ValidUtf8Prefix(std::string_view(text).substr(0, most)));
    text += "…";
  }
  return text;
}

}  // namespace synthmill::schema
