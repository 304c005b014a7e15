#include "run/rejects.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "core/text.h"
#include "io/destinations/fd_stream.h"

namespace synthmill::run {

namespace {

std::string Base64(std::string_view bytes) {
  constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (size_t i = 0; i < bytes.size(); i += 3) {
    uint32_t three = 0;
    const size_t n = std::min<size_t>(3, bytes.size() - i);
    for (size_t k = 0; k < 3; ++k) {
      three = three << 8 | (k < n ? static_cast<unsigned char>(bytes[i + k]) : 0);
    }
    for (size_t k = 0; k < 4; ++k) out += k <= n ? kDigits[three >> (18 - 6 * k) & 63] : '=';
  }
  return out;
}

class DocumentRejects : public RejectStore {
 public:
  DocumentRejects(io::DocumentStore* documents, std::string run_id, std::string target)
      : documents_(documents), run_id_(std::move(run_id)), target_(std::move(target)) {}

  arrow::Status Write(const std::string& table, uint64_t part, uint64_t number,
                      const std::string& lines) override {
    return documents_->Write(
        fmt::format("runs/{}/rejects/{}/part-{:05}-{:03}.jsonl", run_id_, table, part, number),
        lines);
  }
  std::string place() const override {
    return fmt::format("{}/_synthmill/runs/{}/rejects", target_, run_id_);
  }

 private:
  io::DocumentStore* documents_;
  std::string run_id_, target_;
};

class FileRejects : public RejectStore {
 public:
  explicit FileRejects(std::string path) : path_(std::move(path)), open_(path_ + ".inprogress") {}
  ~FileRejects() override {
    if (stream_ != nullptr && !finished_) {
      (void)stream_->Abort();
      ::unlink(open_.c_str());
    }
  }

  arrow::Status Write(const std::string&, uint64_t, uint64_t, const std::string& lines) override {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (stream_ == nullptr) {
      const int fd = ::open(open_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
      if (fd < 0) return io::ErrnoStatus(errno, "cannot write", open_);
      stream_ = std::make_unique<io::FdOutputStream>(fd, /*owned=*/true, path_);
    }
    return stream_->Write(lines.data(), static_cast<int64_t>(lines.size()));
  }
  arrow::Status Finish() override {
    if (stream_ == nullptr) return arrow::Status::OK();
    ARROW_RETURN_NOT_OK(stream_->Close());
    if (::rename(open_.c_str(), path_.c_str()) != 0) {
      return io::ErrnoStatus(errno, "cannot write", path_);
    }
    finished_ = true;
    return arrow::Status::OK();
  }
  std::string place() const override { return path_; }

 private:
  const std::string path_, open_;
  std::mutex mutex_;
  std::unique_ptr<io::FdOutputStream> stream_;
  bool finished_ = false;
};

}  // namespace

std::string RejectLine(const std::string& file, const io::ingest::RefusedRow& row) {
  nlohmann::ordered_json line = {{"file", file}};
  if (row.line > 0) line["line"] = row.line;
  if (row.row > 0) line["row"] = row.row;
  if (row.offset >= 0) line["byte"] = row.offset;
  line["reason"] = row.reason;
  if (core::ValidUtf8Prefix(row.text) == row.text.size()) {
    line["text"] = row.text;
  } else {
    line["text_base64"] = Base64(row.text);
  }
  return line.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

std::unique_ptr<RejectStore> RejectsInDocuments(io::DocumentStore* documents, std::string run_id,
                                                std::string target) {
  return std::make_unique<DocumentRejects>(documents, std::move(run_id), std::move(target));
}

std::unique_ptr<RejectStore> RejectsInFile(std::string path) {
  return std::make_unique<FileRejects>(std::move(path));
}

}  // namespace synthmill::run
