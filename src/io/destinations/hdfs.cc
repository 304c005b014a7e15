// hdfs:// — a folder of Hadoop's distributed file system, through its own libhdfs.
//
// Each part is written to _synthmill/staging/<run>/<table>/ and completed there by a rename. Commit
// moves a table that is not there yet by one rename of its folder, and otherwise part by part, to
// names no other run uses: a rename of HDFS is atomic and never replaces a file.
#include <charconv>
#include <set>

#include "io/destinations/object_destination.h"
#include "io/destinations/part_stream.h"
#include "io/hdfs/client.h"
#include "io/hdfs/lock_store.h"
#include "io/hdfs/store.h"

namespace synthmill::io {

namespace {

constexpr char kInProgress[] = ".inprogress";
// Each call of libhdfs copies into an array of Java's, so small writes are gathered.
constexpr size_t kBufferBytes = 1 << 20;

class HdfsStream : public PartStream {
 public:
  HdfsStream(std::shared_ptr<hdfs::Store> store, std::string path)
      : store_(std::move(store)), path_(std::move(path)), open_path_(path_ + kInProgress) {}
  ~HdfsStream() override { (void)Abort(); }

  arrow::Status Init() {
    buffer_.reserve(kBufferBytes);
    return store_->client()->Create(open_path_).Value(&file_);
  }

  arrow::Status Write(const void* data, int64_t nbytes) override {
    if (closed_) return arrow::Status::Invalid("write to a closed file: ", path_);
    hash_.Add(data, nbytes);
    position_ += nbytes;
    const auto size = static_cast<size_t>(nbytes);
    if (buffer_.size() + size > kBufferBytes) ARROW_RETURN_NOT_OK(Send());
    if (size >= kBufferBytes) return file_->Write(data, nbytes);
    buffer_.append(static_cast<const char*>(data), size);
    return arrow::Status::OK();
  }
  using arrow::io::OutputStream::Write;

  arrow::Status Close() override {
    if (closed_) return arrow::Status::OK();
    ARROW_RETURN_NOT_OK(Send());
    ARROW_RETURN_NOT_OK(file_->Close());
    ARROW_ASSIGN_OR_RAISE(const bool renamed, store_->client()->Rename(open_path_, path_));
    if (!renamed) {  // made before by an attempt that was cut off
      ARROW_RETURN_NOT_OK(store_->client()->Remove(path_));
      ARROW_ASSIGN_OR_RAISE(const bool again, store_->client()->Rename(open_path_, path_));
      if (!again) return arrow::Status::IOError("cannot complete ", store_->client()->UriOf(path_));
    }
    closed_ = true;
    return arrow::Status::OK();
  }

  arrow::Status Abort() override {
    if (closed_) return arrow::Status::OK();
    closed_ = true;
    if (!file_) return arrow::Status::OK();
    file_.reset();
    return store_->client()->Remove(open_path_);
  }

 private:
  arrow::Status Send() {
    if (buffer_.empty()) return arrow::Status::OK();
    ARROW_RETURN_NOT_OK(file_->Write(buffer_.data(), static_cast<int64_t>(buffer_.size())));
    buffer_.clear();
    return arrow::Status::OK();
  }

  std::shared_ptr<hdfs::Store> store_;
  std::string path_, open_path_;
  std::unique_ptr<hdfs::FileWriter> file_;
  std::string buffer_;
};

class HdfsDestination : public ObjectDestination {
 public:
  HdfsDestination(std::shared_ptr<hdfs::Client> client, const std::string& prefix)
      : HdfsDestination(client, std::make_shared<hdfs::Store>(client), prefix) {}

  arrow::Result<std::unique_ptr<PartWriter>> Open(size_t table, uint64_t part,
                                                  const std::string& folder) override {
    ARROW_RETURN_NOT_OK(CheckLock());
    Receipt receipt = NewReceipt(table, part, folder);
    auto stream = std::make_shared<HdfsStream>(files_, Staged(receipt));
    ARROW_RETURN_NOT_OK(stream->Init());
    return OpenStreamPart(target_, table, std::move(receipt), std::move(stream));
  }
  using ObjectDestination::Staged;

  arrow::Result<bool> Holds(const Receipt& receipt) override {
    for (const std::string& path : {Staged(receipt), Final(receipt)}) {
      ARROW_ASSIGN_OR_RAISE(const auto there, client_->Info(path));
      if (there) return !there->folder && there->bytes == receipt.bytes;
    }
    return false;
  }

  arrow::Status Commit(const std::vector<Receipt>& receipts, const std::string& state) override {
    ARROW_RETURN_NOT_OK(KeepLock());
    for (const DestinationTable& table : target_.tables) {
      ARROW_RETURN_NOT_OK(CommitFolder(table.name, receipts));
    }
    return ObjectDestination::Commit(receipts, state);
  }

 protected:
  std::shared_ptr<ObjectStore> LockStore() override {
    return std::make_shared<hdfs::LockStore>(client_);
  }

  arrow::Status Publish(const Receipt& receipt) override {
    const std::string staged = Staged(receipt), path = Final(receipt);
    ARROW_ASSIGN_OR_RAISE(const auto waiting, client_->Info(staged));
    if (waiting) {
      ARROW_RETURN_NOT_OK(client_->MakeFolder(path.substr(0, path.rfind('/'))));
      ARROW_ASSIGN_OR_RAISE(const bool moved, client_->Rename(staged, path));
      return moved ? arrow::Status::OK() : Taken(path.substr(1));
    }
    ARROW_ASSIGN_OR_RAISE(const auto there, client_->Info(path));
    if (!there) return Lost("the finished part " + client_->UriOf(staged) + " is gone");
    return there->bytes == receipt.bytes ? arrow::Status::OK() : Taken(path.substr(1));
  }

  // All that is not published lies in the staging folder, which Discard removes.
  arrow::Status RemoveUnpublished(const std::string&,
                                  const std::function<bool(std::string_view)>&) override {
    return arrow::Status::OK();
  }

 private:
  HdfsDestination(std::shared_ptr<hdfs::Client> client, std::shared_ptr<hdfs::Store> files,
                  const std::string& prefix)
      : ObjectDestination(files, prefix, "hdfs dfs -rm -r"),
        client_(std::move(client)),
        files_(std::move(files)) {}

  std::string Staged(const Receipt& receipt) const {
    return hdfs::PathOf(StagedKeyOf(target_.run_id, receipt.table, receipt.file));
  }
  std::string Final(const Receipt& receipt) const {
    return hdfs::PathOf(KeyOf(receipt.table, receipt.file));
  }

  // A whole table at once, where nothing is in its place; an empty folder is nothing.
  arrow::Status CommitFolder(const std::string& table, const std::vector<Receipt>& receipts) {
    std::string staged = hdfs::PathOf(StagedKeyOf(target_.run_id, table, ""));
    std::string path = hdfs::PathOf(KeyOf(table, ""));
    staged.pop_back();  // the slashes
    path.pop_back();
    ARROW_ASSIGN_OR_RAISE(const auto waiting, client_->Info(staged));
    if (!waiting) return arrow::Status::OK();  // moved already, or a table without parts
    ARROW_ASSIGN_OR_RAISE(const auto there, client_->Info(path));
    if (there) {
      ARROW_ASSIGN_OR_RAISE(const auto entries, client_->List(path));
      if (!there->folder || !entries.empty()) return arrow::Status::OK();  // then part by part
      ARROW_RETURN_NOT_OK(client_->Remove(path));
    }
    // What attempts that were cut off have left must not come along.
    std::set<std::string> mine;
    for (const Receipt& receipt : receipts) {
      if (receipt.table == table) mine.insert(Staged(receipt).substr(1));
    }
    ARROW_ASSIGN_OR_RAISE(const ObjectListing found, files_->List(staged.substr(1) + "/", false));
    for (const ObjectInfo& object : found.objects) {
      if (!mine.contains(object.key)) {
        ARROW_RETURN_NOT_OK(client_->Remove(hdfs::PathOf(object.key)));
      }
    }
    return client_->Rename(staged, path).status();
  }

  std::shared_ptr<hdfs::Client> client_;
  std::shared_ptr<hdfs::Store> files_;
};

}  // namespace

extern const DestinationInfo kHdfsDestination;
const DestinationInfo kHdfsDestination = {
    .name = "hdfs",
    .schemes = "hdfs:",
    .help = "a folder of Hadoop's file system, through libhdfs and Java",
    .example = "synthmill generate DATASET --to hdfs://namenode:8020/data/DATASET",
    .guarantee =
        "staged, then one rename per new table (else per part, to new names), the manifest last: "
        "its readers see all or nothing",
    .one_stream = false,
    .matches = [](std::string_view uri) { return uri.starts_with("hdfs:"); },
    .open = [](const std::string& text,
               const DestinationOptions& options) -> arrow::Result<std::unique_ptr<Destination>> {
      ARROW_ASSIGN_OR_RAISE(const hdfs::Uri uri, hdfs::ParseUri(text));
      int replication = 0;
      if (const auto given = options.find("hdfs-replication"); given != options.end()) {
        const std::string& digits = given->second;
        const auto [end, error] =
            std::from_chars(digits.data(), digits.data() + digits.size(), replication);
        if (error != std::errc() || end != digits.data() + digits.size() || replication < 1 ||
            replication > 512) {
          return arrow::Status::Invalid("--hdfs-replication ", digits,
                                        ": wanted is a number from 1 to 512");
        }
      }
      ARROW_ASSIGN_OR_RAISE(auto client, hdfs::Client::Connect(uri, replication));
      return std::make_unique<HdfsDestination>(std::move(client), uri.path.substr(1));
    },
    .flags = {{"hdfs-replication", "N",
               "copies that HDFS keeps of each block; default: as the cluster is configured"}},
};

}  // namespace synthmill::io
