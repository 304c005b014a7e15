#include "schema/patterns.h"

#include <algorithm>
#include <vector>

namespace synthmill::schema {

namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// What a pattern takes for something else.
void AddLiteral(char c, std::string* out) {
  if (c == '#' || c == '?' || c == '[' || c == ']' || c == '\\') out->push_back('\\');
  out->push_back(c);
}

struct Place {
  size_t choices = 1;
};

std::vector<Place> Places(std::string_view pattern) {
  std::vector<Place> places;
  for (size_t i = 0; i < pattern.size(); ++i) {
    Place place;
    if (pattern[i] == '#') {
      place.choices = 10;
    } else if (pattern[i] == '?') {
      place.choices = 26;
    } else if (pattern[i] == '\\' && i + 1 < pattern.size()) {
      ++i;
    } else if (pattern[i] == '[') {
      place.choices = 0;
      for (++i; i < pattern.size() && pattern[i] != ']'; ++i) {
        if (i + 2 < pattern.size() && pattern[i + 1] == '-' && pattern[i + 2] != ']') {
          place.choices += static_cast<size_t>(std::max(pattern[i + 2] - pattern[i], 0)) + 1;
          i += 2;
        } else {
          ++place.choices;
        }
      }
    }
    places.push_back(place);
  }
  return places;
}

}  // namespace

std::optional<std::string> PatternOfLike(std::string_view like, bool brackets) {
  std::string out;
  for (size_t i = 0; i < like.size(); ++i) {
    const char c = like[i];
    if (c & 0x80) return std::nullopt;
    if (c == '%') {
      out += "[a-z][a-z]";
    } else if (c == '_') {
      out += "[a-z]";
    } else if (brackets && c == '[') {
      const size_t end = like.find(']', i);
      if (end == std::string_view::npos || like[i + 1] == '^') return std::nullopt;
      out += like.substr(i, end - i + 1);
      i = end;
    } else if (c == '\\' && i + 1 < like.size()) {
      AddLiteral(like[++i], &out);
    } else {
      AddLiteral(c, &out);
    }
  }
  return out.empty() ? std::nullopt : std::optional(out);
}

std::optional<std::string> PatternOfRegex(std::string_view regex) {
  std::string out;
  if (regex.starts_with('^')) regex.remove_prefix(1);
  if (regex.ends_with('$') && !regex.ends_with("\\$")) regex.remove_suffix(1);
  for (size_t i = 0; i < regex.size();) {
    std::string atom;
    const char c = regex[i];
    if (c & 0x80 || c == '(' || c == ')' || c == '|' || c == '^' || c == '$') return std::nullopt;
    if (c == '[') {
      const size_t end = regex.find(']', i + 2);
      if (end == std::string_view::npos || regex[i + 1] == '^') return std::nullopt;
      std::string set(regex.substr(i + 1, end - i - 1));
      if (set.find('[') != std::string::npos) return std::nullopt;  // [[:alpha:]]
      std::string plain;
      for (size_t k = 0; k < set.size(); ++k) {
        if (set[k] != '\\') {
          plain.push_back(set[k]);
        } else if (k + 1 < set.size()) {
          ++k;
          plain += set[k] == 'd' ? "0-9" : set[k] == 'w' ? "a-z0-9" : std::string(1, set[k]);
        }
      }
      atom = "[" + plain + "]";
      i = end + 1;
    } else if (c == '\\') {
      if (i + 1 >= regex.size()) return std::nullopt;
      const char e = regex[i + 1];
      if (e == 'd') {
        atom = "#";
      } else if (e == 'w') {
        atom = "[a-z]";
      } else if (e == 's') {
        atom = " ";
      } else if ((e >= 'a' && e <= 'z') || (e >= 'A' && e <= 'Z') || IsDigit(e)) {
        return std::nullopt;
      } else {
        AddLiteral(e, &atom);
      }
      i += 2;
    } else if (c == '.') {
      atom = "[a-z]";
      ++i;
    } else {
      AddLiteral(c, &atom);
      ++i;
    }
    int64_t times = 1;
    if (i < regex.size() && (regex[i] == '*' || regex[i] == '+' || regex[i] == '?')) {
      times = regex[i] == '?' ? 1 : 3;
      ++i;
    } else if (i < regex.size() && regex[i] == '{') {
      const size_t end = regex.find('}', i);
      if (end == std::string_view::npos) return std::nullopt;
      const std::string_view count = regex.substr(i + 1, end - i - 1);
      times = 0;
      size_t k = 0;
      for (; k < count.size() && IsDigit(count[k]) && times < 10'000; ++k)
        times = times * 10 + (count[k] - '0');
      if (k < count.size() && count[k] != ',') return std::nullopt;
      if (times == 0 && count != "0") times = 1;
      if (times > 1000) return std::nullopt;
      i = end + 1;
    }
    if (i < regex.size() && (regex[i] == '?' || regex[i] == '+')) ++i;  // lazy, possessive
    out += Repeated(atom, times);
  }
  return out.empty() ? std::nullopt : std::optional(out);
}

std::string Repeated(std::string_view set, int64_t n) {
  std::string out;
  for (int64_t i = 0; i < n; ++i) out += set;
  return out;
}

std::string CodePattern(int64_t most) {
  const int64_t letters = most <= 3 ? most : most <= 6 ? 2 : 3;
  return Repeated("?", letters) + Repeated("#", most - letters);
}

int64_t PatternLength(std::string_view pattern) {
  return static_cast<int64_t>(Places(pattern).size());
}

uint64_t PatternTexts(std::string_view pattern) {
  constexpr uint64_t kMost = 1'000'000'000'000'000'000;
  uint64_t texts = 1;
  for (const Place& place : Places(pattern)) {
    if (place.choices > 1 && texts > kMost / place.choices) return kMost;
    texts *= std::max<size_t>(place.choices, 1);
  }
  return texts;
}

}  // namespace synthmill::schema
