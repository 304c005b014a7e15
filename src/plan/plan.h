// What a run would make, before it makes it: tables, exact rows, parts; and how it is cut.
//
// A part is a range of rows of one root. Parts are never listed, only computed (slices, which a
// file lists, aside): a plan of 10^15 rows takes no longer than one of ten. Immutable; may be
// shared by threads.
#pragma once

#include <arrow/result.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "generate/program.h"
#include "plan/slices.h"

namespace synthmill::plan {

// Root rows per part when nothing else is asked for, and the least number of parts.
inline constexpr uint64_t kDefaultPartRows = 524'288;
inline constexpr uint64_t kMinParts = 8;

struct PlanOptions {
  uint64_t partitions = 0;  // parts of each root; 0: from the number of rows
  // Rows of each part of a table without an entity; 0: as many as `partitions` makes them.
  uint64_t part_rows = 0;
  // Tables without an entity that are cut as a file says, by key.
  std::map<std::string, std::vector<Slice>> slices = {};
};

struct Part {
  uint64_t task = 0;  // over all roots, from 0
  int root = 0;
  uint64_t number = 0;  // within the root: part-00000
  bool first = false;   // of the parts of its root that are made
  uint64_t begin = 0;   // rows of the root, and one past the last
  uint64_t end = 0;
};

struct PlannedRoot {
  std::string key;
  uint64_t begin = 0, end = 0;  // rows
  uint64_t first_block = 0, blocks = 0;
  uint64_t parts = 0;  // that are made
  uint64_t first_task = 0;
  uint64_t part_rows = 0;        // 0: cut by blocks
  std::vector<uint64_t> cuts;    // slices: where each begins, and the end; empty: none
  std::vector<uint64_t> chosen;  // of the slices: their numbers; empty: all
};

struct PlannedSlice {
  std::string table;   // output name
  uint64_t slice = 0;  // as the file calls it
  uint64_t part = 0;
  uint64_t wanted = 0;  // rows, as in the file
  uint64_t rows = 0;    // scaled
};

struct PlannedTable {
  std::string key, name, help;
  int root = 0;
  bool truth = false;
  uint64_t rows = 0;
  bool rows_exact = true;
  uint64_t parts = 0;
  uint64_t bytes = 0;  // estimated; 0: not known
  std::string per;     // "3..9 per orders"; empty: not counted by another table's rows
  std::vector<std::string> partition_by = {};  // columns whose values name its folders
};

class Plan {
 public:
  static arrow::Result<Plan> Make(const generate::Program& program, const PlanOptions& options);

  const std::vector<PlannedRoot>& roots() const { return roots_; }
  const std::vector<PlannedTable>& tables() const { return tables_; }
  std::vector<PlannedTable>& tables() { return tables_; }
  // Of those that are made.
  const std::vector<PlannedSlice>& slices() const { return slices_; }
  // What differs from what was asked for ("at most 3 parts are possible").
  const std::vector<std::string>& notes() const { return notes_; }

  uint64_t tasks() const { return tasks_; }  // parts of all roots
  Part task(uint64_t number) const;
  uint64_t rows() const;   // of all tables, truth tables included
  uint64_t bytes() const;  // estimated
  bool rows_exact() const;

 private:
  std::vector<PlannedRoot> roots_;
  std::vector<PlannedTable> tables_;
  std::vector<PlannedSlice> slices_;
  std::vector<std::string> notes_;
  uint64_t tasks_ = 0;
};

// How many parts a root of this many rows and blocks is cut into.
uint64_t PartCount(uint64_t rows, uint64_t blocks, uint64_t asked);

// The surroundings of a plan that are not its business, for printing.
struct PlanContext {
  std::string dataset = {};
  std::string uri = {}, destination = {}, guarantee = {};
  std::string format = {}, compression = {};
  std::string write_mode = {};
  std::string run_hash = {};
  uint64_t seed = 0;
  std::string as_of = {}, noise = {};
  int threads = 0;
};

// A table for people; `~` marks estimates.
std::string RenderText(const Plan& plan, const PlanContext& context);
// One JSON document (docs/manifest.md, "plan").
std::string RenderJson(const Plan& plan, const PlanContext& context);

// 1234567 -> "1,234,567"
std::string Grouped(uint64_t number);
// 61234567 -> "61.2 MB" (powers of 1,000)
std::string HumanBytes(uint64_t bytes);

}  // namespace synthmill::plan
