#include "generate/noise_run.h"

namespace synthmill::generate {

struct NoiseRunner::Ghosts : GhostSource {
  const Scope* entity = nullptr;
  const EntityBatch* batch = nullptr;
  const TableBatch* table = nullptr;
  const CompiledRule* rule = nullptr;
  std::vector<Vector> vectors;
  std::vector<uint64_t> number, hash;
  std::vector<int32_t> index;
  std::vector<const uint64_t*> hashes;

  arrow::Status Make(std::span<const int32_t> rows, std::span<const uint64_t> bits,
                     std::vector<const Vector*>* columns) override {
    const size_t n = rows.size();
    vectors.resize(entity->columns.size());
    number.resize(n), hash.resize(n), index.resize(n);
    for (size_t i = 0; i < n; ++i) {
      // Far beyond any real row, so that no ghost is anybody, and within what ids can number
      // (10^18).
      number[i] = (bits[i] >> 6) | (1ull << 58);
      hash[i] = core::RowHash(number[i]);
      index[i] = table->source[static_cast<size_t>(rows[i])];
    }
    hashes.assign(entity->groups.views.size(), hash.data());
    for (int c : rule->ghost_keep)
      vectors[static_cast<size_t>(c)].Gather(batch->vectors[static_cast<size_t>(c)], index.data(),
                                             static_cast<int64_t>(n));
    for (int c : rule->ghost_order)
      entity->Make(c, static_cast<int64_t>(n), number.data(), hashes, &vectors);
    columns->clear();
    for (int c : rule->ghost_columns) columns->push_back(&vectors[static_cast<size_t>(c)]);
    return arrow::Status::OK();
  }
};

NoiseRunner::NoiseRunner(const TableNoise* noise, const Scope* table, const Scope* entity)
    : noise_(noise), table_(table), entity_(entity), ghosts_(std::make_unique<Ghosts>()) {
  ghosts_->entity = entity;
  chosen_.resize(noise->rules.size());
}

NoiseRunner::~NoiseRunner() = default;

void NoiseRunner::Rederive(int column, const EntityBatch& entity, TableBatch* batch) {
  const int from = table_->columns[static_cast<size_t>(column)].entity_column;
  const ScopeColumn& source = entity_->columns[static_cast<size_t>(from)];
  // Table columns of the inputs, or -1 where the table has none and the entity's own value serves.
  std::vector<int> inputs;
  for (int input : source.inputs)
    inputs.push_back(table_->Find(entity_->columns[static_cast<size_t>(input)].spec->name));
  auto noised = [&](int t) { return t >= 0 && !batch->touched[static_cast<size_t>(t)].empty(); };

  uint64_t* touched = batch->touched[static_cast<size_t>(column)].data();
  std::vector<int32_t> rows, entity_rows;
  for (int64_t i = 0; i < batch->count; ++i) {
    uint64_t mask = 0;
    for (int t : inputs)
      if (noised(t)) mask |= batch->touched[static_cast<size_t>(t)][static_cast<size_t>(i)];
    // A null stays one: it was not made from the inputs.
    if (!mask || batch->clean[static_cast<size_t>(column)].IsNull(i)) continue;
    touched[i] |= mask;
    rows.push_back(static_cast<int32_t>(i));
    entity_rows.push_back(batch->source[static_cast<size_t>(i)]);
  }
  const int64_t n = static_cast<int64_t>(rows.size());
  scratch_.resize(inputs.size() + 1);
  std::vector<const Vector*> vectors;
  for (size_t k = 0; k < inputs.size(); ++k) {
    if (inputs[k] >= 0) {
      const size_t t = static_cast<size_t>(inputs[k]);
      scratch_[k].Gather(noised(inputs[k]) ? batch->dirty[t] : batch->clean[t], rows.data(), n);
    } else {
      scratch_[k].Gather(entity.vectors[static_cast<size_t>(source.inputs[k])], entity_rows.data(),
                         n);
    }
    vectors.push_back(&scratch_[k]);
  }
  // The same bits as the clean value had.
  std::vector<uint64_t> number, hash;
  const uint64_t* view = entity.hashes[static_cast<size_t>(source.view)];
  for (int32_t e : entity_rows) {
    number.push_back(entity.number[static_cast<size_t>(e)]);
    hash.push_back(view[e]);
  }
  Vector& made = scratch_.back();
  source.column->Fill({n, number.data(), hash.data()}, vectors, &made);
  Vector& dirty = batch->dirty[static_cast<size_t>(column)];
  for (int64_t i = 0; i < n; ++i) dirty.SetFrom(rows[static_cast<size_t>(i)], made, i);
}

arrow::Status NoiseRunner::Run(const EntityBatch* entity, TableBatch* batch,
                               std::vector<NoiseCount>* counts) {
  const int64_t n = batch->count;
  for (int c : noise_->noised) {
    batch->dirty[static_cast<size_t>(c)].CopyFrom(batch->clean[static_cast<size_t>(c)]);
    batch->touched[static_cast<size_t>(c)].assign(static_cast<size_t>(n), 0);
  }
  flags_.resize(static_cast<size_t>(n));
  ghosts_->batch = entity;
  ghosts_->table = batch;

  NoiseBatch view;
  view.count = n;
  view.hash = batch->hash.data();
  view.ghosts = ghosts_.get();
  for (const NoiseStep& step : noise_->steps) {
    if (step.rederive >= 0) {
      Rederive(step.rederive, *entity, batch);
      continue;
    }
    const CompiledRule& rule = noise_->rules[static_cast<size_t>(step.rule)];
    view.rule_bit = 1ull << step.rule;
    view.columns.clear(), view.touched.clear();
    for (int c : rule.columns) {
      view.columns.push_back(&batch->dirty[static_cast<size_t>(c)]);
      view.touched.push_back(batch->touched[static_cast<size_t>(c)].data());
    }
    ghosts_->rule = &rule;
    NoiseCount& count = (*counts)[static_cast<size_t>(step.rule)];
    count.records += static_cast<uint64_t>(n);
    count.applicable += static_cast<uint64_t>(rule.rule->Applicable(view, flags_.data()));
    std::vector<int32_t>& chosen = chosen_[static_cast<size_t>(step.rule)];
    chosen.resize(static_cast<size_t>(n));
    const uint64_t threshold = core::Threshold(rule.rate);
    const uint64_t all = threshold == ~0ull;
    size_t picked = 0;
    for (int64_t i = 0; i < n; ++i) {
      chosen[picked] = static_cast<int32_t>(i);
      const uint64_t hit = (rule.choose.At(view.hash[i]) < threshold) | all;
      picked += hit & flags_[static_cast<size_t>(i)];
    }
    chosen.resize(picked);
    count.touched += picked;
    ARROW_RETURN_NOT_OK(rule.rule->Apply(&view, chosen));
  }

  // What is left of each rule in the end.
  for (size_t r = 0; r < noise_->rules.size(); ++r) {
    uint64_t changed = 0;
    for (int32_t row : chosen_[r]) {
      bool differs = false;
      for (int c : noise_->rules[r].columns) {
        const size_t t = static_cast<size_t>(c);
        if (!(batch->touched[t][static_cast<size_t>(row)] >> r & 1)) continue;
        differs |= !SameCell(batch->clean[t], row, batch->dirty[t], row, table_->columns[t].type);
      }
      changed += differs;
    }
    (*counts)[r].changed += changed;
  }
  return arrow::Status::OK();
}

}  // namespace synthmill::generate
