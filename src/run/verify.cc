#include "run/verify.h"

#include <arrow/buffer.h>
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include "io/file_hash.h"
#include "io/partition.h"
#include "plan/plan.h"
#include "run/manifest.h"
#include "run/target.h"
#include "spec/diagnostics.h"

namespace synthmill::run {

namespace {

struct Check {
  const io::Receipt* receipt;
  const RunManifest* run;
  const ManifestTable* table;
  const io::Format* format;
  io::FormatOptions options;
  // Outcome:
  io::Fingerprint found;
  std::string reason;  // empty: as it should be
};

// Fills in what was found, or returns why the part cannot be read.
arrow::Status ReadPart(io::Destination* destination, const std::atomic<int>* stop,
                       RunCounters* counters, Check* check) {
  ARROW_ASSIGN_OR_RAISE(auto file, destination->Read(check->receipt->table, check->receipt->file));
  const ManifestTable& table = *check->table;
  ARROW_ASSIGN_OR_RAISE(
      auto rows,
      check->format->read(file, io::FileSchema(table.schema, table.partition_by), check->options));
  ARROW_ASSIGN_OR_RAISE(auto reader,
                        io::ReadWithPartitions(std::move(rows), table.schema, table.partition_by,
                                               check->receipt->file));
  io::Fingerprinter fingerprinter(*check->table->schema);
  while (true) {
    if (stop && *stop) return arrow::Status::Cancelled("stopped");
    std::shared_ptr<arrow::RecordBatch> batch;
    ARROW_RETURN_NOT_OK(reader->ReadNext(&batch));
    if (!batch) break;
    ARROW_RETURN_NOT_OK(fingerprinter.Add(*batch));
    counters->rows += static_cast<uint64_t>(batch->num_rows());
    check->found = fingerprinter.value();
  }
  check->found = fingerprinter.value();
  return arrow::Status::OK();
}

arrow::Result<std::string> HashPart(io::Destination* destination, const std::atomic<int>* stop,
                                    const io::Receipt& receipt) {
  constexpr int64_t kChunk = 1 << 20;
  ARROW_ASSIGN_OR_RAISE(auto file, destination->Read(receipt.table, receipt.file));
  io::FileHash hash;
  while (true) {
    if (stop && *stop) return arrow::Status::Cancelled("stopped");
    ARROW_ASSIGN_OR_RAISE(auto chunk, file->Read(kChunk));
    if (chunk->size() == 0) return hash.Hex();
    hash.Add(chunk->data(), chunk->size());
  }
}

void CheckPart(io::Destination* destination, const VerifyOptions& options,
               const std::map<std::string, uint64_t>& sizes, Check* check) {
  const io::Receipt& receipt = *check->receipt;
  const auto size = sizes.find(receipt.file);
  if (size == sizes.end()) {
    check->reason = "missing";
    return;
  }
  const arrow::Status status = ReadPart(destination, options.stop, options.counters, check);
  options.counters->bytes += size->second;
  if (size->second != receipt.bytes) {
    check->reason = fmt::format("{}: {} bytes, written were {}",
                                size->second < receipt.bytes ? "truncated" : "too long",
                                plan::Grouped(size->second), plan::Grouped(receipt.bytes));
  } else if (!status.ok()) {
    check->reason = "unreadable: " + status.message().substr(0, status.message().find('\n'));
  } else if (check->found.rows != receipt.rows) {
    check->reason = fmt::format("{} rows, written were {}", plan::Grouped(check->found.rows),
                                plan::Grouped(receipt.rows));
  } else if (!(check->found == receipt.fingerprint)) {
    check->reason = fmt::format("values differ: fingerprint {}, written was {}", check->found.Hex(),
                                receipt.fingerprint.Hex());
  } else if (!receipt.hash.empty()) {
    const auto hash = HashPart(destination, options.stop, receipt);
    if (!hash.ok()) {
      check->reason = "unreadable: " + hash.status().message();
    } else if (*hash != receipt.hash) {
      check->reason = fmt::format("bytes differ, its values do not: xxh3 {}, written was {}", *hash,
                                  receipt.hash);
    }
  }
  ++options.counters->parts;
}

}  // namespace

arrow::Result<VerifyResult> Verify(const std::string& uri, const VerifyOptions& options) {
  ARROW_ASSIGN_OR_RAISE(auto destination, io::OpenDestination(uri, options.destination));
  if (!destination->documents()) {
    return arrow::Status::Invalid(uri, " keeps no manifest, so there is nothing to verify");
  }
  RunStore store(destination->documents());
  ARROW_ASSIGN_OR_RAISE(const bool there, store.HasManifest());
  if (!there) {
    return arrow::Status::Invalid("no finished run at ", uri,
                                  " (no _synthmill/manifest.json); an unfinished one is finished "
                                  "by its command with --resume");
  }
  ARROW_ASSIGN_OR_RAISE(const TargetState state, ReadTarget(destination.get(), {}));

  std::vector<std::string> names;
  for (const LiveRun& run : state.manifest.runs) {
    for (const std::string& name : run.tables) {
      if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    }
  }
  for (const std::string& name : options.tables) {
    if (std::find(names.begin(), names.end(), name) == names.end()) {
      return arrow::Status::Invalid("no table '", name, "' at ", uri, "; ",
                                    spec::Suggest(name, names));
    }
  }
  if (!options.tables.empty()) names = options.tables;

  std::vector<Check> checks;
  for (size_t i = 0; i < state.live.size(); ++i) {
    const RunManifest& run = state.live[i];
    const std::vector<std::string>& live = state.manifest.runs[i].tables;
    ARROW_ASSIGN_OR_RAISE(const io::Format* format, io::FindFormat(run.format()));
    for (const PartReceipts& part : run.parts) {
      for (const io::Receipt& receipt : part.files) {
        if (std::find(live.begin(), live.end(), receipt.table) == live.end()) continue;
        if (std::find(names.begin(), names.end(), receipt.table) == names.end()) continue;
        const auto table = std::find_if(run.tables.begin(), run.tables.end(),
                                        [&](const auto& t) { return t.name == receipt.table; });
        if (table == run.tables.end()) continue;
        checks.push_back({&receipt, &run, &*table, format, run.format_options(), {}, {}});
      }
    }
  }
  std::map<std::string, std::map<std::string, uint64_t>> sizes;  // by table, by file
  for (const std::string& name : names) {
    ARROW_ASSIGN_OR_RAISE(const auto files, destination->List(name));
    for (const io::StoredFile& file : files) sizes[name][file.name] = file.bytes;
  }

  std::atomic<size_t> next{0};
  const auto work = [&] {
    for (size_t i = next++; i < checks.size(); i = next++) {
      if (options.stop && *options.stop) return;
      const auto files = sizes.find(checks[i].receipt->table);
      static const std::map<std::string, uint64_t> kNone;
      CheckPart(destination.get(), options, files == sizes.end() ? kNone : files->second,
                &checks[i]);
    }
  };
  std::vector<std::thread> pool;
  for (int t = 1; t < options.threads; ++t) pool.emplace_back(work);
  work();
  for (std::thread& thread : pool) thread.join();
  if (options.stop && *options.stop) return arrow::Status::Cancelled("stopped");

  VerifyResult result;
  std::vector<std::pair<std::string, io::Fingerprint>> fingerprints;
  for (const std::string& name : names) {
    VerifiedTable table;
    table.table = name;
    io::Fingerprint sum;
    std::set<std::string> known;
    for (const Check& check : checks) {
      if (check.receipt->table != name) continue;
      known.insert(check.receipt->file);
      sum.Add(check.found);
      if (check.reason.empty()) continue;
      table.ok = false;
      result.bad_parts.push_back(
          {name, static_cast<int64_t>(check.receipt->part), check.receipt->file, check.reason});
    }
    for (const auto& [file, bytes] : sizes[name]) {
      table.bytes += bytes;
      if (known.contains(file)) continue;
      table.ok = false;
      result.bad_parts.push_back({name, -1, file, "belongs to no run"});
    }
    table.rows = sum.rows;
    table.fingerprint = sum.Hex();
    fingerprints.emplace_back(name, sum);
    result.tables.push_back(std::move(table));
  }
  result.fingerprint = io::CombineFingerprints(std::move(fingerprints));
  return result;
}

}  // namespace synthmill::run
