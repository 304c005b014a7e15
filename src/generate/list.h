// Value lists: CSV files with a header, comment lines (#) and an optional `weight` column.
#pragma once

#include <arrow/result.h>

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace synthmill::generate {

struct List {
  std::string name;
  std::vector<std::string> columns;              // without `weight`
  std::vector<std::vector<std::string>> values;  // values[column][row]
  std::vector<int64_t> weights;                  // 1 each without a weight column

  size_t rows() const { return weights.size(); }
  // Index of a column, or -1.
  int Find(std::string_view column) const;
};

// Reads a list. Errors name the list and the line.
arrow::Result<std::shared_ptr<const List>> ParseList(std::string name, std::string_view csv);

// Built-in lists by name, and a spec's own by path; each is read once.
class Lists {
 public:
  // `own`: name -> path of a file, resolved already.
  explicit Lists(std::map<std::string, std::string> own) : own_(std::move(own)) {}
  arrow::Result<std::shared_ptr<const List>> Find(const std::string& name);
  std::vector<std::string> Names() const;

 private:
  std::map<std::string, std::string> own_;
  std::map<std::string, std::shared_ptr<const List>> cache_;
};

}  // namespace synthmill::generate
