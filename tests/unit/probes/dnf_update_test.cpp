#include "engine/probes/dnf_update.hpp"

#include <fmt/core.h>

#include <vector>

#include "tests/support/catch.hpp"
#include "tests/support/packed_bytes.hpp"
#include "tests/support/probe_answer.hpp"
#include "tests/support/rpm_database_bytes.hpp"

using namespace plimsoll;
using namespace plimsoll::probes;
using namespace plimsoll::tests;

namespace {

using Texts = std::vector<std::string>;

constexpr std::int64_t now = 0;  // the clock of ask()

std::string database_of(const Texts& names) {
  std::vector<formats::RpmPackage> packages;
  for (const auto& name : names) packages.push_back(rpm_package_named(name).value());
  return rpm_database_bytes(packages);
}

std::string attributes_of(const formats::RpmPackage& package, std::string_view version, std::string_view release) {
  return fmt::format(R"(epoch="{}" {}="{}" {}="{}")", package.epoch.value_or(0), version, package.version, release,
                     package.release);
}

std::string primary_of(const Texts& names) {
  std::string text = "<metadata>\n";
  for (const auto& name : names) {
    const auto package = rpm_package_named(name).value();
    text += fmt::format("<package type=\"rpm\"><name>{}</name><arch>{}</arch><version {}/></package>\n", package.name,
                        package.architecture, attributes_of(package, "ver", "rel"));
  }
  return text + "</metadata>";
}

std::string advisory_of(std::string_view type, std::string_view id, const Texts& names) {
  std::string text = fmt::format("<update type=\"{}\"><id>{}</id><pkglist><collection>", type, id);
  for (const auto& name : names) {
    const auto package = rpm_package_named(name).value();
    text += fmt::format("<package name=\"{}\" arch=\"{}\" {}/>", package.name, package.architecture,
                        attributes_of(package, "version", "release"));
  }
  return text + "</collection></pkglist></update>";
}

struct Repository {
  std::string id;
  Texts packages;
  std::string settings = {};
  std::string advisories = {};
  std::string modules = {};
  std::string folder = "/var/cache/dnf";
  std::string digits = "0123456789abcdef";
  std::int64_t refreshed = now - 3600;
};

void add_cache(FakeTree& tree, const Repository& repository) {
  const auto folder = fmt::format("{}/{}-{}/repodata", repository.folder, repository.id, repository.digits);
  std::string index = "<repomd>";
  const auto add = [&](std::string_view type, const std::string& content) {
    index += fmt::format("<data type=\"{0}\"><location href=\"repodata/{0}.gz\"/></data>", type);
    tree.files[fmt::format("{}/{}.gz", folder, type)] = {.content = packed_bytes(content, "gzip"),
                                                         .modified = repository.refreshed};
  };
  add("primary", primary_of(repository.packages));
  if (!repository.advisories.empty()) add("updateinfo", "<updates>" + repository.advisories + "</updates>");
  if (!repository.modules.empty()) add("modules", repository.modules);
  tree.files[folder + "/repomd.xml"] = {.content = index + "</repomd>", .modified = repository.refreshed};
}

FakeTree host_with(const Texts& installed, const std::vector<Repository>& repositories, const std::string& main = "") {
  FakeTree tree;
  tree.files["/var/lib/rpm/rpmdb.sqlite"].content = database_of(installed);
  tree.files["/etc/dnf/dnf.conf"].content = "[main]\n" + main;
  for (const auto& repository : repositories) {
    tree.files[fmt::format("/etc/yum.repos.d/{}.repo", repository.id)].content =
        fmt::format("[{}]\nbaseurl=https://example.org/\n{}", repository.id, repository.settings);
    add_cache(tree, repository);
  }
  return tree;
}

ProbeAnswer updates_of(FakeTree tree, const Arguments& arguments = {}) {
  return ask(dnf_update_probe, FakeRoot(std::move(tree)), arguments);
}

Texts available(const ProbeAnswer& answer) {
  Texts found;
  for (std::size_t i = 0; i < answer.records.size(); ++i) {
    found.push_back(fmt::format("{}.{} {}", answer.text("package", i), answer.text("architecture", i),
                                answer.text("available", i)));
  }
  return found;
}

}  // namespace

TEST_CASE("an update is newer, and of the same name and architecture", "[probes][dnf]") {
  const auto answer = updates_of(
      host_with({"bash-5.1.8-9.el9.x86_64", "glibc-2.34-1.x86_64", "glibc-2.34-1.i686", "grub2-common-1:2.06-70.noarch",
                 "tzdata-2025a-1.noarch", "same-1-1.x86_64", "gpg-pubkey-fd431d51-4ae0493b.none"},
                {{"baseos",
                  {"bash-5.1.8-8.el9.x86_64", "bash-5.1.8-10.el9.x86_64", "bash-5.1.8-9.1.el9.x86_64",
                   "bash-6-1.aarch64", "glibc-2.34-2.i686", "grub2-common-2.07-1.noarch", "tzdata-2025b-1.x86_64",
                   "same-1-1.x86_64", "new-1-1.x86_64", "gpg-pubkey-fe-1.none"}}}));
  CHECK_FALSE(answer.failure);
  CHECK(available(answer) == Texts{"bash.x86_64 5.1.8-10.el9", "glibc.i686 2.34-2", "tzdata.noarch 2025b-1"});
  CHECK(answer.text("installed") == "5.1.8-9.el9");
  CHECK(answer.text("repository") == "baseos");
  CHECK(answer.text("refreshed") == "1969-12-31T23:00:00Z");
  CHECK(answer.text("excluded") == "false");
  CHECK(answer.text("security") == "(absent)");
  CHECK(answer.records[0].source == "/var/lib/rpm/rpmdb.sqlite");
  CHECK(answer.records[0].fields[3].source == "/var/cache/dnf/baseos-0123456789abcdef/repodata/primary.gz:3");
  CHECK(answer.looked_at == "compared 6 packages with the lists of 1 repositories, the oldest of 1969-12-31T23:00:00Z");
}

TEST_CASE("of packages that stay beside each other the newest counts", "[probes][dnf]") {
  const Texts installed = {"kernel-5.14.0-427.x86_64", "kernel-5.14.0-503.x86_64", "kernel-5.14.0-70.x86_64"};
  CHECK(updates_of(host_with(installed, {{"r", {"kernel-5.14.0-427.x86_64", "kernel-5.14.0-503.x86_64"}}}))
            .records.empty());
  const auto answer = updates_of(host_with(installed, {{"r", {"kernel-5.14.0-504.x86_64"}}}));
  REQUIRE(answer.records.size() == 1);
  CHECK(answer.text("installed") == "5.14.0-503");
}

TEST_CASE("only the preferred repository that has a package counts", "[probes][dnf]") {
  const Repository base{"base", {"bash-5-2.x86_64"}, "priority=10\n"};
  const Repository extra{"a-extra", {"bash-6-1.x86_64", "zsh-6-1.x86_64"}};
  const auto answer = updates_of(host_with({"bash-5-1.x86_64", "zsh-5-1.x86_64"}, {base, extra}));
  CHECK(available(answer) == Texts{"bash.x86_64 5-2", "zsh.x86_64 6-1"});
  CHECK(updates_of(host_with({"bash-5-2.x86_64"}, {base, extra})).records.empty());
}

TEST_CASE("repositories that are not in use do not count", "[probes][dnf]") {
  const Repository off{"off", {"bash-6-1.x86_64"}, "enabled=0\n"};
  const auto answer = updates_of(host_with({"bash-5-1.x86_64"}, {off, {"on", {"bash-5-1.x86_64"}}}));
  CHECK(answer.records.empty());
  CHECK_FALSE(answer.failure);
  const auto none = updates_of(host_with({"bash-5-1.x86_64"}, {off}));
  REQUIRE(none.failure);
  CHECK(none.failure->kind == Error::Kind::unobservable);
}

TEST_CASE("what the configuration excludes is said to be", "[probes][dnf]") {
  struct Case {
    const char* main;
    const char* own;
    const char* excluded;
    const char* source;
  };
  const auto c = GENERATE(values<Case>({
      {"", "", "false", ""},
      {"exclude=zsh ba*\n", "", "true", "/etc/dnf/dnf.conf:2"},
      {"excludepkgs=bash.x86_64\n", "", "true", "/etc/dnf/dnf.conf:2"},
      {"excludepkgs=bash.i686\n", "", "false", ""},
      {"excludepkgs=bash-6-*\n", "", "true", "/etc/dnf/dnf.conf:2"},
      {"excludepkgs=bash-5-*\n", "", "false", ""},
      {"excludepkgs=bash\ndisable_excludes=main\n", "", "false", ""},
      {"", "exclude=bash\n", "true", "/etc/yum.repos.d/r.repo:3"},
      {"disable_excludes=r\n", "exclude=bash\n", "false", ""},
      {"", "includepkgs=zsh\n", "true", "/etc/yum.repos.d/r.repo:3"},
      {"", "includepkgs=zsh,bash\n", "false", ""},
      {"includepkgs=bash\n", "includepkgs=zsh\n", "false", ""},
  }));
  CAPTURE(c.main, c.own);
  const auto answer = updates_of(host_with({"bash-5-1.x86_64"}, {{"r", {"bash-6-1.x86_64"}, c.own}}, c.main));
  CHECK(available(answer) == Texts{"bash.x86_64 6-1"});
  CHECK(answer.text("excluded") == c.excluded);
  CHECK(answer.records[0].fields[6].source == c.source);
}

TEST_CASE("a version that is excluded hides none that is not", "[probes][dnf]") {
  const auto answer =
      updates_of(host_with({"bash-5-1.x86_64"}, {{"r", {"bash-6-1.x86_64", "bash-5-2.x86_64"}}}, "exclude=bash-6-*\n"));
  CHECK(available(answer) == Texts{"bash.x86_64 5-2"});
  CHECK(answer.text("excluded") == "false");
}

TEST_CASE("version locks let only their versions through", "[probes][dnf]") {
  auto tree = host_with({"bash-5-1.x86_64", "zsh-5-1.x86_64", "vim-5-1.x86_64"},
                        {{"r", {"bash-6-1.x86_64", "zsh-6-1.x86_64", "vim-6-1.x86_64"}}});
  tree.files["/etc/dnf/plugins/versionlock.conf"].content = "[main]\nenabled = 1\nlocklist = /etc/lock.list\n";
  tree.files["/etc/lock.list"].content = "# one\nbash-0:5-1.*\nzsh-0:6-1.*\n!vim-0:6-1.*\n";
  const auto answer = updates_of(tree);
  CHECK(answer.texts("excluded") == Texts{"true", "true", "false"});
  CHECK(answer.texts("package") == Texts{"bash", "vim", "zsh"});
  CHECK(answer.records[0].fields[6].source == "/etc/lock.list:2");
  tree.files["/etc/lock.list"].trouble = FakeFile::Trouble::denied;
  CHECK(updates_of(tree).text("excluded") == "(unreadable: denied)");
  tree.files["/etc/dnf/plugins/versionlock.conf"].content = "[main]\nenabled = 0\nlocklist = /etc/lock.list\n";
  CHECK(updates_of(tree).text("excluded") == "false");
  tree.files["/etc/dnf/versionlock.toml"].content = "version = \"1.0\"\n";
  CHECK(updates_of(tree).text("excluded") == "(unreadable: unsupported)");
}

TEST_CASE("advisories on security that an update brings are named", "[probes][dnf]") {
  Repository repository{"r", {"bash-5-4.x86_64", "zsh-6-1.x86_64"}};
  repository.advisories = advisory_of("security", "S-1", {"bash-5-1.x86_64"}) +
                          advisory_of("security", "S-2", {"bash-5-3.x86_64"}) +
                          advisory_of("security", "S-3", {"bash-5-5.x86_64", "bash-5-3.i686"}) +
                          advisory_of("security", "S-4", {"bash-5-4.x86_64"}) +
                          advisory_of("bugfix", "B-1", {"bash-5-4.x86_64", "zsh-6-1.x86_64"});
  auto tree = host_with({"bash-5-1.x86_64", "zsh-5-1.x86_64"}, {repository});
  const auto answer = updates_of(tree);
  CHECK(answer.texts("security") == Texts{"true", "false"});
  CHECK(answer.texts("advisories") == Texts{"S-2, S-4", ""});
  tree.files["/var/cache/dnf/r-0123456789abcdef/repodata/updateinfo.gz"].content = "x";
  const auto damaged = updates_of(tree);
  CHECK(damaged.text("security") == "(unreadable: malformed)");
  CHECK_FALSE(damaged.failure);
}

TEST_CASE("packages of modules count for nothing where no stream is active, and are in doubt where one is",
          "[probes][dnf]") {
  Repository repository{"r", {"node-18-1.module+el9.x86_64", "node-16-2.el9.x86_64", "php-8-1.module+el9.x86_64"}};
  repository.modules = "document: modulemd\n";
  const Texts installed = {"node-16-1.el9.x86_64", "php-7-1.el9.x86_64"};
  auto tree = host_with(installed, {repository});
  CHECK(available(updates_of(tree)) == Texts{"node.x86_64 16-2.el9"});
  tree.files["/etc/dnf/modules.d/other.module"].content = "[other]\nname=other\nstate=disabled\n";
  CHECK(available(updates_of(tree)).size() == 1);
  tree.files["/etc/dnf/modules.d/other.module"].content = "[other]\nname=other\nstate=enabled\n";
  const Texts in_doubt = {"node.x86_64 (unreadable: unsupported)", "php.x86_64 (unreadable: unsupported)"};
  CHECK(available(updates_of(tree)) == in_doubt);
  repository.modules = "document: modulemd\n---\ndocument: modulemd-defaults\n";
  CHECK(available(updates_of(host_with(installed, {repository}))) == in_doubt);
}

TEST_CASE("of several caches the one that was refreshed last counts", "[probes][dnf]") {
  auto tree = host_with({"bash-5-1.x86_64"}, {{"r", {"bash-6-1.x86_64"}}});
  add_cache(tree, {.id = "r", .packages = {"bash-5-1.x86_64"}, .digits = "fedcba9876543210", .refreshed = now - 60});
  CHECK(updates_of(tree).records.empty());
  add_cache(tree, {.id = "r", .packages = {"bash-7-1.x86_64"}, .folder = "/var/cache/libdnf5", .refreshed = now - 50});
  CHECK(available(updates_of(tree)) == Texts{"bash.x86_64 7-1"});
  add_cache(tree, {.id = "r-more", .packages = {"bash-8-1.x86_64"}, .refreshed = now});
  CHECK(available(updates_of(tree)) == Texts{"bash.x86_64 7-1"});
}

TEST_CASE("lists that dnf found to be those of the repository still are as fresh as that", "[probes][dnf]") {
  auto tree = host_with({"bash-5.1.8-9.el9.x86_64"},
                        {{.id = "base", .packages = {"bash-5.1.8-10.el9.x86_64"}, .refreshed = now - 900'000}});
  const std::string primary = "/var/cache/dnf/base-0123456789abcdef/repodata/primary.gz";
  tree.files[primary].modified = now - 60;
  const auto answer = updates_of(tree, {{"within_days", std::int64_t{1}}});
  CHECK_FALSE(answer.failure);
  CHECK(answer.looked_at_source == primary);
}

TEST_CASE("a repository of hotfixes has its packages count whatever streams are enabled", "[probes][dnf]") {
  const auto answer =
      updates_of(host_with({"node-16.0-1.el9.x86_64"}, {{.id = "hot",
                                                         .packages = {"node-18.0-1.module+el9.1.x86_64"},
                                                         .settings = "module_hotfixes=1\n",
                                                         .modules = "document: modulemd\n"}}));
  CHECK(available(answer) == Texts{"node.x86_64 18.0-1.module+el9.1"});
}

TEST_CASE("a pattern with a variable leaves open what it excludes", "[probes][dnf]") {
  const auto answer = updates_of(host_with(
      {"bash-5.1.8-9.el9.x86_64"}, {{.id = "base", .packages = {"bash-5.1.8-10.el9.x86_64"}}}, "excludepkgs=b$name\n"));
  CHECK(answer.text("excluded") == "(unreadable: unsupported)");
}

TEST_CASE("dnf keeps its caches where cachedir says", "[probes][dnf]") {
  CHECK(available(updates_of(host_with(
            {"bash-5-1.x86_64"}, {{.id = "r", .packages = {"bash-6-1.x86_64"}, .folder = "/c"}}, "cachedir=/c\n"))) ==
        Texts{"bash.x86_64 6-1"});
  const auto variable = updates_of(host_with({"bash-5-1.x86_64"}, {{"r", {}}}, "cachedir=/var/cache/$basearch\n"));
  REQUIRE(variable.failure);
  CHECK(variable.failure->kind == Error::Kind::unsupported);
}

TEST_CASE("lists that are too old tell no good news, and their bad news all the same", "[probes][dnf]") {
  const Repository old{.id = "r", .packages = {"bash-6-1.x86_64"}, .refreshed = now - 8 * 86'400};
  const auto tree = host_with({"bash-5-1.x86_64"}, {old, {"other", {}}});
  CHECK_FALSE(updates_of(tree).failure);
  CHECK_FALSE(updates_of(tree, {{"within_days", std::int64_t{9}}}).failure);
  const auto answer = updates_of(tree, {{"within_days", std::int64_t{7}}});
  CHECK(answer.records.size() == 1);
  REQUIRE(answer.failure);
  CHECK(answer.failure->what ==
        "the lists of repository r were brought up to date 1969-12-24T00:00:00Z, not within 7 days");
  const Repository to_come{.id = "r", .packages = {}, .refreshed = now + 2 * 86'400};
  CHECK(updates_of(host_with({"bash-5-1.x86_64"}, {to_come}), {{"within_days", std::int64_t{7}}}).failure);
}

TEST_CASE("what cannot be read is an error, beside what can", "[probes][dnf]") {
  const auto whole = host_with({"bash-5-1.x86_64"}, {{"a", {"bash-6-1.x86_64"}}, {"b", {}}});
  const std::string b = "/var/cache/dnf/b-0123456789abcdef/repodata/";
  struct Case {
    std::string path;
    FakeFile file;
    Error::Kind kind;
  };
  const std::vector<Case> cases = {
      {b + "repomd.xml", {.trouble = FakeFile::Trouble::vanishes}, Error::Kind::unobservable},
      {b + "repomd.xml", {.trouble = FakeFile::Trouble::denied}, Error::Kind::denied},
      {b + "repomd.xml", {.content = "x"}, Error::Kind::malformed},
      {b + "repomd.xml", {.content = "<repomd/>"}, Error::Kind::malformed},
      {b + "repomd.xml",
       {.content = "<repomd><data type='primary'><location href='../../x'/></data></repomd>"},
       Error::Kind::unsupported},
      {b + "primary.gz", {.trouble = FakeFile::Trouble::denied}, Error::Kind::denied},
      {b + "primary.gz", {.trouble = FakeFile::Trouble::vanishes}, Error::Kind::unobservable},
      {b + "primary.gz", {.content = packed_bytes("<metadata>", "gzip")}, Error::Kind::malformed},
      {b + "primary.gz", {.content = packed_bytes("<metadata/>", "gzip").substr(0, 20)}, Error::Kind::malformed},
      {b + "primary.gz", {.content = packed_bytes(std::string(64U << 20U, ' '), "xz")}, Error::Kind::too_large},
      {b + "primary.gz", {.content = "BZh91AY"}, Error::Kind::unsupported},
      {"/etc/yum.repos.d/b.repo", {.content = "[b]\npriority=first\n"}, Error::Kind::malformed},
      {"/etc/yum.repos.d/b.repo", {.content = "[b]\nenabled=perhaps\n"}, Error::Kind::malformed},
      {"/etc/yum.repos.d/b.repo", {.content = "[b-$releasever]\n"}, Error::Kind::unsupported},
  };
  for (const auto& c : cases) {
    auto tree = whole;
    tree.files[c.path] = c.file;
    const auto answer = updates_of(tree);
    CAPTURE(c.path, c.file.content.substr(0, 80));
    CHECK(answer.records.size() == 1);
    REQUIRE(answer.failure);
    CHECK(answer.failure->kind == c.kind);
  }
}

TEST_CASE("without an rpm database, or with one that is damaged, nothing can be told", "[probes][dnf]") {
  auto tree = host_with({}, {{"a", {"bash-6-1.x86_64"}}});
  tree.files["/var/lib/rpm/rpmdb.sqlite"].content = "x";
  const auto damaged = updates_of(tree);
  REQUIRE(damaged.failure);
  CHECK(damaged.failure->kind == Error::Kind::malformed);
  tree.files.erase("/var/lib/rpm/rpmdb.sqlite");
  const auto missing = updates_of(tree);
  REQUIRE(missing.failure);
  CHECK(missing.failure->kind == Error::Kind::not_found);
}

TEST_CASE("a list that only zchunk packs is said to be one", "[probes][dnf]") {
  auto tree = host_with({"bash-5-1.x86_64"}, {{"a", {}}});
  const std::string folder = "/var/cache/dnf/a-0123456789abcdef/repodata/";
  tree.files[folder + "repomd.xml"].content =
      "<repomd><data type='primary'><location href='repodata/p.gz'/></data>"
      "<data type='primary_zck'><location href='repodata/p.zck'/></data></repomd>";
  tree.files[folder + "p.zck"].content = "x";
  const auto answer = updates_of(tree);
  REQUIRE(answer.failure);
  CHECK(answer.failure->kind == Error::Kind::unsupported);
}
