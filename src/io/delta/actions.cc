#include "io/delta/actions.h"

#include <fmt/format.h>

namespace synthmill::io::delta {

namespace {

constexpr char kHex[] = "0123456789ABCDEF";

Json ToJson(const PartitionValues& values) {
  Json out = Json::object();
  for (const auto& [name, value] : values) out[name] = value ? Json(*value) : Json(nullptr);
  return out;
}

template <typename T>
std::optional<T> Optional(const Json& object, const char* name) {
  const auto it = object.find(name);
  if (it == object.end() || it->is_null()) return std::nullopt;
  return it->get<T>();
}

PartitionValues PartitionValuesFrom(const Json& object) {
  PartitionValues out;
  const auto it = object.find("partitionValues");
  if (it == object.end() || it->is_null()) return out;
  for (const auto& [name, value] : it->items()) {
    // An empty text stands for null.
    const bool null = value.is_null() || value.get<std::string>().empty();
    out[name] = null ? std::nullopt : std::optional(value.get<std::string>());
  }
  return out;
}

std::map<std::string, std::string> TextsFrom(const Json& object, const char* name) {
  std::map<std::string, std::string> out;
  const auto it = object.find(name);
  if (it == object.end() || it->is_null()) return out;
  for (const auto& [key, value] : it->items()) {
    if (!value.is_null()) out[key] = value.is_string() ? value.get<std::string>() : value.dump();
  }
  return out;
}

bool Has(const Json& object, const char* name) {
  const auto it = object.find(name);
  return it != object.end() && !it->is_null();
}

void ParseAction(const std::string& kind, const Json& body, Version* out) {
  if (kind == "add") {
    Add add;
    add.path = body.at("path").get<std::string>();
    add.partition_values = PartitionValuesFrom(body);
    add.size = body.at("size").get<int64_t>();
    add.modified = Optional<int64_t>(body, "modificationTime").value_or(0);
    add.data_change = Optional<bool>(body, "dataChange").value_or(true);
    add.stats = Optional<std::string>(body, "stats");
    add.tags = TextsFrom(body, "tags");
    add.deletion_vector = Has(body, "deletionVector");
    out->adds.push_back(std::move(add));
  } else if (kind == "remove") {
    Remove remove;
    remove.path = body.at("path").get<std::string>();
    remove.deleted = Optional<int64_t>(body, "deletionTimestamp");
    remove.data_change = Optional<bool>(body, "dataChange").value_or(true);
    remove.partition_values = PartitionValuesFrom(body);
    remove.size = Optional<int64_t>(body, "size");
    out->removes.push_back(std::move(remove));
  } else if (kind == "metaData") {
    Metadata metadata;
    metadata.id = body.at("id").get<std::string>();
    metadata.name = Optional<std::string>(body, "name");
    metadata.description = Optional<std::string>(body, "description");
    if (Has(body, "format")) {
      const Json& format = body.at("format");
      metadata.provider = Optional<std::string>(format, "provider").value_or("parquet");
      metadata.options = TextsFrom(format, "options");
    }
    metadata.schema = body.at("schemaString").get<std::string>();
    metadata.partition_by = Optional<std::vector<std::string>>(body, "partitionColumns")
                                .value_or(std::vector<std::string>());
    metadata.configuration = TextsFrom(body, "configuration");
    metadata.created = Optional<int64_t>(body, "createdTime");
    out->metadata = std::move(metadata);
  } else if (kind == "protocol") {
    Protocol protocol;
    protocol.reader = body.at("minReaderVersion").get<int>();
    protocol.writer = body.at("minWriterVersion").get<int>();
    using Names = std::vector<std::string>;
    protocol.reader_features = Optional<Names>(body, "readerFeatures").value_or(Names());
    protocol.writer_features = Optional<Names>(body, "writerFeatures").value_or(Names());
    out->protocol = std::move(protocol);
  } else if (kind == "txn") {
    out->txns.push_back({body.at("appId").get<std::string>(), body.at("version").get<int64_t>(),
                         Optional<int64_t>(body, "lastUpdated")});
  } else if (kind == "commitInfo") {
    const auto operation = body.find("operation");
    if (operation != body.end() && operation->is_string()) {
      out->operation = operation->get<std::string>();
    }
  }
}

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::string Metadata::Property(const std::string& name_of, std::string otherwise) const {
  const auto it = configuration.find(name_of);
  return it == configuration.end() ? std::move(otherwise) : it->second;
}

Json ToJson(const Add& add) {
  Json body = {{"path", add.path},
               {"partitionValues", ToJson(add.partition_values)},
               {"size", add.size},
               {"modificationTime", add.modified},
               {"dataChange", add.data_change}};
  if (add.stats) body["stats"] = *add.stats;
  if (!add.tags.empty()) body["tags"] = add.tags;
  return {{"add", std::move(body)}};
}

Json ToJson(const Remove& remove) {
  Json body = {{"path", remove.path}};
  if (remove.deleted) body["deletionTimestamp"] = *remove.deleted;
  body["dataChange"] = remove.data_change;
  body["extendedFileMetadata"] = remove.size.has_value();
  if (remove.size) {
    body["partitionValues"] = ToJson(remove.partition_values);
    body["size"] = *remove.size;
  }
  return {{"remove", std::move(body)}};
}

Json ToJson(const Metadata& metadata) {
  Json body = {{"id", metadata.id}};
  if (metadata.name) body["name"] = *metadata.name;
  if (metadata.description) body["description"] = *metadata.description;
  body["format"] = {{"provider", metadata.provider}, {"options", Json::object()}};
  for (const auto& [name, value] : metadata.options) body["format"]["options"][name] = value;
  body["schemaString"] = metadata.schema;
  body["partitionColumns"] = metadata.partition_by;
  body["configuration"] = Json::object();
  for (const auto& [name, value] : metadata.configuration) body["configuration"][name] = value;
  if (metadata.created) body["createdTime"] = *metadata.created;
  return {{"metaData", std::move(body)}};
}

Json ToJson(const Protocol& protocol) {
  Json body = {{"minReaderVersion", protocol.reader}, {"minWriterVersion", protocol.writer}};
  if (protocol.reader >= 3) body["readerFeatures"] = protocol.reader_features;
  if (protocol.writer >= 7) body["writerFeatures"] = protocol.writer_features;
  return {{"protocol", std::move(body)}};
}

Json ToJson(const Txn& txn) {
  Json body = {{"appId", txn.app}, {"version", txn.version}};
  if (txn.updated) body["lastUpdated"] = *txn.updated;
  return {{"txn", std::move(body)}};
}

arrow::Result<Version> ParseVersion(std::string_view text, const std::string& where) {
  Version out;
  int number = 0;
  while (!text.empty()) {
    const size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    ++number;
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    try {
      const Json action = Json::parse(line);
      for (const auto& [kind, body] : action.items()) {
        if (body.is_object()) ParseAction(kind, body, &out);
      }
    } catch (const Json::exception& e) {
      return arrow::Status::Invalid(where, ":", number,
                                    ": it is no action of a Delta log: ", e.what());
    }
  }
  return out;
}

std::string EncodePath(std::string_view path) {
  constexpr std::string_view kPlain = "-_.~/=+@,!$&'()*;:";
  std::string out;
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    const bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (word || kPlain.find(c) != std::string_view::npos) {
      out += c;
    } else {
      out += {'%', kHex[byte >> 4], kHex[byte & 15]};
    }
  }
  return out;
}

arrow::Result<std::string> DecodePath(std::string_view path) {
  std::string out;
  for (size_t i = 0; i < path.size(); ++i) {
    if (path[i] != '%') {
      out += path[i];
      continue;
    }
    const int high = i + 2 < path.size() ? HexDigit(path[i + 1]) : -1;
    const int low = i + 2 < path.size() ? HexDigit(path[i + 2]) : -1;
    if (high < 0 || low < 0) {
      return arrow::Status::Invalid("the path '", std::string(path),
                                    "' in a Delta log has a '%' without two hex digits");
    }
    out += static_cast<char>(high << 4 | low);
    i += 2;
  }
  return out;
}

std::string VersionFileName(int64_t version) { return fmt::format("{:020}.json", version); }

}  // namespace synthmill::io::delta
