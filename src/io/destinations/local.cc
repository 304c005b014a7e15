// A local folder: DIR/<table>/part-00000.<ext>.
//
// Parts are staged below DIR/_synthmill/staging/<run>/<table>/, with the suffix .inprogress until
// they are complete. Commit moves whole tables by one rename each (overwrite: by an exchange of the
// two folders), or, for append, file by file.
#include <arrow/io/file.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <system_error>

#include "io/destinations/destination.h"
#include "io/destinations/fd_stream.h"
#include "io/destinations/local_documents.h"

namespace synthmill::io {

namespace fs = std::filesystem;

namespace {

constexpr char kInProgress[] = ".inprogress";

class LocalPartWriter : public PartWriter {
 public:
  LocalPartWriter(Receipt receipt, fs::path path)
      : receipt_(std::move(receipt)),
        path_(std::move(path)),
        open_path_(path_.string() + kInProgress) {}
  ~LocalPartWriter() override {
    if (!done_ && stream_) {
      (void)stream_->Abort();  // first, or a format's destructor might still write
      ::unlink(open_path_.c_str());
    }
  }
  arrow::Status Init(const RunTarget& target, size_t table) {
    const int fd = ::open(open_path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0) return ErrnoStatus(errno, "cannot write", open_path_.string());
    stream_ = std::make_shared<FdOutputStream>(fd, /*owned=*/true, open_path_.string());
    return OpenFormat(target, table, stream_).Value(&writer_);
  }
  arrow::Status Write(const arrow::RecordBatch& batch) override { return writer_->Write(batch); }
  uint64_t bytes() const override { return static_cast<uint64_t>(stream_->position()); }
  arrow::Result<Receipt> Close() override {
    ARROW_RETURN_NOT_OK(writer_->Close());
    ARROW_RETURN_NOT_OK(stream_->Close());
    if (::rename(open_path_.c_str(), path_.c_str()) != 0) {
      return ErrnoStatus(errno, "cannot write", path_.string());
    }
    done_ = true;
    receipt_.bytes = bytes();
    receipt_.hash = stream_->hash();
    return receipt_;
  }

 private:
  Receipt receipt_;
  fs::path path_;
  fs::path open_path_;
  std::shared_ptr<FdOutputStream> stream_;
  std::unique_ptr<BatchWriter> writer_;
  bool done_ = false;
};

// What tells a folder from all others, wherever it is renamed to.
std::string FolderIdentity(const fs::path& folder) {
  struct stat s;
  if (::stat(folder.c_str(), &s) != 0) return {};
  return std::to_string(s.st_dev) + ":" + std::to_string(s.st_ino);
}

bool Exists(const fs::path& path) {
  std::error_code ec;
  return fs::exists(fs::symlink_status(path, ec));
}

class LocalDestination : public Destination {
 public:
  explicit LocalDestination(fs::path folder)
      : folder_(std::move(folder)), documents_(folder_ / "_synthmill"), table_documents_(folder_) {}

  DocumentStore* documents() override { return &documents_; }
  DocumentStore* table_documents() override { return &table_documents_; }

  arrow::Result<std::unique_ptr<Lease>> Lock(const std::string& owner) override {
    return LockFolder(folder_, owner);
  }

  arrow::Status Begin(const RunTarget& target) override {
    target_ = target;
    for (const DestinationTable& table : target_.tables) {
      const fs::path staged = Staging(target_.run_id) / table.name;
      ARROW_RETURN_NOT_OK(MakeFolders(staged));
      std::error_code ec;
      for (const auto& entry : fs::recursive_directory_iterator(staged, ec)) {
        if (entry.path().extension() == kInProgress) ARROW_RETURN_NOT_OK(RemoveTree(entry.path()));
      }
    }
    return arrow::Status::OK();
  }

  arrow::Result<std::unique_ptr<PartWriter>> Open(size_t table, uint64_t part,
                                                  const std::string& folder) override {
    Receipt receipt;
    receipt.table = target_.tables[table].name;
    receipt.part = part;
    receipt.file =
        (folder.empty() ? "" : folder + "/") +
        PartFileName(part, target_.mode == WriteMode::kAppend ? target_.run_id : std::string(),
                     FileExtension(*target_.format, target_.format_options));
    const fs::path path = Staging(target_.run_id) / receipt.table / receipt.file;
    if (!folder.empty()) ARROW_RETURN_NOT_OK(MakeFolders(path.parent_path()));
    auto writer = std::make_unique<LocalPartWriter>(std::move(receipt), path);
    ARROW_RETURN_NOT_OK(writer->Init(target_, table));
    return writer;
  }

  arrow::Result<bool> Holds(const Receipt& receipt) override {
    std::error_code ec;
    const auto size = fs::file_size(Staging(target_.run_id) / receipt.table / receipt.file, ec);
    return !ec && size == receipt.bytes;
  }

  // The identities of the staged folders: they tell, after a crash, which were moved already.
  arrow::Result<std::string> SealCommit() override {
    nlohmann::json state = nlohmann::json::object();
    for (const DestinationTable& table : target_.tables) {
      state[table.name] = FolderIdentity(Staging(target_.run_id) / table.name);
    }
    return state.dump();
  }

  arrow::Status Commit(const std::vector<Receipt>& receipts, const std::string& state) override {
    if (target_.mode == WriteMode::kAppend) return CommitFiles(receipts);
    const nlohmann::json identities = nlohmann::json::parse(state, nullptr, false);
    for (const DestinationTable& table : target_.tables) {
      const auto identity = identities.is_object() ? identities.find(table.name) : identities.end();
      if (identity == identities.end() || !identity->is_string()) {
        return arrow::Status::Invalid("the commit state of run ", target_.run_id,
                                      " does not know the table ", table.name);
      }
      ARROW_RETURN_NOT_OK(CommitFolder(table.name, identity->get<std::string>()));
    }
    return arrow::Status::OK();
  }

  arrow::Status Finish() override { return Discard(target_.run_id); }

  arrow::Status Discard(const std::string& run_id) override {
    ARROW_RETURN_NOT_OK(RemoveTree(Staging(run_id)));
    ::rmdir(Staging("").c_str());  // if it was the last
    return arrow::Status::OK();
  }

  arrow::Result<std::vector<std::string>> Staged() override { return documents_.List("staging"); }

  std::string RemoveCommand(const std::string& document) const override {
    return "rm -r " + ShellWord((folder_ / "_synthmill" / document).string());
  }

  arrow::Result<std::vector<StoredFile>> List(const std::string& table) override {
    std::vector<StoredFile> files;
    ARROW_RETURN_NOT_OK(ListFolder(folder_ / table, "", &files));
    std::sort(files.begin(), files.end(),
              [](const StoredFile& a, const StoredFile& b) { return a.name < b.name; });
    return files;
  }

  arrow::Result<std::shared_ptr<arrow::io::RandomAccessFile>> Read(
      const std::string& table, const std::string& file) override {
    return arrow::io::ReadableFile::Open((folder_ / table / file).string());
  }

 private:
  // Folders of partitions ("region=EU") are looked into; others are listed as they are.
  static arrow::Status ListFolder(const fs::path& folder, const std::string& prefix,
                                  std::vector<StoredFile>* files) {
    std::error_code ec;
    for (fs::directory_iterator it(folder, ec), end; !ec && it != end; it.increment(ec)) {
      const std::string name = it->path().filename().string();
      const bool partition = name.find('=') != std::string::npos;
      if (!partition && (name.starts_with('_') || name.starts_with('.'))) continue;
      std::error_code error;
      if (partition && it->is_directory(error)) {
        ARROW_RETURN_NOT_OK(ListFolder(it->path(), prefix + name + "/", files));
        continue;
      }
      const auto size = it->is_regular_file(error) ? it->file_size(error) : 0;
      files->push_back({prefix + name, error ? 0 : size});
    }
    if (ec && ec != std::errc::no_such_file_or_directory) {
      return ErrnoStatus(ec.value(), "cannot list", folder.string());
    }
    return arrow::Status::OK();
  }

  fs::path Staging(const std::string& run_id) const {
    return folder_ / "_synthmill" / "staging" / run_id;
  }

  arrow::Status CommitFolder(const std::string& table, const std::string& identity) {
    const fs::path staged = Staging(target_.run_id) / table;
    const fs::path final_path = folder_ / table;
    if (FolderIdentity(final_path) == identity) return arrow::Status::OK();  // moved already
    if (FolderIdentity(staged) != identity) {
      return arrow::Status::IOError("the finished parts of ", table, " are gone from ",
                                    staged.string(), "; start over with --write-mode overwrite");
    }
    if (target_.mode == WriteMode::kOverwrite && Exists(final_path)) {
      // What was there lands in staging and is removed by Finish().
      if (::renameat2(AT_FDCWD, staged.c_str(), AT_FDCWD, final_path.c_str(), RENAME_EXCHANGE) ==
          0) {
        return arrow::Status::OK();
      }
      if (errno != EINVAL && errno != ENOSYS && errno != ENOTSUP) {
        return ErrnoStatus(errno, "cannot replace", final_path.string());
      }
      const fs::path old = Staging(target_.run_id) / (table + ".replaced");
      if (::rename(final_path.c_str(), old.c_str()) != 0) {
        return ErrnoStatus(errno, "cannot replace", final_path.string());
      }
    }
    if (::rename(staged.c_str(), final_path.c_str()) != 0) {
      if (errno == ENOTEMPTY || errno == EEXIST) {
        return arrow::Status::Invalid(final_path.string(),
                                      " was filled by someone else while this run worked; move it "
                                      "away and go on with --resume");
      }
      return ErrnoStatus(errno, "cannot publish", final_path.string());
    }
    return arrow::Status::OK();
  }

  arrow::Status CommitFiles(const std::vector<Receipt>& receipts) {
    for (const Receipt& receipt : receipts) {
      const fs::path staged = Staging(target_.run_id) / receipt.table / receipt.file;
      const fs::path final_path = folder_ / receipt.table / receipt.file;
      if (!Exists(staged)) {
        if (Exists(final_path)) continue;  // moved already
        return arrow::Status::IOError("a finished part is gone: ", staged.string());
      }
      ARROW_RETURN_NOT_OK(MakeFolders(final_path.parent_path()));
      if (::rename(staged.c_str(), final_path.c_str()) != 0) {
        return ErrnoStatus(errno, "cannot publish", final_path.string());
      }
    }
    return arrow::Status::OK();
  }

  fs::path folder_;
  LocalDocuments documents_;
  LocalDocuments table_documents_;
  RunTarget target_;
};

bool IsPath(std::string_view uri) {
  if (uri == "-") return false;
  if (uri.starts_with("file:")) return true;
  const size_t colon = uri.find(':');
  // "a:b/c" with a letter-only word before the colon would be a scheme; "./a:b" is a path.
  return colon == std::string_view::npos || colon == 0 ||
         uri.substr(0, colon).find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789+") !=
             std::string_view::npos;
}

}  // namespace

extern const DestinationInfo kLocalDestination;
const DestinationInfo kLocalDestination = {
    .name = "local",
    .schemes = "PATH file:",
    .help = "a folder on this machine",
    .example = "synthmill generate DATASET --to data/DATASET",
    .guarantee =
        "staged, then one rename per table (append: per file), the manifest last; no half files",
    .one_stream = false,
    .matches = IsPath,
    .open = [](const std::string& uri,
               const DestinationOptions&) -> arrow::Result<std::unique_ptr<Destination>> {
      std::string path = uri;
      if (path.starts_with("file://"))
        path = path.substr(7);
      else if (path.starts_with("file:"))
        path = path.substr(5);
      while (path.size() > 1 && path.ends_with('/')) path.pop_back();
      if (path.empty()) return arrow::Status::Invalid("--to ", uri, " names no folder");
      return std::make_unique<LocalDestination>(fs::path(path));
    },
};

}  // namespace synthmill::io
