// Paragraphs of packages as dpkg's status file and apt's lists hold them (deb822(5)).
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace plimsoll::formats {

/// The fields by which versions are compared. Those that are not there are empty.
struct PackageParagraph {
  std::string_view name;
  std::string_view version;
  std::string_view architecture;
  std::string_view status;  ///< "install ok installed"; only dpkg's file has it
  std::string_view phased;  ///< Phased-Update-Percentage, of Ubuntu's updates
  std::uint32_t line = 0;   ///< 1-based line of `Package:`
};

/// Goes through a text that comes in parts, paragraph by paragraph: all that is read of deb822(5) goes through here.
/// One without a `Package:` line, or with an empty one, is passed over. Of the text no more is kept than a line that is
/// not whole yet, and the fields of its paragraph.
class PackageParagraphs {
 public:
  /// The views live during the call.
  using Visit = std::function<void(const PackageParagraph&)>;
  using Wanted = std::function<bool(std::string_view name)>;

  /// `wanted`: of others no more is read than where they end; empty: all are wanted.
  explicit PackageParagraphs(Visit visit, Wanted wanted = {}) : visit_(std::move(visit)), wanted_(std::move(wanted)) {}
  PackageParagraphs(const PackageParagraphs&) = delete;
  PackageParagraphs& operator=(const PackageParagraphs&) = delete;

  /// The next bytes, wherever they are cut.
  void feed(std::string_view part);
  /// No more comes: the last line and the last paragraph may lack their ends.
  void end();

 private:
  void take_lines(std::string_view lines);
  void take_candidate(std::string_view line);
  void finish_paragraph();
  void pass_to_blank_line(std::string_view& lines);
  void keep();

  Visit visit_;
  Wanted wanted_;
  std::string open_line_;
  PackageParagraph paragraph_;       // views into the part, or into what is kept
  std::array<std::string, 5> kept_;  // fields whose part is gone
  std::uint32_t line_ = 0;           // of the lines that were taken
  bool is_passed_over_ = false;      // the rest of the paragraph, which holds nothing more that is wanted
};

/// One field of the first paragraph of a Release or InRelease file; empty when it has none.
[[nodiscard]] std::string_view release_field(std::string_view text, std::string_view name);

}  // namespace plimsoll::formats
