#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "io/hdfs/client.h"
#include "io/hdfs/library.h"

namespace synthmill::io::hdfs {
namespace {

namespace fs = std::filesystem;

TEST(HdfsUriTest, HostPortUserAndPathAreTakenApart) {
  const Uri full = ParseUri("hdfs://ann@nn.example:8020//data/x/").ValueOrDie();
  EXPECT_EQ(full.user, "ann");
  EXPECT_EQ(full.host, "nn.example");
  EXPECT_EQ(full.port, 8020);
  EXPECT_EQ(full.path, "/data/x");
  EXPECT_EQ(full.root(), "hdfs://nn.example:8020");
  const Uri service = ParseUri("hdfs://cluster").ValueOrDie();
  EXPECT_EQ(service.port, 0);
  EXPECT_EQ(service.path, "/");
  EXPECT_EQ(ParseUri("hdfs:///data").ValueOrDie().host, "");
  EXPECT_EQ(ParseUri("hdfs://[::1]:8020/a").ValueOrDie().host, "[::1]");
}

TEST(HdfsUriTest, WhatHdfsCannotNameIsRefused) {
  for (const char* uri : {"hdfs:/a", "hdfs://h:x/a", "hdfs://h:0/a", "hdfs://h:65536/a",
                          "hdfs://:1/", "hdfs://h/../a", "hdfs://h/a/./b", "hdfs://h/a:b"}) {
    EXPECT_FALSE(ParseUri(uri).ok()) << uri;
  }
}

// Variables of the environment, as they were again afterwards.
class HdfsNeedsTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("synthmill-hdfs-" + std::to_string(::getpid()));
    for (const char* name : {"JAVA_HOME", "LIBHDFS_DIR", "ARROW_LIBHDFS_DIR", "HADOOP_HOME",
                             "HADOOP_CONF_DIR", "LD_LIBRARY_PATH", "CLASSPATH"}) {
      const char* value = std::getenv(name);
      before_.emplace_back(name, value ? std::optional<std::string>(value) : std::nullopt);
      ::unsetenv(name);
    }
    ::setenv("JAVA_HOME", "/nowhere", 1);
  }
  void TearDown() override {
    for (const auto& [name, value] : before_) {
      value ? ::setenv(name.c_str(), value->c_str(), 1) : ::unsetenv(name.c_str());
    }
    fs::remove_all(folder_);
  }
  std::string Touch(const std::string& name) {
    const fs::path path = folder_ / name;
    fs::create_directories(path.parent_path());
    std::ofstream(path) << "x";
    return path.string();
  }

  fs::path folder_;
  std::vector<std::pair<std::string, std::optional<std::string>>> before_;
};

TEST_F(HdfsNeedsTest, AllThatIsMissingIsNamedAtOnceWithTheWaysWithoutIt) {
  const Needs needs = LookAround();
  EXPECT_FALSE(needs.complete());
  const std::string text = MissingText(needs);
  for (const char* words :
       {"JAVA_HOME", "hadoop classpath --glob", "hdfs dfs -put", "spark.read"}) {
    EXPECT_NE(text.find(words), std::string::npos) << text;
  }
  const auto loaded = Load();
  ASSERT_FALSE(loaded.ok());
  EXPECT_EQ(loaded.status().message(), text);
}

TEST_F(HdfsNeedsTest, AHadoopAndAJavaOfTheirOwnAreEnough) {
  Touch("java/lib/server/libjvm.so");
  const std::string library = Touch("hadoop/lib/native/libhdfs.so");
  const std::string jar = Touch("hadoop/share/hadoop/common/hadoop-common-3.4.1.jar");
  ::setenv("JAVA_HOME", (folder_ / "java").c_str(), 1);
  ::setenv("HADOOP_HOME", (folder_ / "hadoop").c_str(), 1);
  // Without it libhdfs crashes at its first error.
  EXPECT_EQ(LookAround().classes.found, "");
  const std::string words = Touch("hadoop/share/hadoop/common/lib/commons-lang3-3.17.0.jar");
  const Needs needs = LookAround();
  EXPECT_TRUE(needs.complete());
  EXPECT_EQ(MissingText(needs), "");
  EXPECT_EQ(needs.library.found, library);
  EXPECT_EQ(needs.classes.found, jar);
  EXPECT_EQ(needs.class_path, (folder_ / "hadoop/etc/hadoop").string() + ":" + jar + ":" + words);
}

TEST_F(HdfsNeedsTest, WildcardsOfTheClassPathBecomeJarsAndFoldersStay) {
  const std::string a = Touch("jars/hadoop-client-api-3.4.1.jar");
  Touch("jars/notes.txt");
  const std::string b = Touch("jars/commons-lang3-3.17.0.jar");
  ::setenv("CLASSPATH", ("/etc/conf:" + (folder_ / "jars").string() + "/*").c_str(), 1);
  EXPECT_EQ(LookAround().class_path, "/etc/conf:" + b + ":" + a);
}

}  // namespace
}  // namespace synthmill::io::hdfs
