#include "plan/plan.h"

#include <fmt/format.h>

#include <algorithm>

namespace synthmill::plan {

uint64_t PartCount(uint64_t rows, uint64_t blocks, uint64_t asked) {
  // A root without rows still has one (empty) part, which writes the tables' empty files.
  if (blocks == 0) return 1;
  uint64_t parts = asked;
  if (parts == 0) {
    parts = std::max((rows + kDefaultPartRows - 1) / kDefaultPartRows, kMinParts);
  }
  return std::min(parts, blocks);
}

namespace {

arrow::Status CutSlices(const std::vector<Slice>& slices, PlannedRoot* root) {
  uint64_t row = root->begin;
  bool all = true;
  for (size_t k = 0; k < slices.size(); ++k) {
    root->cuts.push_back(row);
    row += slices[k].rows;
    all &= slices[k].chosen;
    if (slices[k].chosen) root->chosen.push_back(k);
  }
  root->cuts.push_back(row);
  root->parts = root->chosen.size();
  if (all) root->chosen.clear();
  if (row != root->end) {
    return arrow::Status::Invalid("the slices of '", root->key, "' have ", Grouped(row),
                                  " rows, the table ", Grouped(root->end));
  }
  return arrow::Status::OK();
}

}  // namespace

arrow::Result<Plan> Plan::Make(const generate::Program& program, const PlanOptions& options) {
  Plan plan;
  for (const generate::Root& root : program.roots()) {
    const uint64_t rows = root.end > root.begin ? root.end - root.begin : 0;
    if (rows > generate::kMaxRootRows || root.end > generate::kMaxRootRows) {
      return arrow::Status::Invalid("'", root.key, "' would reach row ", Grouped(root.end),
                                    "; the most is ", Grouped(generate::kMaxRootRows), " (10^15)");
    }
    PlannedRoot planned;
    planned.key = root.key;
    planned.begin = root.begin;
    planned.end = root.end;
    planned.first_block = root.first_block();
    planned.blocks = root.blocks();
    planned.first_task = plan.tasks_;
    const auto sliced = options.slices.find(root.key);
    if (sliced != options.slices.end() && !root.entity) {
      ARROW_RETURN_NOT_OK(CutSlices(sliced->second, &planned));
    } else if (options.part_rows > 0 && !root.entity) {
      planned.part_rows = options.part_rows;
      planned.parts = std::max<uint64_t>(1, (rows + options.part_rows - 1) / options.part_rows);
    } else {
      planned.parts = PartCount(rows, planned.blocks, options.partitions);
      if (options.partitions > planned.parts) {
        plan.notes_.push_back(fmt::format(
            "{} partitions were asked for; {} {} make {} (a partition holds at least {} rows)",
            Grouped(options.partitions), Grouped(rows), root.key, Grouped(planned.parts),
            Grouped(generate::kBlockRows)));
      }
    }
    plan.tasks_ += planned.parts;
    plan.roots_.push_back(std::move(planned));
  }
  for (size_t t = 0; t < program.tables().size(); ++t) {
    const generate::OutputTable& table = program.tables()[t];
    PlannedTable planned;
    planned.key = table.key;
    planned.name = table.name;
    planned.help = table.help;
    planned.root = table.root;
    planned.truth = table.truth;
    planned.rows = program.Rows(static_cast<int>(t));
    planned.per = table.per;
    planned.rows_exact = table.rows_exact;
    planned.parts = plan.roots_[table.root].parts;
    const PlannedRoot& root = plan.roots_[table.root];
    if (!root.cuts.empty()) {
      planned.rows = 0;
      const std::vector<Slice>& slices = options.slices.at(root.key);
      for (uint64_t k = 0; k < root.parts; ++k) {
        const uint64_t part = root.chosen.empty() ? k : root.chosen[k];
        const Slice& slice = slices[part];
        planned.rows += slice.rows;
        plan.slices_.push_back({table.name, slice.id, part, slice.wanted, slice.rows});
      }
    }
    plan.tables_.push_back(std::move(planned));
  }
  return plan;
}

Part Plan::task(uint64_t number) const {
  size_t r = roots_.size() - 1;
  while (roots_[r].first_task > number) --r;
  const PlannedRoot& root = roots_[r];
  Part part;
  part.task = number;
  part.root = static_cast<int>(r);
  part.number = number - root.first_task;
  part.first = part.number == 0;
  if (!root.cuts.empty()) {
    if (!root.chosen.empty()) part.number = root.chosen[part.number];
    part.begin = root.cuts[part.number];
    part.end = root.cuts[part.number + 1];
  } else if (root.part_rows > 0) {
    part.begin = std::min(root.begin + part.number * root.part_rows, root.end);
    part.end = std::min(part.begin + root.part_rows, root.end);
  } else {
    // 128 bits: blocks times parts passes 2^64 from 4·10^9 parts on.
    const auto cut = [&](uint64_t k) {
      const uint64_t block =
          root.first_block +
          static_cast<uint64_t>(static_cast<unsigned __int128>(k) * root.blocks / root.parts);
      return std::clamp(block * generate::kBlockRows, root.begin, root.end);
    };
    part.begin = cut(part.number);
    part.end = cut(part.number + 1);
  }
  return part;
}

uint64_t Plan::rows() const {
  uint64_t sum = 0;
  for (const PlannedTable& t : tables_) sum += t.rows;
  return sum;
}

uint64_t Plan::bytes() const {
  uint64_t sum = 0;
  for (const PlannedTable& t : tables_) sum += t.bytes;
  return sum;
}

bool Plan::rows_exact() const {
  return std::all_of(tables_.begin(), tables_.end(), [](const auto& t) { return t.rows_exact; });
}

}  // namespace synthmill::plan
