// The peer of `synthmill generate … --format parquet`: Arrow's Parquet writer with its default
// settings (but for the codec), fed ready-made batches, so that making the values costs nothing.
//
//   writer_reference_benchmark --schema-from DIR --rows N [--threads 2] [--compression snappy]
//                              [--batches 64] [--batch-rows 16384] [--by batch|table] --out DIR
//
// DIR is a folder that synthmill wrote as Parquet: all its tables take part, or only the one if it
// is a table's folder (DIR/<table>). Of each table that many different batches are read into memory
// as plain arrays, as pyarrow gives them. Then every thread writes a file per table, all tables at
// a time as synthmill does it, its share of N rows in proportion to the tables' rows, the batches
// in turn. Prints one line of JSON; the files are left in --out.
#include <arrow/api.h>
#include <arrow/io/file.h>
#include <arrow/util/compression.h>
#include <parquet/arrow/reader.h>
#include <parquet/arrow/writer.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <map>
#include <string>
#include <thread>
#include <vector>

namespace {

namespace fs = std::filesystem;
using Batch = std::shared_ptr<arrow::RecordBatch>;

struct Table {
  std::string name;
  std::vector<Batch> batches;
  int64_t rows = 0;  // in the folder read
};

struct Settings {
  std::string from, out, compression = "snappy";
  int64_t rows = 0;
  int threads = 2;
  int batches = 64;
  int64_t batch_rows = 16'384;
  bool by_table = false;
};

std::vector<fs::path> Parts(const fs::path& folder) {
  std::vector<fs::path> parts;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() == ".parquet") parts.push_back(entry.path());
  }
  std::sort(parts.begin(), parts.end());
  return parts;
}

arrow::Result<Table> ReadTable(const fs::path& folder, const Settings& settings) {
  Table table{folder.filename().string(), {}, 0};
  if (table.name.empty()) table.name = folder.parent_path().filename().string();
  const auto parts = Parts(folder);
  for (size_t p = 0; p < parts.size(); ++p) {
    ARROW_ASSIGN_OR_RAISE(auto file, arrow::io::ReadableFile::Open(parts[p].string()));
    parquet::arrow::FileReaderBuilder builder;
    ARROW_RETURN_NOT_OK(builder.Open(file));
    parquet::ArrowReaderProperties properties;
    properties.set_batch_size(settings.batch_rows);
    builder.properties(properties);
    ARROW_ASSIGN_OR_RAISE(auto reader, builder.Build());
    table.rows += reader->parquet_reader()->metadata()->num_rows();
    // From all parts alike, so that the batches differ as those of a run do.
    const size_t wanted = static_cast<size_t>(settings.batches) * (p + 1) / parts.size();
    ARROW_ASSIGN_OR_RAISE(auto batches, reader->GetRecordBatchReader());
    while (table.batches.size() < wanted) {
      ARROW_ASSIGN_OR_RAISE(auto batch, batches->Next());
      if (batch == nullptr) break;
      table.batches.push_back(std::move(batch));
    }
  }
  if (table.batches.empty()) return arrow::Status::Invalid("no Parquet rows in ", folder.string());
  return table;
}

arrow::Result<std::vector<Table>> ReadTables(const Settings& settings) {
  std::vector<fs::path> folders;
  if (!Parts(settings.from).empty()) folders.push_back(settings.from);
  for (const auto& entry : fs::directory_iterator(settings.from)) {
    const std::string name = entry.path().filename().string();
    if (!entry.is_directory() || name.starts_with('_') || name.starts_with('.')) continue;
    if (!Parts(entry.path()).empty()) folders.push_back(entry.path());
  }
  std::sort(folders.begin(), folders.end());
  if (folders.empty()) return arrow::Status::Invalid("no tables in ", settings.from);
  std::vector<Table> tables;
  for (const auto& folder : folders) {
    ARROW_ASSIGN_OR_RAISE(tables.emplace_back(), ReadTable(folder, settings));
  }
  return tables;
}

// One thread's share: a file per table, the table that is furthest behind is next.
arrow::Status WriteShare(const std::vector<Table>& tables, const std::vector<int64_t>& quotas,
                         const Settings& settings, arrow::Compression::type codec, int thread) {
  struct Open {
    std::shared_ptr<arrow::io::FileOutputStream> file;
    std::unique_ptr<parquet::arrow::FileWriter> writer;
    int64_t quota = 0, written = 0;
    size_t next = 0;
    std::vector<Batch> collected;  // --by table
    int64_t collected_rows = 0;
  };
  auto write_table = [](Open* o) -> arrow::Status {
    if (o->collected.empty()) return arrow::Status::OK();
    ARROW_ASSIGN_OR_RAISE(const auto table, arrow::Table::FromRecordBatches(o->collected));
    o->collected.clear();
    o->collected_rows = 0;
    return o->writer->WriteTable(*table, table->num_rows());
  };
  std::vector<Open> open(tables.size());
  for (size_t t = 0; t < tables.size(); ++t) {
    const auto& table = tables[t];
    const fs::path folder = fs::path(settings.out) / table.name;
    char name[32];
    std::snprintf(name, sizeof(name), "part-%05d.parquet", thread);
    ARROW_ASSIGN_OR_RAISE(open[t].file,
                          arrow::io::FileOutputStream::Open((folder / name).string()));
    ARROW_ASSIGN_OR_RAISE(
        open[t].writer, parquet::arrow::FileWriter::Open(
                            *table.batches[0]->schema(), arrow::default_memory_pool(), open[t].file,
                            parquet::WriterProperties::Builder().compression(codec)->build()));
    open[t].quota =
        quotas[t] * (thread + 1) / settings.threads - quotas[t] * thread / settings.threads;
    // Threads start at different batches.
    open[t].next =
        table.batches.size() * static_cast<size_t>(thread) / static_cast<size_t>(settings.threads);
  }
  for (;;) {
    size_t behind = open.size();
    double least = 1;
    for (size_t t = 0; t < open.size(); ++t) {
      if (open[t].written >= open[t].quota) continue;
      const double done = static_cast<double>(open[t].written) / static_cast<double>(open[t].quota);
      if (behind == open.size() || done < least) {
        behind = t;
        least = done;
      }
    }
    if (behind == open.size()) break;
    Open& o = open[behind];
    const auto& batches = tables[behind].batches;
    Batch batch = batches[o.next++ % batches.size()];
    if (batch->num_rows() > o.quota - o.written) batch = batch->Slice(0, o.quota - o.written);
    o.written += batch->num_rows();
    if (!settings.by_table) {
      ARROW_RETURN_NOT_OK(o.writer->WriteRecordBatch(*batch));
      continue;
    }
    o.collected_rows += batch->num_rows();
    o.collected.push_back(std::move(batch));
    if (o.collected_rows >= parquet::DEFAULT_MAX_ROW_GROUP_LENGTH) {
      ARROW_RETURN_NOT_OK(write_table(&o));
    }
  }
  for (Open& o : open) {
    ARROW_RETURN_NOT_OK(write_table(&o));
    ARROW_RETURN_NOT_OK(o.writer->Close());
    ARROW_RETURN_NOT_OK(o.file->Close());
  }
  return arrow::Status::OK();
}

double CpuSeconds() {
  rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1e-6;
}

arrow::Status Run(const Settings& settings) {
  ARROW_ASSIGN_OR_RAISE(const auto codec,
                        arrow::util::Codec::GetCompressionType(settings.compression == "none"
                                                                   ? "uncompressed"
                                                                   : settings.compression));
  ARROW_ASSIGN_OR_RAISE(const auto tables, ReadTables(settings));
  int64_t total = 0;
  for (const Table& table : tables) total += table.rows;
  std::vector<int64_t> quotas;
  for (const Table& table : tables) {
    quotas.push_back(
        static_cast<int64_t>(static_cast<double>(settings.rows) * static_cast<double>(table.rows) /
                             static_cast<double>(total)));
    fs::create_directories(fs::path(settings.out) / table.name);
  }

  const double cpu_before = CpuSeconds();
  const auto before = std::chrono::steady_clock::now();
  std::vector<std::thread> threads;
  std::vector<arrow::Status> results(static_cast<size_t>(settings.threads));
  for (int t = 0; t < settings.threads; ++t) {
    threads.emplace_back([&, t] {
      results[static_cast<size_t>(t)] = WriteShare(tables, quotas, settings, codec, t);
    });
  }
  for (auto& thread : threads) thread.join();
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - before).count();
  const double cpu = CpuSeconds() - cpu_before;
  for (const auto& result : results) ARROW_RETURN_NOT_OK(result);

  int64_t rows = 0, bytes = 0;
  for (const int64_t quota : quotas) rows += quota;
  for (const Table& table : tables) {
    for (int t = 0; t < settings.threads; ++t) {
      char name[32];
      std::snprintf(name, sizeof(name), "part-%05d.parquet", t);
      bytes += static_cast<int64_t>(fs::file_size(fs::path(settings.out) / table.name / name));
    }
  }
  std::printf(
      "{\"rows\": %lld, \"seconds\": %.3f, \"rows_per_second\": %.0f, \"cpu_seconds\": %.3f, "
      "\"bytes\": %lld, \"threads\": %d, \"tables\": %zu, \"compression\": \"%s\", \"by\": "
      "\"%s\"}\n",
      static_cast<long long>(rows), seconds, static_cast<double>(rows) / seconds, cpu,
      static_cast<long long>(bytes), settings.threads, tables.size(), settings.compression.c_str(),
      settings.by_table ? "table" : "batch");
  return arrow::Status::OK();
}

int Usage(const std::string& why) {
  std::cerr << why
            << "\nusage: writer_reference_benchmark --schema-from DIR --rows N --out DIR"
               " [--threads 2] [--compression snappy] [--batches 64] [--batch-rows 16384] [--by "
               "batch|table]\n";
  return 2;
}

}  // namespace

int main(int argc, char** argv) {
  std::map<std::string, std::string> flags = {
      {"--schema-from", ""},       {"--rows", "0"},     {"--out", ""},
      {"--threads", "2"},          {"--batches", "64"}, {"--batch-rows", "16384"},
      {"--compression", "snappy"}, {"--by", "batch"}};
  for (int i = 1; i < argc; i += 2) {
    const auto flag = flags.find(argv[i]);
    if (flag == flags.end() || i + 1 == argc) return Usage(std::string("what is ") + argv[i] + "?");
    flag->second = argv[i + 1];
  }
  Settings settings;
  try {
    settings = {flags["--schema-from"],
                flags["--out"],
                flags["--compression"],
                std::stoll(flags["--rows"]),
                std::stoi(flags["--threads"]),
                std::stoi(flags["--batches"]),
                std::stoll(flags["--batch-rows"]),
                flags["--by"] == "table"};
    if (settings.from.empty() || settings.out.empty() || settings.rows < 1 ||
        settings.threads < 1 || settings.batches < 1 || settings.batch_rows < 1) {
      return Usage("--schema-from, --rows and --out are needed, and numbers must be positive");
    }
    const arrow::Status status = Run(settings);
    if (status.ok()) return 0;
    std::cerr << status.ToString() << "\n";
  } catch (const std::exception& e) {
    std::cerr << e.what() << "\n";
  }
  return 2;
}
