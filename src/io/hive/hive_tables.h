// The tables of one run in a metastore: made or checked before the work, pointed to the run's files
// at its commit. Of files it knows only where they are.
#pragma once

#include <arrow/result.h>

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "io/destinations/destination.h"
#include "io/hive/metastore.h"

namespace synthmill::io::hive {

// The column of the partitions a run writes when its tables have none of their own.
inline constexpr char kLoadDate[] = "load_date";

// Where a run's rows are: <root>/<table>/<partition>/run=<id>/, <partition> being the values of the
// table's own partition columns ("region=EU/day=2026-01-31"), or else load_date=D.
class HiveTables {
 public:
  // `load_date` empty: tables that have no partition columns of their own are without partitions.
  HiveTables(Metastore* metastore, std::string database, std::string root, std::string load_date)
      : metastore_(metastore),
        database_(std::move(database)),
        root_(std::move(root)),
        load_date_(std::move(load_date)) {}

  // Makes the tables that are missing. All that keeps the run from its end and can be known before
  // the work is told here: names and types Hive has not, a table with other columns, partitions
  // that are there already.
  arrow::Status Prepare(const RunTarget& target);

  // Where rows go, below the table's folder; `folder` is that of the table's own partition columns.
  // Errors: values that a metastore cannot hold, a partition whose rows must stay. Any thread.
  arrow::Result<std::string> RunFolder(size_t table, const std::string& folder) const;

  // Points each table's partitions to the run's files; done again, it changes nothing.
  arrow::Status Point(const std::vector<Receipt>& receipts);

  // The folders that readers of the metastore see and that runs wrote, below the table's
  // ("load_date=…/run=…").
  arrow::Result<std::set<std::string>> Current(const std::string& table);

  // After Point: the folders of the partitions the run wrote, below the table's; "": the table's
  // own.
  const std::set<std::string>& Written(const std::string& table) const;
  std::string RunName() const { return "run=" + target_.run_id; }

 private:
  arrow::Result<std::vector<HiveColumn>> Keys(const DestinationTable& table) const;
  arrow::Status PrepareTable(const DestinationTable& table);
  arrow::Status CheckFree(const DestinationTable& table, const HiveTable& there);
  arrow::Status PointTable(const DestinationTable& table, const std::string& name);
  std::string Base(const std::string& table) const { return root_ + "/" + table; }
  // load_date=D, of tables without partition columns of their own; empty: no partitions at all.
  std::string DayFolder() const;
  std::string InRun(const std::string& folder) const {
    return folder.empty() ? RunName() : folder + "/" + RunName();
  }

  Metastore* metastore_;
  std::string database_, root_, load_date_;
  RunTarget target_;
  // Values of partitions whose rows must stay, by table.
  std::map<std::string, std::set<std::vector<std::string>>> taken_;
  std::map<std::string, std::map<std::string, HiveStatistics>> statistics_;  // by table, folder
  std::map<std::string, std::set<std::string>> written_;
};

}  // namespace synthmill::io::hive
