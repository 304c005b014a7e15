#include "io/hdfs/library.h"

#include <dlfcn.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <initializer_list>
#include <mutex>
#include <sstream>
#include <string_view>
#include <vector>

namespace synthmill::io::hdfs {

namespace fs = std::filesystem;

namespace {

std::string Variable(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

std::vector<std::string> Split(const std::string& text, char separator) {
  std::vector<std::string> out;
  std::istringstream in(text);
  for (std::string word; std::getline(in, word, separator);) {
    if (!word.empty()) out.push_back(word);
  }
  return out;
}

bool IsFile(const fs::path& path) {
  std::error_code ec;
  return fs::is_regular_file(path, ec);
}

// The folder that holds bin/java, by what the shell would run.
fs::path JavaOnPath() {
  for (const std::string& folder : Split(Variable("PATH"), ':')) {
    std::error_code ec;
    const fs::path java = fs::canonical(fs::path(folder) / "java", ec);
    if (!ec) return java.parent_path().parent_path();
  }
  return {};
}

std::string FindJava() {
  std::vector<fs::path> homes;
  if (const std::string home = Variable("JAVA_HOME"); !home.empty()) {
    homes.emplace_back(home);  // what is set is meant: no other one is looked for
  } else {
    if (const fs::path home = JavaOnPath(); !home.empty()) homes.push_back(home);
    homes.emplace_back("/usr/lib/jvm/default-java");
  }
  for (const fs::path& home : homes) {
    for (const char* below : {"lib/server", "jre/lib/amd64/server", "jre/lib/aarch64/server",
                              "lib/amd64/server", "lib/aarch64/server"}) {
      if (const fs::path file = home / below / "libjvm.so"; IsFile(file)) return file.string();
    }
  }
  return {};
}

std::string FindLibrary() {
  std::vector<fs::path> folders;
  for (const char* name : {"LIBHDFS_DIR", "ARROW_LIBHDFS_DIR"}) {
    if (const std::string folder = Variable(name); !folder.empty()) folders.emplace_back(folder);
  }
  if (const std::string home = Variable("HADOOP_HOME"); !home.empty()) {
    folders.emplace_back(fs::path(home) / "lib" / "native");
  }
  folders.emplace_back("/usr/lib/hadoop/lib/native");
  for (const std::string& folder : Split(Variable("LD_LIBRARY_PATH"), ':')) {
    folders.emplace_back(folder);
  }
  for (const char* folder : {"/usr/local/lib", "/usr/lib", "/usr/lib64"})
    folders.emplace_back(folder);
  for (const fs::path& folder : folders) {
    if (const fs::path file = folder / "libhdfs.so"; IsFile(file)) return file.string();
  }
  return {};
}

void AddJars(const fs::path& folder, std::vector<std::string>* out) {
  std::error_code ec;
  const size_t before = out->size();
  for (fs::directory_iterator it(folder, ec), end; !ec && it != end; it.increment(ec)) {
    if (it->path().extension() == ".jar") out->push_back(it->path().string());
  }
  std::sort(out->begin() + static_cast<std::ptrdiff_t>(before), out->end());
}

// The first jar whose name begins so; empty: there is none.
std::string FindJar(const std::vector<std::string>& entries,
                    std::initializer_list<std::string_view> names) {
  for (const std::string& entry : entries) {
    const std::string name = fs::path(entry).filename().string();
    const bool fits = std::any_of(names.begin(), names.end(), [&](std::string_view wanted) {
      return name.starts_with(wanted);
    });
    if (fits && name.ends_with(".jar") && IsFile(entry)) return entry;
  }
  return {};
}

// The jar of org.apache.hadoop.fs, in any of Hadoop's layouts. libhdfs puts errors into words with
// commons-lang, and crashes where that is missing.
std::string HadoopJar(const std::vector<std::string>& entries) {
  if (FindJar(entries, {"commons-lang"}).empty()) return {};
  return FindJar(entries, {"hadoop-common", "hadoop-client-api", "hadoop-client-minicluster"});
}

// Entries of CLASSPATH, wildcards replaced by the jars (libhdfs before Hadoop 3 knows none).
std::vector<std::string> ClassPath() {
  std::vector<std::string> entries;
  for (const std::string& entry : Split(Variable("CLASSPATH"), ':')) {
    if (entry.ends_with("/*")) {
      AddJars(entry.substr(0, entry.size() - 2), &entries);
    } else {
      entries.push_back(entry);
    }
  }
  const std::string home = Variable("HADOOP_HOME");
  if (!HadoopJar(entries).empty() || home.empty()) return entries;
  // What `hadoop classpath --glob` would say.
  const std::string conf = Variable("HADOOP_CONF_DIR");
  entries.push_back(conf.empty() ? home + "/etc/hadoop" : conf);
  for (const char* part : {"common", "common/lib", "hdfs", "hdfs/lib"}) {
    AddJars(fs::path(home) / "share" / "hadoop" / part, &entries);
  }
  return entries;
}

template <typename F>
bool Find(void* library, const char* name, F* out) {
  *out = reinterpret_cast<F>(::dlsym(library, name));
  return *out != nullptr;
}

arrow::Status FindFunctions(void* handle, Library* out) {
  const bool all =
      Find(handle, "hdfsNewBuilder", &out->new_builder) &&
      Find(handle, "hdfsBuilderSetNameNode", &out->set_name_node) &&
      Find(handle, "hdfsBuilderSetNameNodePort", &out->set_port) &&
      Find(handle, "hdfsBuilderSetUserName", &out->set_user) &&
      Find(handle, "hdfsBuilderSetForceNewInstance", &out->set_new_instance) &&
      Find(handle, "hdfsBuilderConnect", &out->connect) &&
      Find(handle, "hdfsDisconnect", &out->disconnect) &&
      Find(handle, "hdfsOpenFile", &out->open) && Find(handle, "hdfsCloseFile", &out->close) &&
      Find(handle, "hdfsWrite", &out->write) && Find(handle, "hdfsPread", &out->read_at) &&
      Find(handle, "hdfsGetPathInfo", &out->info) &&
      Find(handle, "hdfsListDirectory", &out->list) &&
      Find(handle, "hdfsFreeFileInfo", &out->free_info) &&
      Find(handle, "hdfsRename", &out->rename) && Find(handle, "hdfsDelete", &out->remove) &&
      Find(handle, "hdfsCreateDirectory", &out->make_folder);
  if (!all) return arrow::Status::Invalid("it is no libhdfs of Hadoop 2.6 or later");
  Find(handle, "hdfsGetLastExceptionRootCause", &out->last_error);
  return arrow::Status::OK();
}

// libhdfs starts the Java machine with these. -Xrs: SIGINT and SIGTERM stay ours, so that an
// interrupted run ends in order.
void SetJavaOptions(const Needs& needs) {
  ::setenv("CLASSPATH", needs.class_path.c_str(), 1);
  const std::string given = Variable("LIBHDFS_OPTS");
  ::setenv("LIBHDFS_OPTS",
           given.empty() ? "-Xrs -Xmx512m -XX:+UseSerialGC" : ("-Xrs " + given).c_str(), 1);
}

arrow::Result<Library> LoadNow() {
  const Needs needs = LookAround();
  if (!needs.complete()) return arrow::Status::Invalid(MissingText(needs));
  // First, and for all to see: libhdfs looks for its names.
  if (!::dlopen(needs.java.found.c_str(), RTLD_NOW | RTLD_GLOBAL)) {
    return arrow::Status::Invalid("cannot load Java: ", ::dlerror());
  }
  void* handle = ::dlopen(needs.library.found.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!handle) return arrow::Status::Invalid("cannot load libhdfs: ", ::dlerror());
  Library out = {};
  const arrow::Status found = FindFunctions(handle, &out);
  if (!found.ok()) {
    return found.WithMessage("cannot use ", needs.library.found, ": ", found.message());
  }
  SetJavaOptions(needs);
  return out;
}

}  // namespace

Needs LookAround() {
  Needs out;
  out.java = {"Java", FindJava(), "set JAVA_HOME to a JDK or JRE (its libjvm.so is loaded)"};
  out.library = {"libhdfs.so", FindLibrary(),
                 "set HADOOP_HOME to a Hadoop with lib/native, or LIBHDFS_DIR to its folder"};
  const std::vector<std::string> entries = ClassPath();
  out.classes = {
      "Hadoop's jars", HadoopJar(entries),
      "set HADOOP_HOME, or CLASSPATH to what `hadoop classpath --glob` prints (with commons-lang)"};
  for (const std::string& entry : entries) {
    out.class_path += (out.class_path.empty() ? "" : ":") + entry;
  }
  return out;
}

std::string MissingText(const Needs& needs) {
  if (needs.complete()) return {};
  std::string out = "hdfs: works through Hadoop's libhdfs and Java; not found here:";
  for (const Needed* need : {&needs.java, &needs.library, &needs.classes}) {
    if (need->found.empty()) out += std::string("\n  ") + need->what + ": " + need->how;
  }
  return out +
         "\nwithout them:  --to a folder, then  hdfs dfs -put FOLDER hdfs://…\n"
         "or by Spark:   spark.read.parquet(\"file:FOLDER/TABLE\").write.parquet(\"hdfs://…\")";
}

arrow::Result<const Library*> Load() {
  // Only success is kept: what is missing may be set in between.
  static std::mutex mutex;
  static Library library;
  static bool loaded = false;
  std::lock_guard<std::mutex> lock(mutex);
  if (!loaded) {
    ARROW_ASSIGN_OR_RAISE(library, LoadNow());
    loaded = true;
  }
  return &library;
}

}  // namespace synthmill::io::hdfs
