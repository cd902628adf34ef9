#include <fmt/core.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "engine/audit/audit.hpp"
#include "engine/audit/confine.hpp"
#include "engine/cli/audit_settings.hpp"
#include "engine/cli/commands.hpp"
#include "engine/cli/needed_rights.hpp"
#include "engine/cli/open_catalog.hpp"
#include "engine/cli/output.hpp"
#include "engine/cli/signals.hpp"
#include "engine/cli/summary.hpp"
#include "engine/cli/terminal.hpp"
#include "engine/cli/text_layout.hpp"
#include "engine/core/text.hpp"
#include "engine/probes/probe.hpp"
#include "engine/sources/caching_root.hpp"
#include "engine/sources/netfilter_netlink.hpp"
#include "engine/sources/socket_diag_netlink.hpp"

namespace plimsoll::cli {
namespace {

using std::string;
using std::string_view;

constexpr unsigned default_walk_threads = 8;  // they wait for the disk more than they compute

string_view name_of(audit::Progress::Phase phase) {
  switch (phase) {
    case audit::Progress::Phase::detecting:
      return "finding out what is here";
    case audit::Progress::Phase::collecting:
      return "reading";
    case audit::Progress::Phase::judging:
      return "judging";
  }
  return {};
}

string joined(const Error& error) {
  return error.remedy.empty() ? error.what : error.what + "; " + error.remedy;
}

/// Gives up rights that the audit does not need. Says once what this kernel cannot do.
std::vector<Limit> confined(std::span<const OpenReport> reports, audit::ConfineRequest request, bool quiet) {
  request.keep_reading_capabilities = true;
  for (const OpenReport& report : reports) {
    if (!report.file.directory().empty()) request.writable_directories.push_back(report.file.directory());
  }
  std::vector<Limit> limits = audit::confine(request);
  if (quiet) return limits;
  for (const Limit& limit : limits) {
    complain(fmt::format("plimsoll: {}: {}{}{}\n", printable(limit.what), printable(limit.why),
                         limit.remedy.empty() ? "" : "; ", printable(limit.remedy)));
  }
  return limits;
}

/// Every report, whatever became of those before it. False when one could not be written.
bool write_reports(const Results& results, std::span<const OpenReport> reports, const reports::Options& options) {
  bool written = true;
  for (const OpenReport& report : reports) {
    const auto done = report.file.write([&](std::ostream& out) { return report.format->write(results, options, out); });
    if (done) continue;
    written = false;
    complain(fmt::format("plimsoll audit: report {}: {}\n", report.format->name, joined(done.error())));
  }
  return written;
}

bool print_summary(const Results& results, const AuditSettings& settings, std::span<const string> not_chosen) {
  if (settings.quiet) return true;
  const int descriptor = settings.report_on_stdout() ? STDERR_FILENO : STDOUT_FILENO;
  const Terminal terminal = terminal_of(descriptor);
  constexpr std::size_t lines_elsewhere_than_a_terminal = 60;  // a log holds more than a screen, not everything
  SummaryOptions options;
  options.width = terminal.width;
  options.height = terminal.height == 0 ? lines_elsewhere_than_a_terminal : terminal.height;
  options.colour = settings.colour && terminal.colour;
  options.all = settings.all;
  options.root = ::geteuid() == 0;
  options.not_chosen = not_chosen;
  const string text = summary_text(results, options);
  if (descriptor == STDOUT_FILENO) return print(text);
  complain(text);
  return true;
}

}  // namespace

ExitStatus run_audit(const CommandLine& line, std::span<const string> arguments) {
  auto settings = audit_settings(line, reports::all());
  if (!settings) return misused(line, std::move(settings.error()));
  install_signal_handlers();
  const auto catalog = open_catalog(settings->catalogs);
  if (!catalog) return exit_usage;
  const auto root = sources::open_root(settings->root);
  if (!root) return misused(line, fmt::format("--root: {}", joined(root.error())));
  const auto reports = open_reports(settings->reports);
  if (!reports) return misused(line, fmt::format("--report: {}", reports.error()));
  // Wrong names are told before anything is read; with detection, once the profiles are known.
  catalog::PlanOutcome planned;
  if (!settings->detects()) {
    planned = catalog::make_plan(*catalog, settings->selection, probes::schemas());
    if (!planned.plan) return misused(line, printable(fmt::format("{}", fmt::join(planned.problems, "; "))));
  }
  audit::ConfineRequest request;
  // Before the rights for it are given up; nothing of it is looked at yet. Detection may choose a profile that asks.
  std::optional<sources::KernelAudit> kernel_audit;
  const NeededRights rights = planned.plan ? needed_rights(*planned.plan) : possible_rights(*catalog);
  request.reads_other_processes = rights.other_processes;
  request.reads_packet_filter = (*root)->live() && rights.packet_filter;
  if ((*root)->live() && rights.kernel_audit) kernel_audit = sources::read_kernel_audit();
  const std::vector<Limit> limits = confined(*reports, std::move(request), settings->quiet);

  const sources::SystemClock clock;
  const sources::Memo memo;
  const sources::CachingRoot cached(**root);
  const sources::NetfilterNetlink netfilter;
  const sources::SocketDiagNetlink socket_diag;
  sources::Sources sources{cached, clock, memo, settings->jobs == 0 ? default_walk_threads : settings->jobs};
  if (cached.live()) {
    sources.netfilter = &netfilter;
    sources.sockets = &socket_diag;
  }
  sources.audit = kernel_audit ? &*kernel_audit : nullptr;
  ProgressLine progress(!settings->quiet);
  audit::Options options;
  options.timeout = settings->timeout;
  options.jobs = settings->jobs;
  options.command_line = valid_utf8("plimsoll " + shell_words(arguments));
  options.tool_version = tool_version();
  options.keep_work = true;
  if (progress.visible()) {
    options.progress = [&](const audit::Progress& now) {
      progress.show(name_of(now.phase), now.done, now.total, now.current);
    };
  }

  std::vector<string> not_chosen;
  if (settings->detects()) {
    audit::Chosen chosen = audit::detect(*catalog, sources, options);
    progress.clear();
    if (!chosen.problem.empty()) {
      // Not by returning: where detection timed out, its thread may still be at work on what that would destroy.
      ::_exit(misused(
          line, fmt::format("{}. `plimsoll list profiles` shows what --profile can name", printable(chosen.problem))));
    }
    settings->selection.profiles = std::move(chosen.profiles);
    not_chosen = std::move(chosen.not_chosen);
    planned = catalog::make_plan(*catalog, settings->selection, probes::schemas());
    if (!planned.plan) return misused(line, printable(fmt::format("{}", fmt::join(planned.problems, "; "))));
  }
  Results results = audit::run(*catalog, std::move(*planned.plan), sources, options);
  progress.clear();
  results.limits.insert(results.limits.begin(), limits.begin(), limits.end());

  const bool written = write_reports(results, *reports, settings->report_options);
  const bool shown = print_summary(results, *settings, not_chosen);
  const ExitStatus status = written && shown ? exit_status_of(results, settings->fail_on) : exit_usage;
  // Everything is written. A probe that was given up may still be at work on what a return would destroy, and taking
  // plan and results apart costs a twentieth of the run for nothing.
  ::_exit(status);
}

}  // namespace plimsoll::cli
