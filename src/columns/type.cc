#include "columns/type.h"

#include "base/check.h"

namespace tailrace::columns {

Type array_of(Type element) { return {Kind::kArray, {{"element", std::move(element)}}}; }
Type struct_of(Schema fields) { return {Kind::kStruct, std::move(fields)}; }

Storage storage_of(Kind kind) {
  switch (kind) {
    case Kind::kFloat:
    case Kind::kDouble: return Storage::kDoubles;
    case Kind::kString: return Storage::kTexts;
    case Kind::kStruct: return Storage::kStruct;
    case Kind::kArray: return Storage::kLists;
    default: return Storage::kInts;
  }
}

namespace {

std::string struct_name(const Type& type) {
  std::string name = "STRUCT<";
  for (const Field& field : type.fields) {
    if (&field != &type.fields.front()) name += ", ";
    name += field.name + ": " + type_name(field.type);
  }
  return name + ">";
}

}  // namespace

std::string type_name(const Type& type) {
  switch (type.kind) {
    case Kind::kNull: return "VOID";
    case Kind::kBoolean: return "BOOLEAN";
    case Kind::kByte: return "TINYINT";
    case Kind::kShort: return "SMALLINT";
    case Kind::kInt: return "INT";
    case Kind::kLong: return "BIGINT";
    case Kind::kFloat: return "FLOAT";
    case Kind::kDouble: return "DOUBLE";
    case Kind::kString: return "STRING";
    case Kind::kDate: return "DATE";
    case Kind::kTimestamp: return "TIMESTAMP";
    case Kind::kStruct: return struct_name(type);
    case Kind::kArray: return "ARRAY<" + type_name(type.element()) + ">";
  }
  CHECK(false);
}

}  // namespace tailrace::columns
