#include <algorithm>
#include <array>
#include <utility>

#include "engine/sources/mounts.hpp"

namespace plimsoll::sources {
namespace {

constexpr std::string_view kernel_interface = "kernel interface, not a local file system";
constexpr std::string_view network = "network file system";
constexpr std::string_view on_demand = "mounted on demand, by looking";
constexpr std::string_view served = "served by a program, possibly from another machine";

struct Known {
  std::string_view type;
  std::string_view why;
};
constexpr std::array not_walked = std::to_array<Known>({
    {"9p", network},
    {"afs", network},
    {"autofs", on_demand},
    {"beegfs", network},
    {"binder", kernel_interface},
    {"binfmt_misc", kernel_interface},
    {"bpf", kernel_interface},
    {"ceph", network},
    {"cgroup", kernel_interface},
    {"cgroup2", kernel_interface},
    {"cifs", network},
    {"coda", network},
    {"configfs", kernel_interface},
    {"debugfs", kernel_interface},
    {"devpts", kernel_interface},
    {"efivarfs", kernel_interface},
    {"fuse", served},
    {"fusectl", kernel_interface},
    {"gfs2", network},
    {"gpfs", network},
    {"hugetlbfs", kernel_interface},
    {"lustre", network},
    {"mqueue", kernel_interface},
    {"ncpfs", network},
    {"nfs", network},
    {"nfs4", network},
    {"nfsd", kernel_interface},
    {"nsfs", kernel_interface},
    {"ocfs2", network},
    {"orangefs", network},
    {"proc", kernel_interface},
    {"pstore", kernel_interface},
    {"resctrl", kernel_interface},
    {"rpc_pipefs", kernel_interface},
    {"securityfs", kernel_interface},
    {"selinuxfs", kernel_interface},
    {"smackfs", kernel_interface},
    {"smb3", network},
    {"smbfs", network},
    {"sysfs", kernel_interface},
    {"tracefs", kernel_interface},
    {"vboxsf", network},
    {"virtiofs", network},
    {"xenfs", kernel_interface},
});

// linux/magic.h, and the file systems' own sources for those that are not in it.
constexpr std::array magics = std::to_array<std::pair<std::uint64_t, std::string_view>>({
    {0x9fa0, "proc"},
    {0x62656572, "sysfs"},
    {0x27e0eb, "cgroup"},
    {0x63677270, "cgroup2"},
    {0x1cd1, "devpts"},
    {0x73636673, "securityfs"},
    {0x64626720, "debugfs"},
    {0x74726163, "tracefs"},
    {0xcafe4a11, "bpf"},
    {0x62656570, "configfs"},
    {0xf97cff8c, "selinuxfs"},
    {0x43415d53, "smackfs"},
    {0x42494e4d, "binfmt_misc"},
    {0x6165676c, "pstore"},
    {0xde5e81e4, "efivarfs"},
    {0x19800202, "mqueue"},
    {0x958458f6, "hugetlbfs"},
    {0x6e736673, "nsfs"},
    {0x67596969, "rpc_pipefs"},
    {0x65735543, "fusectl"},
    {0x7655821, "resctrl"},
    {0x6969, "nfs"},
    {0xff534d42, "cifs"},
    {0xfe534d42, "smb3"},
    {0x517b, "smbfs"},
    {0x564c, "ncpfs"},
    {0x01021997, "9p"},
    {0x00c36400, "ceph"},
    {0x5346414f, "afs"},
    {0x6b414653, "afs"},
    {0x73757245, "coda"},
    {0x0bd00bd0, "lustre"},
    {0x01161970, "gfs2"},
    {0x7461636f, "ocfs2"},
    {0x65735546, "fuse"},
    {0x0187, "autofs"},
    {0x786f4256, "vboxsf"},
    {0xef53, "ext4"},
    {0x58465342, "xfs"},
    {0x9123683e, "btrfs"},
    {0x2fc12fc1, "zfs"},
    {0x794c7630, "overlay"},
    {0x01021994, "tmpfs"},
    {0x4d44, "vfat"},
    {0x73717368, "squashfs"},
    {0xe0f5e1e2, "erofs"},
    {0xf2f52010, "f2fs"},
    {0x858458f6, "ramfs"},
    {0x9660, "iso9660"},
    {0xca451a4e, "bcachefs"},
});

}  // namespace

std::string_view why_not_walked(std::string_view type) {
  if (type.starts_with("fuse.")) return served;
  const auto* found =
      std::find_if(not_walked.begin(), not_walked.end(), [&](const Known& k) { return k.type == type; });
  return found == not_walked.end() ? std::string_view{} : found->why;
}

std::string_view type_of_magic(std::uint64_t magic) {
  const auto* found =
      std::find_if(magics.begin(), magics.end(), [&](const auto& known) { return known.first == magic; });
  return found == magics.end() ? std::string_view{} : found->second;
}

}  // namespace plimsoll::sources
