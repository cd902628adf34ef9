#include "engine/sources/system_error.hpp"

#include <fmt/core.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace plimsoll::sources {
namespace {

Error::Kind kind_of(int number) {
  switch (number) {
    case ENOENT:
    case ENOTDIR:
    case ESRCH:
    case ENODATA:
      return Error::Kind::not_found;
    case EACCES:
    case EPERM:
      return Error::Kind::denied;
    case EISDIR:
    case EOPNOTSUPP:
      return Error::Kind::unsupported;
    default:
      return Error::Kind::failed;
  }
}

std::string remedy_for(int number) {
  switch (number) {
    case EACCES:
      if (::geteuid() != 0) return "run as root, or grant CAP_DAC_READ_SEARCH";
      return "root is refused here: CAP_DAC_READ_SEARCH or CAP_SYS_PTRACE is missing, or a security module forbids it";
    case EPERM:
      return "a security module, a seccomp filter or the file system refuses this even to root: check the confinement "
             "of "
             "plimsoll itself";
    case EMFILE:
    case ENFILE:
      return "raise the limit of open files";
    default:
      return {};
  }
}

}  // namespace

std::string reason(int number) {
  if (number == ELOOP) return "too many symbolic links";
  if (number == ESRCH) return "the process has ended";
  const char* text = ::strerrordesc_np(number);
  if (text == nullptr) return fmt::format("error {}", number);
  std::string words = text;
  // "Permission denied" → "permission denied", but "RPC struct is bad" keeps its capitals.
  if (words.size() > 1 && words[0] >= 'A' && words[0] <= 'Z' && words[1] >= 'a') {
    words[0] = static_cast<char>(words[0] - 'A' + 'a');
  }
  return words;
}

Error system_error(int number, std::string_view doing) {
  // By hand: each file that an audit looks for and does not find comes by here.
  std::string what(doing);
  what.append(": ").append(reason(number));
  return Error{kind_of(number), std::move(what), remedy_for(number)};
}

}  // namespace plimsoll::sources
