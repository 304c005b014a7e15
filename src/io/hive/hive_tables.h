// The tables of one run in a metastore: made or checked before the work, pointed to the run's files
// at its commit. Of files it knows only where they are.
#pragma once

#include <arrow/result.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "io/destinations/destination.h"
#include "io/hive/metastore.h"

namespace synthmill::io::hive {

// The column of the partitions a run writes when its tables have none of their own.
inline constexpr char kLoadDate[] = "load_date";

class HiveTables {
 public:
  // `root`: <root>/<table>/load_date=D/run=<id>. `load_date` empty: tables without partitions.
  HiveTables(Metastore* metastore, std::string database, std::string root, std::string load_date)
      : metastore_(metastore),
        database_(std::move(database)),
        root_(std::move(root)),
        load_date_(std::move(load_date)) {}

  // Makes the tables that are missing. All that keeps the run from its end is told here: names and
  // types Hive has not, a table with other columns, a partition that is there already.
  arrow::Status Prepare(const RunTarget& target);

  // Below the table's folder: "load_date=2026-01-31/run=<id>".
  std::string RunFolder() const;

  // Points each table's partition to its files; done again, it changes nothing.
  arrow::Status Point(const std::vector<Receipt>& receipts);

  // Where the rows that readers see are, below the table's folder ("load_date=…/run=…"); nothing
  // where readers see none, or files that are elsewhere.
  arrow::Result<std::optional<std::string>> Current(const std::string& table);

  // The folder that holds this partition's runs, below the table's; empty: the table's own.
  std::string PartitionFolder() const;

 private:
  std::vector<HiveColumn> Keys() const;
  arrow::Status PrepareTable(const DestinationTable& table);
  arrow::Status CheckFree(const DestinationTable& table, const std::string& hive_name);
  std::string Base(const std::string& table) const { return root_ + "/" + table; }
  // Of an unpartitioned table, or of the partition; nothing: not there.
  arrow::Result<std::optional<std::string>> Location(const std::string& hive_name);

  Metastore* metastore_;
  std::string database_, root_, load_date_;
  RunTarget target_;
};

}  // namespace synthmill::io::hive
