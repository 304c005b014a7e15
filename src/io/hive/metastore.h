// A Hive metastore, asked over its Thrift interface: databases, tables, partitions, and where their
// files are. Only calls that Hive 2.3, 3.1 and 4 all have are used; no Kerberos.
//
//   ARROW_ASSIGN_OR_RAISE(auto uri, ParseMetastoreUri("hive://127.0.0.1:9083/sales"));
//   ARROW_ASSIGN_OR_RAISE(auto metastore, Metastore::Connect(uri.host, uri.port));
//   ARROW_ASSIGN_OR_RAISE(auto parts, metastore->ListPartitions("sales", "orders"));
//
// One thread at a time. A connection that broke is made again for each call, with some patience;
// what a call did before the break is found out by asking, never by doing it twice.
#pragma once

#include <arrow/result.h>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace synthmill::io::hive {

struct MetastoreUri {
  std::string host;
  int port = 9083;
  std::string database;
  std::string ToString() const;  // hive://host:port/database
};

arrow::Result<MetastoreUri> ParseMetastoreUri(std::string_view uri);

struct HiveColumn {
  std::string name;  // lower case, as the metastore keeps it
  std::string type;  // "decimal(10,2)", "array<string>"
  std::string comment = {};
};

struct HiveDatabase {
  std::string name;
  std::string location;
};

struct HiveTable {
  std::string name;
  std::vector<HiveColumn> columns;
  std::vector<HiveColumn> partition_keys;
  std::string location;
  std::string serde;  // a Java class
  std::string kind;   // EXTERNAL_TABLE, MANAGED_TABLE, VIRTUAL_VIEW
  std::map<std::string, std::string> parameters = {};

  bool partitioned() const { return !partition_keys.empty(); }
};

struct HivePartition {
  std::vector<std::string> values;  // in the order of the table's partition keys
  std::string location;
  std::string serde;                                   // a Java class
  std::map<std::string, std::string> parameters = {};  // numRows, totalSize, …
};

// What readers' planners want to know of the files at a location.
struct HiveStatistics {
  uint64_t rows = 0, bytes = 0, files = 0;
};

// A partition, and where its rows are to be.
struct HivePointer {
  std::vector<std::string> values;
  std::string location;
  std::string empty;  // a place without files
  HiveStatistics statistics;
};

class Metastore {
 public:
  virtual ~Metastore() = default;

  // Errors tell apart: nobody there, refused, and somebody who is no metastore.
  static arrow::Result<std::unique_ptr<Metastore>> Connect(const std::string& host, int port);

  virtual arrow::Result<std::vector<std::string>> ListDatabases() = 0;
  virtual arrow::Result<std::optional<HiveDatabase>> GetDatabase(const std::string& name) = 0;
  virtual arrow::Status CreateDatabase(const std::string& name, const std::string& location) = 0;

  virtual arrow::Result<std::vector<std::string>> ListTables(const std::string& database) = 0;
  virtual arrow::Result<std::optional<HiveTable>> GetTable(const std::string& database,
                                                           const std::string& table) = 0;
  // An external table of Parquet files.
  virtual arrow::Status CreateTable(const std::string& database, const HiveTable& table) = 0;
  // All rows of a table without partition keys are at `location` from now on.
  virtual arrow::Status PointTable(const std::string& database, const std::string& table,
                                   const std::string& location,
                                   const HiveStatistics& statistics) = 0;

  virtual arrow::Result<std::optional<HivePartition>> GetPartition(
      const std::string& database, const std::string& table,
      const std::vector<std::string>& values) = 0;
  // `filter` as Hive writes it (load_date >= "2026-01-01"); empty: all.
  virtual arrow::Result<std::vector<HivePartition>> ListPartitions(
      const std::string& database, const std::string& table, const std::string& filter = "") = 0;
  // The rows of these partitions are where they say from now on: added, or, if they are there,
  // altered (with the table's columns of today). One atomic step for all of them; where only some
  // are there, the others are made without rows before it.
  virtual arrow::Status PointPartitions(const std::string& database, const std::string& table,
                                        const std::vector<HivePointer>& pointers) = 0;
  // Not its files. No error if there is none.
  virtual arrow::Status DropPartition(const std::string& database, const std::string& table,
                                      const std::vector<std::string>& values) = 0;
};

// "load_date=2026-01-31" of the keys and their values, escaped as Hive escapes folder names.
std::string PartitionName(const std::vector<HiveColumn>& keys,
                          const std::vector<std::string>& values);
// Its inverse: the values, in the order they stand there.
arrow::Result<std::vector<std::string>> PartitionValues(std::string_view name);

// The partitions that `wanted` names, in the order of their values: all if it is empty, else those
// with these values for some keys ("load_date=2026-01-31/region=EU"; "2026-01-31" where there is
// one key). None such: an error that lists the newest ones there.
arrow::Result<std::vector<HivePartition>> ChoosePartitions(Metastore* metastore,
                                                           const std::string& database,
                                                           const HiveTable& table,
                                                           const std::string& wanted);

}  // namespace synthmill::io::hive
