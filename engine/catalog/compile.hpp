// Model to image, and back. What comes back is equal to what went in.
#pragma once

#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "engine/catalog/bind.hpp"
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
  /// The same with these values in place, its facts and leaves added to a plan. The error is a clause, as
  /// PlanBuilder's, or empty for damage; then the plan is of no use.
  [[nodiscard]] std::expected<Expression, std::string> bound(image::Number number,
                                                             std::span<const Parameter> parameters,
                                                             std::span<const Value> values, PlanBuilder& builder);
  /// Whether the expression read last depends on parameters.
  [[nodiscard]] bool used_parameters() const { return used_parameters_; }
  [[nodiscard]] std::optional<Value> value(image::Number number) const;
  [[nodiscard]] std::optional<std::vector<Parameter>> parameters(image::Range range) const;
  [[nodiscard]] std::optional<Model> model();

 private:
  // What is read open or bound is told by the type it is read into.
  struct Binding {
    PlanBuilder& builder;
    Binder binder;
  };
  template <class AnyExpression>
  bool whole(image::Number number, AnyExpression& out);
  template <class AnyExpression>
  bool read(const image::ExpressionRow& row, image::Number number, AnyExpression& out);
  bool leaf(const image::LeafRow& row, OpenExpression& out);
  bool leaf(const image::LeafRow& row, Expression& out);
  template <class AnyLeaf>
  bool question(const image::LeafRow& row, const ProbeSchema& probe, AnyLeaf& out);
  template <class AnyTerm>
  bool arguments(const image::LeafRow& row, const ProbeSchema& probe, std::vector<std::optional<AnyTerm>>& out);
  template <class AnyCondition>
  bool condition(image::Number number, const ProbeSchema& probe, AnyCondition& out);
  template <class AnyCondition>
  bool test(const image::ConditionRow& row, const ProbeSchema& probe, AnyCondition& out);
  bool operand(image::Number number, Wanted wanted, std::span<const std::string_view> allowed, std::vector<Term>& out);
  bool operand(image::Number number, Wanted wanted, std::span<const std::string_view> allowed, std::vector<Value>& out);
  bool term(image::Number number, Wanted wanted, std::span<const std::string_view> allowed, std::optional<Term>& out);
  bool term(image::Number number, Wanted wanted, std::span<const std::string_view> allowed, std::optional<Value>& out);
  bool limit(image::Number number, std::optional<Term>& out);
  bool limit(image::Number number, std::optional<std::int64_t>& out);
  bool parameter(const image::ValueRow& row, Wanted wanted, ParameterUse& out);
  bool literal(const image::ValueRow& row, Value& out) const;
  std::optional<Check> check(image::Number number);
  std::optional<Profile> profile(image::Number number);
  bool row(const image::RowRow& source, Row& out) const;

  const image::View* view_;
  std::vector<const ProbeSchema*> probes_;  ///< by number in the image; null: not what it was made for
  Binding* binding_ = nullptr;              ///< while something is read bound
  std::size_t parameter_count_ = 0;
  bool used_parameters_ = false;
  std::size_t budget_ = 0;  ///< nodes that one expression may still have, so that no damage makes it endless
};

}  // namespace plimsoll::catalog
