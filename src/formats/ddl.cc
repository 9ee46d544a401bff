#include "formats/ddl.h"

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

#include "base/nearest.h"
#include "formats/ddl_lexer.h"
#include "formats/english_names.h"

namespace tailrace::formats {

namespace {

using columns::Field;
using columns::Kind;
using columns::Schema;
using columns::Type;

struct NamedType {
  std::string_view name;
  Kind kind;
};

constexpr NamedType kTypes[] = {
    {"BOOLEAN", Kind::kBoolean},     {"TINYINT", Kind::kByte},
    {"BYTE", Kind::kByte},           {"SMALLINT", Kind::kShort},
    {"SHORT", Kind::kShort},         {"INT", Kind::kInt},
    {"INTEGER", Kind::kInt},         {"BIGINT", Kind::kLong},
    {"LONG", Kind::kLong},           {"FLOAT", Kind::kFloat},
    {"REAL", Kind::kFloat},          {"DOUBLE", Kind::kDouble},
    {"STRING", Kind::kString},       {"DATE", Kind::kDate},
    {"TIMESTAMP", Kind::kTimestamp}, {"TIMESTAMP_LTZ", Kind::kTimestamp},
    {"VOID", Kind::kNull},           {"STRUCT", Kind::kStruct},
    {"ARRAY", Kind::kArray},
};

// Types of Spark that tailrace does not have, and what to write instead.
struct MissingType {
  std::string_view name;
  std::string_view instead;
};

constexpr MissingType kMissing[] = {
    {"DECIMAL", "DOUBLE, or STRING to keep every digit"},
    {"DEC", "DOUBLE, or STRING to keep every digit"},
    {"NUMERIC", "DOUBLE, or STRING to keep every digit"},
    {"MAP", "STRUCT<key: TYPE> with the keys that you need, or STRING for the JSON text"},
    {"BINARY", "STRING"},
    {"TIMESTAMP_NTZ", "TIMESTAMP, read in the time zone of --tz"},
    {"INTERVAL", "BIGINT or STRING"},
    {"TIME", "STRING"},
    {"CHAR", "STRING"},
    {"CHARACTER", "STRING"},
    {"VARCHAR", "STRING"},
    {"VARIANT", "STRING for the JSON text"},
};

std::string_view nearest_type(std::string_view word) {
  std::array<std::string_view, std::size(kTypes)> names;
  std::ranges::transform(kTypes, names.begin(), &NamedType::name);
  return nearest(word, names);
}

// Deeper schemas are a mistake, and would use up the stack.
constexpr int kDepthMax = 100;

class DdlParser {
 public:
  DdlParser(std::string_view text, std::string_view what) : lexer_(text, what) {}

  Result<Schema> schema();
  Result<Type> whole_type();

 private:
  Status advance();
  Result<Schema> fields(bool nested);
  Result<Field> field(bool nested);
  Status field_options();
  Result<Type> type(int depth);
  Result<Type> struct_type(int depth);
  Result<Type> array_type(int depth);
  std::unexpected<Error> unknown_type() const;
  std::unexpected<Error> expected(std::string_view what) const;
  Status expect_mark(char mark, std::string_view what);
  std::string found() const;

  DdlLexer lexer_;
  DdlToken token_;
  int depth_ = 0;
};

Status DdlParser::advance() {
  token_ = TRY(lexer_.next());
  return {};
}

std::string DdlParser::found() const {
  if (token_.kind == DdlTokenKind::kEnd) return "the end";
  return fmt::format("'{}'", token_.source);
}

std::unexpected<Error> DdlParser::expected(std::string_view what) const {
  return lexer_.error_at(token_.offset, fmt::format("expected {}, found {}", what, found()));
}

Status DdlParser::expect_mark(char mark, std::string_view what) {
  if (!token_.is_mark(mark)) return expected(what);
  return advance();
}

std::unexpected<Error> DdlParser::unknown_type() const {
  if (token_.kind != DdlTokenKind::kWord) return expected("a type");
  for (const MissingType& missing : kMissing)
    if (token_.is_word(missing.name))
      return lexer_.error_at(
          token_.offset,
          fmt::format("tailrace does not have the type {}; use {}", missing.name, missing.instead));
  const std::string_view near = nearest_type(token_.name);
  const std::string hint = near.empty() ? "" : fmt::format("; did you mean {}?", near);
  return lexer_.error_at(token_.offset, fmt::format("expected a type, found {}{}", found(), hint));
}

Result<Type> DdlParser::array_type(int depth) {
  TRY(expect_mark('<', "'<' and the type of the elements"));
  Type element = TRY(type(depth + 1));
  TRY(expect_mark('>', "'>'"));
  return columns::array_of(std::move(element));
}

Result<Type> DdlParser::struct_type(int depth) {
  TRY(expect_mark('<', "'<' and the fields of the struct"));
  const int outer = std::exchange(depth_, depth + 1);
  Schema inside;
  if (!token_.is_mark('>')) inside = TRY(fields(true));
  depth_ = outer;
  TRY(expect_mark('>', "',' or '>'"));
  return columns::struct_of(std::move(inside));
}

Result<Type> DdlParser::type(int depth) {
  const auto* known =
      std::ranges::find_if(kTypes, [this](const NamedType& t) { return token_.is_word(t.name); });
  if (known == std::end(kTypes)) return unknown_type();
  if (depth > kDepthMax)
    return lexer_.error_at(token_.offset,
                           fmt::format("types are nested more than {} deep", kDepthMax));
  TRY(advance());
  if (known->kind == Kind::kStruct) return struct_type(depth);
  if (known->kind == Kind::kArray) return array_type(depth);
  return Type{known->kind, {}};
}

// NOT NULL and COMMENT 'text': read, and of no effect, as in Spark's readers.
Status DdlParser::field_options() {
  for (;;) {
    if (token_.is_word("NOT")) {
      TRY(advance());
      if (!token_.is_word("NULL")) return expected("NULL");
    } else if (token_.is_word("COMMENT")) {
      TRY(advance());
      if (token_.kind != DdlTokenKind::kText) return expected("a comment in quotes");
    } else if (!token_.is_word("NULL")) {
      return {};
    }
    TRY(advance());
  }
}

Result<Field> DdlParser::field(bool nested) {
  if (!token_.is_name()) {
    if (token_.kind == DdlTokenKind::kEnd || token_.is_mark('>'))
      return expected("the name of a field");
    return expected("the name of a field (put odd names in back quotes)");
  }
  Field result{token_.name, {}};
  if (result.name.empty()) return lexer_.error_at(token_.offset, "a name is empty");
  TRY(advance());
  if (token_.is_mark(':')) {
    if (!nested)
      return lexer_.error_at(token_.offset,
                             "a colon stands only inside STRUCT<...>; write NAME TYPE");
    TRY(advance());
  } else if (token_.kind == DdlTokenKind::kMark &&
             std::string_view("-.@$/").contains(token_.source[0])) {
    return lexer_.error_at(
        token_.offset, fmt::format("a name with '{}' needs back quotes around it", token_.source));
  }
  result.type = TRY(type(depth_));
  TRY(field_options());
  return result;
}

Result<Schema> DdlParser::fields(bool nested) {
  Schema result;
  for (;;) {
    const size_t offset = token_.offset;
    Field next = TRY(field(nested));
    const auto same = [&next](const Field& other) {
      return equal_without_case(other.name, next.name);
    };
    const auto twin = std::ranges::find_if(result, same);
    if (twin != result.end())
      return lexer_.error_at(
          offset,
          twin->name == next.name
              ? fmt::format("there are two fields '{}'; leave one out", next.name)
              : fmt::format(
                    "fields '{}' and '{}' differ only in case, which SQL ignores; rename one",
                    twin->name, next.name));
    result.push_back(std::move(next));
    if (!token_.is_mark(',')) return result;
    TRY(advance());
  }
}

Result<Schema> DdlParser::schema() {
  TRY(advance());
  if (token_.kind == DdlTokenKind::kEnd)
    return lexer_.error_at(token_.offset, "the schema is empty; write NAME TYPE, ...");
  // STRUCT< can only be the whole schema as one type: '<' is no type for a field named struct.
  DdlParser ahead = *this;
  if (token_.is_word("STRUCT") && ahead.advance() && ahead.token_.is_mark('<')) {
    Type whole = TRY(type(0));
    if (token_.kind != DdlTokenKind::kEnd) return expected("the end");
    return std::move(whole.fields);
  }
  Schema result = TRY(fields(false));
  if (token_.kind != DdlTokenKind::kEnd) return expected("',' or the end");
  return result;
}

Result<Type> DdlParser::whole_type() {
  TRY(advance());
  Type result = TRY(type(0));
  if (token_.kind != DdlTokenKind::kEnd) return expected("the end");
  return result;
}

bool needs_quotes(std::string_view name) {
  const auto is_plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  return name.empty() || (name.front() >= '0' && name.front() <= '9') ||
         !std::ranges::all_of(name, is_plain);
}

std::string quoted_name(std::string_view name) {
  if (!needs_quotes(name)) return std::string(name);
  std::string result = "`";
  for (const char c : name) result.append(c == '`' ? 2 : 1, c);
  return result + "`";
}

}  // namespace

Result<Schema> parse_ddl(std::string_view text) { return DdlParser(text, "schema").schema(); }

Result<Type> parse_type(std::string_view text) { return DdlParser(text, "type").whole_type(); }

std::string to_ddl(const Type& type) {
  if (type.kind == Kind::kArray) return "ARRAY<" + to_ddl(type.element()) + ">";
  if (type.kind != Kind::kStruct) return columns::type_name(type);
  std::string result = "STRUCT<";
  for (const Field& field : type.fields) {
    if (&field != &type.fields.front()) result += ", ";
    result += quoted_name(field.name) + ": " + to_ddl(field.type);
  }
  return result + ">";
}

std::string to_ddl(const Schema& schema) {
  std::string result;
  for (const Field& field : schema) {
    if (&field != &schema.front()) result += ", ";
    result += quoted_name(field.name) + " " + to_ddl(field.type);
  }
  return result;
}

}  // namespace tailrace::formats
