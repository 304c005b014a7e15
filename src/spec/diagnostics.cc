#include "spec/diagnostics.h"

#include <algorithm>
#include <limits>
#include <tuple>
#include <utility>

#include "core/text.h"

namespace synthmill::spec {

namespace {

// A file that is wrong throughout must not bury the terminal, nor a hostile one the memory.
constexpr size_t kMaxKept = 100;
// Lines longer than this are shown as a window around the caret.
constexpr size_t kMaxShown = 240;
// Longer words are no slips of the finger; the bound keeps hostile files from costing time.
constexpr size_t kMaxWord = 64;

bool IsContinuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

std::vector<std::string_view> SplitLines(std::string_view text) {
  std::vector<std::string_view> lines;
  for (size_t begin = 0; begin <= text.size();) {
    const size_t end = std::min(text.find('\n', begin), text.size());
    std::string_view line = text.substr(begin, end - begin);
    if (line.ends_with('\r')) line.remove_suffix(1);
    lines.push_back(line);
    begin = end + 1;
  }
  return lines;
}

// The line and, below it, a caret under byte `column` (1-based).
void AppendSource(std::string_view line, int column, std::string* out) {
  if (line.empty()) return;
  size_t caret = std::min(static_cast<size_t>(std::max(column, 1) - 1), line.size());
  std::string_view before = "", after = "";
  if (line.size() > kMaxShown) {
    size_t begin = caret > kMaxShown / 2 ? caret - kMaxShown / 2 : 0;
    while (begin > 0 && IsContinuation(line[begin])) --begin;
    size_t end = std::min(begin + kMaxShown, line.size());
    while (end < line.size() && IsContinuation(line[end])) ++end;
    if (begin > 0) before = "...";
    if (end < line.size()) after = "...";
    line = line.substr(begin, end - begin);
    caret -= begin;
  }
  out->append("  ").append(before).append(line).append(after).append("\n  ");
  out->append(before.size(), ' ');
  // Tabs stay tabs and a character of many bytes is one wide, so that the caret meets its mark.
  for (const char c : line.substr(0, caret)) {
    if (!IsContinuation(c)) out->push_back(c == '\t' ? '\t' : ' ');
  }
  out->append("^\n");
}

void AppendHint(std::string_view hint, std::string* out) {
  for (const std::string_view line : SplitLines(hint)) {
    out->append("  ").append(line).append("\n");
  }
}

}  // namespace

Diagnostics::Diagnostics(std::string file, std::string text)
    : file_(std::move(file)), text_(std::move(text)) {}

void Diagnostics::Error(Location at, std::string message, std::string hint) {
  const auto same = [&](const Diagnostic& d) {
    return d.at.line == at.line && d.at.column == at.column && d.message == message &&
           d.severity == Diagnostic::Severity::kError;
  };
  // A column set spliced into three tables would report its mistakes three times.
  if (std::any_of(all_.begin(), all_.end(), same)) return;
  if (errors_ < std::numeric_limits<int>::max()) ++errors_;
  if (all_.size() >= kMaxKept) return;
  all_.push_back({Diagnostic::Severity::kError, at, std::move(message), std::move(hint)});
}

void Diagnostics::Warning(Location at, std::string message, std::string hint) {
  if (all_.size() >= kMaxKept) return;
  all_.push_back({Diagnostic::Severity::kWarning, at, std::move(message), std::move(hint)});
}

std::string Diagnostics::Render() const {
  std::vector<const Diagnostic*> sorted;
  for (const Diagnostic& diagnostic : all_) sorted.push_back(&diagnostic);
  std::stable_sort(sorted.begin(), sorted.end(), [](const Diagnostic* a, const Diagnostic* b) {
    return std::tie(a->at.line, a->at.column) < std::tie(b->at.line, b->at.column);
  });
  const std::vector<std::string_view> lines = SplitLines(text_);
  std::string out;
  for (const Diagnostic* diagnostic : sorted) {
    const auto [line, column] = diagnostic->at;
    out.append(file_).append(":");
    if (line > 0) {
      out.append(std::to_string(line)).append(":").append(std::to_string(column)).append(":");
    }
    const bool error = diagnostic->severity == Diagnostic::Severity::kError;
    out.append(error ? " error: " : " warning: ").append(diagnostic->message).append("\n");
    if (line > 0 && static_cast<size_t>(line) <= lines.size()) {
      AppendSource(lines[static_cast<size_t>(line) - 1], column, &out);
    }
    if (!diagnostic->hint.empty()) AppendHint(diagnostic->hint, &out);
  }
  const auto kept = std::count_if(all_.begin(), all_.end(), [](const Diagnostic& d) {
    return d.severity == Diagnostic::Severity::kError;
  });
  if (errors_ > kept) {
    out.append(file_).append(": and ").append(std::to_string(errors_ - kept));
    out.append(" more errors\n");
  }
  return out;
}

arrow::Status Diagnostics::ToStatus() const {
  if (ok()) return arrow::Status::OK();
  std::string text = Render();
  if (text.ends_with('\n')) text.pop_back();
  return arrow::Status::Invalid(text);
}

std::string NearMiss(std::string_view word, std::span<const std::string> candidates) {
  if (word.empty() || word.size() > kMaxWord) return "";
  const std::string* best = nullptr;
  size_t best_distance = std::max<size_t>(1, word.size() / 3) + 1;
  for (const std::string& candidate : candidates) {
    if (core::EqualsIgnoringCase(word, candidate)) return candidate;
    const size_t distance = core::EditDistance(word, candidate, best_distance - 1);
    // A word of which nothing is left is no near miss: 'x' is not a slip for 'y'.
    if (distance < best_distance && distance < std::max(word.size(), candidate.size())) {
      best_distance = distance;
      best = &candidate;
      if (best_distance == 0) break;
    }
  }
  return best == nullptr ? "" : *best;
}

std::string Suggest(std::string_view word, std::span<const std::string> candidates) {
  const std::string near = NearMiss(word, candidates);
  if (!near.empty()) return "did you mean '" + near + "'?";
  if (candidates.empty()) return "";
  std::string out = "one of: ";
  for (size_t i = 0; i < candidates.size(); ++i) {
    if (i == 12) return out + ", ...";
    if (i > 0) out += ", ";
    out += candidates[i];
  }
  return out;
}

}  // namespace synthmill::spec
