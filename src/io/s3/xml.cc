#include "io/s3/xml.h"

#include <cstdlib>

namespace synthmill::io {

namespace {

void AppendUtf8(unsigned long code, std::string* out) {
  if (code < 0x80) {
    out->push_back(static_cast<char>(code));
  } else if (code < 0x800) {
    out->push_back(static_cast<char>(0xC0 | (code >> 6)));
    out->push_back(static_cast<char>(0x80 | (code & 0x3F)));
  } else if (code < 0x10000) {
    out->push_back(static_cast<char>(0xE0 | (code >> 12)));
    out->push_back(static_cast<char>(0x80 | ((code >> 6) & 0x3F)));
    out->push_back(static_cast<char>(0x80 | (code & 0x3F)));
  } else {
    out->push_back(static_cast<char>(0xF0 | (code >> 18)));
    out->push_back(static_cast<char>(0x80 | ((code >> 12) & 0x3F)));
    out->push_back(static_cast<char>(0x80 | ((code >> 6) & 0x3F)));
    out->push_back(static_cast<char>(0x80 | (code & 0x3F)));
  }
}

std::string Unescape(std::string_view text) {
  static constexpr std::pair<std::string_view, char> kNamed[] = {
      {"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}};
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    const size_t end = text[i] == '&' ? text.find(';', i) : std::string_view::npos;
    if (end == std::string_view::npos || end - i > 10) {
      out.push_back(text[i]);
      continue;
    }
    const std::string entity(text.substr(i + 1, end - i - 1));
    bool known = false;
    for (const auto& [name, c] : kNamed) {
      if (entity == name) {
        out.push_back(c);
        known = true;
      }
    }
    if (!known && entity.starts_with('#')) {
      const bool hex = entity.size() > 1 && (entity[1] == 'x' || entity[1] == 'X');
      const unsigned long code =
          std::strtoul(entity.c_str() + (hex ? 2 : 1), nullptr, hex ? 16 : 10);
      if (code > 0 && code < 0x110000) {
        AppendUtf8(code, &out);
        known = true;
      }
    }
    if (!known) {
      out.push_back('&');
      continue;
    }
    i = end;
  }
  return out;
}

// The next element of that name from `*at` on; moves `*at` behind it.
bool Next(std::string_view xml, std::string_view name, size_t* at, std::string_view* inside) {
  const std::string open = "<" + std::string(name);
  const std::string close = "</" + std::string(name) + ">";
  while (true) {
    const size_t begin = xml.find(open, *at);
    if (begin == std::string_view::npos) return false;
    const size_t after = begin + open.size();
    *at = after;
    if (after >= xml.size()) return false;
    if (xml[after] != '>' && xml[after] != ' ' && xml[after] != '/') continue;  // a longer name
    const size_t end_of_tag = xml.find('>', after);
    if (end_of_tag == std::string_view::npos) return false;
    if (xml[end_of_tag - 1] == '/') {
      *inside = {};
      *at = end_of_tag + 1;
      return true;
    }
    const size_t end = xml.find(close, end_of_tag);
    if (end == std::string_view::npos) return false;
    *inside = xml.substr(end_of_tag + 1, end - end_of_tag - 1);
    *at = end + close.size();
    return true;
  }
}

}  // namespace

std::string XmlText(std::string_view xml, std::string_view name) {
  size_t at = 0;
  std::string_view inside;
  return Next(xml, name, &at, &inside) ? Unescape(inside) : std::string();
}

std::vector<std::string_view> XmlElements(std::string_view xml, std::string_view name) {
  std::vector<std::string_view> out;
  size_t at = 0;
  for (std::string_view inside; Next(xml, name, &at, &inside);) out.push_back(inside);
  return out;
}

std::string XmlEscape(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        // Control characters have no place in XML 1.0 but by number.
        if (static_cast<unsigned char>(c) < 0x20) {
          out += "&#" + std::to_string(static_cast<int>(c)) + ";";
        } else {
          out.push_back(c);
        }
    }
  }
  return out;
}

}  // namespace synthmill::io
