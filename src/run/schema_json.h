// Table schemas as small JSON: {"name":"age","type":"int32","nullable":false}.
#pragma once

#include <arrow/result.h>
#include <arrow/type.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace synthmill::run {

// bool, int8 to int64, float32, float64, string, binary, date, time (µs), timestamp (µs, UTC),
// timestamp_local (µs, no zone), decimal(p,s), list<T>, map<K,V>, struct<name:T,...>; a field's
// name that is more than letters, digits and _ stands between backticks.
arrow::Result<std::string> TypeName(const arrow::DataType& type);
arrow::Result<std::shared_ptr<arrow::DataType>> TypeFromName(std::string_view name);

// Dictionary types are written as their value type.
arrow::Result<nlohmann::ordered_json> SchemaToJson(const arrow::Schema& schema);
arrow::Result<std::shared_ptr<arrow::Schema>> SchemaFromJson(const nlohmann::ordered_json& json);

}  // namespace synthmill::run
