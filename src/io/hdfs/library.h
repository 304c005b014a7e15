// libhdfs, Hadoop's C library, which works through a Java machine in this process. Neither is
// linked: both are loaded when the first hdfs: URI is opened.
#pragma once

#include <arrow/result.h>

#include <cstdint>
#include <ctime>
#include <string>

namespace synthmill::io::hdfs {

// What hdfs.h of Hadoop 2.6 to 3.4 declares, as far as we call it.
struct Builder;
struct FileSystemHandle;
struct FileHandle;
struct PathInfo {
  int kind;  // 'F' or 'D'
  char* name;
  std::time_t modified;
  int64_t bytes;
  short replication;  // NOLINT(google-runtime-int): as it is declared
  int64_t block_bytes;
  char* owner;
  char* group;
  short permissions;  // NOLINT(google-runtime-int)
  std::time_t accessed;
};

struct Library {
  Builder* (*new_builder)();
  void (*set_name_node)(Builder*, const char*);
  void (*set_port)(Builder*, uint16_t);
  void (*set_user)(Builder*, const char*);
  void (*set_new_instance)(Builder*);
  FileSystemHandle* (*connect)(Builder*);
  int (*disconnect)(FileSystemHandle*);
  FileHandle* (*open)(FileSystemHandle*, const char* path, int flags, int buffer,
                      short replication,  // NOLINT(google-runtime-int)
                      int32_t block);
  int (*close)(FileSystemHandle*, FileHandle*);
  int32_t (*write)(FileSystemHandle*, FileHandle*, const void*, int32_t);
  int32_t (*read_at)(FileSystemHandle*, FileHandle*, int64_t, void*, int32_t);
  PathInfo* (*info)(FileSystemHandle*, const char*);
  PathInfo* (*list)(FileSystemHandle*, const char*, int*);
  void (*free_info)(PathInfo*, int);
  int (*rename)(FileSystemHandle*, const char*, const char*);
  int (*remove)(FileSystemHandle*, const char*, int recursive);
  int (*make_folder)(FileSystemHandle*, const char*);
  char* (*last_error)();  // since Hadoop 3; else nullptr
};

// The three things hdfs: needs; each is found somewhere, or it is said how to give it.
struct Needed {
  const char* what;
  std::string found;  // a place; empty: missing
  std::string how;    // to give it
};
struct Needs {
  Needed java, library, classes;
  std::string class_path;  // whole, without wildcards
  bool complete() const {
    return !java.found.empty() && !library.found.empty() && !classes.found.empty();
  }
};
// Looks at environment variables and files; starts nothing.
Needs LookAround();
// What is missing, how to give it, and the ways that need none of it; empty: all is there.
std::string MissingText(const Needs& needs);

// Loads what is needed, once.
arrow::Result<const Library*> Load();

}  // namespace synthmill::io::hdfs
