// Values for the parameters of a run: given ones, defaults, limits, checks.
#include <algorithm>
#include <set>
#include <utility>

#include "core/dates.h"
#include "spec/evaluate.h"
#include "spec/parameter_values.h"
#include "spec/spec_reader.h"

namespace synthmill::spec {

namespace {

using arrow::Result;
using arrow::Status;

std::string Place(const Spec& spec, Location at) {
  return spec.file + ":" + std::to_string(at.line) + ":" + std::to_string(at.column);
}

// Collects the errors of all parameters, one or more lines each.
class Resolver {
 public:
  Resolver(const Spec& spec, const GivenParameters& given) : spec_(spec) {
    // --total-records and total_records are the same.
    for (const auto& [name, value] : given) {
      std::string key = name;
      std::replace(key.begin(), key.end(), '-', '_');
      given_.emplace(std::move(key), value);
    }
  }

  Result<Resolved> Resolve(int64_t as_of, std::string noise, int64_t seed) {
    CheckNoise(noise);
    out_.env["as_of"] = Value::Date(as_of);
    out_.env["noise"] = Value::String(std::move(noise));
    out_.env["seed"] = Value::Int(seed);
    CheckGivenNames();
    for (const Parameter& parameter : spec_.parameters) Visit(parameter);
    // Limits may speak of other parameters, so all of them come first.
    for (const Parameter& parameter : spec_.parameters) CheckLimits(parameter);
    if (errors_.empty()) RunChecks();
    if (errors_.empty()) return std::move(out_);
    std::string message;
    for (const std::string& error : errors_) message += (message.empty() ? "" : "\n") + error;
    return Status::Invalid(message);
  }

 private:
  static std::string Flag(const Parameter& parameter) { return "--" + parameter.FlagName(); }
  void Error(std::string message) { errors_.push_back(std::move(message)); }
  void ErrorWithHint(std::string message, const std::string& hint) {
    Error(hint.empty() ? std::move(message) : std::move(message) + "\n  " + hint);
  }

  void CheckNoise(const std::string& noise) {
    std::vector<std::string> profiles = {"none"};
    for (const auto& [name, rules] : spec_.noise_profiles) profiles.push_back(name);
    if (Contains(profiles, noise)) return;
    ErrorWithHint("--noise: there is no profile " + Quoted(noise), Suggest(noise, profiles));
  }

  void CheckGivenNames() {
    std::vector<std::string> flags;
    for (const Parameter& parameter : spec_.parameters) flags.push_back(parameter.FlagName());
    for (const auto& [name, value] : given_) {
      if (spec_.FindParameter(name) != nullptr) continue;
      std::string flag = name;
      std::replace(flag.begin(), flag.end(), '_', '-');
      std::string hint = NearMiss(flag, flags);
      if (!hint.empty()) hint = "did you mean --" + hint + "?";
      ErrorWithHint("--" + flag + ": dataset " + Quoted(spec_.dataset) + " has no such parameter",
                    hint);
    }
  }

  // Gives the parameter its value, those its default speaks of first. The checker has refused
  // circles, but a caller may have ignored it: what is met half-way counts as failed.
  void Visit(const Parameter& parameter) {
    if (!visited_.insert(parameter.name).second) return;
    if (const auto found = given_.find(parameter.name); found != given_.end()) {
      Result<Value> value = ParseGiven(parameter, found->second);
      if (!value.ok()) return Error(Flag(parameter) + ": " + value.status().message());
      return Take(parameter, *std::move(value));
    }
    if (!parameter.default_value.given()) {
      return ErrorWithHint(Flag(parameter) + " is needed", parameter.help);
    }
    const Expr& expr = *parameter.default_value.expr;
    for (const std::string& name : expr.names()) {
      if (const Parameter* used = spec_.FindParameter(name)) Visit(*used);
      // The reason is reported already.
      if (!out_.env.contains(name)) return;
    }
    Result<Value> value = expr.Evaluate(out_.env);
    if (value.ok()) value = Convert(*value, ValueType(parameter.type));
    if (!value.ok()) {
      return Error(Flag(parameter) + ": its default " + expr.text() + ": " +
                   value.status().message());
    }
    Take(parameter, *std::move(value));
  }

  void Take(const Parameter& parameter, Value value) {
    if (const std::string wrong = WrongForParameter(parameter, value); !wrong.empty()) {
      return ErrorWithHint(Flag(parameter) + " " + wrong + Origin(parameter),
                           parameter.choices.empty() ? "" : Suggest(value.text, parameter.choices));
    }
    out_.env[parameter.name] = std::move(value);
  }

  // Nobody typed a default's value, so a message about one says where it is from.
  std::string Origin(const Parameter& parameter) const {
    if (given_.contains(parameter.name) || !parameter.default_value.given() ||
        parameter.default_value.expr->names().empty()) {
      return "";
    }
    return ", the default " + parameter.default_value.text;
  }

  void CheckLimits(const Parameter& parameter) {
    const auto value = out_.env.find(parameter.name);
    if (value == out_.env.end()) return;
    for (const bool is_min : {true, false}) {
      const LocatedExpr& limit = is_min ? parameter.min : parameter.max;
      if (!limit.given()) continue;
      const auto known = [&](const std::string& name) { return out_.env.contains(name); };
      const auto& names = limit.expr->names();
      if (!std::all_of(names.begin(), names.end(), known)) continue;
      Result<Value> bound = limit.expr->Evaluate(out_.env);
      if (bound.ok()) bound = Convert(*bound, ValueType(parameter.type));
      if (!bound.ok()) {
        Error(Flag(parameter) + ": its limit " + limit.text + ": " + bound.status().message());
      } else if (is_min ? value->second.number < bound->number
                        : value->second.number > bound->number) {
        Error(Flag(parameter) + " must be at " + (is_min ? "least " : "most ") + bound->ToString() +
              " (got " + value->second.ToString() + Origin(parameter) + ")");
      }
    }
  }

  void RunChecks() {
    for (const Check& check : spec_.checks) {
      if (!check.condition.given()) continue;
      const std::string what = Place(spec_, check.condition.at) + ": check";
      Result<Value> fails = check.condition.expr->Evaluate(out_.env);
      if (fails.ok()) fails = Convert(*fails, Value::Type::kBool);
      if (!fails.ok()) {
        Error(what + ": " + fails.status().message());
        continue;
      }
      if (fails->number == 0) continue;
      Result<std::string> message = Message(check);
      if (!message.ok()) {
        Error(what + ": " + message.status().message());
      } else if (check.error) {
        Error(*std::move(message));
      } else {
        out_.warnings.push_back(*std::move(message));
      }
    }
  }

  Result<std::string> Message(const Check& check) const {
    ARROW_ASSIGN_OR_RAISE(std::string message, Interpolate(check.say, out_.env));
    for (const std::string& fix : check.fixes) {
      ARROW_ASSIGN_OR_RAISE(const std::string line, Interpolate(fix, out_.env));
      message += "\n  " + line;
    }
    return message;
  }

  const Spec& spec_;
  GivenParameters given_;
  Resolved out_;
  std::set<std::string> visited_;
  std::vector<std::string> errors_;
};

}  // namespace

std::string Parameter::FlagName() const {
  std::string flag = name;
  std::replace(flag.begin(), flag.end(), '_', '-');
  return flag;
}

Result<Resolved> ResolveParameters(const Spec& spec, const GivenParameters& given,
                                   std::optional<int64_t> as_of, std::string noise, int64_t seed) {
  if (noise.empty()) noise = spec.default_noise;
  return Resolver(spec, given).Resolve(as_of.value_or(spec.as_of), std::move(noise), seed);
}

}  // namespace synthmill::spec
