#include "engine/catalog/diagnostics.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "tests/support/catch.hpp"
#include "tests/unit/catalog/toy_probes.hpp"

using namespace plimsoll;

namespace {

namespace fs = std::filesystem;

std::string text_of(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

std::vector<fs::path> cases() {
  std::vector<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(fs::path(PLIMSOLL_SOURCE_DIR) / "tests/golden/diagnostics")) {
    if (entry.path().extension() == ".yaml") paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

// Beside sound checks, and beside a sound profile, so that only the mistakes of the case are found.
std::vector<Diagnostic> diagnostics_of(const fs::path& path) {
  const std::string text = text_of(path);
  const bool is_profile = path.filename().string().starts_with("profile-");
  const std::string name = (is_profile ? "profiles/" : "checks/") + path.filename().string();
  const auto outcome = toy::load_texts({toy::checks_file(toy::sound_checks), toy::profile_file(toy::sound_profile),
                                        is_profile ? toy::profile_file(text, name) : toy::checks_file(text, name)});
  CHECK_FALSE(outcome.catalog);
  return outcome.diagnostics;
}

}  // namespace

TEST_CASE("each mistake is named with its place and the way out", "[catalog][golden]") {
  REQUIRE_FALSE(cases().empty());
  for (const auto& path : cases()) {
    CAPTURE(path.filename().string());
    const auto diagnostics = diagnostics_of(path);
    CHECK_FALSE(diagnostics.empty());
    std::string text;
    for (const auto& diagnostic : diagnostics) text += to_text(diagnostic);
    fs::path golden = path;
    golden.replace_extension(".txt");
    if (std::getenv("PLIMSOLL_APPROVE") != nullptr) {
      std::ofstream(golden, std::ios::binary) << text;
    }
    CHECK(text == text_of(golden));
  }
}

TEST_CASE("every code is shown by a golden file, and every diagnostic has a code", "[catalog][golden]") {
  std::set<std::string> shown;
  for (const auto& path : cases()) {
    for (const auto& diagnostic : diagnostics_of(path)) shown.insert(diagnostic.code);
  }
  // These need more than one file, or none that can be read: load_test.cpp has them.
  shown.insert({"replaced-check", "unreadable-file"});
  for (const auto& row : catalog::diagnostic_codes()) {
    CAPTURE(row.code);
    CHECK(shown.contains(std::string(row.code)));
    CHECK_FALSE(row.summary.empty());
    CHECK_FALSE(row.help.empty());
    CHECK(catalog::find_diagnostic_code(row.code) == &row);
  }
  for (const auto& code : shown) {
    CAPTURE(code);
    CHECK(catalog::find_diagnostic_code(code) != nullptr);
  }
  CHECK(catalog::find_diagnostic_code("no-such-code") == nullptr);
}

TEST_CASE("a suggestion is the nearest name, else the few there are", "[catalog]") {
  const std::vector<std::string_view> names = {"runtime", "at_boot"};
  CHECK(catalog::suggestion("at_bot", names) == "did you mean `at_boot`?");
  CHECK(catalog::suggestion("zzzzzzzz", names) == "one of `runtime` or `at_boot`");
  CHECK(catalog::suggestion("x", {}).empty());
}
