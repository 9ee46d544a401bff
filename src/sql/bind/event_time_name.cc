// The stand-in for the event time's column in the query that flags mean.
#include "sql/bind/parsed_request.h"

namespace tailrace::sql {
namespace {

void replace_in(Syntax& syntax, const std::string& name) {
  if (is_event_time_name(syntax)) syntax.parts = {name};
  for (Syntax& child : syntax.children) replace_in(child, name);
}

}  // namespace

Syntax event_time_name(Place place) { return name_syntax(place, {""}); }

bool is_event_time_name(const Syntax& syntax) {
  return syntax.kind == SyntaxKind::kName && syntax.parts.size() == 1 && syntax.parts[0].empty();
}

SelectSyntax with_event_time_named(const SelectSyntax& query, const std::string& name) {
  SelectSyntax result = query;
  for (Syntax& key : result.group_by) replace_in(key, name);
  return result;
}

}  // namespace tailrace::sql
