// What is remembered of a run: docs/manifest.md describes the documents.
//
//   _synthmill/manifest.json              which runs are live: the atomic commit point
//   _synthmill/runs/<id>/manifest.json    one run
//   _synthmill/runs/<id>/receipts/…       its finished parts, while it works
#pragma once

#include <arrow/result.h>
#include <arrow/type.h>

#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "generate/program.h"
#include "io/destinations/destination.h"
#include "synthmill/generate.h"

namespace synthmill::run {

using Json = nlohmann::ordered_json;

inline constexpr int kManifestVersion = 1;

// All finished files of one part of one root.
struct PartReceipts {
  uint64_t task = 0;
  std::string root;
  uint64_t part = 0;  // within the root
  std::vector<io::Receipt> files;
  std::vector<generate::NoiseCount> noise;
};

struct ManifestTable {
  std::string key, name;
  bool truth = false;
  std::string root;
  std::shared_ptr<arrow::Schema> schema;       // logical
  std::vector<std::string> partition_by = {};  // io/partition.h
};

struct ManifestRoot {
  std::string key;
  uint64_t begin = 0, end = 0;  // rows, from 0
  std::string first_parameter;  // the parameter that says where it begins; often empty
};

enum class RunState { kRunning, kCommitting, kComplete };

struct RunManifest {
  std::string id;
  RunState state = RunState::kRunning;
  // Everything the content depends on: dataset, spec hash, parameters, seed, noise, as-of, tables,
  // format, partitions, generator version. Equal identities make equal data.
  Json identity;
  std::string hash;  // of the identity
  WriteMode mode = WriteMode::kError;
  std::string spec_file, spec_text;
  Json versions;
  std::string begun, finished;  // UTC
  std::vector<ManifestTable> tables;
  std::vector<ManifestRoot> roots;
  uint64_t tasks = 0;
  std::string commit_state;         // of the destination, while committing
  std::vector<PartReceipts> parts;  // from kCommitting on

  std::string dataset() const;
  std::string format() const;
  io::FormatOptions format_options() const;
};

// An entry of manifest.json.
struct LiveRun {
  std::string id, dataset, hash, committed;
  std::vector<std::string> tables;  // those of its tables that no later run has replaced
};

struct Manifest {
  std::vector<LiveRun> runs;  // oldest first
};

std::string ToJson(const RunManifest& manifest);
arrow::Result<RunManifest> RunManifestFromJson(std::string_view text, const std::string& where);
std::string ToJson(const Manifest& manifest);
arrow::Result<Manifest> ManifestFromJson(std::string_view text, const std::string& where);
std::string ToJson(const PartReceipts& receipts);
arrow::Result<PartReceipts> PartReceiptsFromJson(std::string_view text, const std::string& where);

// {"version":1,…}: the identity of a format and its options.
Json FormatToJson(const io::Format& format, const io::FormatOptions& options);

// 32 hex digits of XXH3-128.
std::string Hash(std::string_view text);
// Time-ordered and unlikely to meet: 20261121T110203-6f3a9c.
std::string NewRunId();
// 2026-11-21T11:02:03Z
std::string UtcNow();

// The fields in which two identities differ, for people: "seed (42, now 43)".
std::vector<std::string> IdentityDifferences(const Json& then, const Json& now);

// The documents at a target, with their paths.
class RunStore {
 public:
  explicit RunStore(io::DocumentStore* documents) : documents_(documents) {}

  arrow::Result<Manifest> ReadManifest() const;  // empty where there is none
  arrow::Result<bool> HasManifest() const;
  arrow::Status WriteManifest(const Manifest& manifest);
  arrow::Result<std::vector<std::string>> RunIds() const;
  arrow::Result<std::optional<RunManifest>> ReadRun(const std::string& id) const;
  arrow::Status WriteRun(const RunManifest& run);
  arrow::Status RemoveRun(const std::string& id);
  arrow::Status WriteReceipts(const std::string& id, const PartReceipts& receipts);
  // Those that cannot be read are left out: their parts are made again.
  arrow::Result<std::vector<PartReceipts>> ReadReceipts(const std::string& id) const;
  // The report of a run by slices: runs/<id>/slices.json.
  arrow::Status WriteSlices(const std::string& id, const std::vector<SliceResult>& slices);
  arrow::Status RemoveReceipts(const std::string& id);

 private:
  io::DocumentStore* documents_;
};

}  // namespace synthmill::run
