// Cutting text files into parts, between rows; and a look at their first rows.
#include <algorithm>
#include <optional>
#include <utility>

#include "io/ingest/text_reader.h"
#include "io/ingest/text_start.h"

namespace synthmill::io::ingest {
namespace {

// How much of a file is looked at for the types of its columns, before it is read with them.
constexpr size_t kFirstBytes = 4 << 20;

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

}  // namespace

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

}  // namespace synthmill::io::ingest
