#include "generate/columns/filters.h"
#include "generate/columns/kinds.h"

namespace synthmill::generate {
namespace {

// What a place of its own draws, without a column behind it: a value of a list, or a number.
struct Drawn {
  core::Stream stream;
  core::Sampler sampler;                   // over `values`
  const Dictionary* dictionary = nullptr;  // of the list's column; nullptr: a number
  int64_t least = 0;
  uint64_t span = 1;  // numbers least..least + span - 1
};

// One piece of a template: a literal, an input or a draw with a filter. Filters of inputs with few
// values are applied once per value when the spec is compiled.
struct Segment {
  int input = -1;  // -1: a literal, or drawn
  std::shared_ptr<const Drawn> drawn;
  Text literal;                 // literals
  TextFilter filter = nullptr;  // nullptr: as it is
  std::vector<Text> filtered;   // by code of the input
  int pad = 0;                  // numbers: zeros to at least this width
  Type type;                    // of the input
};

struct Variant {
  std::vector<Segment> segments;
};

class Template : public Column {
 public:
  Template(core::Stream stream, std::vector<Variant> variants, core::Sampler sampler,
           std::vector<std::string> literals)
      : stream_(stream),
        variants_(std::move(variants)),
        sampler_(std::move(sampler)),
        literals_(std::move(literals)) {}

  bool passes_nulls() const override { return true; }
  void Fill(const Rows& rows, Inputs inputs, Vector* out) const override {
    out->Start(Vector::Form::kTexts, rows.count);
    std::vector<uint32_t> longest(inputs.size());
    bool any_null = false;
    for (size_t k = 0; k < inputs.size(); ++k) {
      longest[k] = Longest(*inputs[k]);
      any_null |= inputs[k]->has_nulls;
    }
    size_t room = 0;
    for (const Variant& v : variants_) {
      size_t n = 0;
      for (const Segment& s : v.segments)
        n += s.drawn       ? Longest(s)
             : s.input < 0 ? s.literal.size
                           : std::max<size_t>(longest[static_cast<size_t>(s.input)],
                                              static_cast<size_t>(s.pad));
      room = std::max(room, n);
    }
    char* p = out->arena.Reserve(static_cast<size_t>(rows.count) * room);
    auto write = [&](const Variant& v, int64_t i) {
      char* start = p;
      for (const Segment& s : v.segments) p = Write(s, inputs, rows, i, p);
      out->texts[i] = {start, static_cast<uint32_t>(p - start)};
    };
    if (variants_.size() == 1) {
      for (int64_t i = 0; i < rows.count; ++i) write(variants_[0], i);
    } else {
      // One variant after the other: mixed, each row would be a mispredicted branch or three.
      std::vector<uint32_t> next(variants_.size() + 1), order(static_cast<size_t>(rows.count));
      std::vector<uint32_t> variant(static_cast<size_t>(rows.count));
      for (int64_t i = 0; i < rows.count; ++i) {
        variant[i] = sampler_(stream_.At(rows.hash[i]));
        ++next[variant[i] + 1];
      }
      for (size_t v = 1; v < next.size(); ++v) next[v] += next[v - 1];
      for (int64_t i = 0; i < rows.count; ++i) order[next[variant[i]]++] = static_cast<uint32_t>(i);
      for (uint32_t i : order) write(variants_[variant[i]], i);
    }
    out->arena.Commit(p);
    if (any_null)
      for (const Vector* in : inputs)
        for (int64_t i = 0; in->has_nulls && i < rows.count; ++i)
          if (in->nulls[i]) out->SetNull(i);
  }

 private:
  static uint32_t Longest(const Vector& v) {
    if (v.form == Vector::Form::kInts) return 28;
    uint32_t n = 0;
    if (v.form == Vector::Form::kCodes) {
      n = v.dictionary->longest();
      for (const Text& t : v.extras) n = std::max(n, t.size);
    } else {
      for (int64_t i = 0; i < v.length; ++i) n = std::max(n, v.texts[i].size);
    }
    return n;
  }

  static size_t Longest(const Segment& s) {
    const size_t n = s.drawn->dictionary ? s.drawn->dictionary->longest() : 20;
    return std::max(n, static_cast<size_t>(s.pad));
  }

  static char* WriteDrawn(const Segment& s, uint64_t row_hash, char* p) {
    const Drawn& d = *s.drawn;
    const uint64_t bits = d.stream.At(row_hash);
    if (!d.dictionary)
      return WriteNumber(p, d.least + static_cast<int64_t>(core::Below(bits, d.span)), s.pad);
    const uint32_t code = d.sampler(bits);
    if (!s.filtered.empty()) return CopyText(p, s.filtered[code]);
    return CopyText(p, (*d.dictionary)[static_cast<int32_t>(code)]);
  }

  static char* Write(const Segment& s, Inputs inputs, const Rows& rows, int64_t i, char* p) {
    if (s.drawn) return WriteDrawn(s, rows.hash[i], p);
    if (s.input < 0) return CopyText(p, s.literal);
    const Vector& v = *inputs[static_cast<size_t>(s.input)];
    if (v.form == Vector::Form::kInts) return WriteValue(v, i, s, p);
    if (s.filter == nullptr) return CopyText(p, v.GetText(i));
    if (v.form == Vector::Form::kCodes && static_cast<size_t>(v.codes[i]) < s.filtered.size())
      return CopyText(p, s.filtered[static_cast<size_t>(v.codes[i])]);
    return s.filter(v.GetText(i).view(), p);
  }

  static char* WriteValue(const Vector& v, int64_t i, const Segment& s, char* p) {
    if (s.type.id == TypeId::kInt32 || s.type.id == TypeId::kInt64)
      return WriteNumber(p, v.ints[i], s.pad);
    const std::string text = CellText(v, i, s.type);
    std::memcpy(p, text.data(), text.size());
    return p + text.size();
  }

  core::Stream stream_;
  std::vector<Variant> variants_;
  core::Sampler sampler_;
  std::vector<std::string> literals_;  // what segments point into
};

class Compiler {
 public:
  explicit Compiler(ColumnContext& c) : c_(c) {}

  std::unique_ptr<Column> Run() {
    const spec::Args& args = c_.args();
    const size_t errors = args.diagnostics()->all().size();  // those of other columns
    const spec::Node* options = args.Get("options");
    if (!options) {
      if (!args.Require("template", "template: \"{first_name} {last_name}\"")) return nullptr;
      Parse(args.Text("template", ""), args.At("template"));
      weights_ = {1};
    } else if (!options->is_sequence() || options->items.empty()) {
      args.Error(options->at, "'options' is a list of {template, weight}");
    } else {
      static const std::vector<std::string> kKnown = {"template", "weight"};
      for (const spec::Node& o : options->items) {
        spec::Args option(o, args.what(), args.env(), args.diagnostics());
        option.RejectUnknown(kKnown);
        if (!option.Require("template", "template: \"{first_name} {last_name}\"")) continue;
        const int64_t weight = option.Decimal("weight", spec::Value::kDecimalOne);
        if (weight <= 0) args.Error(option.At("weight"), "weight must be positive");
        weights_.push_back(weight);
        Parse(option.Text("template", ""), option.At("template"));
      }
    }
    if (args.diagnostics()->all().size() > errors || variants_.empty()) return nullptr;
    return std::make_unique<Template>(c_.stream(), std::move(variants_), core::Sampler(weights_),
                                      std::move(literals_));
  }

 private:
  void Parse(const std::string& text, spec::Location at) {
    Variant variant;
    std::string literal;
    auto flush = [&] {
      if (literal.empty()) return;
      variant.segments.push_back(Literal(literal));
      literal.clear();
    };
    for (size_t i = 0; i < text.size(); ++i) {
      const char ch = text[i];
      if ((ch == '{' || ch == '}') && i + 1 < text.size() && text[i + 1] == ch) {
        literal += ch, ++i;
      } else if (ch == '{') {
        const size_t end = text.find('}', i);
        if (end == std::string::npos) return c_.args().Error(at, "a { is not closed");
        flush();
        Segment s;
        if (!Reference(text.substr(i + 1, end - i - 1), at, &s)) return;
        variant.segments.push_back(std::move(s));
        i = end;
      } else {
        literal += ch;
      }
    }
    flush();
    variants_.push_back(std::move(variant));
  }

  Segment Literal(const std::string& text) {
    // Kept outside, padded so that it may be copied 16 bytes at a time.
    literals_.push_back(text + std::string(kTextSlack, '\0'));
    Segment s;
    s.literal = {literals_.back().data(), static_cast<uint32_t>(text.size())};
    return s;
  }

  // `name`, `name|filter|filter` or `name:5`
  bool Reference(const std::string& ref, spec::Location at, Segment* s) {
    std::string name = ref.substr(0, ref.find_first_of("|:"));
    if (const size_t colon = ref.find(':'); colon != std::string::npos) {
      const std::string width = ref.substr(colon + 1);
      if (width.empty() || width.size() > 2 ||
          width.find_first_not_of("0123456789") != std::string::npos) {
        c_.args().Error(at, "'{" + ref + "}': after the colon stands a width, as in {number:5}");
        return false;
      }
      s->pad = std::stoi(width);
    }
    if (name.find('.') != std::string::npos) {
      return Draw(name, at, s) &&
             (!s->drawn->dictionary || Filter(ref, at, s->drawn->dictionary, s));
    }
    const Input* input = c_.Use(name, at);
    if (!input) return false;
    auto known = std::find(names_.begin(), names_.end(), name);
    s->input = static_cast<int>(known - names_.begin());
    if (known == names_.end()) names_.push_back(name);
    s->type = input->column->type();
    if (!s->type.text() && !s->type.ints()) {
      c_.args().Error(at, "'{" + ref + "}' is neither text nor a number of up to 18 digits");
      return false;
    }
    if (ref.find('|') != std::string::npos && !s->type.text()) {
      c_.args().Error(at, "'{" + ref + "}': filters are for text");
      return false;
    }
    return Filter(ref, at, input->column->dictionary(), s);
  }

  // `list.column`, or `1..99`: drawn here, with bits of its own.
  bool Draw(const std::string& name, spec::Location at, Segment* s) {
    auto drawn = std::make_shared<Drawn>();
    drawn->stream = c_.stream().Draw(++draws_);
    if (const size_t dots = name.find(".."); dots != std::string::npos) {
      const auto least = spec::ParseFixed(name.substr(0, dots), 0);
      const auto most = spec::ParseFixed(name.substr(dots + 2), 0);
      if (!least || !most || *least < 0 || *most < *least) {
        c_.args().Error(at, "'{" + name + "}': numbers from the first to the last, as in {1..99}");
        return false;
      }
      drawn->least = *least;
      drawn->span = static_cast<uint64_t>(*most - *least) + 1;
      s->drawn = std::move(drawn);
      return true;
    }
    const size_t dot = name.find('.');
    const auto list = c_.FindList(name.substr(0, dot), at);
    if (!list) return false;
    const int column = list->Find(name.substr(dot + 1));
    if (column < 0) {
      c_.args().Error(at, "list '" + list->name + "' has no column '" + name.substr(dot + 1) + "'",
                      spec::Suggest(name.substr(dot + 1), list->columns));
      return false;
    }
    std::vector<std::string> distinct;
    std::vector<int64_t> weights;
    std::unordered_map<std::string_view, size_t> seen;
    const std::vector<std::string>& values = list->values[static_cast<size_t>(column)];
    for (size_t r = 0; r < values.size(); ++r) {
      const auto [it, fresh] = seen.emplace(values[r], distinct.size());
      if (fresh) distinct.push_back(values[r]), weights.push_back(0);
      weights[it->second] += list->weights[r];
    }
    drawn->dictionary = c_.Keep(distinct);
    drawn->sampler = core::Sampler(weights);
    s->drawn = std::move(drawn);
    return true;
  }

  bool Filter(const std::string& ref, spec::Location at, const Dictionary* values, Segment* s) {
    std::string_view filters(ref);
    const size_t bar = filters.find('|');
    if (bar == std::string_view::npos) return true;
    std::string error;
    s->filter = FindTextFilter(filters.substr(bar + 1), &error);
    if (!s->filter) {
      c_.args().Error(at, error, TextFilterHint());
      return false;
    }
    if (values) FilterCodes(*values, s);
    return true;
  }

  void FilterCodes(const Dictionary& d, Segment* s) {
    std::vector<std::string> distinct;
    std::vector<int32_t> codes;
    std::unordered_map<std::string, int32_t> seen;
    std::vector<char> room(d.longest() + kTextSlack);
    for (const Text& t : d.entries()) {
      std::string value(room.data(), s->filter(t.view(), room.data()));
      auto [it, fresh] = seen.emplace(value, static_cast<int32_t>(distinct.size()));
      if (fresh) distinct.push_back(value);
      codes.push_back(it->second);
    }
    const Dictionary& results = *c_.Keep(distinct);
    for (int32_t code : codes) s->filtered.push_back(results[code]);
  }

  ColumnContext& c_;
  std::vector<Variant> variants_;
  std::vector<int64_t> weights_;
  std::vector<std::string> names_;
  std::vector<std::string> literals_;
  uint64_t draws_ = 0;  // streams of this column used by places of their own
};

std::unique_ptr<Column> Compile(ColumnContext& c) { return Compiler(c).Run(); }

}  // namespace

extern const ColumnKind kTemplate = {
    "template",
    "text put together from other columns, lists and numbers",
    "{kind: template, template: \"{first_name|mailbox}.{last_name|mailbox}@example.com\"}",
    {{"template",
      "text with {column}, {column|filter}, {number:5}, {list.value} and {1..99:2}, which draw a "
      "value "
      "of a list or a number; filters: lower, upper, initial, mailbox"},
     {"options", "several of them: a list of {template, weight}"}},
    Compile};

}  // namespace synthmill::generate
