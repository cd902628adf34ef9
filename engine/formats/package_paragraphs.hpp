// Paragraphs of packages as dpkg's status file and apt's lists hold them (deb822(5)).
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>
#include <utility>

namespace plimsoll::formats {

/// The fields by which versions are compared. Views are into the text; those that are not there are empty.
struct PackageParagraph {
  std::string_view name;
  std::string_view version;
  std::string_view architecture;
  std::string_view status;  ///< "install ok installed"; only dpkg's file has it
  std::string_view phased;  ///< Phased-Update-Percentage, of Ubuntu's updates
  std::uint32_t line = 0;   ///< 1-based line of `Package:`
};

/// Goes through a text paragraph by paragraph: all that is read of deb822(5) goes through here. One without a
/// `Package:` line, or with an empty one, is passed over.
class PackageParagraphs {
 public:
  using Wanted = std::function<bool(std::string_view name)>;

  /// `wanted`: of others no more is read than where they end; empty: all are wanted. `lines_before`: of a file whose
  /// earlier paragraphs stood in another text.
  explicit PackageParagraphs(std::string_view text, Wanted wanted = {}, std::uint32_t lines_before = 0)
      : rest_(text), wanted_(std::move(wanted)), line_(lines_before) {}

  /// Moves to the next paragraph. False at the end of the text.
  [[nodiscard]] bool next(PackageParagraph& paragraph);
  /// How many lines were passed, with those before the text.
  [[nodiscard]] std::uint32_t lines() const { return line_; }

 private:
  void pass_to_blank_line();
  std::string_view rest_;
  Wanted wanted_;
  std::uint32_t line_ = 0;
};

/// One field of the first paragraph of a Release or InRelease file; empty when it has none.
[[nodiscard]] std::string_view release_field(std::string_view text, std::string_view name);

}  // namespace plimsoll::formats
