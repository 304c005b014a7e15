// s3:// — a bucket of Amazon S3 or of any server that speaks its protocol.
//
// Each part is a multipart upload that is left open: its bytes are stored, but no object is there
// until Commit completes it. A receipt's token is the upload's id and the ETags of its parts.
#include <algorithm>
#include <condition_variable>
#include <cstring>
#include <mutex>
#include <sstream>

#include "io/destinations/object_destination.h"
#include "io/destinations/part_stream.h"
#include "io/destinations/upload_pool.h"
#include "io/s3/client.h"

namespace synthmill::io {

namespace {

// S3 takes 10,000 parts of an upload, and 5 TB: parts begin at 8 MiB and double each 1,250.
constexpr uint64_t kPartBytes = 8 << 20;
constexpr int kPartsOfASize = 1250;
// What waits to be sent holds at most so much memory, whatever the number of threads.
constexpr uint64_t kBytesInFlight = 16 * kPartBytes;
constexpr size_t kUploadThreads = 16;

class S3Stream : public PartStream {
 public:
  S3Stream(std::shared_ptr<S3Client> client, std::shared_ptr<UploadPool> pool, std::string key,
           std::string run)
      : client_(std::move(client)), pool_(std::move(pool)), run_(std::move(run)) {
    upload_.key = std::move(key);
  }
  ~S3Stream() override { (void)Abort(); }

  arrow::Status Write(const void* data, int64_t nbytes) override {
    if (closed_) return arrow::Status::Invalid("write to a closed upload: ", upload_.key);
    hash_.Add(data, nbytes);
    const char* bytes = static_cast<const char*>(data);
    position_ += nbytes;
    while (nbytes > 0) {
      if (!buffer_.data) buffer_ = pool_->TakeBuffer(kPartBytes << (number_ / kPartsOfASize));
      const size_t n = std::min(static_cast<size_t>(nbytes), buffer_.capacity - buffer_.size);
      std::memcpy(buffer_.data.get() + buffer_.size, bytes, n);
      buffer_.size += n;
      bytes += n;
      nbytes -= static_cast<int64_t>(n);
      if (buffer_.size == buffer_.capacity) ARROW_RETURN_NOT_OK(Send());
    }
    return arrow::Status::OK();
  }
  using arrow::io::OutputStream::Write;

  // All bytes are with the server, the upload stays open.
  arrow::Status Close() override {
    if (closed_) return arrow::Status::OK();
    // An upload has at least one part, even of nothing.
    if (buffer_.size > 0 || number_ == 0) ARROW_RETURN_NOT_OK(Send());
    std::unique_lock<std::mutex> lock(mutex_);
    idle_.wait(lock, [this] { return pending_ == 0; });
    ARROW_RETURN_NOT_OK(status_);
    closed_ = true;
    std::sort(parts_.begin(), parts_.end(),
              [](const S3Part& a, const S3Part& b) { return a.number < b.number; });
    return arrow::Status::OK();
  }

  arrow::Status Abort() override {
    if (closed_) return arrow::Status::OK();
    closed_ = true;
    std::unique_lock<std::mutex> lock(mutex_);
    if (status_.ok()) status_ = arrow::Status::Cancelled("given up");
    idle_.wait(lock, [this] { return pending_ == 0; });
    lock.unlock();
    if (buffer_.data) pool_->GiveBuffer(std::move(buffer_));
    return upload_.id.empty() ? arrow::Status::OK() : client_->AbortUpload(upload_);
  }

  std::string token() const override {
    std::string out = upload_.id;
    for (const S3Part& part : parts_) out += " " + part.etag;
    return out;
  }

 private:
  arrow::Status Send() {
    if (upload_.id.empty()) {
      ARROW_ASSIGN_OR_RAISE(upload_.id, client_->CreateUpload(upload_.key, run_));
    }
    if (!buffer_.data) buffer_ = pool_->TakeBuffer(kPartBytes);
    const int number = ++number_;
    {
      std::lock_guard<std::mutex> lock(mutex_);
      ARROW_RETURN_NOT_OK(status_);
      ++pending_;
    }
    const uint64_t capacity = buffer_.capacity;
    auto bytes = std::make_shared<UploadBuffer>(std::move(buffer_));
    buffer_ = UploadBuffer();
    pool_->Submit(capacity, [this, number, bytes] {
      bool wanted;
      {
        std::lock_guard<std::mutex> lock(mutex_);
        wanted = status_.ok();
      }
      arrow::Result<std::string> etag = std::string();
      if (wanted) etag = client_->UploadPart(upload_, number, {bytes->data.get(), bytes->size});
      const uint64_t size = bytes->size;
      pool_->GiveBuffer(std::move(*bytes));
      std::lock_guard<std::mutex> lock(mutex_);
      if (!etag.ok() && status_.ok()) status_ = etag.status();
      if (wanted && etag.ok()) parts_.push_back({number, *etag, size});
      --pending_;
      idle_.notify_all();
    });
    return arrow::Status::OK();
  }

  std::shared_ptr<S3Client> client_;
  std::shared_ptr<UploadPool> pool_;
  std::string run_;
  S3Upload upload_;
  UploadBuffer buffer_;
  int number_ = 0;
  std::mutex mutex_;  // guards what follows
  std::condition_variable idle_;
  std::vector<S3Part> parts_;
  arrow::Status status_;
  int pending_ = 0;
};

class S3Destination : public ObjectDestination {
 public:
  S3Destination(std::shared_ptr<S3Client> client, std::string prefix)
      : ObjectDestination(client, std::move(prefix), "aws s3 rm --recursive"),
        client_(std::move(client)) {}

  arrow::Result<std::unique_ptr<PartWriter>> Open(size_t table, uint64_t part,
                                                  const std::string& folder) override {
    ARROW_RETURN_NOT_OK(CheckLock());
    Receipt receipt = NewReceipt(table, part, folder);
    auto stream = std::make_shared<S3Stream>(client_, pool_, KeyOf(receipt.table, receipt.file),
                                             target_.run_id);
    return OpenStreamPart(target_, table, std::move(receipt), std::move(stream));
  }

  arrow::Result<bool> Holds(const Receipt& receipt) override {
    const auto [upload, parts] = UploadOf(receipt);
    if (upload.id.empty()) return false;
    ARROW_ASSIGN_OR_RAISE(const auto there, client_->ListParts(upload));
    if (!there) return IsPublished(upload.key, receipt);
    uint64_t bytes = 0;
    for (const S3Part& part : *there) bytes += part.bytes;
    return bytes == receipt.bytes && there->size() == parts.size();
  }

 protected:
  arrow::Status Publish(const Receipt& receipt) override {
    const auto [upload, parts] = UploadOf(receipt);
    ARROW_ASSIGN_OR_RAISE(const bool completed,
                          client_->CompleteUpload(upload, parts, /*only_new=*/true));
    if (completed) return arrow::Status::OK();
    return CheckPublished(upload.key, receipt,
                          "the finished upload of " + store_->UriOf(upload.key) +
                              " is gone (a rule of the bucket may remove unfinished uploads)");
  }

  arrow::Status RemoveUnpublished(const std::string& table,
                                  const std::function<bool(std::string_view)>& is_mine) override {
    ARROW_ASSIGN_OR_RAISE(const auto uploads, client_->ListUploads(KeyOf(table, "")));
    std::vector<S3Upload> mine;
    for (const S3Upload& upload : uploads) {
      if (is_mine(upload.key)) mine.push_back(upload);
    }
    return ForEachParallel(mine.size(), kUploadThreads,
                           [&](size_t i) { return client_->AbortUpload(mine[i]); });
  }

 private:
  std::pair<S3Upload, std::vector<S3Part>> UploadOf(const Receipt& receipt) const {
    S3Upload upload{KeyOf(receipt.table, receipt.file), ""};
    std::vector<S3Part> parts;
    std::istringstream words(receipt.token);
    words >> upload.id;
    for (std::string etag; words >> etag;) {
      parts.push_back({static_cast<int>(parts.size()) + 1, etag, 0});
    }
    return {std::move(upload), std::move(parts)};
  }

  std::shared_ptr<S3Client> client_;
  std::shared_ptr<UploadPool> pool_ = std::make_shared<UploadPool>(kUploadThreads, kBytesInFlight);
};

}  // namespace

extern const DestinationInfo kS3Destination;
const DestinationInfo kS3Destination = {
    .name = "s3",
    .schemes = "s3: s3a:",
    .help = "a bucket of Amazon S3 or of a server that speaks its protocol",
    .example = "synthmill generate DATASET --to s3://bucket/DATASET",
    .guarantee =
        "parts are uploads left open until the commit completes them, the manifest last: its "
        "readers see all or nothing",
    .one_stream = false,
    .matches =
        [](std::string_view uri) { return uri.starts_with("s3:") || uri.starts_with("s3a:"); },
    .open = [](const std::string& uri,
               const DestinationOptions& options) -> arrow::Result<std::unique_ptr<Destination>> {
      ARROW_ASSIGN_OR_RAISE(ObjectUri at, ParseObjectUri(uri));
      ARROW_ASSIGN_OR_RAISE(S3Options settings, S3Options::From(options));
      return std::make_unique<S3Destination>(
          std::make_shared<S3Client>(std::move(at.bucket), std::move(settings)),
          std::move(at.prefix));
    },
    .flags =
        {
            {"s3-endpoint", "URL", "another server than Amazon's; default: AWS_ENDPOINT_URL_S3"},
            {"s3-region", "NAME", "default: AWS_REGION, the profile's, the bucket's own"},
            {"s3-sse", "KIND", "encryption by the server: AES256 or aws:kms"},
            {"s3-kms-key", "KEY", "the key for --s3-sse aws:kms; default: the account's"},
            {"s3-addressing", "STYLE",
             "path, virtual or auto: virtual at Amazon, path with --s3-endpoint"},
            {"retry-seconds", "N",
             "how long a request that fails for the moment is tried again; default: 120"},
        },
};

}  // namespace synthmill::io
