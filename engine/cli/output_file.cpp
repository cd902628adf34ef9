#include "engine/cli/output_file.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string_view>
#include <system_error>
#include <utility>

#include "engine/cli/output.hpp"
#include "engine/cli/signals.hpp"
#include "engine/cli/text_layout.hpp"

namespace plimsoll::cli {
namespace {

using std::string;
using std::string_view;

/// The error for a failed system call on `path`; `number` is its errno.
std::unexpected<Error> failed(string_view path, int number) {
  Error error;
  error.what = fmt::format("cannot write {}: {}", printable(path), std::generic_category().message(number));
  if (number == ENOENT || number == ENOTDIR) error.kind = Error::Kind::not_found;
  if (number == EACCES || number == EPERM || number == EROFS) error.kind = Error::Kind::denied;
  if (number == EFBIG) error.kind = Error::Kind::too_large;
  if (number == ENOENT) error.remedy = "make the directory first";
  if (number == ENOSPC || number == EDQUOT) error.remedy = "free some space, or write the report elsewhere";
  if (error.kind == Error::Kind::denied) error.remedy = "choose a directory that may be written to";
  return std::unexpected(std::move(error));
}

/// Descriptors of this process: what the shell put there is meant, not a file to be replaced.
bool names_descriptor(string_view path) {
  return path == "/dev/stdout" || path == "/dev/stderr" || path.starts_with("/dev/fd/") ||
         path.starts_with("/proc/self/fd/");
}

/// The path with links resolved, when it leads to something; a dangling link is written through to where it points.
string resolved(const string& path) {
  const std::unique_ptr<char, decltype(&std::free)> real(::realpath(path.c_str(), nullptr), &std::free);
  return real == nullptr ? path : string(real.get());
}

string temporary_name(string_view name) {
  std::uint64_t random = 0;
  while (::getrandom(&random, sizeof random, 0) < 0 && errno == EINTR) {
  }
  const string_view stem = name.substr(0, 100);  // of NAME_MAX, 255
  return fmt::format(".{}.{:016x}.tmp", stem, random);
}

}  // namespace

OutputFile::OutputFile(OutputFile&& other) noexcept
    : target_(std::move(other.target_)),
      directory_(std::move(other.directory_)),
      name_(std::move(other.name_)),
      descriptor_(std::exchange(other.descriptor_, -1)) {}

OutputFile& OutputFile::operator=(OutputFile&& other) noexcept {
  std::swap(target_, other.target_);
  std::swap(directory_, other.directory_);
  std::swap(name_, other.name_);
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

OutputFile::~OutputFile() {
  if (descriptor_ > STDERR_FILENO) ::close(descriptor_);
}

Result<OutputFile> OutputFile::open(const string& path) {
  OutputFile file;
  if (path == "-") {
    file.target_ = "standard output";
    file.descriptor_ = STDOUT_FILENO;
    return file;
  }
  struct stat status{};
  const bool there = ::stat(path.c_str(), &status) == 0;
  if (there && S_ISDIR(status.st_mode)) {
    return std::unexpected(Error{Error::Kind::unsupported,
                                 fmt::format("cannot write {}: it is a directory", printable(path)),
                                 fmt::format("name a file in it: {}/report", printable(path))});
  }
  if (names_descriptor(path) || (there && !S_ISREG(status.st_mode))) {
    file.target_ = path;
    file.descriptor_ = ::open(path.c_str(), O_WRONLY | O_NOCTTY | O_CLOEXEC);
    if (file.descriptor_ < 0) return failed(path, errno);
    return file;
  }
  const string real = resolved(path);
  const auto slash = real.rfind('/');
  file.directory_ = slash == string::npos ? "." : slash == 0 ? "/" : real.substr(0, slash);
  file.name_ = slash == string::npos ? real : real.substr(slash + 1);
  file.target_ = resolved(file.directory_) + "/" + file.name_;
  if (file.name_.empty()) return failed(path, EISDIR);
  file.descriptor_ = ::open(file.directory_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  // A directory that may be written to but not read can still take a file; O_PATH cannot be synced, which is tolerated.
  if (file.descriptor_ < 0 && errno == EACCES) {
    file.descriptor_ = ::open(file.directory_.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
  }
  if (file.descriptor_ < 0) return failed(path, errno);
  if (::faccessat(file.descriptor_, ".", W_OK | X_OK, AT_EACCESS) != 0) return failed(path, errno);
  return file;
}

Result<void> OutputFile::write(const std::function<Result<void>(std::ostream&)>& content) const {
  if (!directory_.empty()) return replace(content);
  DescriptorBuffer buffer(descriptor_);
  std::ostream stream(&buffer);
  if (auto written = content(stream); !written) return written;
  if (const int failure = buffer.finish(); failure != 0) return failed(target_, failure);
  return {};
}

Result<void> OutputFile::replace(const std::function<Result<void>(std::ostream&)>& content) const {
  const string temporary = temporary_name(name_);
  const Unfinished unfinished(descriptor_, temporary);
  const int file = ::openat(descriptor_, temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (file < 0) return failed(target_, errno);

  DescriptorBuffer buffer(file);
  std::ostream stream(&buffer);
  Result<void> outcome = content(stream);
  const auto step = [&](int failure) {
    if (outcome && failure != 0) outcome = failed(target_, failure);
  };
  step(buffer.finish());
  struct stat old{};
  if (::fstatat(descriptor_, name_.c_str(), &old, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(old.st_mode)) {
    step(::fchmod(file, old.st_mode & 0777U) == 0 ? 0 : errno);
  }
  if (outcome) step(::fsync(file) == 0 || errno == EINVAL || errno == EROFS ? 0 : errno);
  step(::close(file) == 0 ? 0 : errno);
  if (outcome) step(::renameat(descriptor_, temporary.c_str(), descriptor_, name_.c_str()) == 0 ? 0 : errno);
  if (!outcome) {
    ::unlinkat(descriptor_, temporary.c_str(), 0);
    return outcome;
  }
  // The file stands; EBADF (O_PATH) and EINVAL (a file system without it) leave only the order of writes to the kernel.
  static_cast<void>(::fsync(descriptor_));
  return {};
}

}  // namespace plimsoll::cli
