#include <arrow/buffer.h>
#include <gtest/gtest.h>

#include "io/objects/object_documents.h"
#include "io/objects/object_file_system.h"
#include "io/objects/test_store.h"

namespace synthmill::io {
namespace {

std::shared_ptr<MemoryStore> Store() { return std::make_shared<MemoryStore>(); }

TEST(ObjectDocuments, ReadWhatWasWritten) {
  auto store = Store();
  ObjectDocuments documents(store, "a/_synthmill");
  EXPECT_FALSE(documents.Read("manifest.json")->has_value());
  ASSERT_TRUE(documents.Write("runs/1/manifest.json", "x").ok());
  EXPECT_EQ(**documents.Read("runs/1/manifest.json"), "x");
  EXPECT_TRUE(store->objects.contains("a/_synthmill/runs/1/manifest.json"));
}

TEST(ObjectDocuments, TheManifestIsNotWrittenOverAnothersWork) {
  auto store = Store();
  ObjectDocuments mine(store, ""), others(store, "");
  ASSERT_FALSE(mine.Read("manifest.json")->has_value());
  ASSERT_FALSE(others.Read("manifest.json")->has_value());
  ASSERT_TRUE(others.Write("manifest.json", "others").ok());
  const arrow::Status refused = mine.Write("manifest.json", "mine");
  EXPECT_NE(refused.message().find("changed by someone else"), std::string::npos);
  EXPECT_EQ(store->objects["manifest.json"].text, "others");
  // After it has been read again it may be written.
  ASSERT_TRUE(mine.Read("manifest.json").ok());
  EXPECT_TRUE(mine.Write("manifest.json", "both").ok());
  EXPECT_TRUE(mine.Write("manifest.json", "and again").ok());
}

TEST(ObjectDocuments, ListsNamesBelowAFolderOnly) {
  auto store = Store();
  ObjectDocuments documents(store, "p");
  for (const char* path : {"runs/b/manifest.json", "runs/a/x", "runs/a/y", "runs/c", "other"}) {
    ASSERT_TRUE(documents.Write(path, "").ok());
  }
  EXPECT_EQ(*documents.List("runs"), (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_TRUE(documents.List("nothing")->empty());
}

TEST(ObjectDocuments, RemovesAFolderAndNotItsNeighbours) {
  auto store = Store();
  ObjectDocuments documents(store, "p");
  for (const char* path : {"runs/a/x", "runs/a/y/z", "runs/ab/x"}) {
    ASSERT_TRUE(documents.Write(path, "").ok());
  }
  ASSERT_TRUE(documents.Remove("runs/a/").ok());
  EXPECT_EQ(*documents.List("runs"), (std::vector<std::string>{"ab"}));
}

TEST(ObjectDocuments, CreatesOnce) {
  ObjectDocuments documents(Store(), "");
  EXPECT_TRUE(*documents.Create("x", "1"));
  EXPECT_FALSE(*documents.Create("x", "2"));
  EXPECT_EQ(**documents.Read("x"), "1");
}

TEST(ObjectLease, RefusesASecondHolderAndIsGoneAfterwards) {
  auto store = Store();
  {
    auto first = ObjectLease::Take(store, "lock", "one", "mem://");
    ASSERT_TRUE(first.ok());
    const auto second = ObjectLease::Take(store, "lock", "two", "mem://");
    ASSERT_FALSE(second.ok());
    EXPECT_NE(second.status().message().find("written by another run (one)"), std::string::npos);
  }
  EXPECT_TRUE(store->objects.empty());
}

TEST(ObjectLease, EndsByTheServersClockWhenItIsNotRenewed) {
  auto store = Store();
  store->objects["lock"] = {R"({"owner": "elsewhere", "seconds": 60})", 1, store->now};
  store->now += 60;
  EXPECT_FALSE(ObjectLease::Take(store, "lock", "two", "mem://").ok());
  store->now += 1;
  EXPECT_TRUE(ObjectLease::Take(store, "lock", "two", "mem://").ok());
}

TEST(ObjectLease, OneThatAnotherTookIsLostAndNotRemoved) {
  auto store = Store();
  {
    auto mine = ObjectLease::Take(store, "lock", "one", "mem://").ValueOrDie();
    EXPECT_TRUE(mine->Renew().ok());
    store->objects["lock"] = {"others", 99, store->now};
    EXPECT_FALSE(mine->Renew().ok());
    EXPECT_FALSE(mine->Check().ok());
  }
  EXPECT_EQ(store->objects["lock"].text, "others");
}

TEST(OpenObject, ReadsTheSameBytesInAnyWay) {
  auto store = Store();
  std::string text(9'000'000, 0);
  for (size_t i = 0; i < text.size(); ++i) text[i] = static_cast<char>(i * 2654435761u >> 24);
  store->objects["x"] = {text, 1, 0};
  auto file = OpenObject(store, {"x", text.size(), "1", 0, ""});
  EXPECT_EQ(*file->GetSize(), 9'000'000);
  EXPECT_EQ((*file->ReadAt(8'999'990, 100))->ToString(), text.substr(8'999'990));
  EXPECT_EQ((*file->ReadAt(5, 7'000'000))->ToString(), text.substr(5, 7'000'000));
  EXPECT_EQ((*file->ReadAt(9'000'000, 5))->size(), 0);
  std::string all;
  while (true) {
    auto chunk = *file->Read(1'000'003);
    if (chunk->size() == 0) break;
    all += chunk->ToString();
  }
  EXPECT_EQ(all, text);
}

TEST(OpenObject, SmallReadsShareRequests) {
  auto store = Store();
  store->objects["x"] = {std::string(1 << 20, 'x'), 1, 0};
  auto file = OpenObject(store, {"x", 1 << 20, "1", 0, ""});
  for (int i = 0; i < 1024; ++i) ASSERT_EQ((*file->Read(1024))->size(), 1024);
  EXPECT_EQ(store->ranges_read, 1);
}

TEST(ParseObjectUri, TakesBucketAndPrefixApart) {
  EXPECT_EQ(ParseObjectUri("s3://b/c/d/")->prefix, "c/d");
  EXPECT_EQ(ParseObjectUri("s3a://b")->bucket, "b");
  EXPECT_FALSE(ParseObjectUri("s3://").ok());
  EXPECT_FALSE(ParseObjectUri("s3:///x").ok());
  const auto secret = ParseObjectUri("s3://key:secret@bucket/x");
  ASSERT_FALSE(secret.ok());
  EXPECT_EQ(secret.status().message().find("secret@"), std::string::npos);
}

TEST(ObjectFileSystem, ShowsFilesAndFolders) {
  auto store = Store();
  for (const char* key : {"p/t/a.csv", "p/t/b.csv", "p/u.csv", "q"})
    store->objects[key] = {"abc", 1, 7};
  auto files = MakeObjectFileSystem(store, "bucket", "s3");
  EXPECT_TRUE(files->GetFileInfo("bucket/p/t/a.csv")->IsFile());
  EXPECT_EQ(files->GetFileInfo("bucket/p/u.csv")->size(), 3);
  EXPECT_TRUE(files->GetFileInfo("bucket/p/t")->IsDirectory());
  EXPECT_EQ(files->GetFileInfo("bucket/p/v")->type(), arrow::fs::FileType::NotFound);
  arrow::fs::FileSelector selector;
  selector.base_dir = "bucket/p";
  selector.recursive = true;
  std::vector<std::string> found;
  for (const auto& info : *files->GetFileInfo(selector)) {
    if (info.IsFile()) found.push_back(info.path());
  }
  EXPECT_EQ(found,
            (std::vector<std::string>{"bucket/p/t/a.csv", "bucket/p/t/b.csv", "bucket/p/u.csv"}));
  EXPECT_EQ((*(*files->OpenInputFile("bucket/q"))->Read(10))->ToString(), "abc");
}

}  // namespace
}  // namespace synthmill::io
