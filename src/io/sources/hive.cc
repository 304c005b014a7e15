// hive://host:port/database[/table[/load_date=D]] — the tables of a Hive metastore, as its readers
// see them: the files its partitions point to, whoever wrote them, with the columns and types it
// names.
//
// All partitions are read, or those that are asked for by the values of some of their columns. The
// files are read through the source of their place's URI.
#include <algorithm>
#include <map>

#include "io/hive/location.h"
#include "io/hive/metastore.h"
#include "io/hive/schema.h"
#include "io/sources/source.h"
#include "spec/diagnostics.h"

namespace synthmill::io {

namespace {

// What the files of a table are, for people: "ORC (org.…OrcSerde)".
std::string FilesAre(const hive::HiveTable& table, const std::string& serde) {
  for (const char* parameter : {"spark.sql.sources.provider", "table_type"}) {
    const auto found = table.parameters.find(parameter);
    if (found != table.parameters.end()) return found->second + " (" + parameter + ")";
  }
  constexpr std::pair<const char*, const char*> kSerdes[] = {
      {"OrcSerde", "ORC"},     {"AvroSerDe", "Avro"}, {"LazySimpleSerDe", "text"},
      {"OpenCSVSerde", "CSV"}, {"JsonSerDe", "JSON"}, {"LazyBinaryColumnarSerDe", "RCFile"}};
  for (const auto& [word, format] : kSerdes) {
    if (serde.find(word) != std::string::npos) return std::string(format) + " (" + serde + ")";
  }
  return serde.empty() ? "of no known format" : serde;
}

bool IsView(const hive::HiveTable& table) {
  return table.kind == "VIRTUAL_VIEW" || table.kind == "MATERIALIZED_VIEW";
}

class HiveSource : public Source {
 public:
  HiveSource(hive::MetastoreUri uri, std::unique_ptr<hive::Metastore> metastore, std::string table,
             std::string partition, DestinationOptions options)
      : uri_(std::move(uri)),
        metastore_(std::move(metastore)),
        table_(std::move(table)),
        partition_(std::move(partition)),
        options_(std::move(options)) {
    // The metastore knows no upper case.
    for (char& c : table_) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  }

  arrow::Result<std::vector<SourceFile>> List() override {
    ARROW_ASSIGN_OR_RAISE(const auto names, metastore_->ListTables(uri_.database));
    if (names.empty()) {
      return arrow::Status::Invalid("the database ", uri_.database, " has no tables");
    }
    if (!table_.empty() && std::find(names.begin(), names.end(), table_) == names.end()) {
      return arrow::Status::Invalid("the database ", uri_.database, " has no table ", table_, "; ",
                                    spec::Suggest(table_, names));
    }
    std::vector<SourceFile> files;
    for (const std::string& name : table_.empty() ? names : std::vector<std::string>{table_}) {
      const size_t before = files.size();
      ARROW_RETURN_NOT_OK(ListTable(name, &files));
      std::sort(files.begin() + static_cast<std::ptrdiff_t>(before), files.end(),
                [](const SourceFile& a, const SourceFile& b) { return a.name < b.name; });
    }
    return files;
  }

  arrow::Result<std::optional<SourceTable>> Describe(const std::string& name) override {
    const auto found = tables_.find(name);
    if (found == tables_.end()) return std::nullopt;
    const Listed& table = found->second;
    if (!table.refused.empty()) return arrow::Status::NotImplemented(table.refused);
    SourceTable out;
    ARROW_ASSIGN_OR_RAISE(out.format, FindFormat("parquet"));
    std::vector<hive::HiveColumn> columns = table.table.columns;
    for (const hive::HiveColumn& key : table.table.partition_keys) {
      columns.push_back(key);
      out.partition_by.push_back(key.name);
    }
    auto schema = hive::ArrowSchema(columns);
    if (!schema.ok()) {
      return schema.status().WithMessage("the table ", uri_.database, ".", name, ": ",
                                         schema.status().message());
    }
    out.schema = std::move(*schema);
    return out;
  }

  arrow::Result<std::shared_ptr<arrow::io::RandomAccessFile>> Open(
      const SourceFile& file) override {
    const Origin& origin = origins_.at(file.name);
    return origin.source->Open(origin.file);
  }

  arrow::Status CheckSame(const SourceFile& file) override {
    const Origin& origin = origins_.at(file.name);
    return origin.source->CheckSame(origin.file);
  }

 private:
  struct Origin {
    Source* source;
    SourceFile file;
  };
  struct Listed {
    hive::HiveTable table;
    std::string refused;  // why it cannot be read; empty: it can
  };

  arrow::Status ListTable(const std::string& name, std::vector<SourceFile>* files) {
    ARROW_ASSIGN_OR_RAISE(auto table, metastore_->GetTable(uri_.database, name));
    if (!table) return arrow::Status::OK();  // dropped since they were listed
    const std::string full = uri_.database + "." + name;
    if (IsView(*table)) {
      if (table_.empty()) return arrow::Status::OK();
      return arrow::Status::Invalid(full, " is a view: it has no files");
    }
    if (!partition_.empty() && !table->partitioned() && !table_.empty()) {
      return arrow::Status::Invalid("the table ", full, " has no partitions");
    }
    Listed& listed = tables_[name];
    listed.table = *table;
    std::vector<hive::HivePartition> partitions;
    if (!table->partitioned()) {
      partitions.push_back({{}, table->location, table->serde, {}});
    } else if (table_.empty()) {  // all tables: one that has no partition yet has no rows
      ARROW_ASSIGN_OR_RAISE(partitions, metastore_->ListPartitions(uri_.database, name));
    } else {
      ARROW_ASSIGN_OR_RAISE(
          partitions, hive::ChoosePartitions(metastore_.get(), uri_.database, *table, partition_));
    }
    const size_t before = files->size();
    for (const hive::HivePartition& partition : partitions) {
      if (partition.serde.find("ParquetHiveSerDe") == std::string::npos) {
        listed.refused = "the files of the table " + full + " are " +
                         FilesAre(*table, partition.serde) +
                         ": only Parquet is read from a metastore";
        if (!table_.empty()) return arrow::Status::NotImplemented(listed.refused);
      }
      ARROW_RETURN_NOT_OK(ListPlace(*table, partition.location,
                                    PartitionName(table->partition_keys, partition.values), files));
    }
    if (files->size() == before && !table_.empty()) {
      return arrow::Status::Invalid("the table ", full, " has no rows: there is no file at ",
                                    partitions.front().location,
                                    partitions.size() > 1 ? " and its other places" : "");
    }
    return arrow::Status::OK();
  }

  // The files of one partition, or of a table without partitions.
  arrow::Status ListPlace(const hive::HiveTable& table, const std::string& location,
                          const std::string& partition, std::vector<SourceFile>* files) {
    ARROW_ASSIGN_OR_RAISE(const auto place,
                          hive::DatabaseLocation(location, uri_.database, uri_.host));
    // One listing for all partitions below the table's own place.
    ARROW_ASSIGN_OR_RAISE(const auto whole,
                          hive::DatabaseLocation(table.location, uri_.database, uri_.host));
    const bool inside = place.reached.starts_with(whole.reached + "/");
    ARROW_ASSIGN_OR_RAISE(const auto* listing, ListOnce(inside ? whole.reached : place.reached));
    const std::string folder = place.reached + "/";
    for (auto it = listing->files.lower_bound(folder); it != listing->files.end(); ++it) {
      if (!it->first.starts_with(folder)) break;
      if (it->first.find('/', folder.size()) != std::string::npos) continue;  // not read by Hive
      origins_.emplace(it->first, Origin{listing->source.get(), it->second});
      files->push_back(it->second);
      files->back().table = table.name;
      files->back().partition = partition;
    }
    return arrow::Status::OK();
  }

  struct Listing {
    std::unique_ptr<Source> source;
    std::map<std::string, SourceFile> files;  // by name
  };

  arrow::Result<const Listing*> ListOnce(const std::string& place) {
    const auto known = listings_.find(place);
    if (known != listings_.end()) return &known->second;
    Listing& listing = listings_[place];
    ARROW_ASSIGN_OR_RAISE(const SourceInfo* info, FindSource(place));
    ARROW_ASSIGN_OR_RAISE(listing.source, info->open(place, options_));
    auto files = listing.source->List();
    // A folder that holds nothing, or is not there, is a table without rows.
    if (!files.ok() && !files.status().IsInvalid()) return files.status();
    if (files.ok()) {
      for (SourceFile& file : *files) {
        std::string name = file.name;
        listing.files.emplace(std::move(name), std::move(file));
      }
    }
    return &listing;
  }

  hive::MetastoreUri uri_;
  std::unique_ptr<hive::Metastore> metastore_;
  std::string table_, partition_;  // empty: all
  DestinationOptions options_;
  std::map<std::string, Listed> tables_;
  std::map<std::string, Listing> listings_;  // by place
  std::map<std::string, Origin> origins_;    // by the file's name
};

arrow::Result<std::unique_ptr<Source>> OpenHiveSource(const std::string& text,
                                                      const DestinationOptions& options) {
  // hive: / / host / database / table / partition
  std::string address = text, table, partition;
  size_t cut = 0;
  for (int slashes = 0; cut < text.size(); ++cut) {
    if (text[cut] == '/' && ++slashes == 4) break;
  }
  if (cut < text.size()) {
    address = text.substr(0, cut);
    table = text.substr(cut + 1, text.find('/', cut + 1) - cut - 1);
    const size_t next = text.find('/', cut + 1);
    if (next != std::string::npos) partition = text.substr(next + 1);
    while (partition.ends_with('/')) partition.pop_back();
  }
  const auto day = options.find("load-date");
  if (partition.empty() && day != options.end()) partition = "load_date=" + day->second;
  ARROW_ASSIGN_OR_RAISE(hive::MetastoreUri uri, hive::ParseMetastoreUri(address));
  ARROW_ASSIGN_OR_RAISE(auto metastore, hive::Metastore::Connect(uri.host, uri.port));
  ARROW_ASSIGN_OR_RAISE(const auto database, metastore->GetDatabase(uri.database));
  if (!database) {
    ARROW_ASSIGN_OR_RAISE(const auto names, metastore->ListDatabases());
    return arrow::Status::Invalid("the metastore ", uri.host, ":", uri.port, " has no database ",
                                  uri.database, "; ", spec::Suggest(uri.database, names));
  }
  return std::make_unique<HiveSource>(std::move(uri), std::move(metastore), std::move(table),
                                      std::move(partition), options);
}

}  // namespace

extern const SourceInfo kHiveSource;
const SourceInfo kHiveSource = {
    .name = "hive",
    .schemes = "hive:",
    .help = "tables of a Hive metastore, all partitions or those asked for",
    .example = "synthmill copy hive://127.0.0.1:9083/sales/orders/load_date=2026-01-31 data/orders",
    .matches = [](std::string_view uri) { return uri.starts_with("hive:"); },
    .open = OpenHiveSource,
    .has_readers = true,
};

}  // namespace synthmill::io
