// What a copy reads besides plain files: the tables of a run, and types from a spec.
#include <algorithm>
#include <map>

#include "io/formats/format.h"
#include "run/copy_impl.h"
#include "run/dataset.h"
#include "spec/diagnostics.h"

namespace synthmill::run {

namespace {

// The files that the live runs of a target own.
class RunFiles : public io::Source {
 public:
  RunFiles(std::unique_ptr<io::Destination> destination, std::vector<io::SourceFile> files,
           std::string uri)
      : destination_(std::move(destination)), files_(std::move(files)), uri_(std::move(uri)) {}

  arrow::Result<std::vector<io::SourceFile>> List() override { return files_; }
  arrow::Result<std::shared_ptr<arrow::io::RandomAccessFile>> Open(
      const io::SourceFile& file) override {
    return destination_->Read(file.table, FileIn(file));
  }
  arrow::Status CheckSame(const io::SourceFile& file) override {
    ARROW_ASSIGN_OR_RAISE(auto open, Open(file));
    ARROW_ASSIGN_OR_RAISE(const int64_t size, open->GetSize());
    if (static_cast<uint64_t>(size) == file.bytes) return arrow::Status::OK();
    return arrow::Status::IOError(file.name, " was changed while it was read: it had ", file.bytes,
                                  " bytes, now it has ", size);
  }

 private:
  std::string FileIn(const io::SourceFile& file) const {
    return file.name.substr(uri_.size() + 1 + file.table.size() + 1);
  }

  std::unique_ptr<io::Destination> destination_;
  std::vector<io::SourceFile> files_;
  std::string uri_;
};

}  // namespace

arrow::Result<TargetSource> OpenTargetSource(const std::string& uri,
                                             const io::DestinationOptions& options) {
  TargetSource out;
  if (uri == "-" || io::HasGlob(uri)) return out;
  const auto info = io::FindDestination(uri);
  if (!info.ok()) return out;
  const auto source = io::FindSource(uri);
  if (source.ok() && (*source)->has_readers) return out;
  ARROW_ASSIGN_OR_RAISE(auto destination, (*info)->open(uri, options));
  if (!destination->documents()) return out;
  const RunStore store(destination->documents());
  const auto there = store.HasManifest();
  if (!there.ok() || !*there) return out;  // a file; the source will tell
  ARROW_ASSIGN_OR_RAISE(const TargetState state, ReadTarget(destination.get(), {}));
  std::vector<io::SourceFile> files;
  for (size_t i = 0; i < state.live.size(); ++i) {
    const RunManifest& run = state.live[i];
    for (const std::string& name : state.manifest.runs[i].tables) {
      const auto table = std::find_if(run.tables.begin(), run.tables.end(),
                                      [&](const ManifestTable& t) { return t.name == name; });
      if (table == run.tables.end()) continue;
      const auto known = std::find_if(out.tables.begin(), out.tables.end(),
                                      [&](const TargetTable& t) { return t.name == name; });
      if (known == out.tables.end()) {
        out.tables.push_back(
            {name, run.format(), run.format_options(), table->schema, table->partition_by});
      }
      for (const PartReceipts& part : run.parts) {
        for (const io::Receipt& receipt : part.files) {
          if (receipt.table != name || receipt.file.empty()) continue;
          // The fingerprint tells contents apart as a time would.
          files.push_back({uri + "/" + name + "/" + receipt.file, name, receipt.bytes,
                           static_cast<int64_t>(receipt.fingerprint.low >> 1),
                           table->partition_by.empty() ? std::string() : receipt.file});
        }
      }
    }
  }
  std::stable_sort(files.begin(), files.end(),
                   [](const auto& a, const auto& b) { return a.table < b.table; });
  out.source = std::make_unique<RunFiles>(std::move(destination), std::move(files), uri);
  return out;
}

arrow::Result<std::shared_ptr<arrow::Schema>> SchemaOfSpec(const std::string& file,
                                                           const std::string& name, bool only) {
  ARROW_ASSIGN_OR_RAISE(const LoadedDataset loaded, LoadDataset(file));
  ARROW_ASSIGN_OR_RAISE(const spec::Resolved resolved,
                        spec::ResolveParameters(loaded.spec, {}, std::nullopt, "none", 42));
  generate::CompileOptions compile;
  compile.noise = "none";
  ARROW_ASSIGN_OR_RAISE(
      const auto program,
      generate::Program::Compile(loaded.spec, resolved, compile, loaded.diagnostics.get()));
  std::vector<std::string> names;
  for (const generate::OutputTable& table : program->tables()) {
    if (table.name == name || table.key == name || (only && program->tables().size() == 1)) {
      return io::LogicalSchema(*table.schema);
    }
    names.push_back(table.name);
  }
  return arrow::Status::Invalid(file, " has no table '", name, "'; ", spec::Suggest(name, names),
                                "; --table names the table that is read");
}

}  // namespace synthmill::run
