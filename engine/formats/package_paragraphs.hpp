// Paragraphs of packages as dpkg's status file and apt's lists hold them (deb822(5)).
#pragma once

#include <cstdint>
#include <string_view>

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
  explicit PackageParagraphs(std::string_view text) : rest_(text) {}

  /// Moves to the next paragraph. False at the end of the text.
  [[nodiscard]] bool next(PackageParagraph& paragraph);

 private:
  std::string_view rest_;
  std::uint32_t line_ = 0;
};

/// One field of the first paragraph of a Release or InRelease file; empty when it has none.
[[nodiscard]] std::string_view release_field(std::string_view text, std::string_view name);

}  // namespace plimsoll::formats
