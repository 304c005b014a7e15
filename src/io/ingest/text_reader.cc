#include "io/ingest/text_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "io/ingest/columns.h"
#include "io/ingest/csv_header.h"
#include "io/ingest/pieces.h"
#include "spec/diagnostics.h"

namespace synthmill::io::ingest {
namespace {

// How much of a file is looked at for the types of its columns, before it is read with them.
constexpr size_t kFirstBytes = 4 << 20;

bool IsJson(const Format& format) { return std::string_view(format.name) == "jsonl"; }

arrow::Status At(const InputFile& file, const arrow::Status& status) {
  if (status.ok() || IsMisfit(status)) return status;
  return status.WithMessage(file.name, ": ", status.message());
}

// Where the rows of a file begin, and the columns its header names.
struct TextStart {
  int64_t begin = 0, line = 1;
  std::vector<std::string> names, notes;
};

arrow::Result<TextStart> FindStart(const InputFile& file, const Format& format,
                                   const FormatOptions& options) {
  constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
  TextStart start;
  ARROW_ASSIGN_OR_RAISE(const TextInput input, OpenText(file));
  start.begin = input.begin;
  const bool has_header = !IsJson(format) && options.header;
  if (!has_header && input.stream == nullptr) return start;
  const auto read = input.Reader();
  std::string text;
  for (size_t wanted = 64 << 10; wanted <= kMaxRowBytes; wanted *= 4) {
    const size_t had = text.size();
    text.resize(wanted);
    ARROW_ASSIGN_OR_RAISE(const int64_t got,
                          read(static_cast<int64_t>(wanted - had), text.data() + had));
    text.resize(had + static_cast<size_t>(got));
    std::string_view rest = text;
    if (input.stream != nullptr && rest.starts_with(kByteOrderMark)) {
      start.begin = static_cast<int64_t>(kByteOrderMark.size());
      rest.remove_prefix(kByteOrderMark.size());
    }
    if (!has_header) return start;
    ARROW_ASSIGN_OR_RAISE(CsvHeader header,
                          ReadCsvHeader(rest, options.delimiter, text.size() < wanted));
    if (header.whole && header.names.empty()) {
      return arrow::Status::Invalid("the file is empty: it has no header");
    }
    if (header.whole) {
      start.begin += static_cast<int64_t>(header.end);
      start.line += static_cast<int64_t>(CountLines(rest.substr(0, header.end)));
      start.names = std::move(header.names);
      start.notes = std::move(header.notes);
      return start;
    }
    if (text.size() < wanted) break;
  }
  return arrow::Status::Invalid("line 1: a quote is opened in the header and never closed");
}

// Reads the rows of a file from their beginning.
arrow::Result<PieceReader::ReadBytes> ReadRows(const TextInput& input, const TextStart& start) {
  auto read = input.Reader();
  if (input.stream == nullptr) {
    ARROW_RETURN_NOT_OK(input.file->Seek(start.begin));
    return read;
  }
  std::string skipped(static_cast<size_t>(start.begin), '\0');
  ARROW_RETURN_NOT_OK(read(start.begin, skipped.data()));
  return read;
}

// For each column of the schema its cell in a row of the file.
arrow::Result<std::vector<int>> MapColumns(const TableLayout& layout,
                                           const std::vector<std::string>& names) {
  std::vector<int> source;
  for (const auto& field : layout.schema->fields()) {
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

std::unique_ptr<RowSplitter> MakeSplitter(const TableLayout& layout,
                                          const std::vector<std::string>& names) {
  if (!IsJson(*layout.format)) return MakeCsvSplitter(layout.options.delimiter, names.size());
  return MakeJsonSplitter(names, layout.ignore_others ? OtherKeys::kIgnore
                                 : layout.inferred    ? OtherKeys::kNote
                                                      : OtherKeys::kRefuse);
}

const std::vector<std::string>& NamesIn(const TableLayout& layout, const TextStart& start) {
  return start.names.empty() ? layout.names : start.names;
}

class TextFileReader : public FileReader {
 public:
  TextFileReader(InputFile file, size_t index, uint64_t part_bytes)
      : file_(std::move(file)), index_(index), part_bytes_(part_bytes) {}

  arrow::Status Init(const TableLayout& layout) {
    ARROW_ASSIGN_OR_RAISE(start_, FindStart(file_, *layout.format, layout.options));
    ARROW_ASSIGN_OR_RAISE(input_, OpenText(file_));
    splitter_ = MakeSplitter(layout, NamesIn(layout, start_));
    ARROW_ASSIGN_OR_RAISE(auto read, ReadRows(input_, start_));
    pieces_.emplace(std::move(read), splitter_.get(), start_.begin, start_.line);
    return arrow::Status::OK();
  }

  bool splittable() const override { return input_.stream == nullptr; }

  arrow::Result<bool> NextPart(bool read, Part* part) override {
    auto more = Next(read, part);
    return more.ok() ? more : At(file_, more.status());
  }

 private:
  arrow::Result<bool> Next(bool read, Part* part) {
    *part = Part{};
    part->file = index_;
    if (read) {
      part->piece = std::make_shared<Piece>();
      ARROW_ASSIGN_OR_RAISE(const bool more, pieces_->Next(part->piece.get()));
      ARROW_ASSIGN_OR_RAISE(const int64_t position, input_.file->Tell());
      part->bytes = static_cast<uint64_t>(position - counted_);
      counted_ = position;
      return more;
    }
    if (ended_) return false;
    part->begin = static_cast<uint64_t>(next_offset_ < 0 ? start_.begin : next_offset_);
    part->line = next_line_ < 0 ? start_.line : next_line_;
    if (!splittable() || file_.bytes <= part->begin + part_bytes_) {
      ended_ = true;
      part->end = file_.bytes;
      part->whole = !splittable();
      // A file that begins here has at least one part.
      return part->whole || part->begin < part->end || next_offset_ < 0;
    }
    while (true) {
      ARROW_ASSIGN_OR_RAISE(const bool more, pieces_->Next(&piece_));
      if (!more) {
        ended_ = true;
        part->end = file_.bytes;
        return part->begin < part->end;
      }
      part->end = static_cast<uint64_t>(piece_.offset) + piece_.size;
      if (part->end < part->begin + part_bytes_) continue;
      next_offset_ = static_cast<int64_t>(part->end);
      next_line_ = piece_.line + static_cast<int64_t>(CountLines(piece_.text()));
      return true;
    }
  }

  const InputFile file_;
  const size_t index_;
  const uint64_t part_bytes_;
  TextStart start_;
  TextInput input_;
  std::unique_ptr<RowSplitter> splitter_;
  std::optional<PieceReader> pieces_;
  Piece piece_;
  int64_t next_offset_ = -1, next_line_ = -1, counted_ = 0;
  bool ended_ = false;
};

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
      ARROW_ASSIGN_OR_RAISE(auto source, MapColumns(layout_, names));
      ColumnOptions options;
      options.null = layout_.options.csv_null;
      options.json = IsJson(*layout_.format);
      options.inferred = layout_.inferred;
      options.only_empty = layout_.only_empty;
      ARROW_ASSIGN_OR_RAISE(
          builder_, ColumnBuilder::Make(layout_.schema, std::move(source), std::move(options)));
    }
    open_ = file;
    return arrow::Status::OK();
  }

  arrow::Status Convert(const Piece& piece, RowSink* sink, uint64_t* found) {
    const std::string_view text = piece.text();
    splitter_->Split(text, &rows_);
    *found += rows_.found();
    if (!rows_.new_keys.empty()) return Misfit("a new key: " + rows_.new_keys[0]);
    ARROW_ASSIGN_OR_RAISE(auto batch, builder_->Build(text, rows_, *splitter_, &failures_));
    if (!failures_.empty() && layout_.inferred && WouldWiden()) return Misfit(failures_[0].reason);
    if (!failures_.empty() || !rows_.bad.empty()) {
      ARROW_RETURN_NOT_OK(RefuseRows(piece, sink));
    }
    if (!failures_.empty()) {
      std::vector<uint32_t> left_out;
      for (const CellFailure& failure : failures_) left_out.push_back(failure.row);
      rows_.Remove(left_out);
      ARROW_ASSIGN_OR_RAISE(batch, builder_->Build(text, rows_, *splitter_, &failures_));
      if (!failures_.empty()) {
        return arrow::Status::UnknownError("a row fitted and then did not: ", failures_[0].reason);
      }
    }
    return batch->num_rows() > 0 ? sink->Take(std::move(batch)) : arrow::Status::OK();
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

arrow::Result<FileHead> ReadTextHead(const InputFile& file, const Format& format,
                                     const FormatOptions& options) {
  FileHead head;
  auto start = FindStart(file, format, options);
  if (!start.ok()) return At(file, start.status());
  head.names = start->names;
  head.notes = start->notes;
  if (IsJson(format) || options.header) return head;
  // Without a header the first row tells how many columns there are.
  ARROW_ASSIGN_OR_RAISE(const TextInput input, OpenText(file));
  ARROW_ASSIGN_OR_RAISE(const auto read, ReadRows(input, *start));
  std::string text(1 << 20, '\0');
  ARROW_ASSIGN_OR_RAISE(const int64_t got, read(static_cast<int64_t>(text.size()), text.data()));
  text.resize(static_cast<size_t>(got));
  ARROW_ASSIGN_OR_RAISE(const CsvHeader first,
                        ReadCsvHeader(text, options.delimiter, /*end_of_file=*/true));
  for (size_t i = 0; i < first.names.size(); ++i) {
    head.names.push_back(fmt::format("column_{}", i + 1));
  }
  return head;
}

arrow::Result<TypeInference> InferFirst(const InputFile& file, const TableLayout& layout,
                                        std::vector<std::string>* new_keys) {
  TypeInference types(layout.names.size(), layout.options.csv_null, IsJson(*layout.format));
  const auto infer = [&]() -> arrow::Status {
    ARROW_ASSIGN_OR_RAISE(const TextStart start, FindStart(file, *layout.format, layout.options));
    ARROW_ASSIGN_OR_RAISE(const TextInput input, OpenText(file));
    ARROW_ASSIGN_OR_RAISE(auto read, ReadRows(input, start));
    const auto splitter = MakeSplitter(layout, layout.names);
    PieceReader pieces(std::move(read), splitter.get(), start.begin, start.line);
    Piece piece;
    RowTable rows;
    for (size_t seen = 0; seen < kFirstBytes; seen += piece.size) {
      ARROW_ASSIGN_OR_RAISE(const bool more, pieces.Next(&piece));
      if (!more) break;
      splitter->Split(piece.text(), &rows);
      types.Add(piece.text(), rows);
      for (const std::string& key : rows.new_keys) {
        if (std::find(new_keys->begin(), new_keys->end(), key) == new_keys->end()) {
          new_keys->push_back(key);
        }
      }
    }
    return arrow::Status::OK();
  };
  ARROW_RETURN_NOT_OK(At(file, infer()));
  return types;
}

arrow::Result<std::unique_ptr<FileReader>> OpenTextFileReader(const std::vector<InputFile>& files,
                                                              size_t file,
                                                              const TableLayout& layout,
                                                              uint64_t part_bytes) {
  auto reader = std::make_unique<TextFileReader>(files[file], file, part_bytes);
  ARROW_RETURN_NOT_OK(At(files[file], reader->Init(layout)));
  return reader;
}

arrow::Result<std::unique_ptr<PartReader>> OpenTextPartReader(const std::vector<InputFile>& files,
                                                              const TableLayout& layout) {
  return std::make_unique<TextPartReader>(files, layout);
}

}  // namespace synthmill::io::ingest
