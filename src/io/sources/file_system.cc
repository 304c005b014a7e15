#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "io/sources/source.h"

namespace synthmill::io {
namespace {

namespace fs = arrow::fs;

std::string_view NameOf(std::string_view path) {
  const size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

// Without extensions: all that follows the first point but one at the beginning.
std::string Stem(std::string_view name) { return std::string(name.substr(0, name.find('.', 1))); }

// A name that a folder can have everywhere.
std::string TableName(std::string_view name) {
  std::string out(name);
  while (!out.empty() && std::string_view("-_. ").find(out.back()) != std::string_view::npos) {
    out.pop_back();
  }
  while (!out.empty() && (out.front() == '_' || out.front() == '.')) out.erase(0, 1);
  return out.empty() ? "table" : out;
}

bool Hidden(std::string_view name) { return name.starts_with('_') || name.starts_with('.'); }

int64_t Nanoseconds(const fs::FileInfo& info) {
  const auto since = info.mtime().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::nanoseconds>(since).count();
}

class FileSystemSource : public Source {
 public:
  FileSystemSource(std::shared_ptr<fs::FileSystem> file_system, std::string path, std::string shown)
      : fs_(std::move(file_system)), path_(std::move(path)), shown_(std::move(shown)) {
    while (path_.size() > 1 && path_.ends_with('/')) path_.pop_back();
    while (shown_.size() > 1 && shown_.ends_with('/')) shown_.pop_back();
  }

  arrow::Result<std::vector<SourceFile>> List() override {
    std::vector<SourceFile> files;
    // A file may well be called a[1].csv.
    ARROW_ASSIGN_OR_RAISE(const fs::FileInfo info, fs_->GetFileInfo(path_));
    if (info.IsFile()) {
      files.push_back(FileOf(info, TableName(Stem(NameOf(path_)))));
      return files;
    }
    if (info.IsDirectory()) {
      ARROW_RETURN_NOT_OK(ListFolder(&files));
      if (files.empty()) {
        return arrow::Status::Invalid(shown_,
                                      " holds no files (names that begin with _ or . are "
                                      "passed over)");
      }
    } else if (HasGlob(path_)) {
      ARROW_RETURN_NOT_OK(ListGlob(&files));
      if (files.empty()) return arrow::Status::Invalid("no file matches ", shown_);
    } else {
      return arrow::Status::Invalid("there is no ", shown_);
    }
    std::sort(files.begin(), files.end(), [](const SourceFile& a, const SourceFile& b) {
      return std::tie(a.table, a.name) < std::tie(b.table, b.name);
    });
    return files;
  }

  arrow::Result<std::shared_ptr<arrow::io::RandomAccessFile>> Open(
      const SourceFile& file) override {
    return fs_->OpenInputFile(PathOf(file.name));
  }

  arrow::Status CheckSame(const SourceFile& file) override {
    ARROW_ASSIGN_OR_RAISE(const fs::FileInfo info, fs_->GetFileInfo(PathOf(file.name)));
    if (!info.IsFile()) return arrow::Status::IOError(file.name, " is gone");
    if (static_cast<uint64_t>(info.size()) == file.bytes && Nanoseconds(info) == file.modified) {
      return arrow::Status::OK();
    }
    return arrow::Status::IOError(
        fmt::format("{} was changed while it was read: it had {} bytes, now it has {}", file.name,
                    file.bytes, info.size()));
  }

 private:
  std::string PathOf(const std::string& name) const { return path_ + name.substr(shown_.size()); }

  // Only for paths at or below path_, or at or below the folder of a glob, which is a prefix.
  SourceFile FileOf(const fs::FileInfo& info, std::string table) const {
    SourceFile file;
    file.name = shown_ + info.path().substr(path_.size());
    file.table = std::move(table);
    file.bytes = static_cast<uint64_t>(std::max<int64_t>(info.size(), 0));
    file.modified = Nanoseconds(info);
    return file;
  }

  arrow::Status ListFolder(std::vector<SourceFile>* files) {
    ARROW_ASSIGN_OR_RAISE(const auto infos, Find(path_));
    for (const fs::FileInfo& info : infos) {
      const std::string below = Below(path_, info.path());
      if (!info.IsFile() || AnyHidden(below)) continue;
      std::string table;
      const size_t slash = below.find('/');
      if (slash != std::string::npos) {
        table = TableName(below.substr(0, slash));
      } else if (below.starts_with("part-")) {
        table = TableName(NameOf(path_));
      } else {
        table = TableName(Stem(below));
      }
      files->push_back(FileOf(info, std::move(table)));
    }
    return arrow::Status::OK();
  }

  arrow::Status ListGlob(std::vector<SourceFile>* files) {
    const std::string whole = path_, shown = shown_;
    // The folder above the first wildcard.
    const size_t wild = whole.find_first_of("*?[");
    const size_t slash = whole.rfind('/', wild);
    const std::string folder = slash == std::string::npos ? "" : whole.substr(0, slash);
    const std::string first = whole.substr(slash == std::string::npos ? 0 : slash + 1,
                                           wild - (slash == std::string::npos ? 0 : slash + 1));
    std::string table = TableName(first);
    if (first.find_first_not_of("-_. ") == std::string::npos) {
      table = folder.empty() ? "table" : TableName(NameOf(folder));
    }
    ARROW_ASSIGN_OR_RAISE(const auto infos, Find(folder.empty() ? "." : folder));
    const size_t cut = whole.size() - folder.size();
    path_ = folder;
    shown_ = shown.substr(0, shown.size() - cut);
    for (const fs::FileInfo& info : infos) {
      std::string path = info.path();
      if (folder.empty() && path.starts_with("./")) path = path.substr(2);
      if (!info.IsFile() || !MatchesGlob(whole, path)) continue;
      files->push_back(FileOf(info, table));
      if (folder.empty()) files->back().name = path;
    }
    return arrow::Status::OK();
  }

  arrow::Result<std::vector<fs::FileInfo>> Find(const std::string& folder) {
    fs::FileSelector selector;
    selector.base_dir = folder;
    selector.recursive = true;
    return fs_->GetFileInfo(selector);
  }

  static std::string Below(const std::string& folder, const std::string& path) {
    return path.substr(folder.ends_with('/') ? folder.size() : folder.size() + 1);
  }
  static bool AnyHidden(std::string_view below) {
    while (true) {
      if (Hidden(below)) return true;
      const size_t slash = below.find('/');
      if (slash == std::string_view::npos) return false;
      below.remove_prefix(slash + 1);
    }
  }

  std::shared_ptr<fs::FileSystem> fs_;
  std::string path_, shown_;
};

// One name against one pattern without '/'.
bool MatchName(std::string_view pattern, std::string_view name) {
  size_t p = 0, n = 0, star = std::string_view::npos, star_name = 0;
  while (n < name.size()) {
    bool same = false;
    size_t next = p;
    if (p < pattern.size() && pattern[p] == '[' &&
        pattern.find(']', p + 2) != std::string_view::npos) {
      const size_t end = pattern.find(']', p + 2);
      size_t at = p + 1;
      const bool negated = pattern[at] == '!' || pattern[at] == '^';
      at += negated;
      while (at < end) {
        if (at + 2 < end && pattern[at + 1] == '-') {
          same |= pattern[at] <= name[n] && name[n] <= pattern[at + 2];
          at += 3;
        } else {
          same |= pattern[at] == name[n];
          ++at;
        }
      }
      same ^= negated;
      next = end + 1;
    } else if (p < pattern.size() && pattern[p] != '*') {
      same = pattern[p] == '?' || pattern[p] == name[n];
      next = p + 1;
    } else if (p < pattern.size()) {
      star = p++;
      star_name = n;
      continue;
    }
    if (same) {
      p = next;
      ++n;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      n = ++star_name;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

}  // namespace

bool HasGlob(std::string_view path) { return path.find_first_of("*?[") != std::string_view::npos; }

bool MatchesGlob(std::string_view pattern, std::string_view name) {
  const auto split = [](std::string_view text) {
    return std::pair(text.substr(0, text.find('/')), text.find('/') == std::string_view::npos
                                                         ? std::string_view()
                                                         : text.substr(text.find('/') + 1));
  };
  const auto [first, rest] = split(pattern);
  const bool last = pattern.find('/') == std::string_view::npos;
  if (first == "**" && !last) {
    // No folder, or one more.
    if (MatchesGlob(rest, name)) return true;
    const size_t slash = name.find('/');
    return slash != std::string_view::npos && MatchesGlob(pattern, name.substr(slash + 1));
  }
  const auto [name_first, name_rest] = split(name);
  const bool name_last = name.find('/') == std::string_view::npos;
  // A star does not stand for hidden names.
  if (Hidden(name_first) && !Hidden(first)) return false;
  if (!MatchName(first, name_first)) return false;
  if (last || name_last) return last && name_last;
  return MatchesGlob(rest, name_rest);
}

std::unique_ptr<Source> MakeFileSystemSource(std::shared_ptr<arrow::fs::FileSystem> file_system,
                                             std::string path, std::string shown) {
  return std::make_unique<FileSystemSource>(std::move(file_system), std::move(path),
                                            std::move(shown));
}

}  // namespace synthmill::io
