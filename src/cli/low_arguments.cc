#include "cli/low_arguments.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace tailrace::cli {
namespace {

std::string shown(const Flag& flag) { return fmt::format("--{}", flag.name); }

std::string_view command_word(uint8_t command) {
  switch (command) {
    case kStatus: return "status";
    case kCheckpoint: return "checkpoint";
    case kSchema: return "schema";
    default: return "";
  }
}

// The error for a flag that is in no table, or not in this command's part of it.
Error unknown_flag(std::string_view typed, uint8_t command) {
  const bool is_long = typed.starts_with("--");
  const std::string_view name = is_long ? typed.substr(2, typed.find('=') - 2) : typed.substr(1, 1);
  const std::string spelled = fmt::format("{}{}", is_long ? "--" : "-", name);
  const Flag* flag = is_long ? find_flag(name) : find_flag(name.front());
  const bool later = is_long ? is_later_flag(name) : is_later_flag(name.front());
  std::string message;
  if (flag != nullptr && command == kRun) {
    message = fmt::format("{}: only for the subcommands, which come first: tailrace {} {}", spelled,
                          (flag->commands & kSchema) != 0 ? "schema" : "status", spelled);
  } else if (flag != nullptr) {
    message =
        fmt::format("{}: not a flag of tailrace {}; leave it out", spelled, command_word(command));
  } else if (later) {
    message = fmt::format("{}: not in this version yet; see tailrace --help for what is", spelled);
  } else if (const auto near = is_long ? nearest_flag(name, command) : ""; !near.empty()) {
    message = fmt::format("{}: no such flag; did you mean --{}?", spelled, near);
  } else {
    message = fmt::format("{}: no such flag; tailrace --help lists them", spelled);
  }
  return {ErrorKind::kUsage, std::move(message)};
}

// CLI11's name list: "-q,--quiet" or "--max-rows-per-trigger,--max-offsets-per-trigger".
std::string spelling(const Flag& flag) {
  std::string names;
  if (flag.letter != 0) names = fmt::format("-{}", flag.letter);
  if (flag.name == "short-help") return names;
  names += fmt::format("{}--{}", names.empty() ? "" : ",", flag.name);
  if (!flag.alias.empty()) names += fmt::format(",--{}", flag.alias);
  return names;
}

Status check_repeat(const Flag& flag, size_t times) {
  if (times > 1 && flag.repeat == Repeat::kOnce) {
    return usage_error(fmt::format("--{}: given {} times; give it once", flag.name, times));
  }
  return {};
}

// CLI11 takes the next argument as the value of "--flag=", and says of "--switch=x" less than it
// should, so neither must reach it.
Status check_equals_sign(std::string_view argument) {
  const size_t equals = argument.find('=');
  if (!argument.starts_with("--") || equals == std::string_view::npos) return {};
  const Flag* flag = find_flag(argument.substr(2, equals - 2));
  if (flag == nullptr) return {};
  if (flag->value == Value::kNone) {
    return usage_error(fmt::format("{}: takes no value", shown(*flag)));
  }
  if (equals + 1 == argument.size()) {
    return usage_error(fmt::format("{}: needs a value behind the equals sign", shown(*flag)));
  }
  return {};
}

// The flags of one command as CLI11 options. Nothing is converted or checked by CLI11, so that
// every message has this tool's form.
class Parser {
 public:
  explicit Parser(uint8_t command) : command_(command) {
    app_.set_help_flag("");
    app_.allow_extras();
    for (const Flag& flag : flags()) {
      if ((flag.commands & command) != 0) add(flag);
    }
  }

  Result<LowArguments> parse(const std::vector<std::string>& arguments);

 private:
  void add(const Flag& flag);
  Status run(std::vector<std::string> reversed);

  uint8_t command_;
  CLI::App app_;
  std::vector<std::pair<const Flag*, CLI::Option*>> options_;
};

void Parser::add(const Flag& flag) {
  const auto ignore = [](const CLI::results_t&) { return true; };
  CLI::Option* option = nullptr;
  if (flag.value == Value::kNone) {
    option = app_.add_flag(spelling(flag))->disable_flag_override();
  } else {
    option = app_.add_option(spelling(flag), ignore);
    if (flag.value == Value::kOptional) option->expected(0, 1);
  }
  option->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)->allow_extra_args(false);
  options_.emplace_back(&flag, option);
}

// A flag can only lack its value at the end of the line, so the last argument is the place.
Status Parser::run(std::vector<std::string> reversed) {
  const std::string last = reversed.empty() ? "" : reversed.front();
  try {
    app_.parse(std::move(reversed));
  } catch (const CLI::ArgumentMismatch&) {
    return usage_error(fmt::format("{}: needs a value", last));
  } catch (const CLI::Error& error) {
    return usage_error(error.what());
  }
  return {};
}

Result<LowArguments> Parser::parse(const std::vector<std::string>& arguments) {
  const auto dashes = std::find(arguments.begin(), arguments.end(), "--");
  std::vector<std::string> reversed(std::make_reverse_iterator(dashes), arguments.rend());
  for (const std::string& argument : reversed) TRY(check_equals_sign(argument));
  TRY(run(std::move(reversed)));

  LowArguments low;
  for (const std::string& rest : app_.remaining()) {
    if (rest.size() > 1 && rest.starts_with('-')) {
      return std::unexpected(unknown_flag(rest, command_));
    }
    low.add_operand(rest);
  }
  if (dashes != arguments.end()) {
    std::for_each(dashes + 1, arguments.end(), [&](const auto& each) { low.add_operand(each); });
  }
  for (const auto& [flag, option] : options_) {
    const size_t times = option->results().size();
    TRY(check_repeat(*flag, times));
    for (const std::string& value : option->results()) low.add(*flag, value);
  }
  return low;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r";
  const size_t begin = text.find_first_not_of(kBlank);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlank) - begin + 1);
}

// One line of options: adds to `low` what is for `command`.
Status parse_option_line(std::string_view line, uint8_t command, LowArguments& low) {
  const size_t end = std::min(line.find_first_of(" \t="), line.size());
  const std::string_view typed = line.substr(0, end);
  const bool has_value = end < line.size();
  const std::string_view value = has_value ? trimmed(line.substr(end + 1)) : std::string_view();
  if (!typed.starts_with('-') || typed.size() < 2) {
    return usage_error(
        fmt::format("{}: not an option; write one on each line, with its dashes", typed));
  }
  const Flag* flag = typed.starts_with("--") ? find_flag(typed.substr(2))
                     : typed.size() == 2     ? find_flag(typed[1])
                                             : nullptr;
  if (flag == nullptr || flag->hidden) return std::unexpected(unknown_flag(typed, kRun));
  const bool is_switch = flag->value == Value::kNone;
  if (is_switch && has_value) {
    return usage_error(
        fmt::format("{}: takes no value; write one option on each line", shown(*flag)));
  }
  if (!is_switch && value.empty()) {
    return usage_error(fmt::format("{}: needs a value on the same line", shown(*flag)));
  }
  if ((flag->commands & command) != 0) low.add(*flag, std::string(is_switch ? "true" : value));
  return {};
}

}  // namespace

const std::string* LowArguments::value(std::string_view flag) const {
  const auto found = values_.find(flag);
  return found == values_.end() ? nullptr : &found->second.back();
}

size_t LowArguments::count(std::string_view flag) const {
  const auto found = values_.find(flag);
  return found == values_.end() ? 0 : found->second.size();
}

const char* exclusive_group(std::string_view flag) {
  if (flag == "once" || flag == "available-now" || flag == "trigger" || flag == "continuous") {
    return "trigger";
  }
  if (flag == "sql" || flag == "sql-file") return "sql";
  if (flag == "quiet" || flag == "verbose") return "verbosity";
  return nullptr;
}

void LowArguments::lay_under(const LowArguments& other) {
  std::vector<std::string_view> groups;
  for (const auto& [name, values] : values_) {
    if (const char* group = exclusive_group(name)) groups.push_back(group);
  }
  for (const auto& [name, values] : other.values_) {
    const char* group = exclusive_group(name);
    if (group != nullptr && std::find(groups.begin(), groups.end(), group) != groups.end())
      continue;
    values_.try_emplace(name, values);
  }
}

Result<LowArguments> parse_arguments(const std::vector<std::string>& arguments, uint8_t command) {
  return Parser(command).parse(arguments);
}

Result<LowArguments> parse_option_lines(std::string_view text, std::string_view origin,
                                        uint8_t command) {
  LowArguments low;
  for (size_t number = 1; !text.empty(); ++number) {
    const size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.empty() || line.starts_with('#')) continue;
    if (Status read = parse_option_line(line, command, low); !read) {
      return usage_error(fmt::format("{}:{}: {}", origin, number, read.error().message));
    }
  }
  return low;
}

Status lay_sources_under(const OptionSources& sources, uint8_t command, LowArguments& low) {
  if (sources.environment) {
    low.lay_under(TRY(parse_option_lines(*sources.environment, "TAILRACE_OPTS", command)));
  }
  if (sources.file && !low.has("no-config")) {
    low.lay_under(TRY(parse_option_lines(*sources.file, sources.file_name, command)));
  }
  return {};
}

}  // namespace tailrace::cli
