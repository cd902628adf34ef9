#include "engine/catalog/diagnostics.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cassert>

#include "engine/core/text.hpp"
#include "engine/formats/lines.hpp"

namespace plimsoll::catalog {

namespace {

constexpr std::array codes = std::to_array<DiagnosticCode>({
    {"bad-control", "a control is none that its standard can have",
     "`controls` names what the check serves in standards other than benchmarks: `controls: { nist-800-53: [AC-6, "
     "AC-6(2)] }`. Parts of a control, such as AC-6(a), are not told apart."},
    {"bad-id", "an id has letters that ids may not have",
     "Ids are permanent names: lower-case letters, digits and hyphens, starting with a letter. A profile's id may also "
     "hold dots, for versions. Name the behaviour, not a benchmark's number."},
    {"bad-limits", "the limits of `count` allow no number",
     "`at_least` is greater than `at_most`, or a limit is negative, so no number of records can satisfy the check."},
    {"bad-pattern", "a pattern is no regular expression that we accept",
     "`matches` takes RE2 syntax: no backreferences and no look-around, so that matching takes linear time."},
    {"bad-section", "a section is not the beginning of any row's id",
     "Keys of `sections` are the leading numbers of row ids: \"5.1\" covers \"5.1.1\" and \"5.1.20\", not \"5.10\"."},
    {"duplicate-id", "two things have the same id",
     "Check ids are unique over the whole catalog, profile ids too, and row ids within their profile. With --catalog, "
     "a "
     "check or profile may replace a shipped one of the same id, but not one that stands beside it."},
    {"duplicate-key", "a map holds the same key twice",
     "YAML readers take the first or the last of two equal keys without a word, so one of them would be lost. Merge "
     "them, or use `all:` to state two conditions on one thing."},
    {"empty-condition", "a condition states nothing",
     "A condition without a field holds for every record, so it could never fail. State what must hold, or leave "
     "`where` "
     "out."},
    {"empty-file", "a file, or the catalog, holds nothing",
     "A file without checks or rows is a slip: it would add nothing, silently. Delete it or fill it."},
    {"extends-loop", "profiles extend each other in a circle",
     "Follow `extends:` from one profile to the next: the chain has to end at a profile that extends nothing."},
    {"if-empty-missing", "the author has not said what no records mean",
     "`every` and `none` hold for an empty set, `some` does not; which of them is right is a decision about the host. "
     "Say `if_empty: pass`, `fail` or `not_applicable` wherever no record can be left."},
    {"if-empty-needless", "`if_empty` stands where records cannot be missing",
     "The probe always returns exactly one record and no `where` filters it, or the quantifier is `count` or `show`, "
     "where zero is an answer by itself. Leave `if_empty` out."},
    {"missing-argument", "a probe lacks an argument it needs",
     "The probe cannot know what to read without it. `plimsoll probes NAME` prints a probe's arguments and fields."},
    {"missing-key", "a key that must be there is not",
     "Every check has id, title, rationale, remediation and check; every profile has profile, title, version and "
     "recommendations (or extends)."},
    {"needless-key", "a key stands where it has no meaning",
     "`gap` says why an automated row has no check, so a row with checks must not have it; `question` is for manual "
     "rows."},
    {"not-allowed", "a value is none of those that are possible",
     "The field or argument can only have certain values, so comparing it with another can never hold (or always "
     "does)."},
    {"quantifier", "a question to a probe has no quantifier, or several",
     "Say once how the records are judged: `every`, `some`, `none`, `count` or `show`. Two questions are two entries "
     "of `all:`."},
    {"quote-text", "a text looks like a number, a boolean or nothing",
     "YAML readers turn an unquoted no, yes, null or 1.10 into something else. Put the text in quotes: \"no\", "
     "\"1.10\"."},
    {"replaced-check", "a replaced check no longer fits the rows that name it",
     "A check of yours replaces a shipped one, and a shipped profile sets a parameter that yours does not have, or "
     "counts on a verdict from a check that now only shows. Keep the shipped parameters, or give the check its own "
     "id."},
    {"row-only-shows", "an automated row names a check that only gathers evidence",
     "A check made of `show` never fails. Use it in a row with `assessment: manual`, or state what must hold."},
    {"row-without-gap", "an automated row names no check and does not say why",
     "What is not covered must be visible in every report. Name checks, or write `gap:` with the reason."},
    {"row-without-question", "a manual row has neither checks nor a question",
     "A reviewer needs something to judge: name a check that gathers evidence, or write `question:`."},
    {"set-names-nothing", "`set` names a parameter that no check here has",
     "`set` takes the name of a parameter, or check-id.name for one check's parameter."},
    {"unknown-argument", "a probe has no such argument",
     "`plimsoll probes NAME` prints a probe's arguments and fields. Conditions on fields belong under `every`, `some`, "
     "`none` or `where`."},
    {"unknown-check", "there is no such check", "A row or a `set` names a check that is not in the catalog."},
    {"unknown-field", "a probe has no such field",
     "`plimsoll probes NAME` prints a probe's arguments and fields. A misspelt field could never be judged."},
    {"unknown-key", "a map has a key that means nothing here",
     "It may be misspelt, or stand one level too deep or too shallow."},
    {"unknown-operator", "there is no such operator",
     "The operators are: equals, in, not_in, at_least, at_most, matches, contains, contains_all, contains_none, "
     "subset_of, exists, empty, mode_within, older_than, newer_than, version_at_least, within_cidr."},
    {"unknown-parameter", "a check has no such parameter",
     "`$name` stands for a parameter that the check declares under `parameters:`. A text that begins with a dollar "
     "sign "
     "is written with two: `$$x`."},
    {"unknown-probe", "there is no such probe", "`plimsoll probes` lists all probes."},
    {"unknown-profile", "there is no such profile", "`extends:` names a profile that is not in the catalog."},
    {"unknown-role", "a row names a role that its profile does not have",
     "List the roles of a profile under `roles:`; the first is the default."},
    {"unknown-row", "`exclude` names a row that the profile does not have",
     "Ids under `exclude:` are the row ids of the profile that is extended."},
    {"unreadable-file", "a file or directory of the catalog cannot be read",
     "Only regular files of at most 16 MiB are read. Check the path and its permissions."},
    {"unused-parameter", "a parameter is declared and never used",
     "Setting it would change nothing, and whoever sets it would believe otherwise. Use it, or delete it."},
    {"wrong-operator", "an operator does not fit the type of the field",
     "`plimsoll probes NAME` prints the type of each field."},
    {"wrong-shape", "something is not the kind of YAML that belongs here",
     "A file under checks/ is a list of maps; a file under profiles/ is one map. docs/writing-checks.md shows both."},
    {"wrong-type", "a value is of another type than what it is compared with",
     "Integers are decimal and unquoted, booleans are true or false and unquoted, modes are octal and quoted "
     "(\"0640\"), durations are like \"90d\"."},
    {"yaml-syntax", "a file is not YAML", "The message is the YAML parser's own."},
});

static_assert(std::is_sorted(codes.begin(), codes.end(),
                             [](const auto& left, const auto& right) { return left.code < right.code; }));

}  // namespace

std::span<const DiagnosticCode> diagnostic_codes() {
  return codes;
}

const DiagnosticCode* find_diagnostic_code(std::string_view code) {
  const auto found = std::lower_bound(codes.begin(), codes.end(), code,
                                      [](const DiagnosticCode& row, std::string_view name) { return row.code < name; });
  return found == codes.end() || found->code != code ? nullptr : &*found;
}

Reporter::Reporter(const SourceFile& file, std::vector<Diagnostic>& out)
    : file_(&file), out_(&out), lines_(std::make_shared<std::vector<std::string_view>>()) {}

// Nobody reads a line of a thousand characters, and a generated file of one line may hold a thousand mistakes.
std::string Reporter::line_at(std::uint32_t number) const {
  constexpr std::size_t longest = 500;
  if (lines_->empty()) {
    formats::Lines lines(file_->text);
    std::string_view line;
    while (lines.next(line)) lines_->push_back(line);
  }
  if (number == 0 || number > lines_->size() || (*lines_)[number - 1].size() > longest) return {};
  return std::string((*lines_)[number - 1]);
}

void Reporter::add(std::string_view code, const formats::YamlNode& at, std::string message, std::string hint) const {
  add(code, at.line, at.column, std::move(message), std::move(hint));
}

void Reporter::add(std::string_view code, std::uint32_t line, std::uint32_t column, std::string message,
                   std::string hint) const {
  assert(find_diagnostic_code(code) != nullptr);
  out_->push_back({{file_->file, line, column}, std::string(code), std::move(message), std::move(hint), line_at(line)});
}

std::string listed(std::span<const std::string_view> names, std::string_view last_joint) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i != 0) text += i + 1 == names.size() ? fmt::format(" {} ", last_joint) : ", ";
    text += fmt::format("`{}`", names[i]);
  }
  return text;
}

std::string suggestion(std::string_view name, std::span<const std::string_view> candidates) {
  constexpr std::size_t few = 8;
  const std::string_view near = nearest(name, candidates);
  if (!near.empty()) return fmt::format("did you mean `{}`?", near);
  if (candidates.empty() || candidates.size() > few) return {};
  if (candidates.size() == 1) return fmt::format("only `{}` is known here", candidates.front());
  return "one of " + listed(candidates);
}

}  // namespace plimsoll::catalog
