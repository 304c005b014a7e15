#include "io/hive/metastore.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <ctime>
#include <map>
#include <thread>

#include "io/hive/thrift.h"

namespace synthmill::io::hive {

namespace {

constexpr int kConnectMillis = 10'000;
constexpr int kFirstAnswerMillis = 15'000;  // who is no metastore may never answer
constexpr int kAnswerMillis = 300'000;      // a listing of a million partitions
constexpr int kMillisAPartition = 200;      // more where many are pointed
constexpr int kAttempts = 3;
constexpr size_t kNamesAtOnce = 1000;
constexpr auto kPause = std::chrono::milliseconds(400);

constexpr char kParquetSerde[] = "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe";
constexpr char kParquetInput[] = "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat";
constexpr char kParquetOutput[] = "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat";

// The field numbers of the metastore's structures that are read or written here; all others are
// carried along as they came. The same in Hive 2.3, 3.1 and 4.
namespace field {
enum Column : int16_t { kColumnName = 1, kColumnType = 2, kColumnComment = 3 };
enum Database : int16_t { kDatabaseName = 1, kDatabaseLocation = 3, kDatabaseParameters = 4 };
enum Table : int16_t {
  kTableName = 1,
  kTableDatabase = 2,
  kTableCreated = 4,
  kTableStorage = 7,
  kTableKeys = 8,
  kTableParameters = 9,
  kTableKind = 12
};
enum Partition : int16_t {
  kPartitionValues = 1,
  kPartitionDatabase = 2,
  kPartitionTable = 3,
  kPartitionCreated = 4,
  kPartitionStorage = 6,
  kPartitionParameters = 7
};
enum Storage : int16_t {
  kColumns = 1,
  kLocation = 2,
  kInputFormat = 3,
  kOutputFormat = 4,
  kCompressed = 5,
  kBuckets = 6,
  kSerde = 7,
  kBucketColumns = 8,
  kSortColumns = 9,
  kStorageParameters = 10
};
enum Serde : int16_t { kSerdeName = 1, kSerdeClass = 2, kSerdeParameters = 3 };
}  // namespace field

using Value = ThriftValue;

std::vector<HiveColumn> FromFields(const Value& fields) {
  std::vector<HiveColumn> columns;
  for (const Value& f : fields.items()) {
    columns.push_back({f.at(field::kColumnName).text(), f.at(field::kColumnType).text(),
                       f.at(field::kColumnComment).text()});
  }
  return columns;
}

Value ToFields(const std::vector<HiveColumn>& columns) {
  std::vector<Value> fields;
  for (const HiveColumn& c : columns) {
    Value one = Value::Struct(
        {{field::kColumnName, Value::String(c.name)}, {field::kColumnType, Value::String(c.type)}});
    if (!c.comment.empty()) one[field::kColumnComment] = Value::String(c.comment);
    fields.push_back(std::move(one));
  }
  return Value::Structs(std::move(fields));
}

HivePartition FromPartition(const Value& p) {
  return {p.at(field::kPartitionValues).strings(),
          p.at(field::kPartitionStorage).at(field::kLocation).text(),
          p.at(field::kPartitionStorage).at(field::kSerde).at(field::kSerdeClass).text(),
          p.at(field::kPartitionParameters).string_map()};
}

Value Now() { return Value::I32(static_cast<int32_t>(std::time(nullptr))); }

// Hive reads the first four; DO_NOT_UPDATE_STATS keeps the metastore from counting files itself,
// which it does without the rows.
Value WithStatistics(const Value& parameters, const HiveStatistics& statistics) {
  std::map<std::string, std::string> all = parameters.string_map();
  all["numRows"] = std::to_string(statistics.rows);
  all["totalSize"] = std::to_string(statistics.bytes);
  all["rawDataSize"] = std::to_string(statistics.bytes);
  all["numFiles"] = std::to_string(statistics.files);
  all["DO_NOT_UPDATE_STATS"] = "true";
  all.erase("COLUMN_STATS_ACCURATE");
  return Value::StringMap(all);
}

// Arguments, numbered from 1.
Value Arguments(std::vector<Value> values) {
  Value out = Value::Struct();
  for (size_t i = 0; i < values.size(); ++i) {
    out[static_cast<int16_t>(i + 1)] = std::move(values[i]);
  }
  return out;
}

Value Names(const std::string& database, const std::string& table) {
  return Arguments({Value::String(database), Value::String(table)});
}

class ThriftMetastore : public Metastore {
 public:
  ThriftMetastore(std::string host, int port) : host_(std::move(host)), port_(port) {}

  arrow::Result<std::vector<std::string>> ListDatabases() override {
    ARROW_ASSIGN_OR_RAISE(const Answer answer,
                          Ask("list databases", "get_all_databases", Value::Struct()));
    std::vector<std::string> names = answer->strings();
    std::sort(names.begin(), names.end());
    return names;
  }

  arrow::Result<std::optional<HiveDatabase>> GetDatabase(const std::string& name) override {
    ARROW_ASSIGN_OR_RAISE(const Answer answer,
                          Ask("read the database " + name, "get_database",
                              Arguments({Value::String(name)}), /*expected=*/1));
    if (!answer) return std::nullopt;
    return HiveDatabase{answer->at(field::kDatabaseName).text(),
                        answer->at(field::kDatabaseLocation).text()};
  }

  // What is there already (made by us before the connection broke, or by another) is no error.
  arrow::Status CreateDatabase(const std::string& name, const std::string& location) override {
    const Value database = Value::Struct({{field::kDatabaseName, Value::String(name)},
                                          {field::kDatabaseLocation, Value::String(location)},
                                          {field::kDatabaseParameters, Value::StringMap({})}});
    return Ask("create the database " + name, "create_database", Arguments({database}),
               /*expected=*/1)
        .status();
  }

  arrow::Result<std::vector<std::string>> ListTables(const std::string& database) override {
    ARROW_ASSIGN_OR_RAISE(const Answer answer,
                          Ask("list the tables of " + database, "get_all_tables",
                              Arguments({Value::String(database)})));
    std::vector<std::string> names = answer->strings();
    std::sort(names.begin(), names.end());
    return names;
  }

  arrow::Result<std::optional<HiveTable>> GetTable(const std::string& database,
                                                   const std::string& table) override {
    ARROW_ASSIGN_OR_RAISE(const Answer found, ReadTable(database, table));
    if (!found) return std::nullopt;
    const Value& storage = found->at(field::kTableStorage);
    return HiveTable{found->at(field::kTableName).text(),
                     FromFields(storage.at(field::kColumns)),
                     FromFields(found->at(field::kTableKeys)),
                     storage.at(field::kLocation).text(),
                     storage.at(field::kSerde).at(field::kSerdeClass).text(),
                     found->at(field::kTableKind).text(),
                     found->at(field::kTableParameters).string_map()};
  }

  arrow::Status CreateTable(const std::string& database, const HiveTable& table) override {
    const Value serde = Value::Struct(
        {{field::kSerdeName, Value::String(table.name)},
         {field::kSerdeClass, Value::String(kParquetSerde)},
         {field::kSerdeParameters, Value::StringMap({{"serialization.format", "1"}})}});
    const Value storage = Value::Struct({{field::kColumns, ToFields(table.columns)},
                                         {field::kLocation, Value::String(table.location)},
                                         {field::kInputFormat, Value::String(kParquetInput)},
                                         {field::kOutputFormat, Value::String(kParquetOutput)},
                                         {field::kCompressed, Value::Bool(false)},
                                         {field::kBuckets, Value::I32(-1)},
                                         {field::kSerde, serde},
                                         {field::kBucketColumns, Value::Strings({})},
                                         {field::kSortColumns, Value::Structs({})},
                                         {field::kStorageParameters, Value::StringMap({})}});
    std::map<std::string, std::string> parameters = table.parameters;
    parameters["EXTERNAL"] = "TRUE";
    const Value made = Value::Struct({{field::kTableName, Value::String(table.name)},
                                      {field::kTableDatabase, Value::String(database)},
                                      {field::kTableCreated, Now()},
                                      {field::kTableStorage, storage},
                                      {field::kTableKeys, ToFields(table.partition_keys)},
                                      {field::kTableParameters, Value::StringMap(parameters)},
                                      {field::kTableKind, Value::String("EXTERNAL_TABLE")}});
    return Ask("create the table " + database + "." + table.name, "create_table", Arguments({made}),
               /*expected=*/1)
        .status();
  }

  arrow::Status PointTable(const std::string& database, const std::string& table,
                           const std::string& location, const HiveStatistics& statistics) override {
    ARROW_ASSIGN_OR_RAISE(Answer found, ReadTable(database, table));
    if (!found) return Gone(database + "." + table);
    (*found)[field::kTableStorage][field::kLocation] = Value::String(location);
    (*found)[field::kTableParameters] =
        WithStatistics(found->at(field::kTableParameters), statistics);
    return Ask("point the table " + database + "." + table, "alter_table",
               Arguments({Value::String(database), Value::String(table), *found}))
        .status();
  }

  arrow::Result<std::optional<HivePartition>> GetPartition(
      const std::string& database, const std::string& table,
      const std::vector<std::string>& values) override {
    ARROW_ASSIGN_OR_RAISE(const Answer found, ReadPartition(database, table, values));
    if (!found) return std::nullopt;
    return FromPartition(*found);
  }

  arrow::Result<std::vector<HivePartition>> ListPartitions(const std::string& database,
                                                           const std::string& table,
                                                           const std::string& filter) override {
    Value arguments = Names(database, table);
    if (!filter.empty()) arguments[3] = Value::String(filter);
    arguments[filter.empty() ? 3 : 4] = Value::I16(-1);  // all
    ARROW_ASSIGN_OR_RAISE(
        const Answer answer,
        Ask("list the partitions of " + database + "." + table,
            filter.empty() ? "get_partitions" : "get_partitions_by_filter", arguments));
    std::vector<HivePartition> partitions;
    for (const Value& p : answer->items()) partitions.push_back(FromPartition(p));
    return partitions;
  }

  arrow::Status PointPartitions(const std::string& database, const std::string& table,
                                const std::vector<HivePointer>& pointers) override {
    if (pointers.empty()) return arrow::Status::OK();
    ARROW_ASSIGN_OR_RAISE(const Answer owner, ReadTable(database, table));
    if (!owner) return Gone(database + "." + table);
    const std::string what = "point partitions of " + database + "." + table;
    // Somebody may add or drop some at the same time: then what is there is looked at again.
    for (int attempt = 0; attempt < kAttempts; ++attempt) {
      const bool last = attempt + 1 == kAttempts;
      ARROW_ASSIGN_OR_RAISE(const auto before, ReadPartitions(database, *owner, pointers));
      std::vector<Value> missing, changed;
      for (const HivePointer& pointer : pointers) {
        const auto found = before.find(pointer.values);
        Value partition =
            found != before.end()
                ? found->second
                : Value::Struct({{field::kPartitionValues, Value::Strings(pointer.values)},
                                 {field::kPartitionDatabase, Value::String(database)},
                                 {field::kPartitionTable, Value::String(table)},
                                 {field::kPartitionCreated, Now()}});
        if (Points(partition, pointer)) continue;
        Point(*owner, pointer.location, pointer.statistics, &partition);
        changed.push_back(partition);
        if (found != before.end()) continue;
        if (!before.empty()) Point(*owner, pointer.empty, {}, &partition);
        missing.push_back(std::move(partition));
      }
      if (changed.empty()) return arrow::Status::OK();
      // add_partitions says by its second exception that one is there, alter_partitions by its
      // first that one is not.
      if (!missing.empty()) {
        ARROW_ASSIGN_OR_RAISE(
            const Answer added,
            Ask(what, "add_partitions", Arguments({Value::Structs(std::move(missing))}),
                last ? 0 : 2, pointers.size()));
        if (!added) continue;
        if (before.empty()) return arrow::Status::OK();  // added with their rows
      }
      ARROW_ASSIGN_OR_RAISE(const Answer done,
                            Ask(what, "alter_partitions",
                                Arguments({Value::String(database), Value::String(table),
                                           Value::Structs(std::move(changed))}),
                                last ? 0 : 1, pointers.size()));
      if (done) return arrow::Status::OK();
    }
    return arrow::Status::IOError("the metastore ", Where(), ": cannot ", what,
                                  ": somebody else keeps changing them");
  }

  arrow::Status DropPartition(const std::string& database, const std::string& table,
                              const std::vector<std::string>& values) override {
    Value arguments = Names(database, table);
    arguments[3] = Value::Strings(values);
    arguments[4] = Value::Bool(false);  // its files stay
    return Ask("drop a partition of " + database + "." + table, "drop_partition", arguments,
               /*expected=*/1)
        .status();
  }

  arrow::Status Open() {
    auto opened = ThriftConnection::Open(host_, port_, kConnectMillis);
    if (!opened.ok()) {
      return arrow::Status::IOError("no Hive metastore answers at ", Where(), " (",
                                    opened.status().message(),
                                    "); is it running, and are host and port right?");
    }
    connection_ = std::move(*opened);
    return arrow::Status::OK();
  }

  // Only a metastore understands the question.
  arrow::Status Greet() {
    auto reply = connection_->Call("get_all_databases", Value::Struct(), kFirstAnswerMillis);
    if (reply.ok() && reply->exception == 0) return arrow::Status::OK();
    if (reply.ok() && reply->exception > 0) {
      return arrow::Status::IOError("the metastore at ", Where(),
                                    " is not well: ", FirstLine(reply->message));
    }
    return arrow::Status::IOError(
        "something listens at ", Where(), ", but it does not answer as a Hive metastore (",
        reply.ok() ? reply->message : reply.status().message(),
        "); is this another service's port (HiveServer2 has 10000), or one that wants Kerberos? A "
        "metastore's own port is 9083");
  }

 private:
  using Answer = std::optional<Value>;

  std::string Where() const { return fmt::format("{}:{}", host_, port_); }

  static std::string FirstLine(const std::string& message) {
    return message.substr(0, message.find('\n'));
  }

  arrow::Status Gone(const std::string& table) const {
    return arrow::Status::IOError("the table ", table, " is gone from the metastore ", Where(),
                                  "; somebody dropped it");
  }

  // Calls `method`; the connection is made again if it broke. Nothing where the metastore answers
  // with the exception `expected`; any other one is an error, told as "refuses to <what>".
  arrow::Result<Answer> Ask(const std::string& what, const char* method, const Value& arguments,
                            int expected = 0, size_t partitions = 0) {
    const int patience = kAnswerMillis + static_cast<int>(std::min<size_t>(partitions, 1'000'000)) *
                                             kMillisAPartition;
    std::string broken;
    for (int attempt = 0; attempt < kAttempts; ++attempt) {
      if (attempt > 0) std::this_thread::sleep_for(kPause * attempt);
      if (!connection_) {
        const arrow::Status opened = Open();
        if (!opened.ok()) {
          broken = opened.message();
          continue;
        }
      }
      auto reply = connection_->Call(method, arguments, patience);
      if (!reply.ok()) {
        connection_.reset();
        broken = fmt::format("the metastore {} went away ({})", Where(), reply.status().message());
        continue;
      }
      if (reply->exception == 0) return Answer(std::move(reply->result));
      if (reply->exception == expected) return Answer();
      return arrow::Status::Invalid("the metastore ", Where(), " refuses to ", what, ": ",
                                    FirstLine(reply->message));
    }
    return arrow::Status::IOError(broken, "; it was asked to ", what);
  }

  arrow::Result<Answer> ReadTable(const std::string& database, const std::string& table) {
    return Ask("read the table " + database + "." + table, "get_table", Names(database, table),
               /*expected=*/2);
  }

  arrow::Result<Answer> ReadPartition(const std::string& database, const std::string& table,
                                      const std::vector<std::string>& values) {
    Value arguments = Names(database, table);
    arguments[3] = Value::Strings(values);
    return Ask("read a partition of " + database + "." + table, "get_partition", arguments,
               /*expected=*/2);
  }

  // Those that are there, by their values.
  arrow::Result<std::map<std::vector<std::string>, Value>> ReadPartitions(
      const std::string& database, const Value& owner, const std::vector<HivePointer>& pointers) {
    const std::string table = owner.at(field::kTableName).text();
    const std::vector<HiveColumn> keys = FromFields(owner.at(field::kTableKeys));
    std::map<std::vector<std::string>, Value> found;
    for (size_t i = 0; i < pointers.size();) {
      std::vector<std::string> names;
      for (; i < pointers.size() && names.size() < kNamesAtOnce; ++i) {
        names.push_back(PartitionName(keys, pointers[i].values));
      }
      Value arguments = Names(database, table);
      arguments[3] = Value::Strings(names);
      ARROW_ASSIGN_OR_RAISE(const Answer answer, Ask("read partitions of " + database + "." + table,
                                                     "get_partitions_by_names", arguments));
      for (const Value& p : answer->items()) {
        found.emplace(p.at(field::kPartitionValues).strings(), p);
      }
    }
    return found;
  }

  static bool Points(const Value& partition, const HivePointer& pointer) {
    const Value& parameters = partition.at(field::kPartitionParameters);
    return partition.at(field::kPartitionStorage).at(field::kLocation).text() == pointer.location &&
           WithStatistics(parameters, pointer.statistics).string_map() == parameters.string_map();
  }

  // With the table's columns of today.
  static void Point(const Value& owner, const std::string& location,
                    const HiveStatistics& statistics, Value* partition) {
    const Value parameters = WithStatistics(partition->at(field::kPartitionParameters), statistics);
    (*partition)[field::kPartitionStorage] = owner.at(field::kTableStorage);
    (*partition)[field::kPartitionStorage][field::kLocation] = Value::String(location);
    (*partition)[field::kPartitionParameters] = parameters;
  }

  std::string host_;
  int port_;
  std::unique_ptr<ThriftConnection> connection_;
};

}  // namespace

arrow::Result<std::unique_ptr<Metastore>> Metastore::Connect(const std::string& host, int port) {
  auto metastore = std::make_unique<ThriftMetastore>(host, port);
  ARROW_RETURN_NOT_OK(metastore->Open());
  ARROW_RETURN_NOT_OK(metastore->Greet());
  return metastore;
}

std::string MetastoreUri::ToString() const {
  return fmt::format("hive://{}:{}/{}", host, port, database);
}

arrow::Result<MetastoreUri> ParseMetastoreUri(std::string_view uri) {
  constexpr std::string_view kScheme = "hive://";
  const auto wrong = [&](const char* why) {
    return arrow::Status::Invalid("--to ", std::string(uri), ": ", why,
                                  "; written as hive://host:9083/database");
  };
  if (!uri.starts_with(kScheme)) return wrong("this is no metastore's address");
  std::string_view rest = uri.substr(kScheme.size());
  const size_t slash = rest.find('/');
  if (slash == std::string_view::npos) return wrong("it names no database");
  MetastoreUri out;
  std::string_view authority = rest.substr(0, slash);
  std::string_view database = rest.substr(slash + 1);
  while (database.ends_with('/')) database.remove_suffix(1);
  const size_t colon = authority.rfind(':');
  const size_t bracket = authority.rfind(']');  // [::1]:9083
  if (colon != std::string_view::npos && (bracket == std::string_view::npos || bracket < colon)) {
    const std::string_view port = authority.substr(colon + 1);
    const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), out.port);
    if (error != std::errc() || end != port.data() + port.size() || out.port < 1 ||
        out.port > 65535) {
      return wrong("the port is not a number from 1 to 65535");
    }
    authority = authority.substr(0, colon);
  }
  if (authority.starts_with('[') && authority.ends_with(']')) {
    authority = authority.substr(1, authority.size() - 2);
  }
  if (authority.empty()) return wrong("it names no host");
  if (database.empty()) return wrong("it names no database");
  for (const char c : database) {
    if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_')) {
      return wrong("a database's name has letters, digits and _ only");
    }
  }
  out.host = authority;
  for (const char c : database) {
    out.database.push_back(static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c));
  }
  return out;
}

}  // namespace synthmill::io::hive
