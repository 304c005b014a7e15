// Table schemas as small JSON: {"name":"age","type":"int32","nullable":false}.
#pragma once

#include <arrow/result.h>
#include <arrow/type.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace synthmill::run {

// int32, int64, bool, float64, string, date, timestamp (µs, UTC), decimal(p,s) and the other plain
// Arrow types by their Arrow name.
arrow::Result<std::string> TypeName(const arrow::DataType& type);
arrow::Result<std::shared_ptr<arrow::DataType>> TypeFromName(std::string_view name);

// Dictionary types are written as their value type.
arrow::Result<nlohmann::ordered_json> SchemaToJson(const arrow::Schema& schema);
arrow::Result<std::shared_ptr<arrow::Schema>> SchemaFromJson(const nlohmann::ordered_json& json);

}  // namespace synthmill::run
