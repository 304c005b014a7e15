#include "io/ingest/text_start.h"

#include <fmt/format.h>

#include <string_view>
#include <utility>

#include "io/ingest/csv_header.h"
#include "io/ingest/text_reader.h"

namespace synthmill::io::ingest {

bool IsJson(const Format& format) { return std::string_view(format.name) == "jsonl"; }

arrow::Status At(const InputFile& file, const arrow::Status& status) {
  if (status.ok() || IsMisfit(status)) return status;
  return status.WithMessage(file.name, ": ", status.message());
}

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

const std::vector<std::string>& NamesIn(const TableLayout& layout, const TextStart& start) {
  return start.names.empty() ? layout.names : start.names;
}

std::unique_ptr<RowSplitter> MakeSplitter(const TableLayout& layout,
                                          const std::vector<std::string>& names) {
  if (!IsJson(*layout.format)) return MakeCsvSplitter(layout.options.delimiter, names.size());
  return MakeJsonSplitter(names, layout.ignore_others ? OtherKeys::kIgnore
                                 : layout.inferred    ? OtherKeys::kNote
                                                      : OtherKeys::kRefuse);
}

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

}  // namespace synthmill::io::ingest
