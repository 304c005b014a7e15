// The extension module synthmill._native: the engine's public API (include/synthmill) as Python
// sees it. Thin on purpose; what a user calls is synthmill/__init__.py.
//
// Tables leave as Arrow C streams in capsules, so no Python Arrow library is needed, and any may
// take them. Long calls work on a thread of their own without the interpreter's lock and are
// stopped by signals.
#include <arrow/c/bridge.h>
#include <nanobind/nanobind.h>
#include <nanobind/stl/map.h>
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
#include "run/dataset.h"
#include "schema/import.h"
#include "synthmill/copy.h"
#include "synthmill/generate.h"
#include "synthmill/version.h"

namespace nb = nanobind;

namespace synthmill {
namespace {

// Raises the exception class of synthmill/_errors.py that belongs to a status.
[[noreturn]] void Raise(const arrow::Status& status) {
  const char* name = "SynthmillError";
  if (status.IsKeyError()) name = "NotFoundError";
  if (status.IsInvalid() || status.IsTypeError()) name = "InvalidError";
  if (status.IsIOError()) name = "InputOutputError";
  if (status.IsNotImplemented()) name = "UnsupportedError";
  nb::object type = nb::module_::import_("synthmill._errors").attr(name);
  std::string message = status.message();
  while (message.ends_with('\n')) message.pop_back();
  PyErr_SetObject(type.ptr(), nb::str(message.c_str(), message.size()).ptr());
  throw nb::python_error();
}

void Check(const arrow::Status& status) {
  if (!status.ok()) Raise(status);
}

template <typename T>
T Value(arrow::Result<T> result) {
  Check(result.status());
  return std::move(result).ValueUnsafe();
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
  d["schema"] = SchemaCapsule(*t.schema);
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
  const Start start = Value(generation.Begin());
  if (start.already_complete) return ToDict(start.result, true);
  RunCounters counters;
  std::atomic<int> stop{0};
  auto result = Interruptibly(&stop, [&] { return generation.Run(&counters, &stop); });
  return ToDict(Value(std::move(result)), false);
}

nb::dict RunCopy(const CopyOptions& options) {
  arrow::Result<std::unique_ptr<Copying>> prepared;
  {
    nb::gil_scoped_release release;
    prepared = Copying::Prepare(options);
  }
  const auto copying = Value(std::move(prepared));
  const CopyStart start = Value(copying->Begin());
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
  const ddl::Catalog catalog = ddl::ReadDdl(std::move(files), options);
  const schema::Imported imported = schema::ImportCatalog(catalog, {.dataset = dataset});
  nb::list problems;
  for (const auto* list : {&catalog.problems, &imported.problems}) {
    for (const ddl::Problem& p : *list) {
      problems.append(nb::make_tuple(p.severity == ddl::Problem::Severity::kError,
                                     ddl::RenderProblem(catalog, p)));
    }
  }
  return nb::make_tuple(imported.text, catalog.tables.size(), problems);
}

void SetWriteMode(WriteMode* mode, const std::string& name) {
  const auto parsed = ParseWriteMode(name);
  if (!parsed) {
    Raise(
        arrow::Status::Invalid("write_mode must be error, overwrite or append, not '", name, "'"));
  }
  *mode = *parsed;
}

}  // namespace

NB_MODULE(_native, m) {
  m.attr("__version__") = SYNTHMILL_VERSION;
  m.attr("generator_version") = SYNTHMILL_GENERATOR_VERSION;

  nb::class_<GenerateOptions>(m, "Options")
      .def(nb::init<>())
      .def_rw("dataset", &GenerateOptions::dataset)
      .def_rw("parameters", &GenerateOptions::parameters)
      .def_rw("to", &GenerateOptions::to)
      .def_rw("destination", &GenerateOptions::destination)
      .def_rw("format", &GenerateOptions::format)
      .def_rw("compression", &GenerateOptions::compression)
      .def_rw("row_group_rows", &GenerateOptions::row_group_rows)
      .def_rw("seed", &GenerateOptions::seed)
      .def_rw("as_of", &GenerateOptions::as_of)
      .def_rw("noise", &GenerateOptions::noise)
      .def_rw("truth", &GenerateOptions::truth)
      .def_rw("tables", &GenerateOptions::tables)
      .def_rw("rows", &GenerateOptions::rows)
      .def_rw("partition_by", &GenerateOptions::partition_by)
      .def_rw("load_scripts", &GenerateOptions::load_scripts)
      .def_rw("partitions", &GenerateOptions::partitions)
      .def_rw("threads", &GenerateOptions::threads)
      .def_rw("resume", &GenerateOptions::resume)
      .def_prop_rw(
          "write_mode",
          [](const GenerateOptions& o) { return std::string(WriteModeName(o.write_mode)); },
          [](GenerateOptions& o, const std::string& name) { SetWriteMode(&o.write_mode, name); });

  nb::class_<CopyOptions>(m, "CopyOptions")
      .def(nb::init<>())
      .def_rw("from_", &CopyOptions::from)
      .def_rw("to", &CopyOptions::to)
      .def_rw("from_format", &CopyOptions::from_format)
      .def_rw("format", &CopyOptions::format)
      .def_rw("compression", &CopyOptions::compression)
      .def_rw("schema", &CopyOptions::schema)
      .def_rw("tables", &CopyOptions::tables)
      .def_rw("columns", &CopyOptions::columns)
      .def_rw("threads", &CopyOptions::threads)
      .def_rw("destination", &CopyOptions::destination)
      .def_prop_rw(
          "write_mode",
          [](const CopyOptions& o) { return std::string(WriteModeName(o.write_mode)); },
          [](CopyOptions& o, const std::string& name) { SetWriteMode(&o.write_mode, name); })
      .def_prop_rw(
          "reject", [](const CopyOptions& o) { return o.on_error == OnError::kReject; },
          [](CopyOptions& o, bool on) { o.on_error = on ? OnError::kReject : OnError::kStop; });

  nb::class_<Generation>(m, "Generation")
      .def_prop_ro("tables",
                   [](const Generation& g) {
                     nb::list tables;
                     for (const TableInfo& t : g.tables()) tables.append(ToDict(t));
                     return tables;
                   })
      .def_prop_ro("warnings", &Generation::warnings)
      .def("plan_json", &Generation::PlanJson, nb::call_guard<nb::gil_scoped_release>())
      .def("plan_text", &Generation::PlanText, nb::call_guard<nb::gil_scoped_release>())
      .def("read",
           [](const Generation& g, const std::string& table, bool dictionaries) {
             return StreamCapsule(Value(g.Read(table, dictionaries)));
           })
      .def("run", &RunToTarget);

  m.def("prepare", [](const GenerateOptions& options) {
    arrow::Result<std::unique_ptr<Generation>> made;
    {
      nb::gil_scoped_release release;
      made = Generation::Prepare(options);
    }
    return Value(std::move(made));
  });
  m.def("datasets", &run::BuiltInDatasets);
  m.def("copy", &RunCopy);
  m.def("import_ddl", &ImportDdl);
}

}  // namespace synthmill
