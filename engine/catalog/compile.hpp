// Model to image, and back. What comes back is equal to what went in.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "engine/catalog/image.hpp"
#include "engine/catalog/model.hpp"

namespace plimsoll::catalog {

/// The block of bytes for a model whose checks and profiles are sorted by id and sound.
[[nodiscard]] std::string compile(const Model& model, std::string_view version);

/// Changes whenever names or types of arguments or fields do, or their order.
[[nodiscard]] image::Number fingerprint(const ProbeSchema& schema);

/// Reads single things out of an image. What is damaged, or was made for other probes, comes back empty.
class Decoder {
 public:
  Decoder(const image::View& view, std::span<const ProbeSchema* const> schemas);

  [[nodiscard]] std::optional<OpenExpression> expression(image::Number number, std::size_t parameter_count);
  /// Whether the expression read last depends on parameters.
  [[nodiscard]] bool used_parameters() const { return used_parameters_; }
  [[nodiscard]] std::optional<Value> value(image::Number number) const;
  [[nodiscard]] std::optional<std::vector<Parameter>> parameters(image::Range range) const;
  [[nodiscard]] std::optional<Model> model();

 private:
  bool read(const image::ExpressionRow& row, image::Number number, OpenExpression& out);
  bool read(const image::LeafRow& row, OpenLeaf& out);
  bool read(const image::ConditionRow& row, image::Number number, const ProbeSchema& probe, OpenCondition& out);
  bool read(const image::ValueRow& row, std::optional<Term>& out) const;
  bool term(image::Number number, std::optional<Term>& out);
  bool condition(image::Number number, const ProbeSchema& probe, OpenCondition& out);
  std::optional<Check> check(image::Number number);
  std::optional<Profile> profile(image::Number number);
  bool row(const image::RowRow& source, Row& out) const;

  const image::View* view_;
  std::vector<const ProbeSchema*> probes_;  ///< by number in the image; null: not what it was made for
  std::size_t parameter_count_ = 0;
  bool used_parameters_ = false;
  std::size_t budget_ = 0;  ///< nodes that one expression may still have, so that no damage makes it endless
};

}  // namespace plimsoll::catalog
