// Names of a schema made safe: keys of a dataset file and names of folders.
#pragma once

#include <set>
#include <string>
#include <string_view>

namespace synthmill::schema {

// Letters, digits and _ only, no digit first, at most 60 bytes: what a key of a dataset file may
// be. Everything else becomes _; `fallback` where nothing is left. Not unique by itself.
std::string Slug(std::string_view name, std::string_view fallback);

// `word`, or `word_2`, `word_3`, … if it is taken; is taken afterwards.
std::string Unique(std::string word, std::set<std::string>* taken);

// A folder's name for a table of any name: letters, digits, '-', '$', '_', '.' and bytes of other
// alphabets stand as they are, all else is %XX, and so is a '.' or '_' in front (a leading '.' or
// '_' hides a folder from Spark). So nothing leaves the folder, two names never share one, and
// percent-decoding gives the name back. What is longer than 120 bytes ends in ~ and 16 hex digits
// of a hash of the whole.
std::string FolderName(std::string_view name);

// UTF-8: bytes that are no part of a character are taken as Latin-1, as old dumps have them.
std::string ToUtf8(std::string_view text);

// A double-quoted or plain YAML scalar that reads back as this text, on one line.
std::string YamlText(std::string_view text);
// "# …" made safe to end a line with: one line, no control characters, cut to `most` bytes.
std::string CommentText(std::string_view text, size_t most = 100);

}  // namespace synthmill::schema
