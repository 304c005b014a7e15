// The first line of a CSV file.
#pragma once

#include <arrow/result.h>

#include <string>
#include <string_view>
#include <vector>

namespace synthmill::io::ingest {

struct CsvHeader {
  std::vector<std::string> names;  // each once: a second "id" is "id_2", an empty one "column_3"
  std::vector<std::string> notes;  // what was renamed
  size_t end = 0;                  // behind its line end
  bool whole = false;              // its end was seen
};

// Of the first row in `text` that is not blank; at the end of a file a line end is not needed.
arrow::Result<CsvHeader> ReadCsvHeader(std::string_view text, char delimiter, bool end_of_file);

}  // namespace synthmill::io::ingest
