// hive://host:port/database[/table[/load_date=D]] — the files behind the tables of a Hive metastore.
//
// Of a table with partitions, one is read: the one named, or the one with the greatest values. The
// files are read through the source of their place's URI.
#include <algorithm>
#include <map>

#include "io/hive/location.h"
#include "io/hive/metastore.h"
#include "io/sources/source.h"
#include "spec/diagnostics.h"

namespace synthmill::io {

namespace {

class HiveSource : public Source {
 public:
  HiveSource(hive::MetastoreUri uri, std::unique_ptr<hive::Metastore> metastore, std::string table,
             std::string partition, DestinationOptions options)
      : uri_(std::move(uri)),
        metastore_(std::move(metastore)),
        table_(std::move(table)),
        partition_(std::move(partition)),
        options_(std::move(options)) {}

  arrow::Result<std::vector<SourceFile>> List() override {
    ARROW_ASSIGN_OR_RAISE(const auto names, metastore_->ListTables(uri_.database));
    if (!table_.empty() && std::find(names.begin(), names.end(), table_) == names.end()) {
      return arrow::Status::Invalid("the database ", uri_.database, " has no table ", table_, "; ",
                                    spec::Suggest(table_, names));
    }
    std::vector<SourceFile> files;
    for (const std::string& name : table_.empty() ? names : std::vector<std::string>{table_}) {
      ARROW_RETURN_NOT_OK(ListTable(name, &files));
    }
    return files;
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

  arrow::Status ListTable(const std::string& name, std::vector<SourceFile>* files) {
    ARROW_ASSIGN_OR_RAISE(const auto table, metastore_->GetTable(uri_.database, name));
    if (!table) return arrow::Status::OK();  // dropped since they were listed
    if (table->kind == "VIRTUAL_VIEW" || table->kind == "MATERIALIZED_VIEW") {
      if (table_.empty()) return arrow::Status::OK();
      return arrow::Status::Invalid(uri_.database, ".", name, " is a view: it has no files");
    }
    std::string location = table->location;
    if (table->partitioned()) {
      ARROW_ASSIGN_OR_RAISE(const auto partition,
                            ChoosePartition(metastore_.get(), uri_.database, *table, partition_));
      location = partition.location;
    } else if (!partition_.empty()) {
      return arrow::Status::Invalid("the table ", uri_.database, ".", name, " has no partitions");
    }
    ARROW_ASSIGN_OR_RAISE(const auto place,
                          hive::DatabaseLocation(location, uri_.database, uri_.host));
    ARROW_ASSIGN_OR_RAISE(const SourceInfo* info, FindSource(place.reached));
    ARROW_ASSIGN_OR_RAISE(auto source, info->open(place.reached, options_));
    ARROW_ASSIGN_OR_RAISE(const auto listed, source->List());
    for (const SourceFile& file : listed) {
      origins_.emplace(file.name, Origin{source.get(), file});
      files->push_back(file);
      files->back().table = name;
    }
    sources_.push_back(std::move(source));
    return arrow::Status::OK();
  }

  hive::MetastoreUri uri_;
  std::unique_ptr<hive::Metastore> metastore_;
  std::string table_, partition_;  // empty: all tables; the newest partition
  DestinationOptions options_;
  std::vector<std::unique_ptr<Source>> sources_;
  std::map<std::string, Origin> origins_;  // by the file's name
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
  if (partition.empty() && day != options.end()) partition = day->second;
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
    .help = "the files of a Hive metastore's tables, the newest partition of each",
    .example = "synthmill copy hive://127.0.0.1:9083/sales/orders data/orders",
    .matches = [](std::string_view uri) { return uri.starts_with("hive:"); },
    .open = OpenHiveSource,
};

}  // namespace synthmill::io
