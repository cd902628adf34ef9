// A report's file: the old one or the whole new one, never half of one.
#pragma once

#include <functional>
#include <ostream>
#include <string>

#include "engine/core/error.hpp"

namespace plimsoll::cli {

/// Where one report goes. Opened before the audit, so that a place that cannot be written is known before work is done,
/// and before the process confines itself.
class OutputFile {
 public:
  /// A path of a regular file, or of nothing yet, is replaced; a symbolic link is followed to what it names. What
  /// exists and is no regular file (a FIFO, a device, /dev/stdout) is written directly, and is opened here; a FIFO
  /// waits for its reader.
  /// "-": standard output. Errors: not_found (no such directory), denied (also a read-only file system), unsupported
  /// (a directory), failed.
  [[nodiscard]] static Result<OutputFile> open(const std::string& path);

  OutputFile(OutputFile&& other) noexcept;
  OutputFile& operator=(OutputFile&& other) noexcept;
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;
  ~OutputFile();

  /// The directory that will be written in; empty when the target is written directly.
  [[nodiscard]] const std::string& directory() const { return directory_; }
  /// Two reports with equal targets would overwrite each other.
  [[nodiscard]] const std::string& target() const { return target_; }

  /// Lets `content` write, then puts the file in place: temporary file, fsync, rename, fsync of the directory. On any
  /// error the temporary file is removed and what was there stays. A new file is 0600, a replaced one keeps its mode.
  /// Errors: those of `content`; denied, too_large (file size limit), failed (no space left, I/O error).
  [[nodiscard]] Result<void> write(const std::function<Result<void>(std::ostream&)>& content) const;

 private:
  OutputFile() = default;
  [[nodiscard]] Result<void> replace(const std::function<Result<void>(std::ostream&)>& content) const;

  std::string target_;  ///< as people read it
  std::string directory_;
  std::string name_;     ///< in directory_
  int descriptor_ = -1;  ///< the directory, or the thing itself when directory_ is empty
};

}  // namespace plimsoll::cli
