// One map of our YAML: its keys checked once, then asked for by name.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/catalog/diagnostics.hpp"
#include "engine/formats/yaml.hpp"

namespace plimsoll::catalog {

class MapReader {
 public:
  /// Reports a node that is no map, duplicate keys, and keys other than `keys`. `what` names the map: "a check".
  MapReader(const formats::YamlNode& node, std::string_view what, std::span<const std::string_view> keys,
            const Reporter& reporter);

  [[nodiscard]] bool is_map() const { return node_->is_map(); }
  [[nodiscard]] const formats::YamlNode& node() const { return *node_; }
  [[nodiscard]] const formats::YamlNode* find(std::string_view key) const { return node_->find(key); }

  /// The text of a key, without a final newline; empty when it is not there. Reports what is no text, or blank.
  [[nodiscard]] std::string text(std::string_view key) const;
  /// As `text`, and reports a key that is not there.
  [[nodiscard]] std::string required_text(std::string_view key) const;
  /// A list of texts; a single text counts as a list of one.
  [[nodiscard]] std::vector<const formats::YamlNode*> texts(std::string_view key) const;
  [[nodiscard]] std::optional<bool> boolean(std::string_view key) const;
  /// The value of a required key, or null after reporting that it is missing.
  [[nodiscard]] const formats::YamlNode* required(std::string_view key) const;

 private:
  const formats::YamlNode* node_;
  std::string what_;
  const Reporter* reporter_;
};

/// Reports each key of a map that stands there twice.
void report_duplicate_keys(const formats::YamlNode& map, const Reporter& reporter);

/// Lower-case letters, digits and hyphens, starting with a letter; with `dots`, also dots.
[[nodiscard]] bool is_id(std::string_view text, bool dots);

}  // namespace plimsoll::catalog
