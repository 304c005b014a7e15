// Reading parts of text files: pieces into cells, cells into columns, and rows that do not fit put
// aside.
#include <arrow/array/util.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "io/ingest/cast.h"
#include "io/ingest/columns.h"
#include "io/ingest/limits.h"
#include "io/ingest/text_reader.h"
#include "io/ingest/text_start.h"
#include "spec/diagnostics.h"

namespace synthmill::io::ingest {
namespace {

// For each column of `schema`, the part of the table's that is in the file, its cell in a row.
arrow::Result<std::vector<int>> MapColumns(const TableLayout& layout, const arrow::Schema& schema,
                                           const std::vector<std::string>& names) {
  std::vector<int> source;
  for (const auto& field : schema.fields()) {
    const auto it = std::find(names.begin(), names.end(), field->name());
    if (it == names.end()) {
      return arrow::Status::Invalid("there is no column '", field->name(), "'; ",
                                    spec::Suggest(field->name(), names));
    }
    source.push_back(static_cast<int>(it - names.begin()));
  }
  if (layout.ignore_others) return source;
  for (const std::string& name : names) {
    if (layout.schema->GetFieldIndex(name) < 0) {
      return arrow::Status::Invalid("the column '", name,
                                    "' is not one of the table's; --columns chooses those to copy");
    }
  }
  return source;
}

class TextPartReader : public PartReader {
 public:
  TextPartReader(const std::vector<InputFile>& files, const TableLayout& layout)
      : files_(files), layout_(layout) {}

  arrow::Result<uint64_t> Read(const Part& part, RowSink* sink) override {
    uint64_t found = 0;
    const arrow::Status status =
        ForEachPiece(part, sink, [&](const Piece& piece) { return Convert(piece, sink, &found); });
    ARROW_RETURN_NOT_OK(At(files_[part.file], status));
    return found;
  }

  arrow::Status Infer(const Part& part, TypeInference* types,
                      std::vector<std::string>* new_keys) override {
    std::optional<TypeInference> found;
    const arrow::Status status = ForEachPiece(part, nullptr, [&](const Piece& piece) {
      const bool json = IsJson(*layout_.format);
      if (!found) found.emplace(splitter_names().size(), layout_.options.csv_null, json);
      splitter_->Split(piece.text(), &rows_);
      found->Add(piece.text(), rows_);
      for (const std::string& key : rows_.new_keys) {
        if (std::find(new_keys->begin(), new_keys->end(), key) == new_keys->end()) {
          new_keys->push_back(key);
        }
      }
      return arrow::Status::OK();
    });
    ARROW_RETURN_NOT_OK(At(files_[part.file], status));
    if (!found) return arrow::Status::OK();
    // The columns of this file may come in another order.
    std::vector<size_t> to;
    for (const std::string& name : splitter_names()) {
      const auto it = std::find(layout_.names.begin(), layout_.names.end(), name);
      if (it == layout_.names.end()) {
        return At(files_[part.file],
                  arrow::Status::Invalid("the column '", name, "' is not in ", files_[0].name));
      }
      to.push_back(static_cast<size_t>(it - layout_.names.begin()));
    }
    types->Add(*found, to);
    return arrow::Status::OK();
  }

 private:
  const std::vector<std::string>& splitter_names() const { return NamesIn(layout_, start_); }

  template <typename Do>
  arrow::Status ForEachPiece(const Part& part, RowSink* sink, const Do& visit) {
    ARROW_RETURN_NOT_OK(Open(part.file));
    if (part.piece != nullptr) {
      ARROW_RETURN_NOT_OK(visit(*part.piece));
      return sink != nullptr ? sink->Progress(part.bytes) : arrow::Status::OK();
    }
    PieceReader::ReadBytes read;
    int64_t begin = static_cast<int64_t>(part.begin);
    if (part.whole) {
      ARROW_ASSIGN_OR_RAISE(input_, OpenText(files_[part.file]));
      ARROW_ASSIGN_OR_RAISE(read, ReadRows(input_, start_));
      begin = start_.begin;
    } else {
      read = input_.RangeReader(begin, static_cast<int64_t>(part.end));
    }
    PieceReader pieces(std::move(read), splitter_.get(), begin, part.line);
    int64_t counted = begin;
    while (true) {
      ARROW_ASSIGN_OR_RAISE(const bool more, pieces.Next(&piece_));
      if (!more) return arrow::Status::OK();
      ARROW_RETURN_NOT_OK(visit(piece_));
      if (sink == nullptr) continue;
      int64_t position = piece_.offset + static_cast<int64_t>(piece_.size);
      if (part.whole) {
        ARROW_ASSIGN_OR_RAISE(position, input_.file->Tell());
      }
      ARROW_RETURN_NOT_OK(
          sink->Progress(static_cast<uint64_t>(std::max<int64_t>(position - counted, 0))));
      counted = std::max(position, counted);
    }
  }

  arrow::Status Open(size_t file) {
    if (open_ == file) return arrow::Status::OK();
    ARROW_ASSIGN_OR_RAISE(start_, FindStart(files_[file], *layout_.format, layout_.options));
    ARROW_ASSIGN_OR_RAISE(input_, OpenText(files_[file]));
    const std::vector<std::string>& names = splitter_names();
    splitter_ = MakeSplitter(layout_, names);
    if (layout_.schema != nullptr) {
      arrow::FieldVector in_file;
      for (const auto& field : layout_.schema->fields()) {
        if (!files_[file].constants.contains(field->name())) in_file.push_back(field);
      }
      const auto schema = arrow::schema(std::move(in_file));
      ARROW_ASSIGN_OR_RAISE(auto source, MapColumns(layout_, *schema, names));
      ColumnOptions options;
      options.null = layout_.options.csv_null;
      options.json = IsJson(*layout_.format);
      options.inferred = layout_.inferred;
      options.only_empty = layout_.only_empty;
      ARROW_ASSIGN_OR_RAISE(builder_,
                            ColumnBuilder::Make(schema, std::move(source), std::move(options)));
    }
    open_ = file;
    return arrow::Status::OK();
  }

  arrow::Status Convert(const Piece& piece, RowSink* sink, uint64_t* found) {
    const std::string_view text = piece.text();
    splitter_->Split(text, &rows_);
    *found += rows_.found();
    if (!rows_.new_keys.empty()) return Misfit("a new key: " + rows_.new_keys[0]);
    ARROW_ASSIGN_OR_RAISE(auto batch, Build(text));
    if (!layout_.limits.empty()) {
      CheckLimits(*batch, layout_.limits, &failures_);
      OnePerRow(&failures_);
    }
    if (!failures_.empty() && layout_.inferred && WouldWiden()) return Misfit(failures_[0].reason);
    if (!failures_.empty() || !rows_.bad.empty()) {
      ARROW_RETURN_NOT_OK(RefuseRows(piece, sink));
    }
    if (!failures_.empty()) {
      std::vector<uint32_t> left_out;
      for (const CellFailure& failure : failures_) left_out.push_back(failure.row);
      rows_.Remove(left_out);
      ARROW_ASSIGN_OR_RAISE(batch, Build(text));
      if (!failures_.empty()) {
        return arrow::Status::UnknownError("a row fitted and then did not: ", failures_[0].reason);
      }
    }
    return batch->num_rows() > 0 ? sink->Take(std::move(batch)) : arrow::Status::OK();
  }

  // The rows in columns of the table's schema, those that the file has no cells of being constant.
  arrow::Result<std::shared_ptr<arrow::RecordBatch>> Build(std::string_view text) {
    ARROW_ASSIGN_OR_RAISE(auto batch, builder_->Build(text, rows_, *splitter_, &failures_));
    const auto& constants = files_[open_].constants;
    if (constants.empty()) return batch;
    arrow::ArrayVector columns;
    int in_file = 0;
    for (int c = 0; c < layout_.schema->num_fields(); ++c) {
      const auto& field = layout_.schema->field(c);
      const auto constant = constants.find(field->name());
      if (constant == constants.end()) {
        columns.push_back(batch->column(in_file++));
        continue;
      }
      ARROW_ASSIGN_OR_RAISE(const auto values,
                            arrow::MakeArrayFromScalar(*constant->second, batch->num_rows()));
      ARROW_ASSIGN_OR_RAISE(auto column, CastColumn(values, *field, c, &failures_));
      columns.push_back(std::move(column));
    }
    return arrow::RecordBatch::Make(layout_.schema, batch->num_rows(), std::move(columns));
  }

  // Text that is no UTF-8, or that can't be unescaped, fits no other type either.
  bool WouldWiden() const {
    return std::any_of(failures_.begin(), failures_.end(), [&](const CellFailure& failure) {
      return layout_.schema->field(failure.column)->type()->id() != arrow::Type::STRING ||
             layout_.only_empty[static_cast<size_t>(failure.column)];
    });
  }

  // Those that could not be split and those with a cell that does not fit, in order.
  arrow::Status RefuseRows(const Piece& piece, RowSink* sink) {
    const std::string_view text = piece.text();
    size_t counted = 0;
    int64_t line = piece.line;
    const auto refuse = [&](size_t begin, size_t end, std::string reason) {
      RefusedRow row;
      line += static_cast<int64_t>(CountLines(text.substr(counted, begin - counted)));
      counted = begin;
      row.line = line;
      row.offset = piece.offset + static_cast<int64_t>(begin);
      row.reason = std::move(reason);
      row.text = std::string(text.substr(begin, end - begin));
      return sink->Refuse(std::move(row));
    };
    size_t bad = 0, failure = 0;
    while (bad < rows_.bad.size() || failure < failures_.size()) {
      const bool split =
          failure == failures_.size() ||
          (bad < rows_.bad.size() && rows_.bad[bad].begin < rows_.begins[failures_[failure].row]);
      if (split) {
        BadRow& row = rows_.bad[bad++];
        ARROW_RETURN_NOT_OK(refuse(row.begin, row.end, std::move(row.reason)));
      } else {
        CellFailure& cell = failures_[failure++];
        ARROW_RETURN_NOT_OK(
            refuse(rows_.begins[cell.row], rows_.ends[cell.row], std::move(cell.reason)));
      }
    }
    return arrow::Status::OK();
  }

  const std::vector<InputFile>& files_;
  const TableLayout& layout_;
  size_t open_ = SIZE_MAX;
  TextStart start_;
  TextInput input_;
  std::unique_ptr<RowSplitter> splitter_;
  std::unique_ptr<ColumnBuilder> builder_;
  Piece piece_;
  RowTable rows_;
  std::vector<CellFailure> failures_;
};

}  // namespace

arrow::Result<std::unique_ptr<PartReader>> OpenTextPartReader(const std::vector<InputFile>& files,
                                                              const TableLayout& layout) {
  return std::make_unique<TextPartReader>(files, layout);
}

}  // namespace synthmill::io::ingest
