// The documents and the lock of a local target: all that lies below DIR/_synthmill.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "io/destinations/destination.h"

namespace synthmill::io {

class LocalDocuments : public DocumentStore {
 public:
  explicit LocalDocuments(std::filesystem::path root) : root_(std::move(root)) {}
  arrow::Result<std::optional<std::string>> Read(const std::string& path) const override;
  arrow::Status Write(const std::string& path, std::string_view text) override;
  arrow::Result<bool> Create(const std::string& path, std::string_view text) override;
  arrow::Result<std::vector<std::string>> List(const std::string& folder) const override;
  arrow::Status Remove(const std::string& path) override;

 private:
  arrow::Status WriteFile(const std::filesystem::path& file, std::string_view text);

  std::filesystem::path root_;
};

// Makes the folder and those above it. Adds those that were missing to `made`, outermost first.
arrow::Status MakeFolders(const std::filesystem::path& folder,
                          std::vector<std::filesystem::path>* made = nullptr);
// Removes what is there, with all it holds.
arrow::Status RemoveTree(const std::filesystem::path& path);

// An flock on DIR/_synthmill/lock, which holds the owner's words. Released, the lock file is
// removed and so are folders that stayed empty.
arrow::Result<std::unique_ptr<Lease>> LockFolder(const std::filesystem::path& folder,
                                                 const std::string& owner);

}  // namespace synthmill::io
