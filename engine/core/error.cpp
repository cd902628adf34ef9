#include "engine/core/error.hpp"

namespace plimsoll {

const char* name_of(Error::Kind kind) {
  switch (kind) {
    case Error::Kind::not_found:
      return "not_found";
    case Error::Kind::denied:
      return "denied";
    case Error::Kind::malformed:
      return "malformed";
    case Error::Kind::too_large:
      return "too_large";
    case Error::Kind::timed_out:
      return "timed_out";
    case Error::Kind::unsupported:
      return "unsupported";
    case Error::Kind::unobservable:
      return "unobservable";
    case Error::Kind::failed:
      return "failed";
  }
  return "failed";
}

}  // namespace plimsoll
