#include "engine/probes/registries.hpp"

#include "engine/probes/registry_server.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/probe_answer.hpp"
#include "tests/support/world.hpp"
#include "tests/support/yaml_text.hpp"

using namespace plimsoll;
using namespace plimsoll::tests;
using probes::registry_client_probe;
using probes::registry_credentials_probe;
using probes::registry_policy_probe;
using probes::registry_search_probe;
using probes::registry_server_probe;

namespace {

struct File {
  std::string path;
  std::string text;
};

FakeRoot root_of(const std::vector<File>& files, const std::string& more = {}, const std::string& packages = {}) {
  std::string world = packages +
                      "files:\n  /proc/1/status: "
                      "\"Name:\\tinit\\nState:\\tS\\nPPid:\\t0\\nUid:\\t0\\t0\\t0\\t0\\nGid:\\t0\\t0\\t0\\t0\\n\"\n"
                      "  /etc/passwd: \"root:x:0:0::/root:/bin/sh\\nu:x:1000:1000::/home/u:/bin/sh\\n\"\n";
  for (const auto& [path, text] : files) world += "  " + path + ": " + yaml_text(text) + "\n";
  return FakeRoot(tree_of(world_of(world + more)));
}

}  // namespace

TEST_CASE("registries.conf says which registries are insecure or blocked", "[probes]") {
  struct Case {
    const char* what;
    const char* file;
    std::vector<std::string> names;
    std::vector<std::string> insecure;
    std::vector<std::string> blocked;
  };
  const auto c = GENERATE(values<Case>({
      {"version 2",
       "[[registry]]\nlocation = \"a\"\ninsecure = true\n[[registry]]\nprefix = \"b\"\nblocked = "
       "true\n[[registry.mirror]]\nlocation = \"m\"\ninsecure = true\n",
       {"a", "b", "b"},
       {"true", "false", "true"},
       {"false", "true", "true"}},
      {"version 1",
       "[registries.insecure]\nregistries = [\"a\"]\n[registries.block]\nregistries = [\"a\", \"b\"]\n",
       {"a", "b"},
       {"true", "false"},
       {"true", "true"}},
      {"a prefix twice",
       "[[registry]]\nlocation = \"a\"\ninsecure = true\n[[registry]]\nlocation = \"a\"\n",
       {"a"},
       {"false"},
       {"false"}},
      {"nothing", "unqualified-search-registries = []\n", {}, {}, {}},
  }));
  CAPTURE(c.what);
  const auto answer = ask(registry_client_probe, root_of({{"/etc/containers/registries.conf", c.file}}));
  CHECK_FALSE(answer.failure.has_value());
  CHECK(answer.texts("registry") == c.names);
  CHECK(answer.texts("insecure") == c.insecure);
  CHECK(answer.texts("blocked") == c.blocked);
}

TEST_CASE("a drop-in of registries.conf replaces a registry, and a user's own file all of them", "[probes]") {
  const auto answer = ask(
      registry_client_probe,
      root_of({{"/etc/containers/registries.conf", "[[registry]]\nlocation = \"a\"\ninsecure = true\n"},
               {"/etc/containers/registries.conf.d/x.conf", "[[registry]]\nlocation = \"a\"\n"},
               {"/home/u/.config/containers/registries.conf", "[[registry]]\nlocation = \"b\"\ninsecure = true\n"}}));
  CHECK(answer.texts("user") == std::vector<std::string>{"root", "u"});
  CHECK(answer.texts("registry") == std::vector<std::string>{"a", "b"});
  CHECK(answer.texts("insecure") == std::vector<std::string>{"false", "true"});
  CHECK(answer.records.at(1).source == "/home/u/.config/containers/registries.conf:3");
}

TEST_CASE("a registries.conf that would be refused is an error", "[probes]") {
  for (const char* text :
       {"[[registry]]\ninsecure = true\n", "[[registry]]\nlocation = \"a\"\ninsecure = \"yes\"\n",
        "[registries.search]\nregistries = \"a\"\n",
        "[[registry]]\nlocation = \"a\"\n[registries.insecure]\nregistries = []\n", "short-name-mode = \"x\"\n", "a"}) {
    CAPTURE(text);
    const auto answer = ask(registry_client_probe, root_of({{"/etc/containers/registries.conf", text}}));
    REQUIRE(answer.failure.has_value());
    CHECK(answer.failure->kind == Error::Kind::malformed);
    CHECK(answer.failure->what.find("/etc/containers/registries.conf:") == 0);
    CHECK(ask(registry_search_probe, root_of({{"/etc/containers/registries.conf", text}})).text("search_count") ==
          "(unreadable: malformed)");
  }
  CHECK(ask(registry_client_probe,
            root_of({}, "  /etc/containers/registries.conf.d: { type: directory, error: denied }\n"))
            .failure.has_value());
}

TEST_CASE("what a name without a registry stands for", "[probes]") {
  const auto answer =
      ask(registry_search_probe,
          root_of({{"/etc/containers/registries.conf", "unqualified-search-registries = [\"a\", \"b\"]\n"},
                   {"/etc/containers/registries.conf.d/x.conf", "short-name-mode = \"enforcing\"\n"}}));
  CHECK(answer.text("search_registries") == "a, b");
  CHECK(answer.text("search_count") == "2");
  CHECK(answer.text("short_name_mode") == "enforcing");
  CHECK(ask(registry_search_probe, root_of({})).records.empty());
  CHECK(ask(registry_search_probe, root_of({{"/etc/containers/registries.conf", ""}})).text("short_name_mode") ==
        "permissive");
}

TEST_CASE("containerd's registries stand in hosts.toml files", "[probes]") {
  const std::vector<File> files = {
      {"/etc/containerd/config.toml",
       "version = 3\n[plugins.\"io.containerd.cri.v1.images\".registry]\nconfig_path = \"/c\"\n"},
      {"/c/docker.io/hosts.toml",
       "server = \"https://registry-1.docker.io\"\n[host.\"http://m:5000\"]\ncapabilities = "
       "[\"pull\"]\n[host.\"https://n\"]\nskip_verify = true\n"},
      {"/c/_default/hosts.toml", "skip_verify = true\n"},
      {"/c/broken/hosts.toml", "x"}};
  const auto answer = ask(registry_client_probe, root_of(files));
  CHECK(answer.texts("registry") == std::vector<std::string>{"_default", "docker.io", "docker.io", "docker.io"});
  CHECK(answer.texts("endpoint") ==
        std::vector<std::string>{"https://_default", "https://registry-1.docker.io", "http://m:5000", "https://n"});
  CHECK(answer.texts("insecure") == std::vector<std::string>{"true", "false", "true", "true"});
  CHECK(answer.texts("plain_http") == std::vector<std::string>{"false", "false", "true", "false"});
  CHECK(answer.texts("mirror") == std::vector<std::string>{"false", "false", "true", "true"});
  CHECK(answer.text("capabilities", 2) == "pull");
  CHECK(answer.failure.has_value());
}

TEST_CASE("containerd's registries may stand in its own configuration", "[probes]") {
  const std::string old =
      "version = 2\n[plugins.\"io.containerd.grpc.v1.cri\".registry.mirrors.\"a\"]\nendpoint = [\"http://b\", "
      "\"https://c\"]\n"
      "[plugins.\"io.containerd.grpc.v1.cri\".registry.configs.\"d\".tls]\ninsecure_skip_verify = true\n";
  const auto one = ask(registry_client_probe, root_of({{"/etc/containerd/config.toml", old}}, {},
                                                      "packages: { containerd: { version: 1.6.20 } }\n"));
  CHECK(one.texts("endpoint") == std::vector<std::string>{"http://b", "https://c", "https://d"});
  CHECK(one.texts("insecure") == std::vector<std::string>{"true", "false", "true"});
  CHECK(one.records.at(2).source == "/etc/containerd/config.toml:5");
  const auto two = ask(registry_client_probe, root_of({{"/etc/containerd/config.toml", old}}, {},
                                                      "packages: { containerd: { version: 2.1.0 } }\n"));
  CHECK(two.texts("endpoint") == std::vector<std::string>{"http://b", "https://c"});
}

TEST_CASE("since 2.2 containerd looks into the usual directories where nothing is said", "[probes]") {
  const std::vector<File> files = {{"/etc/containerd/config.toml", "version = 3\n"},
                                   {"/etc/containerd/certs.d/a/hosts.toml", "skip_verify = true\n"}};
  CHECK(ask(registry_client_probe, root_of(files, {}, "packages: { containerd.io: { version: 2.2.0-1 } }\n"))
            .records.size() == 1);
  CHECK(ask(registry_client_probe, root_of(files, {}, "packages: { containerd.io: { version: 2.1.0-1 } }\n"))
            .records.empty());
  const auto unknown = ask(registry_client_probe, root_of(files));
  CHECK(unknown.records.empty());
  REQUIRE(unknown.failure.has_value());
  CHECK(unknown.failure->kind == Error::Kind::unobservable);
}

TEST_CASE("policy.json says what is asked of images", "[probes]") {
  const auto answer = ask(
      registry_policy_probe,
      root_of({{"/etc/containers/policy.json",
                "{\"default\": [{\"type\": \"reject\"}],\n\"transports\": {\"docker\": {\n\"a\": [{\"type\": "
                "\"signedBy\", \"keyType\": \"GPGKeys\"}, {\"type\": \"insecureAcceptAnything\"}],\n"
                "\"\": [{\"type\": \"insecureAcceptAnything\"}]}}}"},
               {"/home/u/.config/containers/policy.json", "{\"default\": [{\"type\": \"insecureAcceptAnything\"}]}"}}));
  CHECK(answer.texts("user") == std::vector<std::string>{"root", "root", "root", "u"});
  CHECK(answer.texts("transport") == std::vector<std::string>{"", "docker", "docker", ""});
  CHECK(answer.texts("scope") == std::vector<std::string>{"", "a", "", ""});
  CHECK(answer.texts("rejects") == std::vector<std::string>{"true", "false", "false", "false"});
  CHECK(answer.texts("verifies") == std::vector<std::string>{"false", "true", "false", "false"});
  CHECK(answer.texts("accepts_anything") == std::vector<std::string>{"false", "false", "true", "true"});
  CHECK(answer.records.at(1).source == "/etc/containers/policy.json:3");
}

TEST_CASE("a policy.json that would be refused is an error", "[probes]") {
  for (const char* text : {"{}", "{\"default\": []}", "{\"default\": [{}]}", "x",
                           "{\"default\": [{\"type\": \"reject\"}], \"transports\": {\"docker\": {\"\": {}}}}"}) {
    CAPTURE(text);
    CHECK(ask(registry_policy_probe, root_of({{"/etc/containers/policy.json", text}})).failure.has_value());
  }
  CHECK_FALSE(ask(registry_policy_probe, root_of({})).failure.has_value());
}

TEST_CASE("passwords for registries are counted, never told", "[probes]") {
  struct Case {
    const char* what;
    const char* path;
    const char* text;
    const char* plain;
    const char* helpers;
  };
  const auto c = GENERATE(values<Case>({
      {"a password", "/root/.docker/config.json", "{\"auths\": {\"a\": {\"auth\": \"aHVudGVyMg==\"}}}", "true", ""},
      {"a token", "/root/.docker/config.json", "{\"auths\": {\"a\": {\"identitytoken\": \"hunter2\"}}}", "true", ""},
      {"a helper of all", "/root/.docker/config.json", "{\"auths\": {\"a\": {}}, \"credsStore\": \"pass\"}", "false",
       "pass"},
      {"a helper of one", "/root/.config/containers/auth.json",
       "{\"auths\": {\"a\": {\"auth\": \"x\"}}, \"credHelpers\": {\"b\": \"secretservice\"}}", "true", "secretservice"},
      {"of the time until the next boot", "/run/containers/0/auth.json",
       "{\"auths\": {\"a\": {\"auth\": \"hunter2\"}}}", "true", ""},
      {"the old layout", "/home/u/.dockercfg", "{\"a\": {\"auth\": \"hunter2\", \"email\": \"x\"}}", "true", ""},
      {"of the kubelet", "/var/lib/kubelet/config.json",
       "{\"auths\": {\"a\": {\"username\": \"x\", \"password\": \"hunter2\"}}}", "true", ""},
      {"nothing", "/root/.docker/config.json", "{}", "false", ""},
      {"no JSON", "/root/.docker/config.json", "{\"auths\": hunter2", "(unreadable: malformed)",
       "(unreadable: malformed)"},
  }));
  CAPTURE(c.what);
  const auto answer = ask(registry_credentials_probe, root_of({{c.path, c.text}}));
  REQUIRE(answer.records.size() == 1);
  CHECK(answer.text("path") == c.path);
  CHECK(answer.text("stores_plain_password") == c.plain);
  CHECK(answer.text("helpers") == c.helpers);
  CHECK(answer.text("mode") == "0644");
  for (const auto& field : answer.records[0].fields) {
    if (const auto* value = field.value()) CHECK(to_text(*value, ValueType::text).find("hunter2") == std::string::npos);
    if (const auto* why = field.unreadable()) CHECK(why->what.find("hunter2") == std::string::npos);
  }
}

TEST_CASE("credentials that cannot be read", "[probes]") {
  const auto answer =
      ask(registry_credentials_probe, root_of({}, "  /root/.docker/config.json: { mode: \"0000\", content: x }\n"));
  CHECK(answer.text("stores_plain_password") == "(unreadable: denied)");
  CHECK(answer.text("mode") == "0000");
  CHECK(ask(registry_credentials_probe, root_of({}, "  /home/u: { type: directory, error: denied }\n"))
            .failure.has_value());
}

TEST_CASE("what a registry of this host serves, and how", "[probes]") {
  const std::string text =
      "version: 0.1\nlog: { level: debug }\nstorage:\n  delete: { enabled: true }\n  maintenance: { readonly: { "
      "enabled: false } }\nauth:\n  htpasswd: { realm: x, path: /p }\n"
      "http:\n  addr: :5000\n  secret: hunter2\n  tls: { certificate: /c, key: /k, clientcas: [/a], minimumtls: tls1.2 "
      "}\n  debug: { addr: \":5001\" }\n"
      "proxy: { remoteurl: \"https://registry-1.docker.io\", username: u, password: hunter2 }\n";
  const auto answer = ask(registry_server_probe, root_of({{"/etc/docker/registry/config.yml", text}}));
  REQUIRE(answer.records.size() == 1);
  CHECK(answer.text("address") == ":5000");
  CHECK(answer.text("loopback") == "false");
  CHECK(answer.text("tls") == "true");
  CHECK(answer.text("tls_minimum") == "tls1.2");
  CHECK(answer.text("client_authorities") == "/a");
  CHECK(answer.text("authentication") == "htpasswd");
  CHECK(answer.text("http_secret_set") == "true");
  CHECK(answer.text("delete_enabled") == "true");
  CHECK(answer.text("read_only") == "false");
  CHECK(answer.text("proxy_of") == "https://registry-1.docker.io");
  CHECK(answer.text("proxy_stores_password") == "true");
  CHECK(answer.text("debug_address") == ":5001");
  CHECK(answer.text("log_level") == "debug");
  for (const auto& field : answer.records[0].fields) {
    if (const auto* value = field.value()) CHECK(to_text(*value, ValueType::text).find("hunter2") == std::string::npos);
  }
}

TEST_CASE("a registry of this host that runs names its configuration", "[probes]") {
  const auto root =
      root_of({{"/x.yml", "http: { addr: \"127.0.0.1:5000\" }\n"}},
              "  /proc/9/status: "
              "\"Name:\\tregistry\\nState:\\tS\\nPPid:\\t1\\nUid:\\t0\\t0\\t0\\t0\\nGid:\\t0\\t0\\t0\\t0\\n\"\n"
              "  /proc/9/cmdline: \"registry\\0serve\\0/x.yml\\0\"\n"
              "  /usr/lib/systemd/system/docker-registry.service: \"[Service]\\nExecStart=/usr/bin/docker-registry "
              "serve /y.yml\\n\"\n");
  const auto answer = ask(registry_server_probe, root);
  CHECK(answer.texts("path") == std::vector<std::string>{"/x.yml", "/y.yml"});
  CHECK(answer.texts("running") == std::vector<std::string>{"true", "false"});
  CHECK(answer.texts("loopback") == std::vector<std::string>{"true", "(unreadable: not_found)"});
  CHECK(answer.text("tls") == "false");
  CHECK(answer.text("authentication").empty());
  CHECK(answer.text("debug_address") == "(absent)");
  CHECK(ask(registry_server_probe, root_of({})).records.empty());
  CHECK(ask(registry_server_probe, root_of({{"/etc/distribution/config.yml", "a: [\n"}})).text("tls") ==
        "(unreadable: malformed)");
}
