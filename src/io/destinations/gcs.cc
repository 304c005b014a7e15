// gs:// — a bucket of Google Cloud Storage.
//
// Each part becomes an object below _synthmill/staging/<run>/ (an upload that was not finished is
// no object at all). Commit rewrites it to its place: within a bucket no bytes move.
#include <cstring>
#include <future>

#include "io/destinations/object_destination.h"
#include "io/destinations/part_stream.h"
#include "io/destinations/upload_pool.h"
#include "io/gcs/client.h"

namespace synthmill::io {

namespace {

constexpr uint64_t kChunkBytes = 8 << 20;  // a multiple of 256 KiB
constexpr uint64_t kBytesInFlight = 16 * kChunkBytes;
constexpr size_t kUploadThreads = 16;

class GcsStream : public PartStream {
 public:
  GcsStream(std::shared_ptr<GcsClient> client, std::shared_ptr<UploadPool> pool, std::string key,
            std::string run)
      : client_(std::move(client)),
        pool_(std::move(pool)),
        key_(std::move(key)),
        run_(std::move(run)) {}
  ~GcsStream() override { (void)Abort(); }

  arrow::Status Write(const void* data, int64_t nbytes) override {
    if (closed_) return arrow::Status::Invalid("write to a closed upload: ", key_);
    hash_.Add(data, nbytes);
    const char* bytes = static_cast<const char*>(data);
    position_ += nbytes;
    while (nbytes > 0) {
      // The last chunk is told from the others, so a full one waits for more bytes.
      if (buffer_.data && buffer_.size == buffer_.capacity) ARROW_RETURN_NOT_OK(Send(false));
      if (!buffer_.data) buffer_ = pool_->TakeBuffer(kChunkBytes);
      const size_t n = std::min(static_cast<size_t>(nbytes), buffer_.capacity - buffer_.size);
      std::memcpy(buffer_.data.get() + buffer_.size, bytes, n);
      buffer_.size += n;
      bytes += n;
      nbytes -= static_cast<int64_t>(n);
    }
    return arrow::Status::OK();
  }
  using arrow::io::OutputStream::Write;

  arrow::Status Close() override {
    if (closed_) return arrow::Status::OK();
    ARROW_RETURN_NOT_OK(Send(true));
    ARROW_RETURN_NOT_OK(Wait());
    closed_ = true;
    return arrow::Status::OK();
  }

  arrow::Status Abort() override {
    if (closed_) return arrow::Status::OK();
    closed_ = true;
    (void)Wait();
    if (buffer_.data) pool_->GiveBuffer(std::move(buffer_));
    return session_.empty() ? arrow::Status::OK() : client_->AbortUpload(session_);
  }

 private:
  // Chunks of one upload go one after the other; while one is under way the next is filled.
  arrow::Status Send(bool last) {
    ARROW_RETURN_NOT_OK(Wait());
    if (session_.empty()) {
      ARROW_ASSIGN_OR_RAISE(session_, client_->BeginUpload(key_, run_));
    }
    auto bytes = std::make_shared<UploadBuffer>(std::move(buffer_));
    buffer_ = UploadBuffer();
    const uint64_t offset = sent_;
    sent_ += bytes->size;
    auto outcome = std::make_shared<std::promise<arrow::Status>>();
    under_way_ = outcome->get_future();
    pool_->Submit(kChunkBytes, [this, bytes, offset, last, outcome] {
      const arrow::Status status =
          client_->Upload(key_, session_, offset, {bytes->data.get(), bytes->size}, last);
      if (bytes->data) pool_->GiveBuffer(std::move(*bytes));
      outcome->set_value(status);
    });
    return arrow::Status::OK();
  }
  arrow::Status Wait() { return under_way_.valid() ? under_way_.get() : arrow::Status::OK(); }

  std::shared_ptr<GcsClient> client_;
  std::shared_ptr<UploadPool> pool_;
  std::string key_, run_, session_;
  UploadBuffer buffer_;
  uint64_t sent_ = 0;
  std::future<arrow::Status> under_way_;
};

class GcsDestination : public ObjectDestination {
 public:
  GcsDestination(std::shared_ptr<GcsClient> client, std::string prefix)
      : ObjectDestination(client, std::move(prefix), "gcloud storage rm --recursive"),
        client_(std::move(client)) {}

  arrow::Result<std::unique_ptr<PartWriter>> Open(size_t table, uint64_t part,
                                                  const std::string& folder) override {
    ARROW_RETURN_NOT_OK(CheckLock());
    Receipt receipt = NewReceipt(table, part, folder);
    auto stream = std::make_shared<GcsStream>(
        client_, pool_, StagedKeyOf(target_.run_id, receipt.table, receipt.file), target_.run_id);
    return OpenStreamPart(target_, table, std::move(receipt), std::move(stream));
  }

  arrow::Result<bool> Holds(const Receipt& receipt) override {
    ARROW_ASSIGN_OR_RAISE(
        const bool staged,
        IsPublished(StagedKeyOf(target_.run_id, receipt.table, receipt.file), receipt));
    if (staged) return true;
    return IsPublished(KeyOf(receipt.table, receipt.file), receipt);
  }

 protected:
  arrow::Status Publish(const Receipt& receipt) override {
    const std::string staged = StagedKeyOf(target_.run_id, receipt.table, receipt.file);
    const std::string key = KeyOf(receipt.table, receipt.file);
    ARROW_ASSIGN_OR_RAISE(const bool rewritten, client_->Rewrite(staged, key, target_.run_id));
    if (rewritten) return arrow::Status::OK();
    return CheckPublished(key, receipt, "the finished part " + store_->UriOf(staged) + " is gone");
  }

  // All that is not published lies in the staging folder, which Discard removes.
  arrow::Status RemoveUnpublished(const std::string&,
                                  const std::function<bool(std::string_view)>&) override {
    return arrow::Status::OK();
  }

 private:
  std::shared_ptr<GcsClient> client_;
  std::shared_ptr<UploadPool> pool_ = std::make_shared<UploadPool>(kUploadThreads, kBytesInFlight);
};

}  // namespace

extern const DestinationInfo kGcsDestination;
const DestinationInfo kGcsDestination = {
    .name = "gcs",
    .schemes = "gs:",
    .help = "a bucket of Google Cloud Storage",
    .example = "synthmill generate DATASET --to gs://bucket/DATASET",
    .guarantee =
        "staged, then rewritten within the bucket at commit, the manifest last: its readers see "
        "all or nothing",
    .one_stream = false,
    .matches = [](std::string_view uri) { return uri.starts_with("gs:"); },
    .open = [](const std::string& uri,
               const DestinationOptions& options) -> arrow::Result<std::unique_ptr<Destination>> {
      ARROW_ASSIGN_OR_RAISE(ObjectUri at, ParseObjectUri(uri));
      ARROW_ASSIGN_OR_RAISE(GcsOptions settings, GcsOptions::From(options));
      return std::make_unique<GcsDestination>(
          std::make_shared<GcsClient>(std::move(at.bucket), std::move(settings)),
          std::move(at.prefix));
    },
    .flags =
        {
            {"gcs-endpoint", "URL",
             "another server than Google's, such as an emulator; default: STORAGE_EMULATOR_HOST"},
            {"retry-seconds", "N",
             "how long a request that fails for the moment is tried again; default: 120"},
        },
};

}  // namespace synthmill::io
