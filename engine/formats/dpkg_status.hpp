// The package databases that are text: dpkg's status file and apk's installed file.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/error.hpp"
#include "engine/formats/package_paragraphs.hpp"

namespace plimsoll::formats {

/// One paragraph of dpkg's status file (dpkg(1), PACKAGE STATES; dpkg-query(1)). A package of several architectures has
/// one each.
struct DpkgPackage {
  std::string name;
  std::string status;        ///< "hold ok installed"; empty when the paragraph has none
  std::string version;       ///< empty when none
  std::string architecture;  ///< empty when none
  std::uint32_t line = 0;    ///< 1-based line of `Package:`
  bool operator==(const DpkgPackage&) const = default;
};

/// Every paragraph with a `Package:` line, in file order, of a text that comes in parts. What another package Provides
/// is not that package. The text may be the main status file, one of its updates, or a control file.
class DpkgStatusReader {
 public:
  DpkgStatusReader();
  /// The next bytes, wherever they are cut.
  void feed(std::string_view part);
  /// No more comes.
  [[nodiscard]] std::vector<DpkgPackage> end();
  /// Why dpkg would refuse what was fed, as far as one look at it tells: bytes that no text holds, or an end within a
  /// line ("missing final newline"), which is what an interrupted copy or a full disk leaves. Empty: neither.
  [[nodiscard]] std::string_view damage() const;

 private:
  std::vector<DpkgPackage> packages_;
  PackageParagraphs paragraphs_;
  bool holds_nul_ = false;
  bool ends_within_line_ = false;
};

struct DpkgScan {
  std::vector<DpkgPackage> found;  ///< the paragraphs of the packages asked for, in file order
  bool any_package = false;        ///< whether the text holds a package at all
  std::string_view damage = {};    ///< DpkgStatusReader::damage()
};

/// What DpkgStatusReader reads in a whole text of packages that have one of the names, which must be sorted.
[[nodiscard]] DpkgScan scan_dpkg_status(std::string_view text, std::span<const std::string_view> names);

/// What the third word of Status says about the files of the package on disk.
enum class DpkgState : std::uint8_t {
  installed,      ///< installed, unpacked, half-configured, triggers-awaited, triggers-pending: the files are there
  not_installed,  ///< not-installed, config-files
  broken,         ///< half-installed, a Status that is not three known words, or none: nobody can say
};
/// `hold`, `deinstall` and the like are wishes (first word) and decide nothing.
[[nodiscard]] DpkgState dpkg_state(std::string_view status);

/// One paragraph of /lib/apk/db/installed (apk's own format: `P:` name, `V:` version, `A:` architecture).
struct ApkPackage {
  std::string name;
  std::string version;
  std::string architecture;
  std::uint32_t line = 0;  ///< 1-based line of `P:`
  bool operator==(const ApkPackage&) const = default;
};
struct ApkScan {
  std::vector<ApkPackage> found;
  bool any_package = false;
};
[[nodiscard]] ApkScan scan_apk_installed(std::string_view text, std::span<const std::string_view> names);

}  // namespace plimsoll::formats
