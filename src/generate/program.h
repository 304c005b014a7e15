// A spec with its parameters, made ready to run: which tables there are, how many rows each has
// for any range of a root, and the rows themselves, batch by batch.
//
// A root is what parts are cut from: an entity with every table drawn from it, or a table without
// an entity. Parts are ranges of root rows; those of an entity begin at multiples of 1,024 (or at
// the root's own first row), where row numbers are known without work. A Program is immutable and
// shared by all threads; a PartGenerator belongs to one thread.
#pragma once

#include <arrow/record_batch.h>
#include <arrow/result.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "spec/row_counts.h"
#include "spec/spec.h"

namespace synthmill::generate {

inline constexpr uint64_t kBlockRows = 1024;
// The most rows a root may have: quotas and ids are exact up to here.
inline constexpr uint64_t kMaxRootRows = 1'000'000'000'000'000;

struct CompileOptions {
  uint64_t seed = 42;
  std::string noise;  // a profile of the spec; "none"
  bool truth = false;
  std::vector<std::string> tables;  // keys or output names; empty: all
  std::vector<spec::RowsOverride> rows = {};
};

// One table that comes out of a run, in the order of the spec, truth tables last.
struct OutputTable {
  std::string key;  // of the spec; truth tables: "truth.records", "truth.<entity>", "truth.changes"
  std::string name;  // output name, a safe folder name
  std::string help;
  std::shared_ptr<arrow::Schema> schema;  // with dictionary types and hints (io/formats/format.h)
  int root = 0;                           // index into roots()
  std::string per = {};  // the table whose rows these are counted by, as "3..9 per orders"
  bool truth = false;
  bool rows_exact = true;  // truth_changes: only an estimate before it is made
  // What a column's numbers, dates or times are within, noise aside: in units of its type, floats
  // of 10^-scale. By column of the schema; nothing where the spec does not say. Empty: truth
  // tables.
  struct Bounds {
    __int128 min = 0, max = 0;
    int scale = 0;
  };
  std::vector<std::optional<Bounds>> bounds = {};
};

struct Root {
  std::string key;     // entity or table key
  uint64_t begin = 0;  // first row (0-based), and one past the last
  uint64_t end = 0;
  bool entity = true;  // else a table without one, of which parts may begin at any row
  // Blocks that hold the range: begin/1024 .. ceil(end/1024).
  uint64_t first_block() const { return begin / kBlockRows; }
  uint64_t last_block() const { return (end + kBlockRows - 1) / kBlockRows; }
  uint64_t blocks() const { return end > begin ? last_block() - first_block() : 0; }
};

// What a noise rule did, summed over records; figures add up over parts.
struct NoiseCount {
  std::string table;  // key
  std::string rule;
  int64_t configured = 0;   // rate times 10^9
  uint64_t records = 0;     // seen
  uint64_t applicable = 0;  // records the rule could apply to
  uint64_t touched = 0;     // of these, chosen
  uint64_t changed =
      0;  // of these, at least one of its cells differs from the clean value in the end
};

class PartGenerator {
 public:
  virtual ~PartGenerator() = default;
  // Fills one entry per Program::tables() (nullptr: this table has no rows in this step or belongs
  // to another root). Returns false when the part is finished (and then fills nothing).
  virtual arrow::Result<bool> Next(std::vector<std::shared_ptr<arrow::RecordBatch>>* batches) = 0;
  virtual std::vector<NoiseCount> noise() const = 0;
};

class Program : public std::enable_shared_from_this<Program> {
 public:
  // Errors of the spec's column and noise kinds go to `diagnostics` (all at once) and are returned.
  static arrow::Result<std::shared_ptr<const Program>> Compile(const spec::Spec& spec,
                                                               const spec::Resolved& parameters,
                                                               const CompileOptions& options,
                                                               spec::Diagnostics* diagnostics);
  virtual ~Program() = default;

  virtual const std::vector<OutputTable>& tables() const = 0;
  virtual const std::vector<Root>& roots() const = 0;
  // Exact rows of table `t` that come from rows [begin, end) of its root, in constant time; for
  // tables with rows_exact == false an estimate.
  virtual uint64_t Rows(int t, uint64_t begin, uint64_t end) const = 0;
  uint64_t Rows(int t) const {
    const Root& r = roots()[tables()[t].root];
    return Rows(t, r.begin, r.end);
  }
  // A generator for rows [begin, end) of root `root`.
  virtual arrow::Result<std::unique_ptr<PartGenerator>> Part(int root, uint64_t begin,
                                                             uint64_t end) const = 0;
};

}  // namespace synthmill::generate
