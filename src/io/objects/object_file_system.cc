#include "io/objects/object_file_system.h"

#include <chrono>
#include <set>
#include <vector>

namespace synthmill::io {

namespace {

namespace fs = arrow::fs;

fs::TimePoint TimeOf(int64_t seconds) {
  return fs::TimePoint(
      std::chrono::duration_cast<fs::TimePoint::duration>(std::chrono::seconds(seconds)));
}

class ObjectFileSystem : public fs::FileSystem {
 public:
  ObjectFileSystem(std::shared_ptr<ObjectStore> store, std::string bucket, std::string type)
      : store_(std::move(store)), bucket_(std::move(bucket)), type_(std::move(type)) {}

  std::string type_name() const override { return type_; }
  bool Equals(const FileSystem& other) const override { return this == &other; }

  using FileSystem::GetFileInfo;
  arrow::Result<fs::FileInfo> GetFileInfo(const std::string& path) override {
    const std::string key = KeyOf(path);
    if (!key.empty()) {
      ARROW_ASSIGN_OR_RAISE(const auto object, store_->Head(key));
      if (object) return FileOf(path, *object);
    }
    // A folder is there as long as something lies in it.
    ARROW_ASSIGN_OR_RAISE(const ObjectListing below,
                          store_->List(key.empty() ? "" : key + "/", /*by_folder=*/true));
    const bool there = !below.objects.empty() || !below.folders.empty();
    return fs::FileInfo(path, there ? fs::FileType::Directory : fs::FileType::NotFound);
  }

  arrow::Result<fs::FileInfoVector> GetFileInfo(const fs::FileSelector& selector) override {
    std::string prefix = KeyOf(selector.base_dir);
    if (!prefix.empty()) prefix += "/";
    ARROW_ASSIGN_OR_RAISE(const ObjectListing below, store_->List(prefix, !selector.recursive));
    fs::FileInfoVector out;
    std::set<std::string> folders;
    const auto add_folder = [&](const std::string& key) {
      if (!folders.insert(key).second) return;
      out.emplace_back(bucket_ + "/" + key, fs::FileType::Directory);
    };
    for (const std::string& folder : below.folders) add_folder(folder.substr(0, folder.size() - 1));
    for (const ObjectInfo& object : below.objects) {
      for (size_t slash = object.key.find('/', prefix.size()); slash != std::string::npos;
           slash = object.key.find('/', slash + 1)) {
        add_folder(object.key.substr(0, slash));
      }
      // An object that stands for a folder, as consoles make them, is no file.
      if (object.key.ends_with('/') || object.key.size() == prefix.size()) continue;
      out.push_back(FileOf(bucket_ + "/" + object.key, object));
    }
    if (out.empty() && !selector.allow_not_found) {
      return arrow::Status::IOError("there is nothing at ",
                                    store_->UriOf(KeyOf(selector.base_dir)));
    }
    return out;
  }

  arrow::Result<std::shared_ptr<arrow::io::RandomAccessFile>> OpenInputFile(
      const std::string& path) override {
    ARROW_ASSIGN_OR_RAISE(auto object, store_->Head(KeyOf(path)));
    if (!object) return arrow::Status::IOError("there is no ", store_->UriOf(KeyOf(path)));
    return OpenObject(store_, std::move(*object));
  }
  arrow::Result<std::shared_ptr<arrow::io::InputStream>> OpenInputStream(
      const std::string& path) override {
    return OpenInputFile(path);
  }
  using FileSystem::OpenInputFile;
  using FileSystem::OpenInputStream;

  arrow::Status CreateDir(const std::string&, bool) override { return ReadOnly(); }
  arrow::Status DeleteDir(const std::string&) override { return ReadOnly(); }
  arrow::Status DeleteDirContents(const std::string&, bool) override { return ReadOnly(); }
  arrow::Status DeleteRootDirContents() override { return ReadOnly(); }
  arrow::Status DeleteFile(const std::string&) override { return ReadOnly(); }
  arrow::Status Move(const std::string&, const std::string&) override { return ReadOnly(); }
  arrow::Status CopyFile(const std::string&, const std::string&) override { return ReadOnly(); }
  arrow::Result<std::shared_ptr<arrow::io::OutputStream>> OpenOutputStream(
      const std::string&, const std::shared_ptr<const arrow::KeyValueMetadata>&) override {
    return ReadOnly();
  }
  arrow::Result<std::shared_ptr<arrow::io::OutputStream>> OpenAppendStream(
      const std::string&, const std::shared_ptr<const arrow::KeyValueMetadata>&) override {
    return ReadOnly();
  }

 private:
  // Without the bucket and slashes at the end.
  std::string KeyOf(const std::string& path) const {
    std::string key = path.size() > bucket_.size() ? path.substr(bucket_.size() + 1) : "";
    while (key.ends_with('/')) key.pop_back();
    return key;
  }
  static fs::FileInfo FileOf(const std::string& path, const ObjectInfo& object) {
    fs::FileInfo info(path, fs::FileType::File);
    info.set_size(static_cast<int64_t>(object.bytes));
    info.set_mtime(TimeOf(object.modified));
    return info;
  }
  static arrow::Status ReadOnly() {
    return arrow::Status::NotImplemented("a bucket is written by a destination, not as files");
  }

  std::shared_ptr<ObjectStore> store_;
  std::string bucket_, type_;
};

}  // namespace

std::shared_ptr<fs::FileSystem> MakeObjectFileSystem(std::shared_ptr<ObjectStore> store,
                                                     std::string bucket, std::string type) {
  return std::make_shared<ObjectFileSystem>(std::move(store), std::move(bucket), std::move(type));
}

}  // namespace synthmill::io
