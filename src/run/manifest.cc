#include "run/manifest.h"

#include <fmt/format.h>
#include <sys/random.h>

#include <chrono>
#include <ctime>
#define XXH_INLINE_ALL
#include <xxhash.h>

namespace synthmill::run {

namespace {

std::string Utc(const char* format) {
  const std::time_t now = std::time(nullptr);
  std::tm parts;
  gmtime_r(&now, &parts);
  char text[40];
  std::strftime(text, sizeof text, format, &parts);
  return text;
}

std::string Path(const std::string& id, const std::string& rest) {
  return "runs/" + id + (rest.empty() ? "" : "/" + rest);
}

std::string Short(const Json& value) {
  std::string text = value.is_string() ? value.get<std::string>() : value.dump();
  if (text.size() > 40) text = text.substr(0, 37) + "…";
  return text.empty() ? "none" : text;
}

void Compare(const std::string& name, const Json& then, const Json& now,
             std::vector<std::string>* out) {
  if (then == now) return;
  if (then.is_object() && now.is_object()) {
    for (const auto& [key, value] : then.items()) {
      // The name of a thing is told by what it names: format (parquet, now csv).
      Compare(key == "name" ? name : key, value, now.contains(key) ? now[key] : Json(), out);
    }
    for (const auto& [key, value] : now.items()) {
      if (!then.contains(key)) Compare(key, Json(), value, out);
    }
    return;
  }
  out->push_back(fmt::format("{} ({}, now {})", name, Short(then), Short(now)));
}

}  // namespace

std::string RunManifest::dataset() const { return identity.value("dataset", std::string()); }

std::string RunManifest::format() const {
  const auto it = identity.find("format");
  return it == identity.end() ? std::string() : it->value("name", std::string());
}

io::FormatOptions RunManifest::format_options() const {
  io::FormatOptions options;
  const auto it = identity.find("format");
  if (it == identity.end()) return options;
  options.compression = it->value("compression", std::string());
  options.csv_null = it->value("csv_null", std::string());
  const std::string delimiter = it->value("delimiter", std::string(","));
  if (!delimiter.empty()) options.delimiter = delimiter[0];
  options.header = it->value("header", true);
  options.row_group_rows = it->value("row_group_rows", int64_t{0});
  options.hive_int96 = it->value("hive_int96", false);
  return options;
}

Json FormatToJson(const io::Format& format, const io::FormatOptions& options) {
  Json out = {{"name", format.name},          {"compression", options.compression},
              {"csv_null", options.csv_null}, {"delimiter", std::string(1, options.delimiter)},
              {"header", options.header},     {"row_group_rows", options.row_group_rows}};
  // Named only where it is asked for: identities of other runs stay what they were.
  if (options.hive_int96) out["hive_int96"] = true;
  return out;
}

std::string Hash(std::string_view text) {
  const XXH128_hash_t h = XXH3_128bits(text.data(), text.size());
  return fmt::format("{:016x}{:016x}", h.high64, h.low64);
}

std::string NewRunId() {
  uint32_t bits = 0;
  if (getrandom(&bits, sizeof bits, 0) != sizeof bits) {
    bits = static_cast<uint32_t>(std::chrono::steady_clock::now().time_since_epoch().count());
  }
  return fmt::format("{}-{:06x}", Utc("%Y%m%dT%H%M%S"), bits & 0xffffff);
}

std::string UtcNow() { return Utc("%Y-%m-%dT%H:%M:%SZ"); }

std::vector<std::string> IdentityDifferences(const Json& then, const Json& now) {
  std::vector<std::string> out;
  Compare("run", then, now, &out);
  return out;
}

arrow::Result<bool> RunStore::HasManifest() const {
  ARROW_ASSIGN_OR_RAISE(const auto text, documents_->Read("manifest.json"));
  return text.has_value();
}

arrow::Result<Manifest> RunStore::ReadManifest() const {
  ARROW_ASSIGN_OR_RAISE(const auto text, documents_->Read("manifest.json"));
  if (!text) return Manifest{};
  return ManifestFromJson(*text, "_synthmill/manifest.json");
}

arrow::Status RunStore::WriteManifest(const Manifest& manifest) {
  return documents_->Write("manifest.json", ToJson(manifest));
}

arrow::Result<std::vector<std::string>> RunStore::RunIds() const {
  return documents_->List("runs");
}

arrow::Result<std::optional<RunManifest>> RunStore::ReadRun(const std::string& id) const {
  const std::string path = Path(id, "manifest.json");
  ARROW_ASSIGN_OR_RAISE(const auto text, documents_->Read(path));
  if (!text) return std::nullopt;
  ARROW_ASSIGN_OR_RAISE(auto run, RunManifestFromJson(*text, "_synthmill/" + path));
  return std::optional<RunManifest>(std::move(run));
}

arrow::Status RunStore::WriteRun(const RunManifest& run) {
  return documents_->Write(Path(run.id, "manifest.json"), ToJson(run));
}

arrow::Status RunStore::RemoveRun(const std::string& id) {
  return documents_->Remove(Path(id, ""));
}

arrow::Status RunStore::WriteReceipts(const std::string& id, const PartReceipts& receipts) {
  return documents_->Write(Path(id, fmt::format("receipts/part-{:05}.json", receipts.task)),
                           ToJson(receipts));
}

arrow::Result<std::vector<PartReceipts>> RunStore::ReadReceipts(const std::string& id) const {
  std::vector<PartReceipts> all;
  const std::string folder = Path(id, "receipts");
  ARROW_ASSIGN_OR_RAISE(const auto names, documents_->List(folder));
  for (const std::string& name : names) {
    if (!name.ends_with(".json")) continue;
    ARROW_ASSIGN_OR_RAISE(const auto text, documents_->Read(folder + "/" + name));
    if (!text) continue;
    auto receipts = PartReceiptsFromJson(*text, name);
    if (receipts.ok()) all.push_back(std::move(*receipts));
  }
  return all;
}

arrow::Status RunStore::WriteSlices(const std::string& id, const std::vector<SliceResult>& slices) {
  Json doc = {{"version", kManifestVersion}, {"run_id", id}, {"slices", Json::array()}};
  for (const SliceResult& s : slices) {
    doc["slices"].push_back({{"table", s.table},
                             {"slice", s.slice},
                             {"part", s.part},
                             {"wanted", s.wanted},
                             {"rows", s.rows},
                             {"made", s.made}});
  }
  return documents_->Write(Path(id, "slices.json"),
                           doc.dump(1, ' ', false, Json::error_handler_t::replace) + "\n");
}

arrow::Status RunStore::RemoveReceipts(const std::string& id) {
  return documents_->Remove(Path(id, "receipts"));
}

}  // namespace synthmill::run
