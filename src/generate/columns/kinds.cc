#include "generate/columns/kinds.h"

namespace synthmill::generate {

bool ReadType(const spec::Args& args, std::vector<std::string> allowed, std::string fallback,
              Type* type) {
  static constexpr std::pair<const char*, TypeId> kNames[] = {
      {"string", TypeId::kString}, {"int8", TypeId::kInt8},       {"int16", TypeId::kInt16},
      {"int32", TypeId::kInt32},   {"int64", TypeId::kInt64},     {"bool", TypeId::kBool},
      {"date", TypeId::kDate},     {"float32", TypeId::kFloat32}, {"float64", TypeId::kFloat64}};
  const std::string name = args.Choice("type", allowed, fallback);
  for (const auto& [n, id] : kNames)
    if (name == n) {
      type->id = id;
      return true;
    }
  return false;
}

core::Skew ReadSkew(const spec::Args& args) {
  std::vector<std::string> names;
  for (const core::Skew::Shape& s : core::Skew::Shapes()) names.emplace_back(s.name);
  return core::Skew::Find(args.Choice("skew", names, "none")).value_or(core::Skew());
}

const Input* UseCodes(ColumnContext& context, const std::string& name, spec::Location at) {
  const Input* input = context.Use(name, at);
  if (input && !input->column->dictionary()) {
    context.args().Error(at, "'" + name + "' must be a column of few values (choice, list, field)");
    return nullptr;
  }
  return input;
}

const Input* UseInts(ColumnContext& context, const std::string& name, spec::Location at) {
  const Input* input = context.Use(name, at);
  if (input && !input->column->type().ints()) {
    context.args().Error(at, "'" + name +
                                 "' is no number of up to 18 digits and no date, as is "
                                 "needed here");
    return nullptr;
  }
  return input;
}

}  // namespace synthmill::generate
