// What a Delta log says: its actions, from and to JSON. One version of a table is a document of
// lines, each of which is one action.
#pragma once

#include <arrow/result.h>

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace synthmill::io::delta {

using Json = nlohmann::ordered_json;
// Absent: null.
using PartitionValues = std::map<std::string, std::optional<std::string>>;

struct Add {
  std::string path;  // as the log has it: relative to the table, percent-encoded
  PartitionValues partition_values = {};
  int64_t size = 0;
  int64_t modified = 0;  // milliseconds since 1970, as all times here
  bool data_change = true;
  std::optional<std::string> stats = {};
  std::map<std::string, std::string> tags = {};
  bool deletion_vector = false;
};

struct Remove {
  std::string path;
  std::optional<int64_t> deleted = {};
  bool data_change = true;
  PartitionValues partition_values = {};
  std::optional<int64_t> size = {};
};

struct Metadata {
  std::string id;
  std::optional<std::string> name = {}, description = {};
  std::string provider = "parquet";
  std::map<std::string, std::string> options = {};
  std::string schema;  // JSON (schema.h)
  std::vector<std::string> partition_by = {};
  std::map<std::string, std::string> configuration = {};
  std::optional<int64_t> created = {};

  // The value of a table property, or `otherwise`.
  std::string Property(const std::string& name_of, std::string otherwise) const;
};

struct Protocol {
  int reader = 1, writer = 2;
  std::vector<std::string> reader_features = {}, writer_features = {};
};

struct Txn {
  std::string app;
  int64_t version = 0;
  std::optional<int64_t> updated = {};
};

// All actions of one version.
struct Version {
  std::vector<Add> adds;
  std::vector<Remove> removes;
  std::optional<Metadata> metadata;
  std::optional<Protocol> protocol;
  std::vector<Txn> txns;
  std::string operation;  // what commitInfo says, for messages
};

Json ToJson(const Add& add);
Json ToJson(const Remove& remove);
Json ToJson(const Metadata& metadata);
Json ToJson(const Protocol& protocol);
Json ToJson(const Txn& txn);

// `where` begins the message of an error. Actions that are not known are passed over: whoever must
// understand them is told by the protocol.
arrow::Result<Version> ParseVersion(std::string_view text, const std::string& where);

// A file's path within the table, from and to what the log has.
std::string EncodePath(std::string_view path);
arrow::Result<std::string> DecodePath(std::string_view path);

// 20 digits: "00000000000000000010.json".
std::string VersionFileName(int64_t version);

}  // namespace synthmill::io::delta
