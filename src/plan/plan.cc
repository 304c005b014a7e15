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
    planned.parts = PartCount(rows, planned.blocks, options.partitions);
    planned.first_task = plan.tasks_;
    plan.tasks_ += planned.parts;
    if (options.partitions > planned.parts) {
      plan.notes_.push_back(fmt::format(
          "{} partitions were asked for; {} {} make {} (a partition holds at least {} rows)",
          Grouped(options.partitions), Grouped(rows), root.key, Grouped(planned.parts),
          Grouped(generate::kBlockRows)));
    }
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
    planned.rows_exact = table.rows_exact;
    planned.parts = plan.roots_[table.root].parts;
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
  // 128 bits: blocks times parts passes 2^64 from 4·10^9 parts on.
  const auto cut = [&](uint64_t k) {
    return root.first_block +
           static_cast<uint64_t>(static_cast<unsigned __int128>(k) * root.blocks / root.parts);
  };
  part.first_block = cut(part.number);
  part.last_block = cut(part.number + 1);
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
