#include "engine/probes/kernel_release.hpp"

#include "engine/core/text.hpp"

namespace plimsoll::probes {

namespace {

struct KernelRelease {
  Result<std::string> text;
};

}  // namespace

const Result<std::string>& kernel_release_of(const sources::Sources& sources) {
  return sources.memo
      .get<KernelRelease>([&] {
        auto text = sources.root.read("/proc/sys/kernel/osrelease", sources::max_proc_bytes);
        if (text) *text = std::string(trimmed(*text));
        return KernelRelease{std::move(text)};
      })
      .text;
}

}  // namespace plimsoll::probes
