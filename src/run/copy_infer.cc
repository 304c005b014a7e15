// The types of all rows of a table, found on all threads.
#include <algorithm>
#include <map>
#include <string_view>

#include "run/copy_work.h"

namespace synthmill::run {

arrow::Status InferTypes(const CopyWork& work, const std::vector<std::string>& columns,
                         CopyTable* table) {
  io::ingest::TableLayout& layout = table->layout;
  while (true) {
    // Batches are not wanted, and files may have columns that the first rows did not.
    io::ingest::TableLayout text = layout;
    text.schema = nullptr;
    std::vector<CopyTable> one(1);
    one[0].inputs = table->inputs;
    one[0].layout = text;
    const bool json = std::string_view(layout.format->name) == "jsonl";
    TaskQueue queue(&one);
    Failure failure;
    std::mutex mutex;  // guards what follows
    io::ingest::TypeInference types(layout.names.size(), layout.options.csv_null, json);
    std::map<uint64_t, std::vector<std::string>> keys;  // new ones, by part
    std::vector<size_t> same(layout.names.size());
    for (size_t i = 0; i < same.size(); ++i) same[i] = i;
    RunThreads(work.threads, [&] {
      io::ingest::TypeInference seen(layout.names.size(), layout.options.csv_null, json);
      Task task;
      auto reader = io::ingest::OpenPartReader(one[0].inputs, one[0].layout);
      if (!reader.ok()) return failure.Report(0, reader.status());
      while (failure.task == UINT64_MAX) {
        if (work.stop != nullptr && *work.stop != 0) {
          return failure.Report(0, arrow::Status::Cancelled("stopped"));
        }
        const auto more = queue.Next(&task);
        if (!more.ok()) failure.Report(task.number + 1, more.status());
        if (!more.ok() || !*more) break;
        std::vector<std::string> found;
        const arrow::Status status = (*reader)->Infer(task.source, &seen, &found);
        if (!status.ok()) failure.Report(task.number, status);
        const std::lock_guard<std::mutex> lock(mutex);
        if (!found.empty()) keys[task.number] = std::move(found);
      }
      const std::lock_guard<std::mutex> lock(mutex);
      types.Add(seen, same);
    });
    ARROW_RETURN_NOT_OK(failure.status);
    bool grown = false;
    for (const auto& [part, names] : keys) {
      for (const std::string& name : names) {
        if (std::find(layout.names.begin(), layout.names.end(), name) != layout.names.end()) {
          continue;
        }
        layout.names.push_back(name);
        grown = true;
      }
    }
    if (!grown) return SetInferred(types, columns, table);
  }
}

}  // namespace synthmill::run
