#include "cli/completions.h"

#include <fmt/format.h>

#include "cli/flags.h"

namespace tailrace::cli {
namespace {

constexpr std::string_view kSubcommands = "status checkpoint schema";

// The words that a value may be, separated by blanks.
std::string choice_words(const Flag& flag) {
  return fmt::format("{}", fmt::join(choices_of(flag), " "));
}

// In single quotes for a shell: '\'' ends, quotes and begins again.
std::string quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'') {
      out += "'\\''";
    } else {
      out += c;
    }
  }
  return out + "'";
}

// zsh's _arguments takes brackets and colons as its own.
std::string zsh_text(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '[' || c == ']' || c == ':' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

std::string zsh_action(const Flag& flag) {
  if (flag.value == Value::kDirectory) return "_files -/";
  if (flag.value == Value::kFile) return "_files";
  if (flag.choices.empty()) return " ";
  return fmt::format("({})", choice_words(flag));
}

std::string zsh_spec(std::string_view spelled, const Flag& flag) {
  std::string spec = fmt::format("{}[{}]", spelled, zsh_text(flag.help));
  if (flag.value != Value::kNone) {
    const std::string_view optional = flag.value == Value::kOptional ? "::" : ":";
    spec += fmt::format("{}{}:{}", optional, zsh_text(flag.argument), zsh_action(flag));
  }
  return quoted(spec);
}

}  // namespace

std::string bash_completion() {
  std::string names, cases;
  for (const Flag& flag : flags()) {
    if (flag.hidden) continue;
    names += fmt::format("{}--{}", names.empty() ? "" : " ", flag.name);
    if (flag.value == Value::kNone) continue;
    const bool is_file = flag.value == Value::kFile;
    const bool is_directory = flag.value == Value::kDirectory;
    if (flag.choices.empty() && !is_file && !is_directory) {
      cases += fmt::format("    --{}) return ;;\n", flag.name);
      continue;
    }
    const std::string_view paths = is_file ? "-f " : is_directory ? "-d " : "";
    cases += fmt::format("    --{}) COMPREPLY=($(compgen {}-W {} -- \"$word\")); return ;;\n",
                         flag.name, paths, quoted(choice_words(flag)));
  }
  return fmt::format(R"(# bash completion for tailrace, made from its flag table.
_tailrace() {{
  local word=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD-1]}}
  COMPREPLY=()
  case $before in
{}  esac
  if [[ $word == -* ]]; then
    COMPREPLY=($(compgen -W {} -- "$word"))
  elif [[ $COMP_CWORD -eq 1 ]]; then
    COMPREPLY=($(compgen -f -W {} -- "$word"))
  elif [[ ${{COMP_WORDS[1]}} == checkpoint && $COMP_CWORD -eq 2 ]]; then
    COMPREPLY=($(compgen -W 'show reset' -- "$word"))
  else
    COMPREPLY=($(compgen -f -- "$word"))
  fi
}}
complete -o filenames -F _tailrace tailrace
)",
                     cases, quoted(names), quoted(kSubcommands));
}

std::string zsh_completion() {
  std::string out = "#compdef tailrace\n# zsh completion for tailrace, made from its flag table.\n";
  out += "_arguments -s -S \\\n";
  for (const Flag& flag : flags()) {
    if (flag.hidden) continue;
    if (flag.letter != 0) {
      out += fmt::format("  {} \\\n", zsh_spec(fmt::format("-{}", flag.letter), flag));
    }
    out += fmt::format("  {} \\\n", zsh_spec(fmt::format("--{}", flag.name), flag));
  }
  return out + fmt::format(
                   "  '1: :{{_alternative \"commands:command:({})\" \"files:file:_files\"}}' \\\n"
                   "  '*:file:_files'\n",
                   kSubcommands);
}

std::string fish_completion() {
  std::string out = "# fish completion for tailrace, made from its flag table.\n";
  for (const std::string_view word : {"status", "checkpoint", "schema"}) {
    out += fmt::format("complete -c tailrace -n __fish_use_subcommand -a {}\n", word);
  }
  out += "complete -c tailrace -n '__fish_seen_subcommand_from checkpoint' -f -a 'show reset'\n";
  for (const Flag& flag : flags()) {
    if (flag.hidden) continue;
    out += fmt::format("complete -c tailrace -l {}", flag.name);
    if (flag.letter != 0) out += fmt::format(" -s {}", flag.letter);
    const bool takes_path = flag.value == Value::kFile || flag.value == Value::kDirectory;
    if (takes_path) out += " -r -F";
    if (!takes_path && flag.value != Value::kNone && flag.value != Value::kOptional) out += " -x";
    if (!flag.choices.empty()) out += fmt::format(" -a {}", quoted(choice_words(flag)));
    out += fmt::format(" -d {}\n", quoted(flag.help));
  }
  return out;
}

}  // namespace tailrace::cli
