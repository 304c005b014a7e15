#include "spec/yaml.h"

#include <yaml-cpp/anchor.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <exception>
#include <map>
#include <set>
#include <sstream>
#include <utility>

#include "core/text.h"

namespace synthmill::spec {

namespace {

// An imported schema of thousands of tables is this large.
constexpr size_t kMaxBytes = 16 << 20;
constexpr size_t kMaxDepth = 64;
constexpr size_t kMaxNodes = 1'000'000;
// Aliases multiply text as they multiply nodes.
constexpr size_t kMaxText = kMaxBytes;
constexpr std::string_view kTagOfText = "tag:yaml.org,2002:str";

// Thrown by the event handler, its error already reported, to make yaml-cpp return. Never leaves
// this file.
struct Stop {};

Location At(const YAML::Mark& mark) {
  return mark.is_null() ? Location{} : Location{mark.line + 1, mark.column + 1};
}

struct Size {
  size_t nodes = 0;
  size_t text = 0;
  size_t height = 0;
};

// Recursion is bounded: the tree is never deeper than kMaxDepth.
Size Measure(const Node& node) {
  Size size{1, node.text.size(), 1};
  const auto add = [&](const Node& child) {
    const Size inner = Measure(child);
    size.nodes += inner.nodes;
    size.text += inner.text;
    size.height = std::max(size.height, inner.height + 1);
  };
  for (const Node& item : node.items) add(item);
  for (const Node::Entry& entry : node.entries) {
    size.text += entry.key.size();
    add(entry.value);
  }
  return size;
}

// Builds the tree out of the parser's events.
class TreeBuilder : public YAML::EventHandler {
 public:
  explicit TreeBuilder(Diagnostics* diagnostics) : diagnostics_(diagnostics) {}

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnAnchor(const YAML::Mark&, const std::string&) override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    Node node;
    node.at = At(mark);
    Leaf(std::move(node), anchor);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    Node node;
    node.kind = Node::Kind::kScalar;
    node.at = At(mark);
    node.text = value;
    node.quoted = tag == "!" || tag == kTagOfText;
    if (!node.quoted && tag != "?" && !tag.empty()) {
      diagnostics_->Error(node.at, "tags such as '" + tag.substr(0, 40) + "' have no meaning here",
                          "leave it out; text that looks like a number goes in quotes");
    }
    Leaf(std::move(node), anchor);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) {
      diagnostics_->Error(At(mark), "this alias stands inside the value it repeats");
      throw Stop{};
    }
    const Size size = Measure(found->second);
    Count(At(mark), size);
    if (open_.size() + size.height > kMaxDepth) TooDeep(At(mark));
    Add(Node(found->second));
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    Begin(Node::Kind::kSequence, mark, anchor);
  }
  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    Begin(Node::Kind::kMap, mark, anchor);
  }
  void OnSequenceEnd() override { End(); }
  void OnMapEnd() override { End(); }

  // What has been read, also when the parser gave up in the middle.
  Node Take() {
    while (!open_.empty()) End();
    return std::move(root_);
  }

 private:
  // A sequence or map that has begun and not ended.
  struct Frame {
    Node node;
    YAML::anchor_t anchor = 0;
    bool has_key = false;  // a map's key has come, its value has not
    bool drop = false;     // that key was in error: its value is not kept
    std::string key;
    Location key_at;
    std::map<std::string, int, std::less<>> lines;  // where the keys so far stood
  };

  [[noreturn]] void TooDeep(Location at) {
    diagnostics_->Error(at,
                        "this file is nested deeper than " + std::to_string(kMaxDepth) + " levels");
    throw Stop{};
  }

  void Count(Location at, const Size& size) {
    nodes_ += size.nodes;
    text_ += size.text;
    if (nodes_ <= kMaxNodes && text_ <= kMaxText) return;
    diagnostics_->Error(at, "this file holds more than " + std::to_string(kMaxNodes) +
                                " values (or 16 MiB of text), aliases counted as often as used");
    throw Stop{};
  }

  void Leaf(Node node, YAML::anchor_t anchor) {
    Count(node.at, {1, node.text.size(), 1});
    if (anchor != 0) anchors_[anchor] = node;
    Add(std::move(node));
  }

  void Begin(Node::Kind kind, const YAML::Mark& mark, YAML::anchor_t anchor) {
    Count(At(mark), {1, 0, 1});
    if (open_.size() >= kMaxDepth) TooDeep(At(mark));
    Frame frame;
    frame.node.kind = kind;
    frame.node.at = At(mark);
    frame.anchor = anchor;
    open_.push_back(std::move(frame));
  }

  void End() {
    Frame frame = std::move(open_.back());
    open_.pop_back();
    if (frame.anchor != 0) {
      // The anchor's own copy is paid for like a use of it.
      const Size size = Measure(frame.node);
      nodes_ += size.nodes;
      text_ += size.text;
      anchors_[frame.anchor] = frame.node;
    }
    Add(std::move(frame.node));
  }

  void Add(Node node) {
    if (open_.empty()) {
      root_ = std::move(node);
      return;
    }
    Frame& frame = open_.back();
    if (frame.node.is_sequence()) {
      frame.node.items.push_back(std::move(node));
    } else if (!frame.has_key) {
      TakeKey(std::move(node), &frame);
    } else {
      if (!frame.drop) {
        frame.node.entries.push_back({std::move(frame.key), frame.key_at, std::move(node)});
      }
      frame.has_key = false;
    }
  }

  // The letters that stand at a place of the file.
  std::string_view WordAt(Location at) const {
    std::string_view text = diagnostics_->text();
    for (int line = 1; line < at.line; ++line) {
      const size_t end = text.find('\n');
      if (end == std::string_view::npos) return {};
      text.remove_prefix(end + 1);
    }
    text = text.substr(std::min(text.size(), static_cast<size_t>(std::max(at.column - 1, 0))));
    size_t size = 0;
    while (size < text.size() && text[size] >= 'a' && text[size] <= 'z') ++size;
    return text.substr(0, size);
  }

  void TakeKey(Node node, Frame* frame) {
    frame->has_key = true;
    frame->drop = false;
    frame->key_at = node.at;
    // The parser takes the plain word for the value null; as a key it is the word.
    if (node.is_null() && WordAt(node.at) == "null") {
      node.kind = Node::Kind::kScalar;
      node.text = "null";
    }
    if (!node.is_scalar()) {
      diagnostics_->Error(node.at, "a key must be a word",
                          "text with braces, brackets or '?' at its start goes in quotes");
      frame->drop = true;
      return;
    }
    const auto [place, fresh] = frame->lines.emplace(node.text, node.at.line);
    if (!fresh) {
      diagnostics_->Error(node.at, "'" + node.text.substr(0, 100) + "' is here twice",
                          "it first stands in line " + std::to_string(place->second));
      frame->drop = true;
      return;
    }
    frame->key = std::move(node.text);
  }

  Diagnostics* diagnostics_;
  Node root_;
  std::vector<Frame> open_;
  std::map<YAML::anchor_t, Node> anchors_;
  size_t nodes_ = 0;
  size_t text_ = 0;
};

// Bytes that yaml-cpp would take for something else (0x04 ends its input) or guess an encoding by.
bool CheckBytes(std::string_view text, Diagnostics* diagnostics) {
  if (text.size() > kMaxBytes) {
    diagnostics->Error({}, "this file is larger than 16 MiB, which is no dataset file",
                       "long lists of values belong into a CSV file named under `lists:`");
    return false;
  }
  const size_t valid = core::ValidUtf8Prefix(text);
  const auto control = [](char c) {
    return (static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r') ||
           c == 0x7F;
  };
  const auto found = std::find_if(text.begin(), text.end(), control);
  const size_t bad = std::min(valid, static_cast<size_t>(found - text.begin()));
  if (bad == text.size()) return true;
  const std::string_view before = text.substr(0, bad);
  const auto line = std::count(before.begin(), before.end(), '\n');
  const size_t start = before.rfind('\n') == before.npos ? 0 : before.rfind('\n') + 1;
  diagnostics->Error({static_cast<int>(line) + 1, static_cast<int>(bad - start) + 1},
                     bad == valid ? "this byte is not UTF-8 text" : "a control character",
                     bad == valid ? "save the file as UTF-8" : "");
  return false;
}

}  // namespace

const Node* Node::Find(std::string_view key) const {
  for (const Entry& entry : entries) {
    if (entry.key == key) return &entry.value;
  }
  return nullptr;
}

int64_t CopyCost(const Node& node) {
  const Size size = Measure(node);
  return static_cast<int64_t>(size.nodes * sizeof(Node::Entry) + size.text);
}

Node ParseYaml(std::string_view text, Diagnostics* diagnostics, bool* complete) {
  bool ignored = false;
  if (complete == nullptr) complete = &ignored;
  *complete = false;
  if (!CheckBytes(text, diagnostics)) return {};
  TreeBuilder builder(diagnostics);
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    parser.HandleNextDocument(builder);
    TreeBuilder rest(diagnostics);
    if (parser.HandleNextDocument(rest)) {
      diagnostics->Error(rest.Take().at, "a second YAML document begins here",
                         "one file holds one dataset");
    } else {
      *complete = true;
    }
  } catch (const Stop&) {
    // Reported where it was thrown.
  } catch (const YAML::Exception& error) {
    diagnostics->Error(At(error.mark), "YAML: " + error.msg);
  } catch (const std::exception& error) {
    diagnostics->Error({}, std::string("YAML: ") + error.what());
  }
  return builder.Take();
}

}  // namespace synthmill::spec
