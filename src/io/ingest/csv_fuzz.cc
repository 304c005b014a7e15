// Feeds arbitrary bytes to the readers of CSV and JSON Lines, whole and cut into pieces: both must
// find the same rows, and every row must end as values or as a refusal. Corpus:
// tests/fuzz/corpus/csv. The first byte chooses the format, the columns and the size of pieces.
#include <arrow/record_batch.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "io/ingest/cells.h"
#include "io/ingest/columns.h"
#include "io/ingest/csv_header.h"
#include "io/ingest/infer.h"

namespace synthmill::io::ingest {
namespace {

struct Outcome {
  uint64_t found = 0, taken = 0, refused = 0;
};

void Check(bool holds) {
  if (!holds) std::abort();
}

// Converts a piece of whole rows with types that are as strict as any.
void Convert(std::string_view text, bool json, RowSplitter* splitter,
             const std::shared_ptr<arrow::Schema>& schema, Outcome* outcome) {
  std::string padded(text);
  padded.append(kPadding, '\0');
  const std::string_view piece(padded.data(), text.size());
  RowTable rows;
  splitter->Split(piece, &rows);
  outcome->found += rows.found();
  outcome->refused += rows.bad.size();
  TypeInference types(rows.columns, "", json);
  types.Add(piece, rows);
  std::vector<int> source;
  for (int c = 0; c < schema->num_fields(); ++c) source.push_back(c);
  ColumnOptions options;
  options.json = json;
  auto builder = ColumnBuilder::Make(schema, source, options).ValueOrDie();
  std::vector<CellFailure> failures;
  auto batch = builder->Build(piece, rows, *splitter, &failures).ValueOrDie();
  outcome->refused += failures.size();
  std::vector<uint32_t> left_out;
  for (const CellFailure& failure : failures) left_out.push_back(failure.row);
  rows.Remove(left_out);
  batch = builder->Build(piece, rows, *splitter, &failures).ValueOrDie();
  Check(failures.empty() && batch->ValidateFull().ok());
  outcome->taken += static_cast<uint64_t>(batch->num_rows());
}

}  // namespace
}  // namespace synthmill::io::ingest

// NOLINTNEXTLINE(readability-identifier-naming): the name is libFuzzer's.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace synthmill::io::ingest;  // NOLINT: one function
  if (size == 0) return 0;
  const bool json = (data[0] & 1) != 0;
  const size_t step = 1 + (data[0] >> 1);
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto schema =
      arrow::schema({arrow::field("a", arrow::int32(), false), arrow::field("b", arrow::utf8()),
                     arrow::field("c", arrow::decimal128(9, 2)), arrow::field("d", arrow::date32()),
                     arrow::field("e", arrow::timestamp(arrow::TimeUnit::MICRO)),
                     arrow::field("f", arrow::float64()), arrow::field("g", arrow::boolean())});
  const auto splitter = json ? MakeJsonSplitter(schema->field_names(), OtherKeys::kRefuse)
                             : MakeCsvSplitter(',', static_cast<size_t>(schema->num_fields()));
  Outcome whole, pieces;
  Convert(text, json, splitter.get(), schema, &whole);
  Check(whole.found == whole.taken + whole.refused);
  size_t begin = 0, end = 0;
  while (begin < text.size()) {
    end = std::min(text.size(), std::max(begin, end) + step);
    const size_t cut = splitter->WholeRows(text.substr(begin, end - begin), end == text.size());
    if (cut > 0) Convert(text.substr(begin, cut), json, splitter.get(), schema, &pieces);
    begin += cut;
  }
  Check(pieces.found == whole.found && pieces.taken == whole.taken);
  (void)ReadCsvHeader(text, ',', true);
  return 0;
}
