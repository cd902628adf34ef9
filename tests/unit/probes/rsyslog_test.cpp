#include "engine/probes/rsyslog.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/probe_answer.hpp"
#include "tests/support/world.hpp"

using namespace plimsoll;
using namespace plimsoll::tests;
using probes::rsyslog_action_probe;
using probes::rsyslog_input_probe;
using probes::rsyslog_probe;

namespace {

FakeRoot root_of(const std::string& files) {
  return FakeRoot(tree_of(world_of("files: {" + files + "}")));
}

FakeRoot with_config(const std::string& text) {
  return root_of("/etc/rsyslog.conf: \"" + text + "\"");
}

std::string place(const ProbeAnswer& answer, std::string_view field, std::size_t record = 0) {
  return answer.records.at(record).fields.at(static_cast<std::size_t>(field_index(*answer.schema, field))).source;
}

using List = std::vector<std::string>;

}  // namespace

TEST_CASE("a file gets the mode that is in force where its action stands", "[probes]") {
  struct Case {
    const char* what;
    const char* text;
    List modes;
  };
  const auto c = GENERATE(values<Case>({
      {"nothing is said", "*.* /a\\n", {"0644"}},
      {"the directive before", "$FileCreateMode 0640\\n*.* /a\\n", {"0640"}},
      {"the directive after", "*.* /a\\n$FileCreateMode 0640\\n*.* /b\\n", {"0644", "0640"}},
      {"no octal number", "$FileCreateMode 0640\\n$FileCreateMode abc\\n*.* /a\\n", {"0640"}},
      {"reset", "$FileCreateMode 0600\\n$ResetConfigVariables\\n*.* /a\\n", {"0644"}},
      {"an object does not mind the directive", "$FileCreateMode 0640\\naction(type='omfile' file='/a')\\n", {"0644"}},
      {"an object's own", "action(type='omfile' file='/a' FileCreateMode='0600')\\n", {"0600"}},
      {"the module's",
       "module(load='builtin:omfile' fileCreateMode='0640')\\naction(type='omfile' file='/a')\\n*.* /b\\n",
       {"0640", "0644"}},
      {"the umask", "$FileCreateMode 0666\\n*.* /a\\n$umask 0077\\n", {"0600"}},
      {"the umask of an object", "global(umask='0027')\\n*.* ?Name\\n", {"0640"}},
  }));
  CAPTURE(c.what);
  std::string text = c.text;
  for (auto& byte : text) byte = byte == '\'' ? '"' : byte;
  std::string quoted;
  for (const char byte : text) quoted += byte == '"' ? std::string("\\\"") : std::string(1, byte);
  CHECK(ask(rsyslog_action_probe, with_config(quoted)).texts("create_mode") == c.modes);
}

TEST_CASE("the umask of the unit cuts the mode of new files", "[probes]") {
  const auto root = root_of(
      "/etc/rsyslog.conf: \"*.* /a\\n\", /usr/lib/systemd/system/rsyslog.service: "
      "\"[Service]\\nExecStart=/usr/sbin/rsyslogd -n\\nUMask=0066\\n\"");
  const auto answer = ask(rsyslog_action_probe, root);
  CHECK(answer.text("configured_mode") == "0644");
  CHECK(answer.text("create_mode") == "0600");
  CHECK(ask(rsyslog_probe, root).text("umask") == "0066");
}

TEST_CASE("files are included where the line stands, in the order of their names", "[probes]") {
  const auto answer =
      ask(rsyslog_action_probe, root_of("/etc/rsyslog.conf: \"$IncludeConfig /etc/rsyslog.d/*.conf\\n*.* /last\\n\", "
                                        "/etc/rsyslog.d/20.conf: \"*.* /second\\n\", "
                                        "/etc/rsyslog.d/10.conf: \"*.* /first\\n$FileCreateMode 0600\\n\", "
                                        "/etc/rsyslog.d/x.bak: \"*.* /never\\n\""));
  CHECK(answer.texts("file") == List{"/first", "/second", "/last"});
  CHECK(answer.texts("create_mode") == List{"0644", "0600", "0600"});
  CHECK(place(answer, "create_mode", 2) == "/etc/rsyslog.d/10.conf:2");
  CHECK(answer.records.at(0).source == "/etc/rsyslog.d/10.conf:1");
}

TEST_CASE("files that include each other come to an end", "[probes]") {
  const auto answer = ask(rsyslog_action_probe, with_config("*.* /a\\n$IncludeConfig /etc/rsyslog.conf\\n"));
  CHECK(answer.failure.has_value());
}

TEST_CASE("where messages are sent to, and how well guarded", "[probes]") {
  const auto answer =
      ask(rsyslog_action_probe,
          with_config("*.* @a\\n*.* @@(o,z9)b:1514;Tpl\\n*.* @@[2001:db8::1]:99\\n*.* :omrelp:c:2514\\n"
                      "action(type=\\\"omfwd\\\" target=\\\"d\\\" protocol=\\\"tcp\\\" StreamDriverMode=\\\"1\\\" "
                      "StreamDriverAuthMode=\\\"x509/name\\\" StreamDriverPermittedPeers=\\\"d\\\")\\n"
                      "$ActionSendStreamDriverMode 1\\n$ActionSendStreamDriverPermittedPeer e\\n*.* @@e\\n*.* @f\\n"
                      "action(type=\\\"omrelp\\\" target=\\\"g\\\" tls=\\\"on\\\")\\n"
                      "global(DefaultNetstreamDriver=\\\"gtls\\\" DefaultNetstreamDriverCAFile=\\\"/ca.pem\\\")\\n"));
  CHECK(answer.texts("target") == List{"a", "b", "2001:db8::1", "c", "d", "e", "f", "g"});
  CHECK(answer.texts("port") == List{"514", "1514", "99", "2514", "514", "514", "514", "(absent)"});
  CHECK(answer.texts("protocol") == List{"udp", "tcp", "tcp", "relp", "tcp", "tcp", "udp", "relp"});
  CHECK(answer.texts("tls") == List{"false", "false", "false", "false", "true", "true", "false", "true"});
  CHECK(answer.text("auth_mode", 4) == "x509/name");
  CHECK(answer.text("permitted_peers", 4) == "d");
  CHECK(answer.text("permitted_peers", 5) == "e");
  CHECK(answer.text("permitted_peers", 6) == "(absent)");
}

TEST_CASE("TLS without a driver that knows it is none", "[probes]") {
  CHECK(ask(rsyslog_action_probe, with_config("$ActionSendStreamDriverMode 1\\n*.* @@e\\n")).text("tls") == "false");
}

TEST_CASE("what listens on the network is told from what does not", "[probes]") {
  const auto answer =
      ask(rsyslog_input_probe,
          with_config("module(load=\\\"imtcp\\\")\\nmodule(load=\\\"imptcp\\\")\\n$ModLoad imudp.so\\n"
                      "input(type=\\\"imtcp\\\" port=\\\"514\\\")\\ninput(type=\\\"imtcp\\\" address=\\\"127.0.0.1\\\" "
                      "port=\\\"515\\\")\\ninput(type=\\\"imptcp\\\" path=\\\"/run/x\\\")\\n$UDPServerRun 514\\n"
                      "input(type=\\\"imrelp\\\" port=\\\"20514\\\")\\nmodule(load=\\\"imfile\\\")\\n"
                      "input(type=\\\"imfile\\\" file=\\\"/x\\\")\\n#input(type=\\\"imtcp\\\" port=\\\"9\\\")\\n"));
  CHECK(answer.texts("module") == List{"imtcp", "imtcp", "imptcp", "imudp", "imfile"});
  CHECK(answer.texts("remote") == List{"true", "false", "false", "true", "false"});
  CHECK(ask(rsyslog_input_probe, with_config("module(load=\\\"imtcp\\\")\\n")).records.empty());
}

TEST_CASE("what rsyslog is set up with as a whole", "[probes]") {
  const auto answer = ask(rsyslog_probe, with_config("module(load=\\\"imjournal\\\")\\n$ModLoad imuxsock\\n"
                                                     "$DefaultNetstreamDriverCAFile /ca.pem\\n"));
  CHECK(answer.text("modules") == "imjournal, imuxsock");
  CHECK(answer.text("reads_journal") == "true");
  CHECK(answer.text("ca_file") == "/ca.pem");
  CHECK(answer.text("stream_driver") == "(absent)");
  CHECK(ask(rsyslog_probe, root_of("/etc/hostname: x")).text("exists") == "false");
  CHECK(ask(rsyslog_probe, root_of("/etc/rsyslog.conf: { error: denied }")).text("reads_journal") ==
        "(unreadable: denied)");
}

TEST_CASE("the socket that the journal forwards to is read unless it is switched off", "[probes]") {
  struct Case {
    const char* text;
    const char* reads;
  };
  const auto c = GENERATE(values<Case>({
      {"module(load=\\\"imuxsock\\\")\\n", "true"},
      {"module(load=\\\"imuxsock\\\" SysSock.Use=\\\"off\\\")\\n", "false"},
      {"$ModLoad imuxsock\\n$OmitLocalLogging on\\n", "false"},
      {"module(load=\\\"imuxsock\\\" SysSock.Use=\\\"off\\\")\\n"
       "input(type=\\\"imuxsock\\\" Socket=\\\"/run/systemd/journal/syslog\\\")\\n",
       "true"},
      {"*.* /a\\n", "false"},
  }));
  CAPTURE(c.text);
  CHECK(ask(rsyslog_probe, with_config(c.text)).text("reads_socket") == c.reads);
}

TEST_CASE("what cannot be read or understood is an error behind what was read", "[probes]") {
  for (const char* files : {"/etc/rsyslog.conf: \"*.* /a\\nmodule(\\n\"",
                            "/etc/rsyslog.conf: \"*.* /a\\n$IncludeConfig /etc/rsyslog.d/*.conf\\n\", "
                            "/etc/rsyslog.d/a.conf: { error: denied }",
                            "/etc/rsyslog.conf: \"*.* /a\\n$IncludeConfig /etc/rsyslog.d/*.conf\\n\", "
                            "/etc/rsyslog.d: { type: directory, error: denied }",
                            "/etc/rsyslog.conf: \"*.* /a\\ninclude(text=\\\"x\\\")\\n\""}) {
    CAPTURE(files);
    const auto answer = ask(rsyslog_action_probe, root_of(files));
    CHECK(answer.records.size() == 1);
    CHECK(answer.failure.has_value());
  }
}
