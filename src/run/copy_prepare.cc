// synthmill::Copying, first half: what is there, and how it will look where it goes.
#include <arrow/config.h>
#include <arrow/io/memory.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "io/delta/delta_destination.h"
#include "io/destinations/file.h"
#include "io/partition.h"
#include "plan/plan.h"
#include "run/copy_impl.h"
#include "run/resources.h"
#include "run/schema_json.h"
#include "spec/diagnostics.h"
#include "synthmill/version.h"

namespace synthmill::run {

namespace {

bool IsCsv(const io::Format* format) { return std::string_view(format->name) == "csv"; }

arrow::Result<const io::Format*> FormatOf(const io::SourceFile& file, const std::string& given) {
  if (!given.empty()) return io::FindFormat(given);
  if (const io::Format* format = io::ingest::FormatOfName(file.name)) return format;
  return arrow::Status::Invalid("the name of ", file.name,
                                " tells no format; say it with --from-format");
}

// The values of columns that are in the names of folders and not in files.
arrow::Status SetConstants(const arrow::Schema& schema, const std::vector<std::string>& columns,
                           CopyTable* table) {
  for (size_t i = 0; i < table->files.size() && !columns.empty(); ++i) {
    ARROW_ASSIGN_OR_RAISE(table->inputs[i].constants,
                          io::ValuesOfFolder(schema, columns, table->files[i].partition));
  }
  return arrow::Status::OK();
}

std::shared_ptr<arrow::Schema> WithoutHints(const arrow::Schema& schema) {
  arrow::FieldVector fields;
  for (const auto& field : schema.fields()) fields.push_back(field->RemoveMetadata());
  return arrow::schema(std::move(fields));
}

}  // namespace

arrow::Status CopyingImpl::Init() {
  if (options_.threads < 0) return arrow::Status::Invalid("--threads must be at least 1");
  threads_ = options_.threads > 0 ? options_.threads : ReadLimits().threads();
  // A wrong destination is told before the source is looked at.
  ARROW_RETURN_NOT_OK(InitDestination());
  ARROW_RETURN_NOT_OK(InitSource());
  ARROW_RETURN_NOT_OK(CheckSchemas());
  return DescribeRun();
}

arrow::Status CopyingImpl::InitDestination() {
  const io::Format* named = nullptr;
  if (options_.to.empty()) return arrow::Status::Invalid("where to? synthmill copy SRC DST");
  std::string path = options_.to;
  ARROW_ASSIGN_OR_RAISE(const io::DestinationInfo* info, io::FindDestination(options_.to));
  if (std::string_view(info->name) == "local") {
    if (path.starts_with("file://")) {
      path = path.substr(7);
    } else if (path.starts_with("file:")) {
      path = path.substr(5);
    }
    if (!path.ends_with('/')) named = io::ingest::FormatOfName(path);
  }
  if (named != nullptr) {
    one_file_ = one_stream_ = true;
    destination_name_ = "file";
    guarantee_ = io::kFileGuarantee;
    ARROW_ASSIGN_OR_RAISE(destination_, io::OpenFileDestination(path));
    if (options_.format.empty()) options_.format = named->name;
    if (options_.compression.empty() && path.ends_with(".gz")) options_.compression = "gzip";
    if (options_.compression.empty() && path.ends_with(".zst")) options_.compression = "zstd";
    if (path.ends_with(".tsv") && options_.to_csv.delimiter == 0) options_.to_csv.delimiter = '\t';
  } else {
    one_stream_ = info->one_stream;
    destination_name_ = info->name;
    guarantee_ = info->guarantee;
    ARROW_ASSIGN_OR_RAISE(destination_, io::OpenDestination(options_.to, options_.destination));
  }
  ARROW_ASSIGN_OR_RAISE(format_,
                        io::FindFormat(options_.format.empty() ? "parquet" : options_.format));
  ARROW_RETURN_NOT_OK(io::delta::CheckFormat(destination_.get(), *format_, options_.to));
  if (io::delta::HasLog(*format_)) guarantee_ = io::delta::kGuarantee;
  format_options_.compression = options_.compression;
  format_options_.row_group_rows = options_.row_group_rows;
  format_options_.to_stream = options_.to == "-";
  const auto int96 = options_.destination.find("hive-int96");
  format_options_.hive_int96 = int96 != options_.destination.end() && int96->second == "true";
  if (options_.on_error == OnError::kReject && options_.rejects.empty() &&
      !destination_->documents()) {
    if (!one_file_) {
      return arrow::Status::Invalid(options_.to,
                                    " keeps nothing beside the data: say with --rejects FILE where "
                                    "rejected rows go");
    }
    options_.rejects = path + ".rejects.jsonl";
  }
  return arrow::Status::OK();
}

arrow::Status CopyingImpl::InitSource() {
  if (options_.from.empty()) return arrow::Status::Invalid("what? synthmill copy SRC DST");
  ARROW_ASSIGN_OR_RAISE(TargetSource target, OpenTargetSource(options_.from, options_.destination));
  if (target.source != nullptr) {
    source_ = std::move(target.source);
    warnings_.insert(warnings_.end(), target.notes.begin(), target.notes.end());
  } else {
    ARROW_ASSIGN_OR_RAISE(const io::SourceInfo* info, io::FindSource(options_.from));
    ARROW_ASSIGN_OR_RAISE(source_, info->open(options_.from, options_.destination));
    if (options_.from == "-" && options_.from_format.empty()) {
      return arrow::Status::Invalid(
          "standard input has no name to tell its format; say it with --from-format");
    }
  }
  ARROW_ASSIGN_OR_RAISE(const auto files, source_->List());
  std::vector<std::string> names;
  for (const io::SourceFile& file : files) {
    if (names.empty() || names.back() != file.table) names.push_back(file.table);
  }
  for (const std::string& name : options_.tables) {
    if (std::find(names.begin(), names.end(), name) == names.end()) {
      return arrow::Status::Invalid("no table '", name, "' in ", options_.from, "; ",
                                    spec::Suggest(name, names));
    }
  }
  for (const io::SourceFile& file : files) {
    if (!options_.tables.empty() && std::find(options_.tables.begin(), options_.tables.end(),
                                              file.table) == options_.tables.end()) {
      continue;
    }
    if (tables_.empty() || tables_.back().name != file.table) {
      tables_.emplace_back();
      tables_.back().name = file.table;
    }
    CopyTable& table = tables_.back();
    table.files.push_back(file);
    table.bytes += file.bytes;
    const auto open = [source = source_.get(), file] { return source->Open(file); };
    table.inputs.push_back({file.name, open, file.bytes, {}});
  }
  if (!options_.table.empty() && tables_.size() > 1) {
    return arrow::Status::Invalid("--table names one table, these are ", tables_.size(), ": ",
                                  fmt::format("{}", fmt::join(names, ", ")),
                                  "; choose one with --tables");
  }
  if (one_stream_ && tables_.size() > 1) {
    return arrow::Status::Invalid(
        one_file_ ? "one file" : "standard output",
        " takes one table; choose it with --tables: ", fmt::format("{}", fmt::join(names, ", ")));
  }
  for (CopyTable& table : tables_) {
    const auto known = std::find_if(target.tables.begin(), target.tables.end(),
                                    [&](const TargetTable& t) { return t.name == table.name; });
    ARROW_RETURN_NOT_OK(InitTable(&table, known == target.tables.end() ? nullptr : &*known));
  }
  // CSV on one side only: the plain flags are for that side.
  const bool from_csv = std::any_of(tables_.begin(), tables_.end(),
                                    [](const CopyTable& t) { return IsCsv(t.layout.format); });
  CsvLook look = options_.to_csv;
  if (IsCsv(format_) && !from_csv) {
    if (look.delimiter == 0) look.delimiter = options_.from_csv.delimiter;
    if (look.null.empty()) look.null = options_.from_csv.null;
    look.header = look.header && options_.from_csv.header;
  }
  format_options_.delimiter = look.delimiter == 0 ? ',' : look.delimiter;
  format_options_.header = look.header;
  format_options_.csv_null = look.null;
  return arrow::Status::OK();
}

arrow::Status CopyingImpl::InitTable(CopyTable* table, const TargetTable* known) {
  io::ingest::TableLayout& layout = table->layout;
  ARROW_ASSIGN_OR_RAISE(const auto described, source_->Describe(table->name));
  if (known != nullptr) {
    ARROW_ASSIGN_OR_RAISE(layout.format, io::FindFormat(known->format));
    layout.options = known->options;
    layout.schema = known->schema;
    ARROW_RETURN_NOT_OK(SetConstants(*known->schema, known->partition_by, table));
  } else if (described) {
    layout.format = described->format;
    layout.schema = described->schema;
    layout.as_hive = true;
    ARROW_RETURN_NOT_OK(SetConstants(*described->schema, described->partition_by, table));
  } else {
    ARROW_ASSIGN_OR_RAISE(layout.format, FormatOf(table->files[0], options_.from_format));
    for (const io::SourceFile& file : table->files) {
      ARROW_ASSIGN_OR_RAISE(const io::Format* format, FormatOf(file, options_.from_format));
      if (format == layout.format) continue;
      return arrow::Status::Invalid("the table ", table->name,
                                    " has files of two formats: ", table->files[0].name, " and ",
                                    file.name);
    }
    const std::string& first = table->files[0].name;
    const bool tabs = first.find(".tsv") != std::string::npos;
    layout.options.delimiter = options_.from_csv.delimiter != 0 ? options_.from_csv.delimiter
                               : tabs                           ? '\t'
                                                                : ',';
    layout.options.header = options_.from_csv.header;
    layout.options.csv_null = options_.from_csv.null;
    if (IsCsv(layout.format)) {
      ARROW_RETURN_NOT_OK(io::CheckOptions(*layout.format, layout.options));
    }
  }
  if (!options_.table.empty()) table->name = options_.table;
  layout.ignore_others = !options_.columns.empty();
  ARROW_ASSIGN_OR_RAISE(const io::ingest::FileHead head,
                        io::ingest::ReadHead(table->inputs[0], *layout.format, layout.options));
  for (const std::string& note : head.notes) {
    warnings_.push_back(table->inputs[0].name + ": " + note);
  }
  if (!options_.schema.empty()) {
    ARROW_ASSIGN_OR_RAISE(SpecTable spec,
                          TableOfSpec(options_.schema, table->name, tables_.size() == 1));
    layout.schema = std::move(spec.schema);
    layout.limits = std::move(spec.limits);
    spec_hash_ = std::move(spec.hash);
  } else if (layout.schema == nullptr) {
    layout.schema = head.schema;
  }
  layout.names = head.names;
  const bool text = io::ingest::IsText(*layout.format);
  if (text && layout.schema != nullptr &&
      (layout.names.empty() || (IsCsv(layout.format) && !layout.options.header))) {
    if (!layout.names.empty() &&
        layout.names.size() != static_cast<size_t>(layout.schema->num_fields())) {
      return arrow::Status::Invalid(table->inputs[0].name, ": its first line has ",
                                    layout.names.size(), " fields, the table has ",
                                    layout.schema->num_fields(), " columns");
    }
    layout.names = layout.schema->field_names();
  }
  if (layout.schema == nullptr && options_.write_mode == WriteMode::kAppend) {
    ARROW_ASSIGN_OR_RAISE(layout.schema, SchemaToAppendTo(table->name, layout.names));
  }
  if (layout.schema == nullptr) {
    layout.inferred = table->inferred = true;
    std::vector<std::string> keys;
    if (layout.names.empty()) {
      ARROW_RETURN_NOT_OK(io::ingest::InferFirst(table->inputs[0], layout, &keys).status());
      layout.names = std::move(keys);
      keys.clear();
    }
    ARROW_ASSIGN_OR_RAISE(const auto types,
                          io::ingest::InferFirst(table->inputs[0], layout, &keys));
    return SetInferred(types, options_.columns, table);
  }
  layout.schema = WithoutHints(*layout.schema);
  if (!options_.columns.empty()) {
    arrow::FieldVector fields;
    std::vector<core::ValueLimits> limits;
    for (const std::string& name : options_.columns) {
      const int at = layout.schema->GetFieldIndex(name);
      if (at < 0) {
        return arrow::Status::Invalid("the table ", table->name, " has no column '", name, "'; ",
                                      spec::Suggest(name, layout.schema->field_names()));
      }
      fields.push_back(layout.schema->field(at));
      if (!layout.limits.empty()) limits.push_back(layout.limits[static_cast<size_t>(at)]);
    }
    layout.schema = arrow::schema(std::move(fields));
    layout.limits = std::move(limits);
  }
  layout.only_empty.assign(static_cast<size_t>(layout.schema->num_fields()), false);
  return arrow::Status::OK();
}

arrow::Result<std::shared_ptr<arrow::Schema>> CopyingImpl::SchemaToAppendTo(
    const std::string& table, const std::vector<std::string>& names) const {
  if (!destination_->documents()) return nullptr;
  ARROW_ASSIGN_OR_RAISE(const TargetState state, ReadTarget(destination_.get(), {}));
  for (size_t i = state.live.size(); i-- > 0;) {
    for (const ManifestTable& t : state.live[i].tables) {
      if (t.name != table) continue;
      auto there = t.schema->field_names(), here = names;
      std::sort(there.begin(), there.end());
      std::sort(here.begin(), here.end());
      return there == here || names.empty() ? t.schema : nullptr;
    }
  }
  return nullptr;
}

arrow::Status SetInferred(const io::ingest::TypeInference& types,
                          const std::vector<std::string>& columns, CopyTable* table) {
  io::ingest::TableLayout& layout = table->layout;
  if (layout.names.empty()) {
    return arrow::Status::Invalid(table->inputs[0].name,
                                  ": there is no row, so there are no columns; --schema FILE tells "
                                  "them");
  }
  arrow::FieldVector fields;
  layout.only_empty.clear();
  for (const std::string& name : columns.empty() ? layout.names : columns) {
    const auto it = std::find(layout.names.begin(), layout.names.end(), name);
    if (it == layout.names.end()) {
      return arrow::Status::Invalid("the table ", table->name, " has no column '", name, "'; ",
                                    spec::Suggest(name, layout.names));
    }
    const size_t c = static_cast<size_t>(it - layout.names.begin());
    fields.push_back(arrow::field(name, types.type(c)));
    layout.only_empty.push_back(types.only_empty(c));
  }
  layout.schema = arrow::schema(std::move(fields));
  return arrow::Status::OK();
}

arrow::Status CopyingImpl::CheckSchemas() const {
  for (const CopyTable& table : tables_) {
    ARROW_ASSIGN_OR_RAISE(auto buffer, arrow::io::BufferOutputStream::Create());
    ARROW_RETURN_NOT_OK(format_->open(buffer, table.layout.schema, format_options_).status());
    ARROW_RETURN_NOT_OK(SchemaToJson(*table.layout.schema).status());
  }
  return arrow::Status::OK();
}

arrow::Status CopyingImpl::DescribeRun() {
  run_ = RunManifest{};
  run_.mode = options_.write_mode;
  run_.versions = {{"synthmill", SYNTHMILL_VERSION},
                   {"generator", SYNTHMILL_GENERATOR_VERSION},
                   {"arrow", ARROW_VERSION_STRING}};
  run_.spec_file = options_.schema;
  Json sources = Json::object();
  for (const CopyTable& table : tables_) {
    Json files = Json::array();
    for (const io::SourceFile& file : table.files) {
      // What comes through a pipe is never the same again.
      const Json modified =
          options_.from == "-" ? Json(NewRunId()) : Json(static_cast<uint64_t>(file.modified));
      files.push_back({{"file", file.name}, {"bytes", file.bytes}, {"modified", modified}});
    }
    // Inferred types follow from the files.
    Json columns = options_.columns;
    if (!table.inferred) {
      ARROW_ASSIGN_OR_RAISE(columns, SchemaToJson(*table.layout.schema));
    }
    sources[table.name] = {{"files", std::move(files)},
                           {"format", FormatToJson(*table.layout.format, table.layout.options)},
                           {"columns", std::move(columns)}};
    run_.roots.push_back({table.name, 0, 0, ""});
    run_.tables.push_back({table.name, table.name, false, table.name, table.layout.schema});
  }
  run_.identity = {{"dataset", "copy of " + options_.from},
                   {"source", std::move(sources)},
                   {"on_error", options_.on_error == OnError::kStop ? "stop" : "reject"},
                   {"format", FormatToJson(*format_, format_options_)}};
  if (!spec_hash_.empty()) run_.identity["schema"] = spec_hash_;
  run_.hash = Hash(run_.identity.dump(-1, ' ', false, Json::error_handler_t::replace));
  return arrow::Status::OK();
}

uint64_t CopyingImpl::bytes() const {
  uint64_t sum = 0;
  for (const CopyTable& table : tables_) sum += table.bytes;
  return sum;
}

}  // namespace synthmill::run

namespace synthmill {

arrow::Result<std::unique_ptr<Copying>> Copying::Prepare(CopyOptions options) {
  auto copying = std::make_unique<run::CopyingImpl>(std::move(options));
  ARROW_RETURN_NOT_OK(copying->Init());
  return copying;
}

}  // namespace synthmill
