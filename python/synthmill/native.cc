// The extension module synthmill._native: the engine's public API (include/synthmill) as Python
// sees it. Thin on purpose; what a user calls is synthmill/__init__.py.
//
// Tables leave as Arrow C streams in capsules, so no Python Arrow library is needed, and any may
// take them. Long calls work on a thread of their own without the interpreter's lock and are
// stopped by signals.
#include <arrow/c/bridge.h>
#include <nanobind/nanobind.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/unique_ptr.h>
#include <nanobind/stl/vector.h>

#include <atomic>
#include <condition_variable>
#include <csignal>
#include <mutex>
#include <optional>
#include <thread>

#include "ddl/reader.h"
#include "native_options.h"
#include "run/dataset.h"
#include "schema/import.h"
#include "synthmill/copy.h"
#include "synthmill/generate.h"
#include "synthmill/version.h"

namespace synthmill {
namespace {

void Check(const arrow::Status& status) {
  if (!status.ok()) Raise(status);
}

template <typename T>
T Value(arrow::Result<T> result) {
  Check(result.status());
  return std::move(result).ValueUnsafe();
}

// Other Python threads go on meanwhile.
template <typename Work>
auto WithoutLock(Work work) -> decltype(work()) {
  nb::gil_scoped_release release;
  return work();
}

// Runs `work` on a thread while this one looks for signals. What a signal handler raises
// (KeyboardInterrupt) sets `stop`, and is raised when the work has ended.
template <typename Work>
auto Interruptibly(std::atomic<int>* stop, Work work) -> decltype(work()) {
  decltype(work()) result = arrow::Status::UnknownError("not run");
  std::mutex mutex;
  std::condition_variable done;
  bool finished = false;
  std::optional<nb::python_error> raised;
  std::thread worker([&] {
    auto made = work();
    std::lock_guard<std::mutex> lock(mutex);
    result = std::move(made);
    finished = true;
    done.notify_one();
  });
  while (true) {
    {
      nb::gil_scoped_release release;
      std::unique_lock<std::mutex> lock(mutex);
      done.wait_for(lock, std::chrono::milliseconds(50), [&] { return finished; });
      if (finished) break;
    }
    if (!raised && PyErr_CheckSignals() != 0) {
      raised.emplace();  // takes the error of the handler
      *stop = SIGINT;
    }
  }
  {
    nb::gil_scoped_release release;
    worker.join();
  }
  if (raised) throw nb::python_error(*raised);
  return result;
}

nb::capsule StreamCapsule(std::shared_ptr<arrow::RecordBatchReader> reader) {
  auto stream = std::make_unique<ArrowArrayStream>();
  Check(arrow::ExportRecordBatchReader(std::move(reader), stream.get()));
  return nb::capsule(stream.release(), "arrow_array_stream", [](void* p) noexcept {
    auto* s = static_cast<ArrowArrayStream*>(p);
    if (s->release) s->release(s);
    delete s;
  });
}

nb::capsule SchemaCapsule(const arrow::Schema& schema) {
  auto c = std::make_unique<ArrowSchema>();
  Check(arrow::ExportSchema(schema, c.get()));
  return nb::capsule(c.release(), "arrow_schema", [](void* p) noexcept {
    auto* s = static_cast<ArrowSchema*>(p);
    if (s->release) s->release(s);
    delete s;
  });
}

nb::dict ToDict(const TableInfo& t) {
  nb::dict d;
  d["key"] = t.key;
  d["name"] = t.name;
  d["help"] = t.help;
  d["truth"] = t.truth;
  d["rows"] = t.rows;
  d["rows_exact"] = t.rows_exact;
  return d;
}

nb::dict ToDict(const GenerateResult& r, bool already_complete) {
  nb::dict d;
  d["run_id"] = r.run_id;
  d["already_complete"] = already_complete;
  d["rows"] = r.rows;
  d["bytes"] = r.bytes;
  d["seconds"] = r.seconds;
  d["rows_resumed"] = r.rows_resumed;
  d["fingerprint"] = r.fingerprint;
  nb::list tables;
  for (const TableResult& t : r.tables) {
    nb::dict table;
    table["key"] = t.key;
    table["name"] = t.name;
    table["rows"] = t.rows;
    table["bytes"] = t.bytes;
    table["files"] = t.files;
    table["fingerprint"] = t.fingerprint;
    tables.append(table);
  }
  d["tables"] = tables;
  return d;
}

nb::dict RunToTarget(Generation& generation) {
  const Start start = Value(WithoutLock([&] { return generation.Begin(); }));
  if (start.already_complete) return ToDict(start.result, true);
  RunCounters counters;
  std::atomic<int> stop{0};
  auto result = Interruptibly(&stop, [&] { return generation.Run(&counters, &stop); });
  return ToDict(Value(std::move(result)), false);
}

nb::dict RunCopy(const CopyOptions& options) {
  const auto copying = Value(WithoutLock([&] { return Copying::Prepare(options); }));
  const CopyStart start = Value(WithoutLock([&] { return copying->Begin(); }));
  CopyResult result = start.result;
  if (!start.already_complete) {
    RunCounters counters;
    std::atomic<int> stop{0};
    result = Value(Interruptibly(&stop, [&] { return copying->Run(&counters, &stop); }));
  }
  nb::dict d;
  d["run_id"] = result.run_id;
  d["already_complete"] = start.already_complete;
  d["rows_read"] = result.rows_read;
  d["rows"] = result.rows;
  d["rejected"] = result.rejected;
  d["rejects"] = result.rejects;
  d["bytes"] = result.bytes;
  d["seconds"] = result.seconds;
  d["fingerprint"] = result.fingerprint;
  d["warnings"] = copying->warnings();
  return d;
}

// The dataset file of DDL, and its problems as (is an error, message with place and caret).
nb::tuple ImportDdl(const std::vector<std::pair<std::string, std::string>>& sources,
                    const std::string& dialect, const std::string& dataset) {
  std::vector<ddl::Source> files;
  for (const auto& [file, text] : sources) files.push_back({file, text});
  ddl::ReadOptions options;
  if (!dialect.empty()) {
    options.dialect = ddl::ParseDialect(dialect);
    if (!options.dialect) {
      Raise(arrow::Status::Invalid("unknown dialect '", dialect, "'; ",
                                   spec::Suggest(dialect, ddl::DialectNames())));
    }
  }
  const ddl::Catalog catalog = WithoutLock([&] { return ddl::ReadDdl(std::move(files), options); });
  const schema::Imported imported =
      WithoutLock([&] { return schema::ImportCatalog(catalog, {.dataset = dataset}); });
  nb::list problems;
  for (const auto* list : {&catalog.problems, &imported.problems}) {
    for (const ddl::Problem& p : *list) {
      problems.append(nb::make_tuple(p.severity == ddl::Problem::Severity::kError,
                                     ddl::RenderProblem(catalog, p)));
    }
  }
  return nb::make_tuple(imported.text, catalog.tables.size(), problems);
}

}  // namespace

NB_MODULE(_native, m) {
  m.attr("__version__") = SYNTHMILL_VERSION;
  m.attr("generator_version") = SYNTHMILL_GENERATOR_VERSION;

  nb::class_<Generation>(m, "Generation")
      .def_prop_ro("tables",
                   [](const Generation& g) {
                     nb::list tables;
                     for (const TableInfo& t : g.tables()) tables.append(ToDict(t));
                     return tables;
                   })
      .def_prop_ro("warnings", &Generation::warnings)
      .def("plan_json", &Generation::PlanJson, nb::call_guard<nb::gil_scoped_release>())
      .def("schema",
           [](const Generation& g, const std::string& table, bool dictionaries) {
             if (dictionaries) return SchemaCapsule(*Value(g.Read(table, true))->schema());
             for (const TableInfo& t : g.tables()) {
               if (t.name == table) return SchemaCapsule(*t.schema);
             }
             Raise(arrow::Status::KeyError("no table '", table, "'"));
           })
      .def("read",
           [](const Generation& g, const std::string& table, bool dictionaries) {
             return StreamCapsule(Value(g.Read(table, dictionaries)));
           })
      .def("run", &RunToTarget);

  m.attr("generate_options") = nb::frozenset(GenerateOptionsReader().names());
  m.def("prepare", [](const nb::dict& options) {
    return Value(WithoutLock(
        [made = GenerateOptionsReader().Read(options)] { return Generation::Prepare(made); }));
  });
  m.def("datasets", &run::BuiltInDatasets);
  m.def("copy", [](const nb::dict& options) { return RunCopy(CopyOptionsReader().Read(options)); });
  m.def("import_ddl", &ImportDdl);
}

}  // namespace synthmill
