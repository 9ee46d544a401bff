#include "sql/parse/parse.h"

#include <fmt/format.h>

#include "sql/parse/parser.h"
#include "sql/parse/printer.h"

namespace tailrace::sql {
namespace {

template <class Part>
auto parse_whole(const Sources& sources, int source, const Part& part)
    -> decltype(part(std::declval<Parser&>())) {
  Parser parser = TRY(Parser::start(sources, source));
  if (parser.peek().kind == TokenKind::kEnd) {
    return parser.error(parser.place(), "[PARSE_EMPTY_STATEMENT] there is nothing here");
  }
  auto result = TRY(part(parser));
  TRY(parser.expect_end());
  return result;
}

bool is_constant(const Syntax& syntax) { return syntax.kind == SyntaxKind::kLiteral; }

bool counts_rows(const Syntax& value) {
  if (value.kind == SyntaxKind::kName)
    return value.parts.size() == 1 && lower_case(value.parts[0]) == "count";
  if (value.kind != SyntaxKind::kCall || value.text != "count" || value.distinct) return false;
  if (value.children.size() != 1) return value.children.empty();
  return value.children[0].kind == SyntaxKind::kStar || is_constant(value.children[0]);
}

// The name that cli.md gives an aggregate without AS; empty if there is none.
std::string default_name(const Syntax& value) {
  if (counts_rows(value)) return "count";
  if (value.kind != SyntaxKind::kCall || value.children.size() != 1) return {};
  const Syntax& argument = value.children[0];
  if (argument.kind != SyntaxKind::kName) return {};
  return fmt::format("{}_{}{}", value.text, value.distinct ? "distinct_" : "",
                     argument.parts.back());
}

// Bare `count` means count(*).
Syntax with_arguments(Syntax value) {
  if (!counts_rows(value) || value.kind == SyntaxKind::kCall) return value;
  Syntax star;
  star.kind = SyntaxKind::kStar;
  star.place = value.place;
  return call_syntax(value.place, "count", {std::move(star)});
}

Status name_item(const Sources& sources, SelectItem& item, std::string name) {
  if (!item.alias.empty()) return {};
  if (!name.empty()) {
    item.alias = std::move(name);
    return {};
  }
  return sources.error(item.value.place, fmt::format("{} needs a name; write {} AS name",
                                                     print(item.value), print(item.value)));
}

}  // namespace

Result<SelectSyntax> parse_query(const Sources& sources, int source) {
  return parse_whole(sources, source, [](Parser& parser) { return parser.query(); });
}

Result<Syntax> parse_expression(const Sources& sources, int source) {
  return parse_whole(sources, source, [](Parser& parser) { return parser.expression(); });
}

Result<std::vector<SelectItem>> parse_select_list(const Sources& sources, int source) {
  return parse_whole(sources, source, [](Parser& parser) { return parser.select_items(); });
}

Result<std::vector<SelectItem>> parse_aggregate_list(const Sources& sources, int source) {
  std::vector<SelectItem> items = TRY(parse_select_list(sources, source));
  for (SelectItem& item : items) {
    std::string name = default_name(item.value);
    item.value = with_arguments(std::move(item.value));
    TRY(name_item(sources, item, std::move(name)));
  }
  return items;
}

Result<std::vector<SelectItem>> parse_key_list(const Sources& sources, int source) {
  std::vector<SelectItem> items = TRY(parse_select_list(sources, source));
  for (SelectItem& item : items) {
    if (item.value.kind == SyntaxKind::kStar) {
      return sources.error(item.value.place, "name the columns to group by instead of *");
    }
    const bool column = item.value.kind == SyntaxKind::kName;
    TRY(name_item(sources, item, column ? item.value.parts.back() : ""));
  }
  return items;
}

Result<std::vector<SortItem>> parse_order_list(const Sources& sources, int source) {
  return parse_whole(sources, source, [](Parser& parser) { return parser.sort_items(); });
}

}  // namespace tailrace::sql
