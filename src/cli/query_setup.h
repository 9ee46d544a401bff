// QuerySetup: from options to a bound query: the schema (declared, kept in the checkpoint, or
// inferred from a sample), the query, and the checks that need both and nothing more.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "checkpoint/records.h"
#include "cli/input.h"
#include "cli/options.h"
#include "formats/record_decoder.h"
#include "sql/bind/bind.h"

namespace tailrace::cli {

struct QuerySetup {
  std::shared_ptr<const sql::ParsedRequest> parsed;
  sql::InputSchema input;
  sql::Query query;
};

// The metadata of a checkpoint that is there already, without its lock.
Result<std::optional<checkpoint::Metadata>> existing_metadata(const Options& options,
                                                              io::Filesystem& files);

// Syntax errors are found before anything is read; with a declared schema all usage errors are.
Result<QuerySetup> set_up_query(const Options& options, Input& input,
                                const std::optional<checkpoint::Metadata>& existing);

// What a checkpoint is bound to: component name -> text (checkpoint/records.h).
std::map<std::string, std::string> query_components(const Options& options, const Input& input,
                                                    const QuerySetup& setup);

formats::DecodeOptions decode_options(const Options& options, const QuerySetup& setup);

}  // namespace tailrace::cli
