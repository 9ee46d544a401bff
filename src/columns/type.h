// Type and Schema: Spark SQL's types, as far as tailrace has them. Plain values.
// Spark: org.apache.spark.sql.types. The DDL text form is in formats/ddl.h.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tailrace::columns {

enum class Kind : uint8_t {
  kNull,  // Spark's VOID: the type of a bare NULL
  kBoolean,
  kByte,
  kShort,
  kInt,
  kLong,
  kFloat,
  kDouble,
  kString,
  kDate,       // days since 1970-01-01
  kTimestamp,  // micros since the epoch, UTC (Spark's TIMESTAMP_LTZ)
  kStruct,
  kArray,
};

struct Field;

struct Type {
  Kind kind = Kind::kNull;
  std::vector<Field> fields;  // kStruct: its fields in order; kArray: exactly one, "element"

  bool is_integral() const { return kind >= Kind::kByte && kind <= Kind::kLong; }
  bool is_fractional() const { return kind == Kind::kFloat || kind == Kind::kDouble; }
  bool is_numeric() const { return is_integral() || is_fractional(); }
  bool is_nested() const { return kind == Kind::kStruct || kind == Kind::kArray; }
  const Type& element() const;  // REQUIRES: kArray

  friend bool operator==(const Type&, const Type&);
};

struct Field {
  std::string name;
  Type type;
  friend bool operator==(const Field&, const Field&) = default;
};

inline bool operator==(const Type& a, const Type& b) {
  return a.kind == b.kind && a.fields == b.fields;
}
inline const Type& Type::element() const { return fields.front().type; }

using Schema = std::vector<Field>;

Type array_of(Type element);
Type struct_of(Schema fields);

// How a column of a kind keeps its values (columns/column.h).
enum class Storage : uint8_t { kInts, kDoubles, kTexts, kStruct, kLists };
Storage storage_of(Kind kind);

// Spark's upper-case name of a type, as error messages and --ddl give it: BIGINT,
// STRUCT<a: INT, b: ARRAY<STRING>>.
std::string type_name(const Type& type);

}  // namespace tailrace::columns
