// Which types the values of a text file have.
//
// A column's type is the first of bool, int64, float64, date, timestamp, text that takes every one
// of its values without loss: numbers with leading zeros, a plus sign or more digits than the type
// holds stay text. It is a property of all values, whatever their order: masks of the types that
// are left, which parts of a file can make on their own.
#pragma once

#include <arrow/type.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "io/ingest/cells.h"

namespace synthmill::io::ingest {

class TypeInference {
 public:
  // `null`: how CSV spells it; `json`: a quoted cell is a string.
  TypeInference(size_t columns, std::string null, bool json)
      : columns_(columns), null_(std::move(null)), json_(json) {}

  void Add(std::string_view text, const RowTable& rows);
  // What another one has seen of further rows; its column c is column to[c] here.
  void Add(const TypeInference& other, const std::vector<size_t>& to);

  size_t columns() const { return columns_.size(); }
  std::shared_ptr<arrow::DataType> type(size_t column) const;
  // Nothing but null and "" was seen: the type is text, for want of a better one.
  bool only_empty(size_t column) const { return !columns_[column].any; }

 private:
  struct Column {
    uint8_t types = 0xff;
    bool any = false;
  };
  void AddColumn(std::string_view text, const RowTable& rows, size_t column);

  std::vector<Column> columns_;
  std::string null_;
  bool json_;
};

}  // namespace synthmill::io::ingest
