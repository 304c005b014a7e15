// The kinds of columns that names say nothing of, and of what is inside others.
#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "core/dates.h"
#include "schema/kind_chooser.h"
#include "schema/names.h"
#include "schema/patterns.h"
#include "schema/words.h"

namespace synthmill::schema {

using Kind = ddl::Type::Kind;
using ddl::Problem;

namespace {

// The kind of what is inside an array, a map or a struct.
std::string InsideKind(const ddl::Type& type) {
  ddl::Table table;
  ddl::Column column;
  column.type = type;
  table.columns.push_back(column);
  TablePlan plan;
  plan.table = &table;
  plan.domains.resize(1);
  plan.columns.resize(1);
  plan.columns[0].column = &table.columns[0];
  std::vector<Problem> problems;
  ChooseKinds(&plan, &problems);
  return plan.columns[0].args.Render();
}

}  // namespace

// Texts of a form that an end of digits would spoil: in a key they are counted off.
bool KindChooser::OfKey() {
  static constexpr std::string_view kByte = "([1-9]?[0-9]|1[0-9]{2}|2[0-4][0-9]|25[0-5])";
  std::string regex;
  switch (type_.kind) {
    case Kind::kJson:
      regex = R"(\{"id": [1-9][0-9]{0,8}\})";
      break;
    case Kind::kXml:
      regex = R"(<item id="[1-9][0-9]{0,8}"/>)";
      break;
    case Kind::kInterval:
      regex = "[1-9][0-9]{0,6} seconds";
      break;
    case Kind::kNetwork: {
      const std::string_view type = type_.text;
      regex = type.find("mac") != type.npos || type.find("MAC") != type.npos ? "02(:[0-9a-f]{2}){5}"
              : type.starts_with("cidr") || type.starts_with("CIDR")
                  ? fmt::format("10\\.{0}\\.{0}\\.0/24", kByte)
                  : fmt::format("10\\.{0}\\.{0}\\.{0}", kByte);
      break;
    }
    case Kind::kGeometry:
      regex = R"(POINT\([1-8][0-9]\.[0-9]{6} [1-6][0-9]\.[0-9]{6}\))";
      break;
    default:
      return false;
  }
  if (!Regex(regex, 0)) return false;
  plan_.why = "by type, each value once";
  return true;
}

void KindChooser::Other() {
  if ((plan_.unique || plan_.in_key) && OfKey()) return;
  switch (type_.kind) {
    case Kind::kUuid:
      Set("uuid", "by type");
      break;
    case Kind::kTime:
      Set("time", "by type");
      plan_.args.Set("precision", type_.precision > 3   ? "microsecond"
                                  : type_.precision > 0 ? "millisecond"
                                                        : "second");
      Cap(86'400);
      break;
    case Kind::kBinary: {
      Set("binary", "by type");
      const int64_t most = type_.length > 0 ? std::min<int64_t>(type_.length, 64) : 32;
      plan_.args.Set("min", std::to_string(type_.fixed ? most : std::min<int64_t>(most, 16)));
      plan_.args.Set("max", std::to_string(most));
      if (most < 6) Cap(Int128{1} << (8 * most));
      break;
    }
    case Kind::kBits:
      if (type_.length <= 1) {
        Set("bool", "by type");
        plan_.args.Set("share", "0.5");
        Cap(2);
      } else {
        Pattern(Repeated("[01]", std::min<int64_t>(type_.length, 64)), "by type");
      }
      break;
    case Kind::kJson:
      Set("template", "by type");
      plan_.args.SetText("template",
                         "{{\"id\": {1..99999}, \"name\": \"{text_words.word}\", \"tags\": "
                         "[\"{text_words.word}\"]}}");
      break;
    case Kind::kXml:
      Set("template", "by type");
      plan_.args.SetText("template", "<item id=\"{1..99999}\">{text_words.word}</item>");
      break;
    case Kind::kInterval:
      Set("template", "by type");
      plan_.args.SetText("template", "{1..30} days");
      break;
    case Kind::kNetwork:
      Set("template", "by type");
      plan_.args.SetText(
          "template",
          type_.text.find("mac") != std::string::npos || type_.text.find("MAC") != std::string::npos
              ? "02:00:00:{10..99}:{10..99}:{10..99}"
          : type_.text.starts_with("cidr") || type_.text.starts_with("CIDR")
              ? "10.{0..255}.{0..255}.0/24"
              : "10.{0..255}.{0..255}.{1..254}");
      break;
    case Kind::kGeometry:
      Set("template", "by type");
      plan_.args.SetText("template", "POINT({0..89}.{0..999999:6} {0..69}.{0..999999:6})");
      break;
    case Kind::kArray:
      Set("array", "by type");
      plan_.args.Set("of", type_.children.empty() ? "{kind: text}" : InsideKind(type_.children[0]));
      plan_.args.Set("min", "0");
      plan_.args.Set("max", "4");
      break;
    case Kind::kMap:
      Set("map", "by type");
      plan_.args.Set("key",
                     type_.children.empty() ? "{kind: text}" : InsideKind(type_.children[0]));
      plan_.args.Set("value",
                     type_.children.size() < 2 ? "{kind: text}" : InsideKind(type_.children[1]));
      plan_.args.Set("min", "0");
      plan_.args.Set("max", "4");
      break;
    case Kind::kStruct: {
      Set("struct", "by type");
      std::string fields = "{";
      for (size_t i = 0; i < type_.children.size(); ++i) {
        const std::string name =
            i < type_.field_names.size() ? type_.field_names[i] : fmt::format("f{}", i + 1);
        fields += fmt::format("{}{}: {}", fields.size() > 1 ? ", " : "", YamlText(name),
                              InsideKind(type_.children[i]));
      }
      plan_.args.Set("fields", fields + "}");
      break;
    }
    default:
      // The reader has told of it.
      if (!Values() && !Shaped()) Text(0);
      plan_.why += ", of an unknown type";
  }
}

std::string KindChooser::Because(const NameRule* rule) {
  return rule ? std::string(rule->name) + ", by name and type" : "by type";
}

void KindChooser::Cap(Int128 values) {
  constexpr Int128 kMany = 1'000'000'000'000'000;
  plan_.capacity = values >= kMany ? 0 : static_cast<uint64_t>(std::max<Int128>(values, 1));
}

}  // namespace synthmill::schema
