// Rows that did not fit, kept beside what was written: JSON Lines, a few MiB a document.
//
//   {"file": "orders.csv", "line": 17, "byte": 1024, "reason": "…", "text": "…"}
//
// Text that is no UTF-8 comes as "text_base64"; rows of formats without lines have "row".
#pragma once

#include <arrow/result.h>

#include <memory>
#include <mutex>
#include <string>

#include "io/destinations/destination.h"
#include "io/ingest/reader.h"

namespace synthmill::io {
class FdOutputStream;
}

namespace synthmill::run {

std::string RejectLine(const std::string& file, const io::ingest::RefusedRow& row);

class RejectStore {
 public:
  virtual ~RejectStore() = default;
  // Lines of one part of a table, in order; any thread. `number` counts the calls for a part.
  virtual arrow::Status Write(const std::string& table, uint64_t part, uint64_t number,
                              const std::string& lines) = 0;
  // Before the commit: what was written becomes visible with it.
  virtual arrow::Status Finish() { return arrow::Status::OK(); }
  virtual std::string place() const = 0;
};

// Documents below runs/<run id>/rejects/<table>/: they go with the run.
std::unique_ptr<RejectStore> RejectsInDocuments(io::DocumentStore* documents, std::string run_id,
                                                std::string target);
// One file, which becomes visible when it is whole.
std::unique_ptr<RejectStore> RejectsInFile(std::string path);

}  // namespace synthmill::run
