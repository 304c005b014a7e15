// Names of partitions, and which one is meant.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>

#include "io/hive/metastore.h"

namespace synthmill::io::hive {

namespace {

constexpr size_t kListed = 10;  // partitions an error tells of

// The characters that Hive does not take into a folder's name as they are.
bool IsEscaped(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == 0x7f ||
         std::string_view("\"#%'*/:=?\\{[]^").find(c) != std::string_view::npos;
}

std::string Escape(std::string_view text) {
  if (text.empty()) return "__HIVE_DEFAULT_PARTITION__";
  std::string out;
  for (const char c : text) {
    if (IsEscaped(c)) {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    } else {
      out.push_back(c);
    }
  }
  return out;
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

arrow::Result<HivePartition> ChoosePartition(Metastore* metastore, const std::string& database,
                                             const HiveTable& table, const std::string& wanted) {
  ARROW_ASSIGN_OR_RAISE(auto partitions, metastore->ListPartitions(database, table.name));
  if (partitions.empty()) {
    return arrow::Status::Invalid("the table ", database, ".", table.name, " has no partition yet");
  }
  std::sort(partitions.begin(), partitions.end(),
            [](const HivePartition& a, const HivePartition& b) { return a.values < b.values; });
  if (wanted.empty()) return partitions.back();
  std::vector<std::string> values = {wanted};
  if (wanted.find('=') != std::string::npos) {
    ARROW_ASSIGN_OR_RAISE(values, PartitionValues(wanted));
  }
  for (HivePartition& partition : partitions) {
    if (partition.values == values) return std::move(partition);
  }
  std::vector<std::string> there;
  for (auto it = partitions.rbegin(); it != partitions.rend() && there.size() < kListed; ++it) {
    there.push_back(PartitionName(table.partition_keys, it->values));
  }
  return arrow::Status::Invalid(
      fmt::format("the table {}.{} has no partition {}; there {}: {}{}", database, table.name,
                  PartitionName(table.partition_keys, values),
                  partitions.size() == 1 ? "is" : "are", fmt::join(there, ", "),
                  partitions.size() > there.size()
                      ? fmt::format(" and {} older", partitions.size() - there.size())
                      : ""));
}

}  // namespace synthmill::io::hive
