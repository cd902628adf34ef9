// plimsoll-embed: turns checks/ and profiles/ of a source tree into the image that the program carries, at build time;
// and writes the JSON Schemas from which editors complete them.
#include <fmt/core.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "engine/catalog/embed/json_schema.hpp"
#include "engine/catalog/image.hpp"
#include "engine/catalog/load.hpp"
#include "engine/evaluate/pattern.hpp"
#include "engine/probes/probe.hpp"

namespace plimsoll::catalog {
namespace {

constexpr int failed = 1;
constexpr int wrong_usage = 2;

bool write_file(const std::string& path, std::string_view bytes) {
  std::ofstream stream(path, std::ios::binary | std::ios::trunc);
  stream.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  stream.close();
  if (!stream) fmt::print(stderr, "plimsoll-embed: cannot write {}\n", path);
  return static_cast<bool>(stream);
}

int embed(const std::string& directory, const std::string& version, const std::string& output) {
  const std::vector<std::string> directories = {directory};
  auto found = read_files(directories);
  // A tree that has no checks yet builds a program with an empty catalog.
  std::erase_if(found.diagnostics, [](const Diagnostic& diagnostic) { return diagnostic.code == "empty-file"; });
  const LoadOptions options{evaluate::problem_with_pattern};
  auto compiled = compile_files(found.files, version, nullptr, probes::schemas(), options);
  auto& diagnostics = compiled.diagnostics;
  diagnostics.insert(diagnostics.end(), found.diagnostics.begin(), found.diagnostics.end());
  sort_diagnostics(diagnostics);
  for (const auto& diagnostic : diagnostics) fmt::print(stderr, "{}", to_text(diagnostic));
  if (!diagnostics.empty()) {
    fmt::print(stderr, "plimsoll-embed: {} problems\n", diagnostics.size());
    return failed;
  }
  image::seal(compiled.image);
  return write_file(output, compiled.image) ? 0 : failed;
}

struct SchemaFile {
  std::string path;
  std::string text;
};
std::vector<SchemaFile> schema_files(const std::string& directory) {
  const std::filesystem::path root(directory);
  return {{(root / "checks/schema.json").string(), checks_schema(probes::schemas())},
          {(root / "profiles/schema.json").string(), profiles_schema(probes::schemas())}};
}

int write_schemas(const std::string& directory) {
  for (const auto& file : schema_files(directory)) {
    if (!write_file(file.path, file.text)) return failed;
  }
  return 0;
}

int check_schemas(const std::string& directory) {
  int status = 0;
  for (const auto& file : schema_files(directory)) {
    std::ifstream stream(file.path, std::ios::binary);
    const std::string committed{std::istreambuf_iterator<char>(stream), {}};
    if (committed == file.text) continue;
    fmt::print(stderr, "{} is not what the probes declare: build the target catalog_schemas and commit it\n",
               file.path);
    status = failed;
  }
  return status;
}

}  // namespace
}  // namespace plimsoll::catalog

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  namespace catalog = plimsoll::catalog;
  if (arguments.size() == 2 && arguments[0] == "--schemas") return catalog::write_schemas(arguments[1]);
  if (arguments.size() == 2 && arguments[0] == "--check-schemas") return catalog::check_schemas(arguments[1]);
  if (arguments.size() == 3) return catalog::embed(arguments[0], arguments[1], arguments[2]);
  fmt::print(stderr,
             "usage: plimsoll-embed SOURCE-DIRECTORY VERSION OUTPUT\n       plimsoll-embed --schemas | --check-schemas "
             "DIRECTORY\n");
  return catalog::wrong_usage;
}
