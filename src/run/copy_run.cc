// synthmill::Copying, second half: the copying itself, up to the commit.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "plan/plan.h"
#include "run/copy_impl.h"
#include "run/schema_json.h"

namespace synthmill::run {

bool CopyingImpl::stream() const {
  if (one_stream_) return true;
  // One file that can't be cut is best converted by all threads.
  if (tables_.size() != 1 || tables_[0].inputs.size() != 1) return false;
  const auto reader = io::ingest::OpenFileReader(tables_[0].inputs, 0, tables_[0].layout, 1);
  return reader.ok() && !(*reader)->splittable();
}

io::RunTarget CopyingImpl::Target() const {
  io::RunTarget target;
  target.run_id = run_.id;
  target.mode = run_.mode;
  target.format = format_;
  target.format_options = format_options_;
  for (const CopyTable& t : tables_) target.tables.push_back({t.name, t.layout.schema});
  return target;
}

Wanted CopyingImpl::WantedRun() const {
  Wanted wanted;
  wanted.uri = options_.to;
  wanted.identity = run_.identity;
  wanted.hash = run_.hash;
  wanted.dataset = run_.dataset();
  wanted.format = format_->name;
  wanted.mode = options_.write_mode;
  wanted.tables = run_.tables;
  return wanted;
}

CopyResult CopyingImpl::Summarize(const std::vector<PartReceipts>& parts,
                                  const std::vector<TableCount>& counts) const {
  CopyResult result;
  std::vector<std::pair<std::string, io::Fingerprint>> fingerprints;
  for (size_t t = 0; t < run_.tables.size(); ++t) {
    CopiedTable table;
    table.name = run_.tables[t].name;
    table.files_read = t < tables_.size() ? tables_[t].files.size() : 0;
    io::Fingerprint sum;
    for (const PartReceipts& part : parts) {
      for (const io::Receipt& receipt : part.files) {
        if (receipt.table != table.name) continue;
        table.rows += receipt.rows;
        table.bytes += receipt.bytes;
        ++table.files;
        sum.Add(receipt.fingerprint);
      }
    }
    table.fingerprint = sum.Hex();
    table.rejected = t < counts.size() ? counts[t].rejected : 0;
    table.rows_read = t < counts.size() ? counts[t].read : table.rows;
    result.rows_read += table.rows_read;
    result.rows += table.rows;
    result.rejected += table.rejected;
    result.bytes += table.bytes;
    fingerprints.emplace_back(table.name, sum);
    result.tables.push_back(std::move(table));
  }
  result.bytes_read = bytes();
  result.fingerprint = io::CombineFingerprints(std::move(fingerprints));
  if (result.rejected > 0 && rejects_ != nullptr) result.rejects = rejects_->place();
  return result;
}

arrow::Result<CopyStart> CopyingImpl::Begin() {
  CopyStart start;
  target_run_ = std::make_unique<TargetRun>(destination_.get(), &run_);
  ARROW_ASSIGN_OR_RAISE(const Decision decision, target_run_->Open(WantedRun()));
  start.notes = decision.notes;
  start.run_id = run_.id;
  if (decision.action == Decision::Action::kComplete) {
    start.already_complete = true;
    start.result = Summarize(run_.parts, {});
    start.result.run_id = run_.id;
  }
  return start;
}

arrow::Result<CopiedParts> CopyingImpl::Attempt(RunCounters* counters,
                                                const std::atomic<int>* stop) {
  ARROW_RETURN_NOT_OK(target_run_->Start(Target()));
  CopyWork work;
  work.tables = &tables_;
  work.destination = destination_.get();
  work.threads = threads_;
  work.counters = counters;
  work.stop = stop;
  if (options_.on_error == OnError::kReject) {
    rejects_ = options_.rejects.empty()
                   ? RejectsInDocuments(destination_->documents(), run_.id, options_.to)
                   : RejectsInFile(options_.rejects);
    work.rejects = rejects_.get();
  }
  ARROW_ASSIGN_OR_RAISE(CopiedParts copied, stream() ? CopyStream(work) : CopyParts(work));
  for (const CopyTable& table : tables_) {
    for (const io::SourceFile& file : table.files) ARROW_RETURN_NOT_OK(source_->CheckSame(file));
  }
  return copied;
}

arrow::Result<CopyResult> CopyingImpl::Run(RunCounters* counters, const std::atomic<int>* stop) {
  using Clock = std::chrono::steady_clock;
  const auto begun = Clock::now();
  const auto give_up = [&](arrow::Status why) {
    rejects_ = nullptr;
    return target_run_->GiveUp(std::move(why), /*resumable=*/false);
  };
  const auto infer_all = [&]() -> arrow::Status {
    CopyWork work;
    work.threads = threads_;
    work.stop = stop;
    for (CopyTable& table : tables_) {
      if (!table.layout.inferred) continue;
      ARROW_RETURN_NOT_OK(InferTypes(work, options_.columns, &table));
      table.layout.inferred = false;  // they hold for every row
    }
    const std::string id = run_.id;
    ARROW_RETURN_NOT_OK(DescribeRun());
    run_.id = id;
    return CheckSchemas();
  };
  // What went down a pipe can't be taken back.
  if (destination_name_ == "stdout") ARROW_RETURN_NOT_OK(infer_all());
  auto copied = Attempt(counters, stop);
  if (!copied.ok() && io::ingest::IsMisfit(copied.status())) {
    // A later row widens a type: the types of all rows first, then all again.
    rejects_ = nullptr;
    if (target_run_->keeps()) ARROW_RETURN_NOT_OK(target_run_->Discard(run_.id));
    counters->rows = counters->bytes = counters->read = counters->parts = 0;
    ARROW_RETURN_NOT_OK(infer_all());
    ARROW_RETURN_NOT_OK(target_run_->Open(WantedRun()).status());
    copied = Attempt(counters, stop);
  }
  if (!copied.ok()) {
    if (destination_->reader_gone()) {
      CopyResult result;
      result.reader_gone = true;
      return result;
    }
    return give_up(copied.status());
  }
  CopyResult result = Summarize(copied->parts, copied->counts);
  if (result.rows_read != result.rows + result.rejected) {
    return give_up(arrow::Status::UnknownError("rows were lost: nothing is committed"));
  }
  run_.tasks = copied->parts.size();
  if (rejects_ != nullptr) {
    const arrow::Status status = rejects_->Finish();
    if (!status.ok()) return give_up(status);
  }
  const arrow::Status status = target_run_->Commit(std::move(copied->parts));
  if (!status.ok()) return give_up(status);
  target_run_->Release();
  result.run_id = target_run_->keeps() ? run_.id : std::string();
  result.seconds = std::chrono::duration<double>(Clock::now() - begun).count();
  return result;
}

std::string CopyingImpl::PlanText() const {
  std::string out = fmt::format("copy: {}\n", options_.from);
  size_t width = 5;
  for (const CopyTable& t : tables_) width = std::max(width, t.name.size());
  for (const CopyTable& t : tables_) {
    out += fmt::format("  {:<{}}  {:>3} file{}  {:>9}  {}, {} columns{}\n", t.name, width,
                       t.files.size(), t.files.size() == 1 ? " " : "s", plan::HumanBytes(t.bytes),
                       t.layout.format->name, t.layout.schema->num_fields(),
                       t.inferred ? " (types inferred)" : "");
  }
  std::string compression = format_options_.compression;
  if (compression.empty()) {
    const std::string all = format_->compressions;
    compression = all.substr(0, all.find(' '));
  }
  out +=
      fmt::format("  to {} ({}, {}), {} thread{}\n  {}: {}\n", options_.to, format_->name,
                  compression, threads_, threads_ == 1 ? "" : "s", destination_name_, guarantee_);
  return out;
}

std::string CopyingImpl::PlanJson() const {
  Json doc = {{"version", 1}, {"from", options_.from}, {"bytes", bytes()}};
  doc["tables"] = Json::array();
  for (const CopyTable& t : tables_) {
    Json files = Json::array();
    for (const io::SourceFile& file : t.files) {
      files.push_back({{"file", file.name}, {"bytes", file.bytes}});
    }
    auto columns = SchemaToJson(*t.layout.schema);
    doc["tables"].push_back({{"table", t.name},
                             {"format", t.layout.format->name},
                             {"bytes", t.bytes},
                             {"inferred", t.inferred},
                             {"columns", columns.ok() ? *columns : Json::array()},
                             {"files", std::move(files)}});
  }
  doc["destination"] = {{"uri", options_.to},
                        {"kind", destination_name_},
                        {"guarantee", guarantee_},
                        {"write_mode", WriteModeName(options_.write_mode)}};
  doc["format"] = format_->name;
  doc["threads"] = threads_;
  doc["run_hash"] = run_.hash;
  return doc.dump(2, ' ', false, Json::error_handler_t::replace);
}

}  // namespace synthmill::run
