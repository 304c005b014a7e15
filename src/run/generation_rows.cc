// How many rows, and in which parts: --rows, --chunks, --slices.
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include "run/generation_impl.h"

namespace synthmill::run {

namespace {

constexpr size_t kMostSliceBytes = 64 << 20;

arrow::Result<std::string> ReadText(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::string text(kMostSliceBytes + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (in.bad() || (!in && in.gcount() == 0 && !in.eof())) {
    return arrow::Status::IOError("cannot read ", path, ": ", std::strerror(errno));
  }
  text.resize(static_cast<size_t>(in.gcount()));
  if (text.size() > kMostSliceBytes) {
    return arrow::Status::Invalid(path, " is too large for a file of slices (64 MiB at most)");
  }
  return text;
}

// The table a name of a slice file means, by key or output name; a schema in front is passed over.
const spec::Table* FindTable(const spec::Spec& spec, const spec::Environment& env,
                             std::string_view name) {
  for (int attempt = 0; attempt < 2; ++attempt) {
    for (const spec::Table& t : spec.tables) {
      if (t.key == name || spec::Interpolate(t.name, env).ValueOr(t.name) == name) return &t;
    }
    const size_t dot = name.rfind('.');
    if (dot == name.npos) break;
    name.remove_prefix(dot + 1);
  }
  return nullptr;
}

}  // namespace

arrow::Status GenerationImpl::CountRows() {
  const spec::Spec& spec = dataset_.spec;
  plan_options_.partitions = options_.partitions;
  plan_options_.part_rows = options_.part_rows;
  ARROW_ASSIGN_OR_RAISE(row_overrides_, spec::ParseRows(options_.rows));
  const bool all = std::any_of(row_overrides_.begin(), row_overrides_.end(),
                               [](const spec::RowsOverride& r) { return r.table.empty(); });
  if (options_.part_rows > 0 && options_.partitions > 0 && options_.slices.empty()) {
    if (all) {
      return arrow::Status::Invalid(
          "--rows and --chunks with --records-per-chunk both say how many rows there are: leave "
          "one out");
    }
    uint64_t rows = 0;
    if (__builtin_mul_overflow(options_.part_rows, options_.partitions, &rows) ||
        rows > generate::kMaxRootRows) {
      return arrow::Status::Invalid("--chunks ", options_.partitions, " of ", options_.part_rows,
                                    " records each are more than 10^15 rows");
    }
    ARROW_ASSIGN_OR_RAISE(auto count, spec::ParseRows({std::to_string(rows)}));
    row_overrides_.insert(row_overrides_.begin(), count[0]);
  }
  const spec::Parameter* parameter = spec.FindParameter("rows");
  for (const spec::RowsOverride& r : row_overrides_) {
    rows_.push_back(r.text);
    if (r.table.empty() && parameter) options_.parameters["rows"] = r.text;
  }
  if (parameter) {
    std::erase_if(row_overrides_, [](const spec::RowsOverride& r) { return r.table.empty(); });
  }
  if (!options_.slices.empty()) return ReadSliceFile();
  if (!options_.slice.empty() || !options_.scale.empty()) {
    return arrow::Status::Invalid(options_.slice.empty() ? "--scale" : "--slice",
                                  " is of use with --slices FILE only");
  }
  return arrow::Status::OK();
}

arrow::Status GenerationImpl::ReadSliceFile() {
  const spec::Spec& spec = dataset_.spec;
  if (options_.part_rows > 0 || options_.partitions > 0) {
    return arrow::Status::Invalid(
        "--slices says which parts there are: leave --partitions, --chunks and "
        "--records-per-chunk out");
  }
  plan::Scale scale;
  if (!options_.scale.empty()) {
    ARROW_ASSIGN_OR_RAISE(scale, plan::ParseScale(options_.scale));
  }
  ARROW_ASSIGN_OR_RAISE(const plan::SliceIds chosen, plan::ParseSliceIds(options_.slice));
  ARROW_ASSIGN_OR_RAISE(const std::string text, ReadText(options_.slices));
  ARROW_ASSIGN_OR_RAISE(const auto tables, plan::ReadSlices(options_.slices, text, scale, chosen));
  // Names that parameters make are looked at with their defaults: they cannot be known better here.
  spec::Environment env;
  const auto defaults = spec::ResolveParameters(
      spec, spec::GivenParameters(options_.parameters.begin(), options_.parameters.end()),
      std::nullopt, noise_, static_cast<int64_t>(options_.seed));
  if (defaults.ok()) env = defaults->env;
  sliced_ = Json::object();
  for (const plan::SlicedTable& t : tables) {
    const spec::Table* table = FindTable(spec, env, t.table);
    const auto wrong = [&](const std::string& why) {
      return arrow::Status::Invalid(options_.slices, ":", t.line, ": ", why);
    };
    if (!table) {
      std::vector<std::string> names;
      for (const spec::Table& other : spec.tables) names.push_back(other.key);
      return wrong("there is no table '" + t.table + "'; " + spec::Suggest(t.table, names));
    }
    if (!table->from.empty()) {
      return wrong("table '" + t.table +
                   "' is drawn from an entity; only tables with rows of their own can be sliced");
    }
    if (!plan_options_.slices.emplace(table->key, t.slices).second) {
      return wrong("table '" + table->key + "' is here under two names");
    }
    for (const spec::RowsOverride& r : row_overrides_) {
      if (r.table != table->key) continue;
      return arrow::Status::Invalid("--rows ", r.text, ": the rows of '", table->key,
                                    "' are those of its slices");
    }
    spec::RowsOverride rows;
    rows.text = table->key + "=" + std::to_string(t.rows());
    rows.table = table->key;
    rows.rows = static_cast<int64_t>(t.rows());
    row_overrides_.push_back(rows);
    if (!options_.slice.empty()) sliced_tables_.push_back(table->key);
    std::string counts, made;
    for (const plan::Slice& s : t.slices) {
      counts += fmt::format("{} {}\n", s.id, s.rows);
      if (s.chosen) made += fmt::format("{}\n", s.id);
    }
    sliced_[table->key] = {{"slices", t.slices.size()},
                           {"rows", t.rows()},
                           {"counts", Hash(counts)},
                           {"made", t.all_chosen() ? "all" : Hash(made)}};
  }
  return arrow::Status::OK();
}

void GenerationImpl::AddSlices(const std::vector<PartReceipts>& parts,
                               GenerateResult* result) const {
  std::map<std::pair<std::string, uint64_t>, uint64_t> made;
  for (const PartReceipts& part : parts) {
    for (const io::Receipt& file : part.files) made[{file.table, part.part}] += file.rows;
  }
  for (const plan::PlannedSlice& s : plan_.slices()) {
    const auto found = made.find({s.table, s.part});
    result->slices.push_back(
        {s.table, s.slice, s.part, s.wanted, s.rows, found == made.end() ? 0 : found->second});
  }
}

}  // namespace synthmill::run
