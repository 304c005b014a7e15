// Where a database's files are, as the metastore's readers call it and as this machine reaches it.
#pragma once

#include <arrow/result.h>

#include <string>

namespace synthmill::io::hive {

struct HiveLocation {
  std::string registered;  // what the metastore is told: "file:/warehouse/sales", "s3a://b/sales"
  std::string reached;     // a destination's URI
};

// A place a user gave: a path or any destination's URI. What we call s3:// is registered as s3a://,
// by which Hadoop's readers (Hive, Spark) know it. A file: URI of another host is refused; a
// plain file: place is taken to be the same folder for the metastore's readers (a shared mount).
arrow::Result<HiveLocation> GivenLocation(const std::string& uri);

// A place the metastore gave. A folder on the disk of a metastore that runs on another machine
// cannot be reached from here: refused, with the ways out.
arrow::Result<HiveLocation> DatabaseLocation(const std::string& uri, const std::string& database,
                                             const std::string& metastore_host);

// Whether a name or address belongs to the machine this runs on. Unknown names do not.
bool IsThisMachine(const std::string& host);

}  // namespace synthmill::io::hive
