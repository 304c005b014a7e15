// Delta tables at any destination that keeps documents among its tables: the files go where the
// destination puts them, and become part of the table by one version of its log.
#pragma once

#include <arrow/result.h>

#include <memory>
#include <string>

#include "io/destinations/destination.h"
#include "io/formats/format.h"

namespace synthmill::io::delta {

extern const Format kDeltaFormat;

// What a reader may see, when (DestinationInfo::guarantee).
inline constexpr char kGuarantee[] =
    "files first, which no version names; then one version of each table's log: atomic per table";

// Whether tables of the format have a log beside their files, which says what belongs to them:
// others may write to them, too.
bool HasLog(const Format& format);
// Whether the table has a log: its destination lists the files that it names.
arrow::Result<bool> HasLog(Destination* destination, const std::string& table);
// An error if the destination cannot hold tables of the format.
arrow::Status CheckFormat(Destination* destination, const Format& format, const std::string& uri);

// `files` for runs of every format: those of Delta get their log, all others pass through. A table
// with a log is listed as the log has it.
std::unique_ptr<Destination> WithLogs(std::unique_ptr<Destination> files, const std::string& uri);

}  // namespace synthmill::io::delta
