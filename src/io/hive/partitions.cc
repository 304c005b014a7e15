// Names of partitions, and which one is meant.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <map>

#include "io/hive/metastore.h"
#include "io/partition.h"
#include "spec/diagnostics.h"

namespace synthmill::io::hive {

namespace {

constexpr size_t kListed = 10;  // partitions an error tells of

std::string Escape(const std::string& text) {
  return text.empty() ? std::string(kNullPartition) : EscapePartitionValue(text);
}

std::string Unescape(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    unsigned byte = 0;
    if (text[i] == '%' && i + 2 < text.size() &&
        std::from_chars(text.data() + i + 1, text.data() + i + 3, byte, 16).ptr ==
            text.data() + i + 3) {
      out.push_back(static_cast<char>(byte));
      i += 2;
    } else {
      out.push_back(text[i]);
    }
  }
  return out;
}

// "load_date=2026-01-31/region=EU": the values of some of the table's keys.
arrow::Result<std::map<size_t, std::string>> AskedValues(const std::string& database,
                                                         const HiveTable& table,
                                                         std::string_view wanted) {
  std::vector<std::string> keys;
  for (const HiveColumn& key : table.partition_keys) keys.push_back(key.name);
  std::map<size_t, std::string> values;
  while (!wanted.empty()) {
    const std::string_view level = wanted.substr(0, wanted.find('/'));
    wanted.remove_prefix(std::min(level.size() + 1, wanted.size()));
    const size_t equals = level.find('=');
    if (equals == std::string_view::npos) {
      return arrow::Status::Invalid("'", std::string(level), "' names no partition of ", database,
                                    ".", table.name, "; write it as ",
                                    fmt::format("{}", fmt::join(keys, "=…/")), "=…");
    }
    std::string key = Unescape(level.substr(0, equals));
    for (char& c : key) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    const auto at = std::find(keys.begin(), keys.end(), key);
    if (at == keys.end()) {
      return arrow::Status::Invalid("the table ", database, ".", table.name,
                                    " has no partition column ", key, "; ",
                                    spec::Suggest(key, keys));
    }
    values[static_cast<size_t>(at - keys.begin())] = Unescape(level.substr(equals + 1));
  }
  return values;
}

}  // namespace

std::string PartitionName(const std::vector<HiveColumn>& keys,
                          const std::vector<std::string>& values) {
  std::string name;
  for (size_t i = 0; i < keys.size() && i < values.size(); ++i) {
    if (i > 0) name += '/';
    name += Escape(keys[i].name) + "=" + Escape(values[i]);
  }
  return name;
}

arrow::Result<std::vector<std::string>> PartitionValues(std::string_view name) {
  std::vector<std::string> values;
  while (!name.empty()) {
    const std::string_view level = name.substr(0, name.find('/'));
    name.remove_prefix(std::min(level.size() + 1, name.size()));
    const size_t equals = level.find('=');
    if (equals == std::string_view::npos || equals == 0) {
      return arrow::Status::Invalid("'", std::string(level), "' is not the name of a partition");
    }
    values.push_back(Unescape(level.substr(equals + 1)));
  }
  return values;
}

arrow::Result<std::vector<HivePartition>> ChoosePartitions(Metastore* metastore,
                                                           const std::string& database,
                                                           const HiveTable& table,
                                                           const std::string& wanted) {
  // What is asked for, by key.
  std::map<size_t, std::string> values;
  if (!wanted.empty() && wanted.find('=') == std::string::npos &&
      table.partition_keys.size() == 1) {
    values[0] = wanted;
  } else {
    ARROW_ASSIGN_OR_RAISE(values, AskedValues(database, table, wanted));
  }
  ARROW_ASSIGN_OR_RAISE(auto partitions, metastore->ListPartitions(database, table.name));
  if (partitions.empty()) {
    return arrow::Status::Invalid("the table ", database, ".", table.name, " has no partition yet");
  }
  std::sort(partitions.begin(), partitions.end(),
            [](const HivePartition& a, const HivePartition& b) { return a.values < b.values; });
  std::vector<HivePartition> chosen;
  for (const HivePartition& partition : partitions) {
    if (partition.values.size() != table.partition_keys.size()) {
      return arrow::Status::Invalid("the table ", database, ".", table.name, " has ",
                                    table.partition_keys.size(),
                                    " partition columns, but a "
                                    "partition of ",
                                    partition.values.size(), " values");
    }
    if (std::all_of(values.begin(), values.end(),
                    [&](const auto& v) { return partition.values[v.first] == v.second; })) {
      chosen.push_back(partition);
    }
  }
  if (!chosen.empty()) return chosen;
  std::vector<std::string> there;
  for (auto it = partitions.rbegin(); it != partitions.rend() && there.size() < kListed; ++it) {
    there.push_back(PartitionName(table.partition_keys, it->values));
  }
  return arrow::Status::Invalid(
      fmt::format("the table {}.{} has no partition {}; there {}: {}{}", database, table.name,
                  wanted, partitions.size() == 1 ? "is" : "are", fmt::join(there, ", "),
                  partitions.size() > there.size()
                      ? fmt::format(" and {} before", partitions.size() - there.size())
                      : ""));
}

}  // namespace synthmill::io::hive
