// JSON Lines into cells: one object a line, its keys in any order. Numbers, words and strings are
// left as they stand; objects and arrays inside are checked and kept as text.
#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <map>

#include "io/ingest/cells.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace synthmill::io::ingest {
namespace {

constexpr uint32_t kUnseen = UINT32_MAX;
constexpr int kMaxDepth = 64;

bool IsDigit(char c) { return static_cast<unsigned char>(c - '0') < 10; }

void AppendUtf8(uint32_t c, std::string* out) {
  if (c < 0x80) {
    *out += static_cast<char>(c);
    return;
  }
  if (c < 0x800) {
    *out += static_cast<char>(0xc0 | c >> 6);
  } else {
    if (c < 0x10000) {
      *out += static_cast<char>(0xe0 | c >> 12);
    } else {
      *out += static_cast<char>(0xf0 | c >> 18);
      *out += static_cast<char>(0x80 | (c >> 12 & 0x3f));
    }
    *out += static_cast<char>(0x80 | (c >> 6 & 0x3f));
  }
  *out += static_cast<char>(0x80 | (c & 0x3f));
}

bool ReadHex(std::string_view text, size_t at, uint32_t* out) {
  if (at + 4 > text.size()) return false;
  *out = 0;
  for (size_t i = at; i < at + 4; ++i) {
    const char c = text[i], lower = static_cast<char>(c | 0x20);
    if (IsDigit(c)) {
      *out = *out << 4 | static_cast<uint32_t>(c - '0');
    } else if (lower >= 'a' && lower <= 'f') {
      *out = *out << 4 | static_cast<uint32_t>(lower - 'a' + 10);
    } else {
      return false;
    }
  }
  return true;
}

const char* UnescapeJson(std::string_view cell, std::string* out) {
  for (size_t at = 0; at < cell.size();) {
    const size_t slash = std::min(cell.find('\\', at), cell.size());
    out->append(cell, at, slash - at);
    if (slash == cell.size()) break;
    at = slash + 2;
    switch (slash + 1 < cell.size() ? cell[slash + 1] : '\0') {
      case '"':
      case '\\':
      case '/':
        *out += cell[slash + 1];
        break;
      case 'b':
        *out += '\b';
        break;
      case 'f':
        *out += '\f';
        break;
      case 'n':
        *out += '\n';
        break;
      case 'r':
        *out += '\r';
        break;
      case 't':
        *out += '\t';
        break;
      case 'u': {
        uint32_t c, low;
        if (!ReadHex(cell, at, &c)) return "a \\u without four hex digits";
        at += 4;
        if (c >= 0xd800 && c < 0xe000) {
          const bool pair = c < 0xdc00 && cell.substr(at, 2) == "\\u" &&
                            ReadHex(cell, at + 2, &low) && low >= 0xdc00 && low < 0xe000;
          if (!pair) return "half of a surrogate pair";
          c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
          at += 6;
        }
        AppendUtf8(c, out);
        break;
      }
      default:
        return "a backslash before a character that needs none";
    }
  }
  return nullptr;
}

// One line, from its first byte on. The line is followed by readable bytes.
class LineParser {
 public:
  LineParser(const char* data, const char* at, const char* end) : data_(data), at_(at), end_(end) {}

  void SkipBlanks() {
    while (at_ < end_ && (*at_ == ' ' || *at_ == '\t' || *at_ == '\r')) ++at_;
  }
  bool Take(char c) {
    SkipBlanks();
    if (at_ == end_ || *at_ != c) return false;
    ++at_;
    return true;
  }
  bool at_end() {
    SkipBlanks();
    return at_ == end_;
  }

  // Behind the opening quote.
  bool String(Cell* cell) {
    const char* const begin = at_;
    uint32_t flags = Cell::kQuoted;
    while (true) {
      at_ = FindQuoteOrSlash(at_);
      if (at_ >= end_) return Fail("a string without its closing quote");
      if (*at_ == '"') break;
      flags |= Cell::kEscaped;
      at_ += 2;
    }
    *cell = {static_cast<uint32_t>(begin - data_), static_cast<uint32_t>(at_ - begin) | flags};
    ++at_;
    return true;
  }

  bool Value(Cell* cell, int depth = 0) {
    SkipBlanks();
    if (at_ == end_) return Fail("a value is missing");
    const char* const begin = at_;
    uint32_t flags = 0;
    switch (*at_) {
      case '"':
        ++at_;
        return String(cell);
      case '{':
      case '[':
        if (!Nested(depth + 1)) return false;
        flags = Cell::kNested;
        break;
      case 't':
        if (!Word("true")) return false;
        break;
      case 'f':
        if (!Word("false")) return false;
        break;
      case 'n':
        if (!Word("null")) return false;
        flags = Cell::kNull;
        break;
      default:
        if (!Number()) return false;
    }
    *cell = {static_cast<uint32_t>(begin - data_), static_cast<uint32_t>(at_ - begin) | flags};
    return true;
  }

  bool Fail(const char* why) {
    if (why_ == nullptr) why_ = why;
    return false;
  }
  const char* why() const { return why_; }

 private:
  const char* FindQuoteOrSlash(const char* p) const {
#ifdef __SSE2__
    const __m128i quote = _mm_set1_epi8('"'), slash = _mm_set1_epi8('\\');
    for (; p < end_; p += 16) {
      const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
      const int mask = _mm_movemask_epi8(
          _mm_or_si128(_mm_cmpeq_epi8(bytes, quote), _mm_cmpeq_epi8(bytes, slash)));
      if (mask != 0) return p + __builtin_ctz(static_cast<unsigned>(mask));
    }
    return p;
#else
    while (p < end_ && *p != '"' && *p != '\\') ++p;
    return p;
#endif
  }

  bool Word(std::string_view word) {
    if (std::string_view(at_, static_cast<size_t>(end_ - at_)).substr(0, word.size()) != word) {
      return Fail("a word that is none of true, false, null");
    }
    at_ += word.size();
    return true;
  }

  bool Number() {
    const auto digits = [&] {
      const char* const begin = at_;
      while (at_ < end_ && IsDigit(*at_)) ++at_;
      return at_ > begin;
    };
    if (*at_ == '-') ++at_;
    const char* const first = at_;
    if (!digits()) return Fail("a value that is no JSON");
    if (*first == '0' && at_ - first > 1) return Fail("a number with a leading zero");
    if (at_ < end_ && *at_ == '.') {
      ++at_;
      if (!digits()) return Fail("a number that ends in its point");
    }
    if (at_ < end_ && (*at_ | 0x20) == 'e') {
      ++at_;
      if (at_ < end_ && (*at_ == '+' || *at_ == '-')) ++at_;
      if (!digits()) return Fail("a number that ends in its exponent");
    }
    return true;
  }

  bool Nested(int depth) {
    if (depth > kMaxDepth) return Fail("objects nested too deep");
    const bool object = *at_ == '{';
    const char close = object ? '}' : ']';
    ++at_;
    if (Take(close)) return true;
    do {
      Cell ignored;
      if (object) {
        if (!Take('"')) return Fail("a key is missing");
        if (!String(&ignored)) return false;
        if (!Take(':')) return Fail("a colon is missing after a key");
      }
      if (!Value(&ignored, depth)) return false;
    } while (Take(','));
    return Take(close) || Fail("a comma or a closing bracket is missing");
  }

  const char* data_;
  const char* at_;
  const char* end_;
  const char* why_ = nullptr;
};

class JsonSplitter : public RowSplitter {
 public:
  JsonSplitter(const std::vector<std::string>& names, OtherKeys other_keys)
      : names_(names), other_keys_(other_keys) {
    for (size_t i = 0; i < names_.size(); ++i) index_.emplace(names_[i], i);
  }

  void Split(std::string_view text, RowTable* table) override {
    table->Reset(names_.size());
    for (size_t begin = 0; begin < text.size();) {
      const auto* line =
          static_cast<const char*>(std::memchr(text.data() + begin, '\n', text.size() - begin));
      size_t end = line == nullptr ? text.size() : static_cast<size_t>(line - text.data());
      const size_t next = end + 1;
      if (end > begin && text[end - 1] == '\r') --end;
      SplitLine(text, begin, end, table);
      begin = next;
    }
  }

  size_t WholeRows(std::string_view text, bool end_of_file) override {
    if (end_of_file) return text.size();
    const size_t line = text.rfind('\n');
    return line == std::string_view::npos ? 0 : line + 1;
  }

  const char* Unescape(std::string_view cell, std::string* out) const override {
    return UnescapeJson(cell, out);
  }

 private:
  void SplitLine(std::string_view text, size_t begin, size_t end, RowTable* table) {
    LineParser line(text.data(), text.data() + begin, text.data() + end);
    if (line.at_end()) return;
    const size_t used = table->rows * names_.size();
    if (table->cells.size() < used + names_.size()) {
      table->cells.resize(std::max<size_t>(2 * (used + names_.size()), 4096));
    }
    Cell* const cells = table->cells.data() + used;
    std::fill(cells, cells + names_.size(), Cell{kUnseen, Cell::kNull});
    problem_.clear();
    if (Object(text, &line, cells, table)) {
      table->begins.push_back(static_cast<uint32_t>(begin));
      table->ends.push_back(static_cast<uint32_t>(end));
      ++table->rows;
    } else {
      table->bad.push_back(
          {static_cast<uint32_t>(begin), static_cast<uint32_t>(end),
           problem_.empty() ? fmt::format("no JSON object: {}", line.why()) : problem_});
    }
  }

  bool Object(std::string_view text, LineParser* line, Cell* cells, RowTable* table) {
    if (!line->Take('{')) return line->Fail("it does not begin with {");
    size_t expected = 0;  // keys mostly come in the same order
    if (!line->Take('}')) {
      do {
        Cell key, value;
        if (!line->Take('"')) return line->Fail("a key is missing");
        if (!line->String(&key)) return false;
        if (!line->Take(':')) return line->Fail("a colon is missing after a key");
        if (!line->Value(&value)) return false;
        std::string_view name = text.substr(key.begin, key.size());
        if (key.escaped()) {
          unescaped_.clear();
          if (const char* why = UnescapeJson(name, &unescaped_)) return line->Fail(why);
          name = unescaped_;
        }
        size_t column = expected;
        if (column >= names_.size() || names_[column] != name) {
          const auto it = index_.find(name);
          if (it == index_.end()) {
            if (!Other(name, table)) return false;
            continue;
          }
          column = it->second;
        }
        expected = column + 1;
        if (cells[column].begin != kUnseen) {
          problem_ = fmt::format("the key '{}' stands there twice", name);
          return false;
        }
        cells[column] = value;
      } while (line->Take(','));
      if (!line->Take('}')) return line->Fail("a comma or a closing bracket is missing");
    }
    return line->at_end() || line->Fail("text after the object");
  }

  bool Other(std::string_view name, RowTable* table) {
    if (other_keys_ == OtherKeys::kRefuse) {
      problem_ = fmt::format("the key '{}' is no column", name);
      return false;
    }
    if (other_keys_ == OtherKeys::kNote) {
      auto& keys = table->new_keys;
      if (std::find(keys.begin(), keys.end(), name) == keys.end()) keys.emplace_back(name);
    }
    return true;
  }

  const std::vector<std::string> names_;
  const OtherKeys other_keys_;
  std::map<std::string, size_t, std::less<>> index_;
  std::string unescaped_, problem_;
};

}  // namespace

std::unique_ptr<RowSplitter> MakeJsonSplitter(const std::vector<std::string>& names,
                                              OtherKeys other_keys) {
  return std::make_unique<JsonSplitter>(names, other_keys);
}

}  // namespace synthmill::io::ingest
