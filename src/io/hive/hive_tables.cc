#include "io/hive/hive_tables.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "io/hive/schema.h"

namespace synthmill::io::hive {

namespace {

constexpr char kParquetSerde[] = "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe";
// A table without partitions starts at a folder nobody writes to: files of a run that is not
// committed must not be seen below it.
constexpr char kNoRun[] = "run=none";

}  // namespace

std::vector<HiveColumn> HiveTables::Keys() const {
  if (load_date_.empty()) return {};
  return {{kLoadDate, "date"}};
}

std::string HiveTables::PartitionFolder() const {
  return load_date_.empty() ? std::string() : PartitionName(Keys(), {load_date_});
}

std::string HiveTables::RunFolder() const {
  const std::string folder = PartitionFolder();
  return (folder.empty() ? "" : folder + "/") + "run=" + target_.run_id;
}

arrow::Status HiveTables::Prepare(const RunTarget& target) {
  target_ = target;
  if (std::string_view(target.format->name) != "parquet") {
    return arrow::Status::Invalid("tables of a metastore are written as Parquet, not as ",
                                  target.format->name, ": leave --format out");
  }
  std::map<std::string, std::string> names;
  for (const DestinationTable& table : target.tables) {
    ARROW_ASSIGN_OR_RAISE(const std::string name, HiveTableName(table.name));
    if (!names.emplace(name, table.name).second) {
      return arrow::Status::Invalid("the tables ", names[name], " and ", table.name,
                                    " are one for Hive, which knows no upper case");
    }
  }
  for (const DestinationTable& table : target.tables) ARROW_RETURN_NOT_OK(PrepareTable(table));
  return arrow::Status::OK();
}

arrow::Status HiveTables::PrepareTable(const DestinationTable& table) {
  ARROW_ASSIGN_OR_RAISE(const std::string name, HiveTableName(table.name));
  for (const auto& field : table.schema->fields()) {
    if (!load_date_.empty() && field->name() == kLoadDate) {
      return arrow::Status::Invalid(
          "the table ", table.name,
          " has a column load_date, and its partitions are to have one "
          "too: rename the column, or hide it (hidden: true), since the partition carries the day; "
          "or write without partitions (--load-date none)");
    }
  }
  auto columns = HiveColumns(*table.schema, Keys());
  if (!columns.ok()) {
    return columns.status().WithMessage("the table ", table.name, ": ", columns.status().message());
  }
  HiveTable wanted;
  wanted.name = name;
  wanted.columns = std::move(*columns);
  wanted.partition_keys = Keys();
  wanted.serde = kParquetSerde;
  wanted.kind = "EXTERNAL_TABLE";
  wanted.location = wanted.partitioned() ? Base(table.name) : Base(table.name) + "/" + kNoRun;
  ARROW_ASSIGN_OR_RAISE(auto there, metastore_->GetTable(database_, name));
  if (!there) {
    ARROW_RETURN_NOT_OK(metastore_->CreateTable(database_, wanted));
    // Somebody may have made another one at the same moment.
    ARROW_ASSIGN_OR_RAISE(there, metastore_->GetTable(database_, name));
    if (!there) {
      return arrow::Status::IOError("the table ", database_, ".", name,
                                    " was made, but the metastore does not know it");
    }
  }
  const std::vector<std::string> differences = TableDifferences(*there, wanted);
  if (!differences.empty()) {
    return arrow::Status::Invalid(
        fmt::format("the table {}.{} is there already and cannot take these rows:\n  {}\n"
                    "drop it, or write to another database",
                    database_, name, fmt::join(differences, "\n  ")));
  }
  return CheckFree(table, name);
}

arrow::Status HiveTables::CheckFree(const DestinationTable& table, const std::string& hive_name) {
  if (target_.mode == WriteMode::kOverwrite) return arrow::Status::OK();
  ARROW_ASSIGN_OR_RAISE(const auto location, Location(hive_name));
  if (!location || *location == Base(table.name) + "/" + RunFolder()) return arrow::Status::OK();
  const std::string what =
      load_date_.empty()
          ? fmt::format("the table {}.{}", database_, hive_name)
          : fmt::format("the partition {} of {}.{}", PartitionFolder(), database_, hive_name);
  const char* another = load_date_.empty() ? "  keep it:          another database"
                                           : "  add another day:  --load-date";
  if (target_.mode == WriteMode::kAppend) {
    return arrow::Status::Invalid(
        fmt::format("{} has rows already, at {}. A partition has one folder: its rows are replaced "
                    "in one step, or not at all, and nothing is added to them\n"
                    "  replace it:       --write-mode overwrite\n{}",
                    what, *location, another));
  }
  return arrow::Status::Invalid(
      fmt::format("{} is there already, at {}\n  replace it:       --write-mode overwrite\n{}",
                  what, *location, another));
}

arrow::Result<std::optional<std::string>> HiveTables::Location(const std::string& hive_name) {
  ARROW_ASSIGN_OR_RAISE(const auto table, metastore_->GetTable(database_, hive_name));
  // One with other partition columns is Prepare's to refuse.
  if (!table || table->partition_keys.size() != Keys().size()) return std::nullopt;
  if (!load_date_.empty()) {
    ARROW_ASSIGN_OR_RAISE(const auto partition,
                          metastore_->GetPartition(database_, hive_name, {load_date_}));
    if (!partition) return std::nullopt;
    return partition->location;
  }
  if (table->location.ends_with(std::string("/") + kNoRun)) return std::nullopt;
  return table->location;
}

arrow::Status HiveTables::Point(const std::vector<Receipt>& receipts) {
  std::map<std::string, HiveStatistics> statistics;
  for (const Receipt& receipt : receipts) {
    HiveStatistics& sum = statistics[receipt.table];
    sum.rows += receipt.rows;
    sum.bytes += receipt.bytes;
    ++sum.files;
  }
  for (const DestinationTable& table : target_.tables) {
    ARROW_ASSIGN_OR_RAISE(const std::string name, HiveTableName(table.name));
    const std::string location = Base(table.name) + "/" + RunFolder();
    ARROW_RETURN_NOT_OK(
        load_date_.empty()
            ? metastore_->PointTable(database_, name, location, statistics[table.name])
            : metastore_->PointPartition(database_, name, {load_date_}, location,
                                         statistics[table.name]));
  }
  return arrow::Status::OK();
}

arrow::Result<std::optional<std::string>> HiveTables::Current(const std::string& table) {
  auto name = HiveTableName(table);
  if (!name.ok()) return std::nullopt;  // Prepare tells of it
  ARROW_ASSIGN_OR_RAISE(const auto location, Location(*name));
  const std::string base = Base(table) + "/";
  if (!location || !location->starts_with(base)) return std::nullopt;
  return location->substr(base.size());
}

}  // namespace synthmill::io::hive
