// The run documents to and from JSON.
#include "run/manifest.h"
#include "run/schema_json.h"

namespace synthmill::run {

namespace {

constexpr const char* kStates[] = {"running", "committing", "complete"};

arrow::Status Damaged(const std::string& where, const std::string& why) {
  return arrow::Status::Invalid(where, " cannot be read: ", why,
                                "; it was damaged, or written by a newer synthmill");
}

// Parses and hands the document to `read`; nlohmann's exceptions end here.
template <typename T, typename Read>
arrow::Result<T> FromJson(std::string_view text, const std::string& where, Read&& read) {
  try {
    const Json doc = Json::parse(text);
    if (!doc.is_object()) return Damaged(where, "it is not a JSON object");
    if (doc.at("version").get<int>() > kManifestVersion) {
      return Damaged(where, "its version is " + doc.at("version").dump());
    }
    T value;
    ARROW_RETURN_NOT_OK(read(doc, &value));
    return value;
  } catch (const nlohmann::json::exception& e) {
    return Damaged(where, e.what());
  }
}

Json PartToJson(const PartReceipts& part) {
  Json files = Json::array();
  for (const io::Receipt& r : part.files) {
    Json file = {{"table", r.table}, {"part", r.part},   {"file", r.file},
                 {"rows", r.rows},   {"bytes", r.bytes}, {"fingerprint", r.fingerprint.Hex()}};
    if (!r.hash.empty()) file["xxh3"] = r.hash;
    if (!r.token.empty()) file["token"] = r.token;
    files.push_back(std::move(file));
  }
  Json noise = Json::array();
  for (const generate::NoiseCount& n : part.noise) {
    noise.push_back({{"table", n.table},
                     {"rule", n.rule},
                     {"configured", n.configured},
                     {"records", n.records},
                     {"applicable", n.applicable},
                     {"touched", n.touched},
                     {"changed", n.changed}});
  }
  return {{"task", part.task},
          {"root", part.root},
          {"part", part.part},
          {"files", std::move(files)},
          {"noise", std::move(noise)}};
}

arrow::Status PartFromJson(const Json& doc, PartReceipts* part) {
  part->task = doc.at("task").get<uint64_t>();
  part->root = doc.at("root").get<std::string>();
  part->part = doc.at("part").get<uint64_t>();
  for (const Json& file : doc.at("files")) {
    io::Receipt r;
    r.table = file.at("table").get<std::string>();
    r.part = file.at("part").get<uint64_t>();
    r.file = file.at("file").get<std::string>();
    r.rows = file.at("rows").get<uint64_t>();
    r.bytes = file.at("bytes").get<uint64_t>();
    ARROW_ASSIGN_OR_RAISE(
        r.fingerprint, io::Fingerprint::FromHex(file.at("fingerprint").get<std::string>(), r.rows));
    r.hash = file.value("xxh3", std::string());
    r.token = file.value("token", std::string());
    part->files.push_back(std::move(r));
  }
  for (const Json& count : doc.at("noise")) {
    generate::NoiseCount n;
    n.table = count.at("table").get<std::string>();
    n.rule = count.at("rule").get<std::string>();
    n.configured = count.at("configured").get<int64_t>();
    n.records = count.at("records").get<uint64_t>();
    n.applicable = count.at("applicable").get<uint64_t>();
    n.touched = count.at("touched").get<uint64_t>();
    n.changed = count.at("changed").get<uint64_t>();
    part->noise.push_back(std::move(n));
  }
  return arrow::Status::OK();
}

}  // namespace

std::string ToJson(const RunManifest& run) {
  Json doc;
  doc["version"] = kManifestVersion;
  doc["id"] = run.id;
  doc["state"] = kStates[static_cast<int>(run.state)];
  doc["hash"] = run.hash;
  doc["identity"] = run.identity;
  doc["write_mode"] = WriteModeName(run.mode);
  doc["versions"] = run.versions;
  doc["begun"] = run.begun;
  doc["finished"] = run.finished;
  doc["roots"] = Json::array();
  for (const ManifestRoot& r : run.roots) {
    doc["roots"].push_back({{"root", r.key},
                            {"begin", r.begin},
                            {"end", r.end},
                            {"first_parameter", r.first_parameter}});
  }
  doc["tables"] = Json::array();
  for (const ManifestTable& t : run.tables) {
    auto columns = SchemaToJson(*t.schema);
    doc["tables"].push_back({{"table", t.name},
                             {"key", t.key},
                             {"truth", t.truth},
                             {"root", t.root},
                             {"columns", columns.ok() ? *columns : Json::array()}});
    if (!t.partition_by.empty()) doc["tables"].back()["partition_by"] = t.partition_by;
  }
  doc["tasks"] = run.tasks;
  if (!run.commit_state.empty()) doc["commit_state"] = run.commit_state;
  doc["parts"] = Json::array();
  for (const PartReceipts& part : run.parts) doc["parts"].push_back(PartToJson(part));
  doc["spec"] = {{"file", run.spec_file}, {"text", run.spec_text}};
  return doc.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

arrow::Result<RunManifest> RunManifestFromJson(std::string_view text, const std::string& where) {
  return FromJson<RunManifest>(text, where, [&](const Json& doc, RunManifest* run) {
    run->id = doc.at("id").get<std::string>();
    const std::string state = doc.at("state").get<std::string>();
    bool known = false;
    for (int i = 0; i < 3; ++i) {
      if (state != kStates[i]) continue;
      run->state = static_cast<RunState>(i);
      known = true;
    }
    if (!known) return Damaged(where, "unknown state '" + state + "'");
    run->hash = doc.at("hash").get<std::string>();
    run->identity = doc.at("identity");
    const auto mode = ParseWriteMode(doc.at("write_mode").get<std::string>());
    if (!mode) return Damaged(where, "unknown write_mode");
    run->mode = *mode;
    run->versions = doc.at("versions");
    run->begun = doc.at("begun").get<std::string>();
    run->finished = doc.at("finished").get<std::string>();
    for (const Json& r : doc.at("roots")) {
      run->roots.push_back({r.at("root").get<std::string>(), r.at("begin").get<uint64_t>(),
                            r.at("end").get<uint64_t>(),
                            r.at("first_parameter").get<std::string>()});
    }
    for (const Json& t : doc.at("tables")) {
      ManifestTable table;
      table.name = t.at("table").get<std::string>();
      table.key = t.at("key").get<std::string>();
      table.truth = t.at("truth").get<bool>();
      table.root = t.at("root").get<std::string>();
      ARROW_ASSIGN_OR_RAISE(table.schema, SchemaFromJson(t.at("columns")));
      table.partition_by = t.value("partition_by", std::vector<std::string>());
      run->tables.push_back(std::move(table));
    }
    run->tasks = doc.at("tasks").get<uint64_t>();
    run->commit_state = doc.value("commit_state", std::string());
    for (const Json& p : doc.at("parts")) {
      PartReceipts part;
      ARROW_RETURN_NOT_OK(PartFromJson(p, &part));
      run->parts.push_back(std::move(part));
    }
    run->spec_file = doc.at("spec").at("file").get<std::string>();
    run->spec_text = doc.at("spec").at("text").get<std::string>();
    return arrow::Status::OK();
  });
}

std::string ToJson(const Manifest& manifest) {
  Json doc;
  doc["version"] = kManifestVersion;
  doc["runs"] = Json::array();
  for (const LiveRun& run : manifest.runs) {
    doc["runs"].push_back({{"id", run.id},
                           {"dataset", run.dataset},
                           {"hash", run.hash},
                           {"committed", run.committed},
                           {"tables", run.tables}});
  }
  return doc.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

arrow::Result<Manifest> ManifestFromJson(std::string_view text, const std::string& where) {
  return FromJson<Manifest>(text, where, [](const Json& doc, Manifest* manifest) {
    for (const Json& r : doc.at("runs")) {
      LiveRun run;
      run.id = r.at("id").get<std::string>();
      run.dataset = r.at("dataset").get<std::string>();
      run.hash = r.at("hash").get<std::string>();
      run.committed = r.at("committed").get<std::string>();
      run.tables = r.at("tables").get<std::vector<std::string>>();
      manifest->runs.push_back(std::move(run));
    }
    return arrow::Status::OK();
  });
}

std::string ToJson(const PartReceipts& receipts) {
  Json doc = PartToJson(receipts);
  doc["version"] = kManifestVersion;
  return doc.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

arrow::Result<PartReceipts> PartReceiptsFromJson(std::string_view text, const std::string& where) {
  return FromJson<PartReceipts>(text, where, [](const Json& doc, PartReceipts* receipts) {
    return PartFromJson(doc, receipts);
  });
}

}  // namespace synthmill::run
