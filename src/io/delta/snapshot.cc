#include "io/delta/snapshot.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "io/delta/checkpoint.h"
#include "io/delta/schema.h"

namespace synthmill::io::delta {

namespace {

constexpr size_t kDigits = 20;

bool AllDigits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// What the names in a log's folder tell.
struct Names {
  std::set<int64_t> versions;
  struct Checkpoint {
    std::string whole;                     // of one part
    std::map<int64_t, std::string> parts;  // else by number
    int64_t of = 0;                        // how many there must be
    bool other = false;                    // of a kind that is not read (V2)
  };
  std::map<int64_t, Checkpoint> checkpoints;
};

Names ReadNames(const std::vector<std::string>& names) {
  Names out;
  for (const std::string& name : names) {
    const std::string_view view = name;
    if (view.size() <= kDigits || !AllDigits(view.substr(0, kDigits))) continue;
    const int64_t version = std::strtoll(name.substr(0, kDigits).c_str(), nullptr, 10);
    std::string_view rest = view.substr(kDigits);
    if (rest == ".json") {
      out.versions.insert(version);
      continue;
    }
    if (!rest.starts_with(".checkpoint.")) continue;  // checksums, compacted versions
    Names::Checkpoint& checkpoint = out.checkpoints[version];
    rest.remove_prefix(12);
    if (rest == "parquet") {
      checkpoint.whole = name;
    } else if (rest.size() == 29 && rest[10] == '.' && rest.substr(21) == ".parquet" &&
               AllDigits(rest.substr(0, 10)) && AllDigits(rest.substr(11, 10))) {
      checkpoint.of = std::strtoll(std::string(rest.substr(11, 10)).c_str(), nullptr, 10);
      checkpoint.parts[std::strtoll(std::string(rest.substr(0, 10)).c_str(), nullptr, 10)] = name;
    } else {
      checkpoint.other = true;
    }
  }
  return out;
}

std::vector<std::string> FilesOf(const Names::Checkpoint& checkpoint) {
  if (!checkpoint.whole.empty()) return {checkpoint.whole};
  std::vector<std::string> files;
  if (checkpoint.of == 0 || static_cast<int64_t>(checkpoint.parts.size()) != checkpoint.of) {
    return files;
  }
  for (const auto& [number, name] : checkpoint.parts) files.push_back(name);
  return files;
}

}  // namespace

arrow::Status Snapshot::Apply(Version of) {
  if (of.protocol) protocol = std::move(*of.protocol);
  if (of.metadata) metadata = std::move(*of.metadata);
  for (Txn& txn : of.txns) txns[txn.app] = std::move(txn);
  // Removals first: a version may remove a file and add it again with other statistics.
  for (Remove& remove : of.removes) {
    ARROW_ASSIGN_OR_RAISE(std::string path, DecodePath(remove.path));
    files.erase(path);
    removed[std::move(path)] = std::move(remove);
  }
  for (Add& add : of.adds) {
    ARROW_ASSIGN_OR_RAISE(std::string path, DecodePath(add.path));
    removed.erase(path);
    files[std::move(path)] = std::move(add);
  }
  return arrow::Status::OK();
}

arrow::Result<bool> Log::Exists() const {
  ARROW_ASSIGN_OR_RAISE(const auto listed, documents_->List(folder_));
  const Names names = ReadNames(listed);
  return !names.versions.empty() || !names.checkpoints.empty();
}

arrow::Result<Version> Log::ReadVersion(int64_t version) const {
  const std::string path = PathOf(VersionFileName(version));
  ARROW_ASSIGN_OR_RAISE(const auto text, documents_->Read(path));
  if (!text) return arrow::Status::IOError(path, " is not there");
  return ParseVersion(*text, path);
}

arrow::Result<Snapshot> Log::Read() const {
  Snapshot snapshot;
  ARROW_ASSIGN_OR_RAISE(const auto listed, documents_->List(folder_));
  const Names names = ReadNames(listed);
  if (names.versions.empty() && names.checkpoints.empty()) return snapshot;
  bool other = false;
  for (auto it = names.checkpoints.rbegin(); it != names.checkpoints.rend(); ++it) {
    const std::vector<std::string> files = FilesOf(it->second);
    other = other || it->second.other;
    if (files.empty()) continue;  // a part is missing: not finished, or cleaned up
    for (const std::string& name : files) {
      ARROW_ASSIGN_OR_RAISE(auto text, documents_->Read(PathOf(name)));
      if (!text) return arrow::Status::IOError(PathOf(name), " is not there");
      ARROW_ASSIGN_OR_RAISE(Version actions, ReadCheckpoint(std::move(*text), PathOf(name)));
      ARROW_RETURN_NOT_OK(snapshot.Apply(std::move(actions)));
    }
    snapshot.version = snapshot.checkpoint = it->first;
    break;
  }
  for (const int64_t version : names.versions) {
    if (version <= snapshot.version) continue;
    if (version != snapshot.version + 1) {
      return arrow::Status::Invalid(
          folder_, " lacks version ", snapshot.version + 1,
          other && snapshot.checkpoint < 0
              ? ", and its checkpoints are of the kind V2, which is not read"
              : ": the log is damaged, or it has been cleaned up without a checkpoint");
    }
    ARROW_ASSIGN_OR_RAISE(Version actions, ReadVersion(version));
    ARROW_RETURN_NOT_OK(snapshot.Apply(std::move(actions)));
    snapshot.version = version;
  }
  if (snapshot.metadata.id.empty() && snapshot.metadata.schema.empty()) {
    return arrow::Status::Invalid(folder_, " tells no schema of the table up to version ",
                                  snapshot.version);
  }
  return snapshot;
}

namespace {

// Features of readers that ask nothing of one that reads whole versions.
constexpr std::string_view kReaderFeatures[] = {"timestampNtz", "vacuumProtocolCheck",
                                                "columnMapping", "deletionVectors"};
// Features of writers that are kept to here, or that CheckWritable looks for one by one.
constexpr std::string_view kWriterFeatures[] = {
    "appendOnly",       "invariants",          "checkConstraints", "changeDataFeed",
    "generatedColumns", "vacuumProtocolCheck", "timestampNtz",     "columnMapping",
    "identityColumns",  "allowColumnDefaults"};

template <size_t kSize>
std::vector<std::string> Unknown(const std::vector<std::string>& features,
                                 const std::string_view (&known)[kSize]) {
  std::vector<std::string> out;
  for (const std::string& name : features) {
    if (std::find(std::begin(known), std::end(known), name) == std::end(known)) out.push_back(name);
  }
  return out;
}

bool IsOn(const Metadata& metadata, const std::string& property) {
  std::string value = metadata.Property(property, "false");
  std::transform(value.begin(), value.end(), value.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return value == "true";
}

arrow::Status Refuse(const std::string& table, const std::string& why) {
  return arrow::Status::NotImplemented("the Delta table ", table, " ", why);
}

}  // namespace

arrow::Status CheckReadable(const Snapshot& snapshot, const std::string& table) {
  const Protocol& protocol = snapshot.protocol;
  if (protocol.reader > 3) {
    return Refuse(table, fmt::format("asks for readers of version {}; this one knows 1 to 3",
                                     protocol.reader));
  }
  const auto unknown = Unknown(protocol.reader_features, kReaderFeatures);
  if (protocol.reader == 3 && !unknown.empty()) {
    return Refuse(table, fmt::format("asks for readers that know: {}; this one does not",
                                     fmt::join(unknown, ", ")));
  }
  const std::string mapping = snapshot.metadata.Property("delta.columnMapping.mode", "none");
  if (mapping != "none") {
    return Refuse(table, "uses column mapping (delta.columnMapping.mode = " + mapping +
                             "), which is not read");
  }
  for (const auto& [path, add] : snapshot.files) {
    if (add.deletion_vector) {
      return Refuse(table, "uses deletion vectors (" + path +
                               " has one), which are not read; OPTIMIZE or REORG … APPLY (PURGE) "
                               "rewrites such files");
    }
  }
  if (snapshot.metadata.provider != "parquet") {
    return Refuse(table, "has files of the format " + snapshot.metadata.provider);
  }
  return arrow::Status::OK();
}

arrow::Status CheckWritable(const Snapshot& snapshot, const std::string& table, bool removes) {
  ARROW_RETURN_NOT_OK(CheckReadable(snapshot, table));
  const Protocol& protocol = snapshot.protocol;
  const Metadata& metadata = snapshot.metadata;
  if (protocol.writer > 7) {
    return Refuse(table, fmt::format("asks for writers of version {}; this one knows 2 to 7",
                                     protocol.writer));
  }
  const auto unknown = Unknown(protocol.writer_features, kWriterFeatures);
  if (protocol.writer == 7 && !unknown.empty()) {
    return Refuse(table, fmt::format("asks for writers that know: {}; this one does not",
                                     fmt::join(unknown, ", ")));
  }
  for (const auto& [name, value] : metadata.configuration) {
    if (!name.starts_with("delta.constraints.")) continue;
    return Refuse(table, "has the CHECK constraint " + name.substr(18) + " (" + value +
                             "), which is not evaluated here");
  }
  ARROW_ASSIGN_OR_RAISE(const auto columns, ColumnFeatures(metadata.schema));
  if (!columns.empty()) {
    return Refuse(table, fmt::format("has columns that writers must take care of, which is not "
                                     "done here: {}",
                                     fmt::join(columns, "; ")));
  }
  if (removes && IsOn(metadata, "delta.appendOnly")) {
    return Refuse(table,
                  "is append-only (delta.appendOnly): nothing in it can be replaced; use "
                  "--write-mode append");
  }
  return arrow::Status::OK();
}

}  // namespace synthmill::io::delta
