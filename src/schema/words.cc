#include "schema/words.h"

#include <algorithm>

namespace synthmill::schema {

namespace {

enum class Letter { kLower, kUpper, kDigit, kOther };

Letter ClassOf(char c) {
  if (c >= 'a' && c <= 'z') return Letter::kLower;
  if (c >= 'A' && c <= 'Z') return Letter::kUpper;
  if (c >= '0' && c <= '9') return Letter::kDigit;
  return c & 0x80 ? Letter::kLower : Letter::kOther;  // letters of other alphabets hold together
}

bool Starts(std::string_view name, size_t i) {
  const Letter before = ClassOf(name[i - 1]), here = ClassOf(name[i]);
  if (before == Letter::kOther) return true;
  if ((before == Letter::kDigit) != (here == Letter::kDigit)) return true;
  if (before == Letter::kLower && here == Letter::kUpper) return true;
  // The last capital of a run begins the next word, unless only a plural s follows (IDs).
  return before == Letter::kUpper && here == Letter::kUpper && i + 1 < name.size() &&
         ClassOf(name[i + 1]) == Letter::kLower &&
         !(name[i + 1] == 's' && (i + 2 == name.size() || ClassOf(name[i + 2]) != Letter::kLower));
}

// Calls `each` for the pieces of `text` between `separator`.
template <typename Each>
void Split(std::string_view text, char separator, Each each) {
  while (true) {
    const size_t end = text.find(separator);
    each(text.substr(0, end));
    if (end == std::string_view::npos) return;
    text.remove_prefix(end + 1);
  }
}

}  // namespace

std::vector<std::string> SplitWords(std::string_view name) {
  std::vector<std::string> words;
  std::string word;
  for (size_t i = 0; i < name.size(); ++i) {
    if (i > 0 && Starts(name, i) && !word.empty()) {
      words.push_back(std::move(word));
      word.clear();
    }
    const char c = name[i];
    if (ClassOf(c) == Letter::kOther) continue;
    word.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
  }
  if (!word.empty()) words.push_back(std::move(word));
  return words;
}

std::vector<std::string> HeadWords(std::string_view name) {
  std::vector<std::string> words = SplitWords(name);
  while (words.size() > 1 && ClassOf(words.back()[0]) == Letter::kDigit) words.pop_back();
  return words;
}

size_t MatchWords(std::span<const std::string> words, std::string_view patterns) {
  size_t longest = 0;
  Split(patterns, '|', [&](std::string_view pattern) {
    const bool whole = pattern.starts_with('^'), front = pattern.ends_with('>');
    if (whole) pattern.remove_prefix(1);
    if (front) pattern.remove_suffix(1);
    std::vector<std::string_view> wanted;
    Split(pattern, ' ', [&](std::string_view word) { wanted.push_back(word); });
    if (wanted.size() > words.size() || (whole && wanted.size() != words.size())) return;
    if (front && wanted.size() == words.size()) return;  // "is" alone says nothing
    const auto at =
        words.begin() + static_cast<ptrdiff_t>(front ? 0 : words.size() - wanted.size());
    if (std::equal(wanted.begin(), wanted.end(), at)) longest = std::max(longest, wanted.size());
  });
  return longest;
}

}  // namespace synthmill::schema
