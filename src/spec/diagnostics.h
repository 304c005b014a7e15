// Errors and warnings about a text file, each with its place, all reported together.
#pragma once

#include <arrow/status.h>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace synthmill::spec {

// 1-based; 0 where there is no place to point at.
struct Location {
  int line = 0;
  int column = 0;
};

struct Diagnostic {
  enum class Severity { kError, kWarning };
  Severity severity = Severity::kError;
  Location at;
  std::string message;
  std::string hint;  // "did you mean 'coverage'?"; empty if there is none
};

class Diagnostics {
 public:
  // `file` is what stands before :line:column; `text` is kept to print the offending lines.
  Diagnostics(std::string file, std::string text);

  // The same message at the same place is kept once; after 100 diagnostics only errors are counted.
  void Error(Location at, std::string message, std::string hint = "");
  void Warning(Location at, std::string message, std::string hint = "");

  bool ok() const { return errors_ == 0; }
  const std::vector<Diagnostic>& all() const { return all_; }
  const std::string& file() const { return file_; }
  const std::string& text() const { return text_; }

  // file:line:column: error: message, the line and a caret, the hint; sorted by place.
  std::string Render() const;
  // OK, or Invalid with Render() as its message.
  arrow::Status ToStatus() const;

 private:
  std::string file_;
  std::string text_;
  std::vector<Diagnostic> all_;
  int errors_ = 0;
};

// The candidate nearest to `word` by edit distance (transpositions count one) if it is near enough
// to be a slip of the finger, else empty.
std::string NearMiss(std::string_view word, std::span<const std::string> candidates);

// "did you mean 'x'?" for the nearest candidate, else "one of: a, b, c" (at most twelve).
std::string Suggest(std::string_view word, std::span<const std::string> candidates);

}  // namespace synthmill::spec
