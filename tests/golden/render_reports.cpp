// Writes the fixed results in every format into a directory: render_reports [--rows=N] DIR. With rows,
// large ones instead.
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <string_view>

#include "reports/report.hpp"
#include "tests/golden/fixed_results.hpp"

namespace {

bool write(const plimsoll::Results& results, const plimsoll::reports::Format& format,
           const plimsoll::reports::Options& options, const std::string& path) {
  std::ofstream out(path, std::ios::binary);
  const auto written = format.write(results, options, out);
  out.close();
  if (written && out) return true;
  std::fprintf(stderr, "%s: %s\n", path.c_str(), written ? "cannot be written" : written.error().what.c_str());
  return false;
}

}  // namespace

int main(int argc, char** argv) {
  constexpr std::string_view option = "--rows=";
  const bool large = argc == 3 && std::string_view(argv[1]).starts_with(option);
  if (argc != 2 && !large) {
    std::fputs("usage: render_reports [--rows=N] DIR\n", stderr);
    return 2;
  }
  const std::string folder = std::string(argv[argc - 1]) + "/";
  const auto results = large ? plimsoll::golden::large_results(std::strtoul(argv[1] + option.size(), nullptr, 10))
                             : plimsoll::golden::fixed_results();
  bool good = true;
  for (const auto& format : plimsoll::reports::all()) {
    good = write(results, format, {}, folder + std::string(format.default_file)) && good;
  }
  const auto* ocsf = plimsoll::reports::find("ocsf");
  good = ocsf != nullptr && write(results, *ocsf, {.ocsf_version = "1.6.0"}, folder + "plimsoll.ocsf-1.6.0.ndjson") &&
         good;
  return good ? 0 : 1;
}
