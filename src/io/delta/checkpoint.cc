#include "io/delta/checkpoint.h"

#include <arrow/array.h>
#include <arrow/builder.h>
#include <arrow/io/memory.h>
#include <arrow/table.h>
#include <arrow/table_builder.h>
#include <parquet/arrow/reader.h>
#include <parquet/arrow/writer.h>
#include <parquet/properties.h>

#include <algorithm>
#include <cstdlib>
#include <sstream>

#include "io/formats/format_internal.h"

namespace synthmill::io::delta {

namespace {

using internal::Guard;

constexpr int64_t kWeek = 7LL * 24 * 3600 * 1000;

// ---- Reading ----

// A field of a struct by name; nullptr where it is missing or of another kind than T reads.
template <typename ArrayType>
const ArrayType* Child(const arrow::StructArray& parent, const char* name) {
  const auto child = parent.GetFieldByName(name);
  return child && child->type_id() == ArrayType::TypeClass::type_id
             ? static_cast<const ArrayType*>(child.get())
             : nullptr;
}

std::optional<std::string> TextAt(const arrow::StructArray& parent, const char* name, int64_t row) {
  const auto* texts = Child<arrow::StringArray>(parent, name);
  if (!texts || texts->IsNull(row)) return std::nullopt;
  return texts->GetString(row);
}

std::optional<int64_t> NumberAt(const arrow::StructArray& parent, const char* name, int64_t row) {
  if (const auto* longs = Child<arrow::Int64Array>(parent, name)) {
    return longs->IsNull(row) ? std::nullopt : std::optional(longs->Value(row));
  }
  const auto* ints = Child<arrow::Int32Array>(parent, name);
  if (!ints || ints->IsNull(row)) return std::nullopt;
  return ints->Value(row);
}

std::optional<bool> BoolAt(const arrow::StructArray& parent, const char* name, int64_t row) {
  const auto* bools = Child<arrow::BooleanArray>(parent, name);
  if (!bools || bools->IsNull(row)) return std::nullopt;
  return bools->Value(row);
}

PartitionValues MapAt(const arrow::StructArray& parent, const char* name, int64_t row) {
  PartitionValues out;
  const auto* map = Child<arrow::MapArray>(parent, name);
  if (!map || map->IsNull(row) || map->keys()->type_id() != arrow::Type::STRING ||
      map->items()->type_id() != arrow::Type::STRING) {
    return out;
  }
  const auto& keys = static_cast<const arrow::StringArray&>(*map->keys());
  const auto& items = static_cast<const arrow::StringArray&>(*map->items());
  for (int64_t i = map->value_offset(row); i < map->value_offset(row + 1); ++i) {
    const bool null = items.IsNull(i) || items.GetView(i).empty();
    out[keys.GetString(i)] = null ? std::nullopt : std::optional(items.GetString(i));
  }
  return out;
}

std::map<std::string, std::string> TextMapAt(const arrow::StructArray& parent, const char* name,
                                             int64_t row) {
  std::map<std::string, std::string> out;
  for (const auto& [key, value] : MapAt(parent, name, row)) out[key] = value.value_or("");
  return out;
}

std::vector<std::string> ListAt(const arrow::StructArray& parent, const char* name, int64_t row) {
  std::vector<std::string> out;
  const auto* list = Child<arrow::ListArray>(parent, name);
  if (!list || list->IsNull(row) || list->values()->type_id() != arrow::Type::STRING) return out;
  const auto& values = static_cast<const arrow::StringArray&>(*list->values());
  for (int64_t i = list->value_offset(row); i < list->value_offset(row + 1); ++i) {
    out.push_back(values.GetString(i));
  }
  return out;
}

void ReadAdd(const arrow::StructArray& in, int64_t row, Version* out) {
  Add add;
  add.path = TextAt(in, "path", row).value_or("");
  add.partition_values = MapAt(in, "partitionValues", row);
  add.size = NumberAt(in, "size", row).value_or(0);
  add.modified = NumberAt(in, "modificationTime", row).value_or(0);
  add.data_change = BoolAt(in, "dataChange", row).value_or(false);
  add.stats = TextAt(in, "stats", row);
  add.tags = TextMapAt(in, "tags", row);
  const auto vectors = in.GetFieldByName("deletionVector");
  add.deletion_vector = vectors && vectors->IsValid(row);
  out->adds.push_back(std::move(add));
}

void ReadRemove(const arrow::StructArray& in, int64_t row, Version* out) {
  Remove remove;
  remove.path = TextAt(in, "path", row).value_or("");
  remove.deleted = NumberAt(in, "deletionTimestamp", row);
  remove.data_change = BoolAt(in, "dataChange", row).value_or(false);
  remove.partition_values = MapAt(in, "partitionValues", row);
  remove.size = NumberAt(in, "size", row);
  out->removes.push_back(std::move(remove));
}

void ReadMetadata(const arrow::StructArray& in, int64_t row, Version* out) {
  Metadata metadata;
  metadata.id = TextAt(in, "id", row).value_or("");
  metadata.name = TextAt(in, "name", row);
  metadata.description = TextAt(in, "description", row);
  if (const auto* format = Child<arrow::StructArray>(in, "format")) {
    metadata.provider = TextAt(*format, "provider", row).value_or("parquet");
    metadata.options = TextMapAt(*format, "options", row);
  }
  metadata.schema = TextAt(in, "schemaString", row).value_or("");
  metadata.partition_by = ListAt(in, "partitionColumns", row);
  metadata.configuration = TextMapAt(in, "configuration", row);
  metadata.created = NumberAt(in, "createdTime", row);
  out->metadata = std::move(metadata);
}

void ReadProtocol(const arrow::StructArray& in, int64_t row, Version* out) {
  Protocol protocol;
  protocol.reader = static_cast<int>(NumberAt(in, "minReaderVersion", row).value_or(1));
  protocol.writer = static_cast<int>(NumberAt(in, "minWriterVersion", row).value_or(2));
  protocol.reader_features = ListAt(in, "readerFeatures", row);
  protocol.writer_features = ListAt(in, "writerFeatures", row);
  out->protocol = std::move(protocol);
}

void ReadTxn(const arrow::StructArray& in, int64_t row, Version* out) {
  out->txns.push_back({TextAt(in, "appId", row).value_or(""),
                       NumberAt(in, "version", row).value_or(0), NumberAt(in, "lastUpdated", row)});
}

constexpr std::pair<const char*, void (*)(const arrow::StructArray&, int64_t, Version*)>
    kActions[] = {{"add", ReadAdd},
                  {"remove", ReadRemove},
                  {"metaData", ReadMetadata},
                  {"protocol", ReadProtocol},
                  {"txn", ReadTxn}};

// ---- Writing ----

std::shared_ptr<arrow::DataType> TextMap() {
  return std::make_shared<arrow::MapType>(arrow::field("key", arrow::utf8(), false),
                                          arrow::field("value", arrow::utf8()));
}

std::shared_ptr<arrow::DataType> TextList() {
  return arrow::list(arrow::field("element", arrow::utf8()));
}

std::shared_ptr<arrow::Schema> CheckpointSchema(bool features) {
  using arrow::field;
  const auto text = arrow::utf8();
  const auto number = arrow::int64();
  arrow::FieldVector protocol = {field("minReaderVersion", arrow::int32()),
                                 field("minWriterVersion", arrow::int32())};
  if (features) {
    protocol.push_back(field("readerFeatures", TextList()));
    protocol.push_back(field("writerFeatures", TextList()));
  }
  return arrow::schema(
      {field("txn", arrow::struct_({field("appId", text), field("version", number),
                                    field("lastUpdated", number)})),
       field("add", arrow::struct_({field("path", text), field("partitionValues", TextMap()),
                                    field("size", number), field("modificationTime", number),
                                    field("dataChange", arrow::boolean()), field("tags", TextMap()),
                                    field("stats", text)})),
       field("remove",
             arrow::struct_({field("path", text), field("deletionTimestamp", number),
                             field("dataChange", arrow::boolean()),
                             field("extendedFileMetadata", arrow::boolean()),
                             field("partitionValues", TextMap()), field("size", number)})),
       field("metaData",
             arrow::struct_({field("id", text), field("name", text), field("description", text),
                             field("format", arrow::struct_({field("provider", text),
                                                             field("options", TextMap())})),
                             field("schemaString", text), field("partitionColumns", TextList()),
                             field("configuration", TextMap()), field("createdTime", number)})),
       field("protocol", arrow::struct_(std::move(protocol)))});
}

// Appends one action: a struct's fields in their order.
class StructWriter {
 public:
  explicit StructWriter(arrow::ArrayBuilder* builder)
      : builder_(static_cast<arrow::StructBuilder*>(builder)), status_(builder_->Append()) {}

  StructWriter& Text(const std::optional<std::string>& value) {
    auto* to = Next<arrow::StringBuilder>();
    return Keep(value ? to->Append(*value) : to->AppendNull());
  }
  StructWriter& Number(const std::optional<int64_t>& value) {
    auto* to = Next<arrow::Int64Builder>();
    return Keep(value ? to->Append(*value) : to->AppendNull());
  }
  StructWriter& Int(int value) { return Keep(Next<arrow::Int32Builder>()->Append(value)); }
  StructWriter& Bool(bool value) { return Keep(Next<arrow::BooleanBuilder>()->Append(value)); }
  template <typename Map>
  StructWriter& Texts(const Map& values) {
    auto* to = Next<arrow::MapBuilder>();
    Keep(to->Append());
    auto* keys = static_cast<arrow::StringBuilder*>(to->key_builder());
    auto* items = static_cast<arrow::StringBuilder*>(to->item_builder());
    for (const auto& [key, value] : values) {
      Keep(keys->Append(key));
      const std::optional<std::string> text = value;
      Keep(text ? items->Append(*text) : items->AppendNull());
    }
    return *this;
  }
  StructWriter& NoTexts() { return Keep(Next<arrow::MapBuilder>()->AppendNull()); }
  StructWriter& List(const std::vector<std::string>& values) {
    auto* to = Next<arrow::ListBuilder>();
    Keep(to->Append());
    for (const std::string& value : values) {
      Keep(static_cast<arrow::StringBuilder*>(to->value_builder())->Append(value));
    }
    return *this;
  }
  arrow::ArrayBuilder* Struct() { return Next<arrow::StructBuilder>(); }
  arrow::Status status() const { return status_; }

 private:
  template <typename Builder>
  Builder* Next() {
    return static_cast<Builder*>(builder_->field_builder(next_++));
  }
  StructWriter& Keep(arrow::Status status) {
    if (status_.ok()) status_ = std::move(status);
    return *this;
  }

  arrow::StructBuilder* builder_;
  int next_ = 0;
  arrow::Status status_;
};

enum ActionColumn : int { kTxn, kAdd, kRemove, kMetadata, kProtocol, kActionColumns };

// One row for each action: its column, null in all others.
class CheckpointWriter {
 public:
  arrow::Status Init(const std::shared_ptr<arrow::Schema>& schema) {
    return arrow::RecordBatchBuilder::Make(schema, arrow::default_memory_pool()).Value(&rows_);
  }
  arrow::Result<StructWriter> Row(ActionColumn column) {
    for (int c = 0; c < kActionColumns; ++c) {
      if (c != column) ARROW_RETURN_NOT_OK(rows_->GetField(c)->AppendNull());
    }
    ++count_;
    return StructWriter(rows_->GetField(column));
  }
  arrow::Result<std::shared_ptr<arrow::RecordBatch>> Finish() { return rows_->Flush(); }

 private:
  std::unique_ptr<arrow::RecordBatchBuilder> rows_;
  int64_t count_ = 0;
};

// Milliseconds a removed file is remembered; -1: for ever, since it cannot be told.
int64_t Retention(const Metadata& metadata) {
  const std::string text = metadata.Property("delta.deletedFileRetentionDuration", "");
  return text.empty() ? kWeek : ParseInterval(text);
}

bool IsForgotten(const Remove& remove, int64_t retention, int64_t now) {
  return retention >= 0 && remove.deleted.value_or(0) < now - retention;
}

int64_t Actions(const Snapshot& snapshot, int64_t now) {
  const int64_t retention = Retention(snapshot.metadata);
  const auto kept =
      std::count_if(snapshot.removed.begin(), snapshot.removed.end(),
                    [&](const auto& entry) { return !IsForgotten(entry.second, retention, now); });
  return 2 + static_cast<int64_t>(snapshot.txns.size() + snapshot.files.size()) + kept;
}

}  // namespace

arrow::Result<Version> ReadCheckpoint(std::string bytes, const std::string& where) {
  return Guard(where, [&]() -> arrow::Result<Version> {
    auto file =
        std::make_shared<arrow::io::BufferReader>(arrow::Buffer::FromString(std::move(bytes)));
    parquet::arrow::FileReaderBuilder builder;
    const auto named = [&](const arrow::Status& status) {
      return status.WithMessage(where, ": ", status.message());
    };
    const arrow::Status opened = builder.Open(std::move(file));
    if (!opened.ok()) return named(opened);
    std::unique_ptr<parquet::arrow::FileReader> reader;
    ARROW_ASSIGN_OR_RAISE(reader, builder.Build());
    ARROW_ASSIGN_OR_RAISE(auto batches, reader->GetRecordBatchReader());
    Version out;
    while (true) {
      std::shared_ptr<arrow::RecordBatch> batch;
      const arrow::Status status = batches->ReadNext(&batch);
      if (!status.ok()) return named(status);
      if (!batch) return out;
      for (const auto& [name, read] : kActions) {
        const auto column = batch->GetColumnByName(name);
        if (!column || column->type_id() != arrow::Type::STRUCT) continue;
        const auto& actions = static_cast<const arrow::StructArray&>(*column);
        for (int64_t row = 0; row < actions.length(); ++row) {
          if (actions.IsValid(row)) read(actions, row, &out);
        }
      }
    }
  });
}

arrow::Result<std::string> MakeCheckpoint(const Snapshot& snapshot, int64_t now) {
  return Guard("checkpoint", [&]() -> arrow::Result<std::string> {
    const Protocol& protocol = snapshot.protocol;
    const bool features = protocol.reader >= 3 || protocol.writer >= 7;
    const auto schema = CheckpointSchema(features);
    CheckpointWriter rows;
    ARROW_RETURN_NOT_OK(rows.Init(schema));
    {
      ARROW_ASSIGN_OR_RAISE(StructWriter row, rows.Row(kProtocol));
      row.Int(protocol.reader).Int(protocol.writer);
      if (features) row.List(protocol.reader_features).List(protocol.writer_features);
      ARROW_RETURN_NOT_OK(row.status());
    }
    {
      const Metadata& m = snapshot.metadata;
      ARROW_ASSIGN_OR_RAISE(StructWriter row, rows.Row(kMetadata));
      row.Text(m.id).Text(m.name).Text(m.description);
      StructWriter format(row.Struct());
      format.Text(m.provider).Texts(m.options);
      ARROW_RETURN_NOT_OK(format.status());
      row.Text(m.schema).List(m.partition_by).Texts(m.configuration).Number(m.created);
      ARROW_RETURN_NOT_OK(row.status());
    }
    for (const auto& [app, txn] : snapshot.txns) {
      ARROW_ASSIGN_OR_RAISE(StructWriter row, rows.Row(kTxn));
      ARROW_RETURN_NOT_OK(row.Text(app).Number(txn.version).Number(txn.updated).status());
    }
    const int64_t retention = Retention(snapshot.metadata);
    for (const auto& [path, remove] : snapshot.removed) {
      if (IsForgotten(remove, retention, now)) continue;
      ARROW_ASSIGN_OR_RAISE(StructWriter row, rows.Row(kRemove));
      row.Text(remove.path).Number(remove.deleted).Bool(false).Bool(remove.size.has_value());
      remove.size ? row.Texts(remove.partition_values) : row.NoTexts();
      ARROW_RETURN_NOT_OK(row.Number(remove.size).status());
    }
    for (const auto& [path, add] : snapshot.files) {
      ARROW_ASSIGN_OR_RAISE(StructWriter row, rows.Row(kAdd));
      row.Text(add.path).Texts(add.partition_values).Number(add.size).Number(add.modified);
      row.Bool(false);
      add.tags.empty() ? row.NoTexts() : row.Texts(add.tags);
      ARROW_RETURN_NOT_OK(row.Text(add.stats).status());
    }
    ARROW_ASSIGN_OR_RAISE(const auto batch, rows.Finish());
    ARROW_ASSIGN_OR_RAISE(const auto table, arrow::Table::FromRecordBatches(schema, {batch}));
    ARROW_ASSIGN_OR_RAISE(auto out, arrow::io::BufferOutputStream::Create());
    parquet::WriterProperties::Builder properties;
    properties.compression(parquet::Compression::SNAPPY);
    ARROW_RETURN_NOT_OK(parquet::arrow::WriteTable(*table, arrow::default_memory_pool(), out,
                                                   1 << 20, properties.build()));
    ARROW_ASSIGN_OR_RAISE(const auto buffer, out->Finish());
    return buffer->ToString();
  });
}

arrow::Status CheckpointIfDue(DocumentStore* documents, const std::string& table, int64_t now) {
  const Log log(documents, table);
  ARROW_ASSIGN_OR_RAISE(const Snapshot snapshot, log.Read());
  const int64_t interval = std::max<int64_t>(
      std::atoll(snapshot.metadata.Property("delta.checkpointInterval", "10").c_str()), 1);
  if (snapshot.version - std::max<int64_t>(snapshot.checkpoint, 0) < interval) {
    return arrow::Status::OK();
  }
  // Statistics that are kept in another form only would be lost.
  if (snapshot.metadata.Property("delta.checkpoint.writeStatsAsJson", "true") == "false") {
    return arrow::Status::OK();
  }
  ARROW_ASSIGN_OR_RAISE(const std::string bytes, MakeCheckpoint(snapshot, now));
  const std::string version = VersionFileName(snapshot.version).substr(0, 20);
  ARROW_RETURN_NOT_OK(documents->Write(log.PathOf(version + ".checkpoint.parquet"), bytes));
  const Json last = {{"version", snapshot.version},
                     {"size", Actions(snapshot, now)},
                     {"sizeInBytes", bytes.size()},
                     {"numOfAddFiles", snapshot.files.size()}};
  return documents->Write(log.PathOf("_last_checkpoint"), last.dump());
}

int64_t ParseInterval(std::string_view text) {
  std::istringstream words{std::string(text)};
  std::string word;
  words >> word;
  if (word != "interval" && word != "INTERVAL") words = std::istringstream(std::string(text));
  static constexpr std::pair<const char*, int64_t> kUnits[] = {
      {"millisecond", 1},  {"second", 1000},    {"minute", 60'000},
      {"hour", 3'600'000}, {"day", 86'400'000}, {"week", kWeek},
  };
  int64_t sum = 0, number = 0;
  bool any = false;
  while (words >> number >> word) {
    if (word.ends_with('s')) word.pop_back();
    const auto unit = std::find_if(std::begin(kUnits), std::end(kUnits),
                                   [&](const auto& u) { return word == u.first; });
    if (unit == std::end(kUnits)) return -1;
    sum += number * unit->second;
    any = true;
  }
  return any && words.eof() ? sum : -1;
}

}  // namespace synthmill::io::delta
