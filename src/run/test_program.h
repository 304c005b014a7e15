// A small program for tests: one root, one or two tables with numbers and text.
#pragma once

#include <arrow/builder.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <functional>
#include <string>

#include "generate/program.h"

namespace synthmill::run {

// Row i of table "rows": (i, "v<i>"); table "tens" has every tenth row. Tables are named as given.
class FakeProgram : public generate::Program {
 public:
  FakeProgram(uint64_t begin, uint64_t end, std::vector<std::string> names = {"rows", "tens"}) {
    roots_.push_back({"thing", begin, end});
    for (size_t i = 0; i < names.size(); ++i) {
      generate::OutputTable table;
      table.key = table.name = names[i];
      table.schema = arrow::schema(
          {arrow::field("id", arrow::int64(), false), arrow::field("value", arrow::utf8())});
      tables_.push_back(table);
    }
  }
  const std::vector<generate::OutputTable>& tables() const override { return tables_; }
  const std::vector<generate::Root>& roots() const override { return roots_; }
  uint64_t Rows(int t, uint64_t begin, uint64_t end) const override {
    const auto before = [&](uint64_t at) {
      const uint64_t row = std::min(std::max(at, roots_[0].begin), roots_[0].end);
      return t == 0 ? row : (row + 9) / 10;
    };
    return before(end) - before(begin);
  }
  arrow::Result<std::unique_ptr<generate::PartGenerator>> Part(int, uint64_t begin,
                                                               uint64_t end) const override {
    return std::make_unique<Generator>(this, begin / 1024, (end + 1023) / 1024);
  }
  // Called before each block; an error ends the part.
  std::function<arrow::Status(uint64_t block)> on_block;

 private:
  class Generator : public generate::PartGenerator {
   public:
    Generator(const FakeProgram* program, uint64_t first, uint64_t last)
        : program_(program), block_(first), last_(last) {}
    arrow::Result<bool> Next(std::vector<std::shared_ptr<arrow::RecordBatch>>* out) override {
      if (block_ == last_) return false;
      if (program_->on_block) ARROW_RETURN_NOT_OK(program_->on_block(block_));
      const generate::Root& root = program_->roots_[0];
      for (size_t t = 0; t < program_->tables_.size(); ++t) {
        arrow::Int64Builder ids;
        arrow::StringBuilder values;
        for (uint64_t row = std::max(block_ * 1024, root.begin);
             row < std::min((block_ + 1) * 1024, root.end); ++row) {
          if (t == 1 && row % 10 != 0) continue;
          ARROW_RETURN_NOT_OK(ids.Append(static_cast<int64_t>(row)));
          ARROW_RETURN_NOT_OK(values.Append("v" + std::to_string(row)));
        }
        ARROW_ASSIGN_OR_RAISE(auto a, ids.Finish());
        ARROW_ASSIGN_OR_RAISE(auto b, values.Finish());
        (*out)[t] = arrow::RecordBatch::Make(program_->tables_[t].schema, a->length(), {a, b});
      }
      generate::NoiseCount count;
      count.table = "rows";
      count.rule = "typo";
      count.records = count.applicable = 1024;
      count.touched = 100;
      generated_.push_back(count);
      ++block_;
      return true;
    }
    std::vector<generate::NoiseCount> noise() const override { return generated_; }

   private:
    const FakeProgram* program_;
    uint64_t block_, last_;
    std::vector<generate::NoiseCount> generated_;
  };

  std::vector<generate::OutputTable> tables_;
  std::vector<generate::Root> roots_;
};

// A folder of its own, removed at the end.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "synthmill-XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  std::string operator/(const std::string& name) const { return (path_ / name).string(); }
  std::string string() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

// All files and folders below a folder, relative and sorted; folders end in '/'.
inline std::vector<std::string> Tree(const std::string& folder) {
  std::vector<std::string> out;
  if (!std::filesystem::exists(folder)) return out;
  for (const auto& e : std::filesystem::recursive_directory_iterator(folder)) {
    out.push_back(std::filesystem::relative(e.path(), folder).string() +
                  (e.is_directory() ? "/" : ""));
  }
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace synthmill::run
