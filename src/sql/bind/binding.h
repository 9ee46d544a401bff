// Binding: one pass from a parsed request and the input's fields to a Query. bind() runs it more
// than once: first over all fields, to learn which are used, then over those alone, because the
// numbers of columns depend on it. A pass follows the life of a row: fields, --prepare and --time,
// then the SELECTs from the innermost out. For one thread; used once.
#pragma once

#include <deque>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "sql/bind/bind.h"
#include "sql/bind/expression_binder.h"
#include "sql/bind/grouping.h"
#include "sql/bind/parsed_request.h"

namespace tailrace::sql {

// The input of a pass.
struct BindingInput {
  columns::Schema fields;
  std::set<std::string> metadata{};  // of them, the ones that * leaves out
  std::vector<formats::TimeReading> readings;
  std::optional<std::set<std::string>>
      prepared;  // names to keep of the rows after --prepare; none: all
};

// Which field --time names, once the schema is known.
struct TimeField {
  Path path;  // one part: a top-level column; empty: --time is an expression, or there is none
  bool reread = false;  // its type was changed to TIMESTAMP in the schema
};

class Binding {
 public:
  Binding(const ParsedRequest& parsed, const BindingInput& input, const TimeField& time,
          const ExprSettings& settings)
      : parsed_(parsed),
        input_(input),
        time_(time),
        settings_(settings),
        expressions_(parsed.sources, settings) {}

  Result<Query> run();

  // After run: what of the fields and of the prepared columns was used.
  const Scope& field_scope() const { return scopes_.front(); }
  const Scope& prepared_scope() const { return *prepared_; }
  const std::string& event_time_text() const { return event_time_text_; }

 private:
  Scope& new_scope() { return scopes_.emplace_back(); }
  void bind_fields();
  Status bind_prepare();
  Status bind_time();
  Status project_prepared(Scope& source, const std::vector<NamedSyntax>& time_column);
  Result<ExprPtr> as_event_time(ExprPtr value, Place place);
  Result<int> only_timestamp() const;

  Result<Scope*> bind_level(const SelectSyntax& select, Scope& input, bool outermost);
  Status check_view(const Relation& from, std::string_view view) const;
  Status bind_where(const Syntax& where, Scope& input);
  Status keep_groups(const Syntax& conjunct, Scope& scope, std::string_view clause);
  Status bind_window_times(const std::vector<NamedSyntax>& items, Scope& input);
  Status keep_rows(ExprPtr condition, std::string text, bool after_aggregation);
  Result<std::vector<NamedSyntax>> expand(const SelectSyntax& select, Scope& input);
  Status expand_star(const Syntax& star, Scope& input, std::vector<NamedSyntax>& items);
  Result<Scope*> bind_aggregation(const SelectSyntax& select, const std::vector<NamedSyntax>& items,
                                  Scope& input);
  Result<const Syntax*> key_syntax(const Syntax& key, const std::vector<NamedSyntax>& items,
                                   const Scope& input) const;
  Status add_key(const Syntax& key, Scope& input, Grouping& grouping);
  Status add_window_key(const Syntax& call, Scope& scope, std::string key_identity,
                        Grouping& grouping);
  Scope& derived(const std::vector<NamedSyntax>& items, Scope& parent);
  Status bind_output(const std::vector<NamedSyntax>& items, Scope& source);
  Status bind_order(const SelectSyntax& select, const std::vector<NamedSyntax>& items,
                    Scope& source);

  const ParsedRequest& parsed_;
  const BindingInput& input_;
  const TimeField& time_;
  const ExprSettings& settings_;
  ExpressionBinder expressions_;
  std::deque<Scope> scopes_;  // never move
  std::deque<Grouping> groupings_;
  Scope* prepared_ = nullptr;  // base scope of the query: the rows that the watermark sees
  std::string event_time_text_;
  Query query_;
};

}  // namespace tailrace::sql
