// The lists of a repository of rpm packages, as createrepo_c writes them: repomd.xml, primary.xml, updateinfo.xml.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/error.hpp"

namespace plimsoll::formats {

/// One list that a repomd.xml names.
struct RepositoryFile {
  std::string type;      ///< "primary", "updateinfo", "modules", "primary_zck"
  std::string location;  ///< "repodata/…-primary.xml.gz"
  bool operator==(const RepositoryFile&) const = default;
};

/// Errors: malformed, too_large.
[[nodiscard]] Result<std::vector<RepositoryFile>> parse_repomd(std::string_view text);

/// A package that a list holds.
struct ListedPackage {
  std::string name;
  std::string architecture;
  std::string epoch = "0";
  std::string version;
  std::string release;
  std::uint64_t line = 0;  ///< 1-based, of its element in the unpacked list
  bool operator==(const ListedPackage&) const = default;

  /// "1:2.06-70.el9": as rpm prints it; an epoch of zero is left out.
  [[nodiscard]] std::string full_version() const;
};

/// A primary.xml, fed block by block. Of each package only what identifies it is kept, and that only while it is
/// visited. Packages without name or version, and what is no rpm, are passed over.
class RpmPackageList {
 public:
  using Visit = std::function<void(const ListedPackage&)>;

  explicit RpmPackageList(Visit visit);
  ~RpmPackageList();
  RpmPackageList(const RpmPackageList&) = delete;
  RpmPackageList& operator=(const RpmPackageList&) = delete;

  /// Errors: malformed, too_large.
  [[nodiscard]] Result<void> feed(std::string_view block);
  [[nodiscard]] Result<void> end();

 private:
  class Reader;
  std::unique_ptr<Reader> reader_;
};

struct RpmAdvisory {
  std::string id;        ///< "RHSA-2026:1234"
  std::string type;      ///< "security", "bugfix", "enhancement"
  std::string severity;  ///< as written; empty when there is none
  std::vector<ListedPackage> packages;
};

/// An updateinfo.xml, fed block by block.
class RpmAdvisoryList {
 public:
  static constexpr std::size_t max_packages = 100'000;  ///< of one advisory; what is beyond is too large

  using Visit = std::function<void(const RpmAdvisory&)>;

  explicit RpmAdvisoryList(Visit visit);
  ~RpmAdvisoryList();
  RpmAdvisoryList(const RpmAdvisoryList&) = delete;
  RpmAdvisoryList& operator=(const RpmAdvisoryList&) = delete;

  /// Errors: malformed, too_large.
  [[nodiscard]] Result<void> feed(std::string_view block);
  [[nodiscard]] Result<void> end();

 private:
  class Reader;
  std::unique_ptr<Reader> reader_;
};

}  // namespace plimsoll::formats
