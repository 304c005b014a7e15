#include "generate/columns/rules.h"

#include "core/dates.h"
#include "generate/columns/values.h"

namespace synthmill::generate {
namespace {

struct RuleKey {
  const char* key;
  bool lower, strict;
};
constexpr RuleKey kRules[] = {{"at_least", true, false},
                              {"more_than", true, true},
                              {"at_most", false, false},
                              {"less_than", false, true}};

bool IsNumber(TypeId id) { return (id >= TypeId::kInt8 && id <= TypeId::kDecimal); }

Int128 FloorDivide(Int128 a, Int128 b) { return a / b - (a % b < 0); }

}  // namespace

Int128 Rules::Bound::Convert(Int128 v) const {
  v *= multiply;
  // An input of finer unit: upward for a lower bound, so that it holds. What is strict and lies
  // between two values is so already.
  const bool exact = v % divide == 0;
  v = lower ? -FloorDivide(-v, divide) : FloorDivide(v, divide);
  return strict && exact ? v + (lower ? 1 : -1) : v;
}

Int128 Rules::Bound::At(Inputs inputs, int64_t i) const {
  return Convert(wide ? inputs[input]->wides[i] : Int128{inputs[input]->ints[i]});
}

void Rules::Narrow(Inputs inputs, int64_t i, Int128* low, Int128* high) const {
  for (const Bound& b : bounds_) {
    if (inputs[b.input]->IsNull(i)) continue;
    const Int128 v = b.At(inputs, i);
    if (b.lower) {
      *low = std::max(*low, v);
    } else {
      *high = std::min(*high, v);
    }
  }
}

bool Rules::Allow(Inputs inputs, int64_t i, Int128 value) const {
  Int128 low = value, high = value;
  Narrow(inputs, i, &low, &high);
  return low == value && high == value;
}

bool Rules::Binds(const std::string& name, bool lower) const {
  return std::any_of(bounds_.begin(), bounds_.end(),
                     [&](const Bound& b) { return b.lower == lower && b.name == name; });
}

bool Rules::Read(ColumnContext& context, const Type& type, ValueRange range, Int128 step,
                 std::vector<const Input*>* inputs) {
  const spec::Args& args = context.args();
  struct Side {
    const Input* input;
    Int128 min, max;  // of the bound
    bool strict;
  };
  std::vector<Side> lowers, uppers;
  auto span = [](const ValueRange& r, const Type& t) {
    return ValueText(r.min, t) + " to " + ValueText(r.max, t);
  };
  for (const RuleKey& rule : kRules) {
    if (!args.Has(rule.key)) continue;
    for (const std::string& name : args.TextList(rule.key)) {
      const spec::Location at = args.At(rule.key);
      const Input* input = context.Use(name, at);
      if (!input) return false;
      const Type& other = input->column->type();
      Bound b{0, rule.lower, rule.strict, other.wide(), 1, 1, name};
      const bool moments = (type.id == TypeId::kDate || type.id == TypeId::kTimestamp) &&
                           (other.id == TypeId::kDate || other.id == TypeId::kTimestamp);
      if (IsNumber(type.id) && IsNumber(other.id)) {
        if (type.scale >= other.scale) {
          b.multiply = PowerOfTen(type.scale - other.scale);
        } else {
          b.divide = PowerOfTen(other.scale - type.scale);
        }
      } else if (moments) {
        if (type.id != other.id)
          (type.id == TypeId::kDate ? b.divide : b.multiply) = core::kMicrosPerDay;
      } else if (type.id != other.id || type.id != TypeId::kTime) {
        args.Error(at, "'" + name + "' cannot be compared with this column",
                   "numbers with numbers, dates and timestamps with each other, times with times");
        return false;
      }
      const auto known = input->column->range();
      if (!known) {
        args.Error(at, "'" + name +
                           "' has no range that is known beforehand, so the rule could "
                           "not be kept in every row");
        return false;
      }
      b.input = InputIndex(inputs, input);
      Side side{input, b.Convert(known->min), b.Convert(known->max), rule.strict};
      // On the column's steps, the least value at or above the bound in the worst row.
      const Int128 worst =
          rule.lower ? range.min + (side.max - range.min + step - 1) / step * step : side.min;
      if (rule.lower ? (side.max > range.min && worst > range.max) : worst < range.min) {
        args.Error(at,
                   std::string("'") + rule.key + ": " + name +
                       "' cannot hold in every row: this "
                       "column has " +
                       span(range, type) + ", '" + name + "' has " + span(*known, other),
                   rule.lower ? "raise the upper end of this column, or lower that of the other"
                              : "lower the lower end of this column, or raise that of the other");
        return false;
      }
      (rule.lower ? lowers : uppers).push_back(side);
      bounds_.push_back(std::move(b));
    }
  }
  // Between a lower and an upper column there must be room in every row.
  for (const Side& low : lowers)
    for (const Side& high : uppers) {
      const auto* a = dynamic_cast<const RuledColumn*>(low.input->column);
      const auto* b = dynamic_cast<const RuledColumn*>(high.input->column);
      const bool ordered = (a && a->rules().Binds(high.input->name, false)) ||
                           (b && b->rules().Binds(low.input->name, true));
      const Int128 room = range.min + (low.max - range.min + step - 1) / step * step;
      const bool strict = low.strict || high.strict;
      if (room <= high.min || (ordered && step == 1 && !strict)) continue;
      args.Error(args.At("kind"),
                 "between '" + low.input->name + "' and '" + high.input->name +
                     "' there may be no value left: their ranges overlap",
                 "give one of the two a rule against the other");
      return false;
    }
  return true;
}

std::vector<ArgDoc> WithRules(std::vector<ArgDoc> docs) {
  docs.insert(docs.end(), std::begin(kRuleDocs), std::end(kRuleDocs));
  return docs;
}

}  // namespace synthmill::generate
