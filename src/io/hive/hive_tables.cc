#include "io/hive/hive_tables.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "io/hive/schema.h"

namespace synthmill::io::hive {

namespace {

constexpr char kParquetSerde[] = "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe";
// A table without partitions starts at a folder nobody writes to: files of a run that is not
// committed must not be seen below it.
constexpr char kNoRun[] = "run=none";
// What the tables of a metastore's own database hold.
constexpr size_t kLongestKey = 128, kLongestValue = 256, kLongestPartition = 767;

}  // namespace

arrow::Result<std::vector<HiveColumn>> HiveTables::Keys(const DestinationTable& table) const {
  if (table.partition_by.empty()) {
    if (load_date_.empty()) return std::vector<HiveColumn>{};
    return std::vector<HiveColumn>{{kLoadDate, "date"}};
  }
  arrow::FieldVector fields;
  for (const std::string& name : table.partition_by) {
    fields.push_back(table.schema->GetFieldByName(name));
  }
  ARROW_ASSIGN_OR_RAISE(auto keys, HiveColumns(arrow::Schema(std::move(fields)), {}));
  for (const HiveColumn& key : keys) {
    if (key.name.size() > kLongestKey) {
      return arrow::Status::Invalid("the partition column ", key.name,
                                    ": a metastore takes names of "
                                    "at most ",
                                    kLongestKey, " bytes");
    }
  }
  return keys;
}

std::string HiveTables::DayFolder() const {
  return load_date_.empty() ? std::string() : PartitionName({{kLoadDate, "date"}}, {load_date_});
}

arrow::Result<std::string> HiveTables::RunFolder(size_t table, const std::string& folder) const {
  if (folder.empty()) return InRun(DayFolder());
  const std::string& name = target_.tables[table].name;
  if (folder.size() > kLongestPartition) {
    return arrow::Status::Invalid("the table ", name, ": the partition ", folder, " has a name of ",
                                  folder.size(), " bytes; a metastore holds ", kLongestPartition,
                                  ", so partition by other columns");
  }
  ARROW_ASSIGN_OR_RAISE(const auto values, PartitionValues(folder));
  for (const std::string& value : values) {
    if (value.size() > kLongestValue) {
      return arrow::Status::Invalid("the table ", name, ": the partition ", folder,
                                    " has a value of ", value.size(), " bytes; a metastore holds ",
                                    kLongestValue, ", so partition by other columns");
    }
  }
  const auto taken = taken_.find(name);
  if (taken != taken_.end() && taken->second.contains(values)) {
    return arrow::Status::Invalid(
        "the partition ", folder, " of ", database_, ".", name,
        " has rows already. A partition has one folder: its rows are replaced in one step, or not "
        "at all, and nothing is added to them\n"
        "  replace the partitions that are written:  --write-mode overwrite");
  }
  return InRun(folder);
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
    if (table.partition_by.empty() && !load_date_.empty() && field->name() == kLoadDate) {
      return arrow::Status::Invalid(
          "the table ", table.name,
          " has a column load_date, and its partitions are to have one too: partition by it "
          "(--partition-by load_date), rename it, or hide it (hidden: true), since the partition "
          "carries the day; or write without partitions (--load-date none)");
    }
  }
  const auto in_table = [&](const arrow::Status& status) {
    return status.WithMessage("the table ", table.name, ": ", status.message());
  };
  HiveTable wanted;
  auto keys = Keys(table);
  if (!keys.ok()) return in_table(keys.status());
  wanted.partition_keys = std::move(*keys);
  auto columns = HiveColumns(*table.schema, wanted.partition_keys);
  if (!columns.ok()) return in_table(columns.status());
  for (const HiveColumn& column : *columns) {
    // It writes the schema down as text and reads it again.
    if (!target_.format_options.hive_int96 ||
        column.name.find_first_of(" ;{}()=\t\n") == std::string::npos) {
      continue;
    }
    return arrow::Status::Invalid(
        "the table ", table.name, ": the column '", column.name,
        "' cannot be read by Hive's own Parquet reader, for which --hive-int96 is: it takes no "
        "names with blanks or any of ; { } ( ) =");
  }
  wanted.name = name;
  wanted.columns = std::move(*columns);
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
  return CheckFree(table, *there);
}

arrow::Status HiveTables::CheckFree(const DestinationTable& table, const HiveTable& there) {
  auto& taken = taken_[table.name];
  taken.clear();
  if (target_.mode == WriteMode::kOverwrite) return arrow::Status::OK();
  const bool append = target_.mode == WriteMode::kAppend;
  const auto refuse = [&](const std::string& what, const std::string& location,
                          std::string_view another) {
    return arrow::Status::Invalid(fmt::format(
        "{} {}, at {}{}\n  replace it:       --write-mode overwrite\n{}", what,
        append ? "has rows already" : "is there already", location,
        append ? ". A partition has one folder: its rows are replaced in one step, or not at all, "
                 "and nothing is added to them"
               : "",
        another));
  };
  const std::string ours = "/" + RunName();
  if (!there.partitioned()) {
    if (there.location.ends_with(std::string("/") + kNoRun) || there.location.ends_with(ours)) {
      return arrow::Status::OK();
    }
    return refuse(fmt::format("the table {}.{}", database_, there.name), there.location,
                  "  keep it:          another database");
  }
  ARROW_ASSIGN_OR_RAISE(const auto partitions, metastore_->ListPartitions(database_, there.name));
  // Of a table with partition columns of its own it shows while rows are made which they fall into.
  // All that can be known before: nothing is there, or only other days are.
  const auto day = std::find_if(there.partition_keys.begin(), there.partition_keys.end(),
                                [](const HiveColumn& key) { return key.name == kLoadDate; });
  for (const HivePartition& partition : partitions) {
    if (partition.location.ends_with(ours) ||
        partition.location.ends_with(std::string("/") + kNoRun)) {
      continue;
    }
    const bool own_day =
        day != there.partition_keys.end() && !load_date_.empty() &&
        partition.values[static_cast<size_t>(day - there.partition_keys.begin())] == load_date_;
    const std::string name =
        fmt::format("the partition {} of {}.{}",
                    PartitionName(there.partition_keys, partition.values), database_, there.name);
    if (table.partition_by.empty()) {
      if (own_day) return refuse(name, partition.location, "  add another day:  --load-date");
      continue;
    }
    if (!append && (own_day || day == there.partition_keys.end())) {
      return refuse(name, partition.location,
                    "  keep it:          --write-mode append, if this run writes other partitions");
    }
    taken.insert(partition.values);
  }
  return arrow::Status::OK();
}

arrow::Status HiveTables::Point(const std::vector<Receipt>& receipts) {
  statistics_.clear();
  written_.clear();
  for (const DestinationTable& table : target_.tables) {
    if (table.partition_by.empty()) statistics_[table.name][DayFolder()];
  }
  const std::string run = RunName();
  for (const Receipt& receipt : receipts) {
    // "region=EU/run=<id>/part-00000.parquet"
    std::string folder = receipt.file.substr(0, receipt.file.rfind('/'));
    if (!folder.ends_with(run)) {
      return arrow::Status::Invalid("the part ", receipt.file, " of ", receipt.table,
                                    " is not in the folder of its run, ", run);
    }
    folder.resize(folder.size() - run.size());
    if (folder.ends_with('/')) folder.pop_back();
    HiveStatistics& sum = statistics_[receipt.table][folder];
    sum.rows += receipt.rows;
    sum.bytes += receipt.bytes;
    ++sum.files;
  }
  for (const DestinationTable& table : target_.tables) {
    ARROW_ASSIGN_OR_RAISE(const std::string name, HiveTableName(table.name));
    ARROW_RETURN_NOT_OK(PointTable(table, name));
  }
  return arrow::Status::OK();
}

arrow::Status HiveTables::PointTable(const DestinationTable& table, const std::string& name) {
  std::vector<HivePointer> pointers;
  for (const auto& [folder, statistics] : statistics_[table.name]) {
    written_[table.name].insert(folder);
    const std::string location = Base(table.name) + "/" + InRun(folder);
    if (folder.empty()) return metastore_->PointTable(database_, name, location, statistics);
    ARROW_ASSIGN_OR_RAISE(auto values, PartitionValues(folder));
    pointers.push_back(
        {std::move(values), location, Base(table.name) + "/" + folder + "/" + kNoRun, statistics});
  }
  return metastore_->PointPartitions(database_, name, pointers);
}

const std::set<std::string>& HiveTables::Written(const std::string& table) const {
  static const std::set<std::string> kNone;
  const auto found = written_.find(table);
  return found == written_.end() ? kNone : found->second;
}

arrow::Result<std::set<std::string>> HiveTables::Current(const std::string& table) {
  std::set<std::string> folders;
  auto name = HiveTableName(table);
  if (!name.ok()) return folders;  // Prepare tells of it
  ARROW_ASSIGN_OR_RAISE(const auto there, metastore_->GetTable(database_, *name));
  if (!there) return folders;
  std::vector<std::string> locations = {there->location};
  if (there->partitioned()) {
    locations.clear();
    ARROW_ASSIGN_OR_RAISE(const auto partitions, metastore_->ListPartitions(database_, *name));
    for (const HivePartition& partition : partitions) locations.push_back(partition.location);
  }
  const std::string base = Base(table) + "/";
  for (const std::string& location : locations) {
    if (location.starts_with(base)) folders.insert(location.substr(base.size()));
  }
  return folders;
}

}  // namespace synthmill::io::hive
