#include "ddl/builder.h"

#include <algorithm>
#include <utility>

namespace synthmill::ddl {
namespace {

bool SameQualifier(const Name& a, const Name& b) {
  const size_t n = std::min(a.qualifier.size(), b.qualifier.size());
  for (size_t i = 1; i <= n; ++i)
    if (!EqualsIgnoreCase(a.qualifier[a.qualifier.size() - i], b.qualifier[b.qualifier.size() - i]))
      return false;
  return true;
}

std::string FullName(const Name& name) {
  std::string full;
  for (const std::string& part : name.qualifier) full.append(Lower(part)).push_back('\0');
  return full + Lower(name.text);
}

constexpr size_t kMaxNamesakes = 64;  // tables of one name in as many schemas

}  // namespace

Builder::Builder(std::vector<Source> sources) {
  line_starts_.resize(sources.size());
  for (Source& source : sources) {
    catalog_.files.push_back(std::move(source.file));
    catalog_.texts.push_back(std::move(source.text));
  }
}

void Builder::StartFile(int file) { file_ = file; }

Place Builder::PlaceOf(const char* at) {
  const std::string& text = catalog_.texts[static_cast<size_t>(file_)];
  const size_t offset =
      at >= text.data() && at <= text.data() + text.size() ? at - text.data() : text.size();
  std::vector<size_t>& starts = line_starts_[static_cast<size_t>(file_)];
  if (starts.empty()) {
    starts.push_back(0);
    for (size_t p = 0; (p = text.find('\n', p)) != std::string::npos;) starts.push_back(++p);
  }
  const auto line = std::upper_bound(starts.begin(), starts.end(), offset) - 1;
  Place place;
  place.file = file_;
  place.at.line = static_cast<int>(line - starts.begin()) + 1;
  place.at.column = static_cast<int>(offset - *line) + 1;
  return place;
}

void Builder::Report(Problem::Severity severity, Place place, std::string message,
                     std::string hint) {
  if (catalog_.problems.size() >= kMaxProblems) {
    ++(severity == Problem::Severity::kError ? dropped_errors_ : dropped_warnings_);
    return;
  }
  catalog_.problems.push_back({severity, place, std::move(message), std::move(hint)});
}

void Builder::Error(const Token& at, std::string message, std::string hint) {
  Report(Problem::Severity::kError, PlaceOf(at.text.data()), std::move(message), std::move(hint));
}

void Builder::Warn(const Token& at, std::string message, std::string hint) {
  Report(Problem::Severity::kWarning, PlaceOf(at.text.data()), std::move(message), std::move(hint));
}

void Builder::CountSkipped(std::string_view kind, const char* at) {
  const auto [found, is_new] = skipped_.try_emplace(std::string(kind), catalog_.skipped.size());
  if (is_new) catalog_.skipped.push_back({std::string(kind), 0, PlaceOf(at)});
  ++catalog_.skipped[found->second].count;
}

int Builder::FindTable(const Name& name) const {
  const auto exact = tables_by_full_name_.find(FullName(name));
  if (exact != tables_by_full_name_.end() &&
      catalog_.tables[static_cast<size_t>(exact->second)].name.text == name.text)
    return exact->second;
  const auto found = tables_by_name_.find(Lower(name.text));
  if (found == tables_by_name_.end()) return -1;
  int best = -1, best_score = -1;
  size_t looked_at = 0;
  for (const int index : found->second) {
    if (++looked_at > kMaxNamesakes) break;
    const Name& there = catalog_.tables[static_cast<size_t>(index)].name;
    if (!SameQualifier(name, there)) continue;
    const int score = (name.qualifier.size() == there.qualifier.size() ? 2 : 0) +
                      (name.text == there.text ? 1 : 0);
    if (score > best_score) {
      best = index;
      best_score = score;
    }
  }
  return best;
}

void Builder::AddTable(Table table, const Token& at) {
  const std::string full_name = FullName(table.name);
  const auto known = tables_by_full_name_.find(full_name);
  if (known != tables_by_full_name_.end()) {
    const Table& there = catalog_.tables[static_cast<size_t>(known->second)];
    const auto same = [](const Column& a, const Column& b) {
      return a.name.text == b.name.text && a.type.text == b.type.text;
    };
    const bool equal = std::equal(there.columns.begin(), there.columns.end(), table.columns.begin(),
                                  table.columns.end(), same);
    const std::string where = catalog_.files[static_cast<size_t>(there.place.file)] + ":" +
                              std::to_string(there.place.at.line);
    const bool only_case = there.name.text != table.name.text;
    // The same again is no loss; another table of the name is.
    if (!only_case || !there.name.quoted || !table.name.quoted) {
      Report(equal ? Problem::Severity::kWarning : Problem::Severity::kError,
             PlaceOf(at.text.data()),
             "table '" + table.name.text + "' is already there, from " + where,
             equal ? "its columns are the same; the first one is kept"
                   : "the first one is kept; leave out one of the two, or rename it");
      return;
    }
  }
  tables_by_full_name_.try_emplace(full_name, static_cast<int>(catalog_.tables.size()));
  tables_by_name_[Lower(table.name.text)].push_back(static_cast<int>(catalog_.tables.size()));
  catalog_.tables.push_back(std::move(table));
}

void Builder::RemoveTable(int index) {
  const Name& name = catalog_.tables[static_cast<size_t>(index)].name;
  std::erase(tables_by_name_[Lower(name.text)], index);
  tables_by_full_name_.erase(FullName(name));
  pending_.erase(static_cast<size_t>(index));
  removed_.push_back(index);
}

void Builder::Compact() {
  if (removed_.empty()) return;
  std::sort(removed_.begin(), removed_.end());
  std::unordered_map<size_t, PendingTypes> pending;
  std::vector<Table> kept;
  size_t next = 0;
  for (size_t i = 0; i < catalog_.tables.size(); ++i) {
    if (next < removed_.size() && static_cast<size_t>(removed_[next]) == i) {
      ++next;
      continue;
    }
    const auto types = pending_.find(i);
    if (types != pending_.end()) pending[kept.size()] = std::move(types->second);
    kept.push_back(std::move(catalog_.tables[i]));
  }
  catalog_.tables = std::move(kept);
  pending_ = std::move(pending);
  tables_by_name_.clear();
  tables_by_full_name_.clear();
  for (size_t i = 0; i < catalog_.tables.size(); ++i) {
    const Name& name = catalog_.tables[i].name;
    tables_by_name_[Lower(name.text)].push_back(static_cast<int>(i));
    tables_by_full_name_[FullName(name)] = static_cast<int>(i);
  }
}

bool Builder::TakeCopies(size_t columns) {
  if (columns > copies_left_) return false;
  copies_left_ -= columns;
  return true;
}

void Builder::Rename(const Name& from, const Name& to) {
  const auto known = tables_by_full_name_.find(FullName(from));
  if (known == tables_by_full_name_.end()) return;
  const int index = known->second;
  tables_by_full_name_.erase(known);
  std::erase(tables_by_name_[Lower(from.text)], index);
  tables_by_full_name_.try_emplace(FullName(to), index);
  tables_by_name_[Lower(to.text)].push_back(index);
}

void Builder::AddLabel(const Name& type, std::string label) {
  types_[Lower(type.text)].type.labels.push_back(std::move(label));
}

void Builder::AddType(const Name& name, UserType type) {
  types_[Lower(name.text)] = std::move(type);
}

const UserType* Builder::FindType(const Name& name) const {
  const auto found = types_.find(Lower(name.text));
  return found == types_.end() ? nullptr : &found->second;
}

void Builder::AddSequence(const Name& name, Sequence sequence) {
  sequences_[Lower(name.text)] = sequence;
}

const Sequence* Builder::FindSequence(std::string_view name) const {
  const auto found = sequences_.find(Lower(name));
  return found == sequences_.end() ? nullptr : &found->second;
}

std::string Builder::Spelling(const Table& table, std::string_view column) {
  const std::string* found = nullptr;
  for (const Column& c : table.columns) {
    if (c.name.text == column) return c.name.text;
    if (found == nullptr && EqualsIgnoreCase(c.name.text, column)) found = &c.name.text;
  }
  return found == nullptr ? "" : *found;
}

void Builder::Finish() {
  Compact();
  ResolveTypes();
  ResolveChecks();
  ResolveForeignKeys();
  const auto more = [&](size_t count, Problem::Severity severity, const char* what) {
    if (count == 0) return;
    Problem problem;
    problem.severity = severity;
    problem.message = "and " + std::to_string(count) + " more " + what;
    catalog_.problems.push_back(std::move(problem));
  };
  more(dropped_errors_, Problem::Severity::kError, "errors");
  more(dropped_warnings_, Problem::Severity::kWarning, "warnings");
}

}  // namespace synthmill::ddl
