// The fields of probe `sshd` that each stand for one keyword, with the value that sshd has compiled in.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace plimsoll::probes {

enum class SshdShape : std::uint8_t {
  text,
  optional,  ///< text; "none" is absent
  integer,
  seconds,
  list,        ///< the default is split at blanks; empty is absent
  algorithms,  ///< a list whose default depends on the release
};

struct SshdField {
  std::string_view name;
  std::string_view keyword;
  std::string_view fallback;
  SshdShape shape;
  std::string_view meaning;
};

/// Defaults as of fill_default_server_options in servconf.c of OpenSSH 8.0 to 10.2, where they are the same.
inline constexpr std::array sshd_fields = {
    SshdField{"permit_root_login", "permitrootlogin", "without-password", SshdShape::text,
              "Whether root may log in: \"yes\", \"no\", \"without-password\" (also for prohibit-password, as `sshd "
              "-T` prints it) or \"forced-commands-only\"."},
    SshdField{"password_authentication", "passwordauthentication", "yes", SshdShape::text,
              "Whether passwords are accepted."},
    SshdField{"kbd_interactive_authentication", "kbdinteractiveauthentication", "yes", SshdShape::text,
              "Whether keyboard-interactive logins are accepted, which is how PAM asks for passwords."},
    SshdField{"pubkey_authentication", "pubkeyauthentication", "yes", SshdShape::text, "Whether keys are accepted."},
    SshdField{"hostbased_authentication", "hostbasedauthentication", "no", SshdShape::text,
              "Whether the client host's word is accepted."},
    SshdField{"gssapi_authentication", "gssapiauthentication", "no", SshdShape::text,
              "Whether GSSAPI (Kerberos) logins are accepted."},
    SshdField{"kerberos_authentication", "kerberosauthentication", "no", SshdShape::text,
              "Whether passwords are checked against Kerberos."},
    SshdField{"permit_empty_passwords", "permitemptypasswords", "no", SshdShape::text,
              "Whether accounts with empty passwords may log in with a password."},
    SshdField{"authentication_methods", "authenticationmethods", "any", SshdShape::list,
              "The lists of methods of which one must be passed; \"any\" when any one method will do."},
    SshdField{"use_pam", "usepam", "no", SshdShape::text, "Whether PAM checks accounts and opens sessions."},
    SshdField{"ignore_rhosts", "ignorerhosts", "yes", SshdShape::text,
              "Whether .rhosts and .shosts files of users are ignored."},
    SshdField{"ignore_user_known_hosts", "ignoreuserknownhosts", "no", SshdShape::text,
              "Whether known_hosts files of users are ignored in host-based logins."},
    SshdField{"permit_user_environment", "permituserenvironment", "no", SshdShape::text,
              "Whether users may set environment variables: \"yes\", \"no\" or a pattern of names."},
    SshdField{"strict_modes", "strictmodes", "yes", SshdShape::text,
              "Whether modes and owners of users' files are checked before login."},
    SshdField{"allow_users", "allowusers", "", SshdShape::list,
              "User patterns that may log in; absent when none is set."},
    SshdField{"allow_groups", "allowgroups", "", SshdShape::list,
              "Group patterns that may log in; absent when none is set."},
    SshdField{"deny_users", "denyusers", "", SshdShape::list,
              "User patterns that may not log in; absent when none is set."},
    SshdField{"deny_groups", "denygroups", "", SshdShape::list,
              "Group patterns that may not log in; absent when none is set."},
    SshdField{"max_auth_tries", "maxauthtries", "6", SshdShape::integer, "Attempts to log in per connection."},
    SshdField{"max_sessions", "maxsessions", "10", SshdShape::integer, "Open sessions per connection."},
    SshdField{"max_startups", "maxstartups", "10:30:100", SshdShape::text,
              "Connections that have not logged in yet: start:rate:full."},
    SshdField{"login_grace_time", "logingracetime", "120", SshdShape::seconds, "Time to log in; 0 is without limit."},
    SshdField{"client_alive_interval", "clientaliveinterval", "0", SshdShape::seconds,
              "Silence after which the client is asked whether it lives; 0 is never."},
    SshdField{"client_alive_count_max", "clientalivecountmax", "3", SshdShape::integer,
              "Unanswered questions before the connection ends."},
    SshdField{"required_rsa_size", "requiredrsasize", "1024", SshdShape::integer, "Smallest RSA key accepted."},
    SshdField{"ciphers", "ciphers", "", SshdShape::algorithms, "Ciphers, in order of preference."},
    SshdField{"macs", "macs", "", SshdShape::algorithms, "Message authentication codes, in order of preference."},
    SshdField{"kex_algorithms", "kexalgorithms", "", SshdShape::algorithms, "Key exchanges, in order of preference."},
    SshdField{"host_key_algorithms", "hostkeyalgorithms", "", SshdShape::algorithms,
              "Signature algorithms of the host key."},
    SshdField{"pubkey_accepted_algorithms", "pubkeyacceptedalgorithms", "", SshdShape::algorithms,
              "Signature algorithms of users' keys."},
    SshdField{"hostbased_accepted_algorithms", "hostbasedacceptedalgorithms", "", SshdShape::algorithms,
              "Signature algorithms of host-based logins."},
    SshdField{"ca_signature_algorithms", "casignaturealgorithms", "", SshdShape::algorithms,
              "Signature algorithms of certificate authorities."},
    SshdField{"rekey_limit", "rekeylimit", "0 0", SshdShape::text,
              "Bytes and seconds after which keys are renewed; 0 is the cipher's own limit."},
    SshdField{"log_level", "loglevel", "INFO", SshdShape::text,
              "How much is logged, in capitals; DEBUG1 shows as DEBUG."},
    SshdField{"syslog_facility", "syslogfacility", "AUTH", SshdShape::text,
              "Under which facility it is logged, in capitals."},
    SshdField{"banner", "banner", "none", SshdShape::optional, "File shown before login; absent when there is none."},
    SshdField{"print_motd", "printmotd", "yes", SshdShape::text, "Whether sshd itself prints /etc/motd."},
    SshdField{"print_last_log", "printlastlog", "yes", SshdShape::text, "Whether the last login is shown."},
    SshdField{"x11_forwarding", "x11forwarding", "no", SshdShape::text,
              "Whether X11 may be forwarded; \"no\" where disable_forwarding rules it out."},
    SshdField{"x11_use_localhost", "x11uselocalhost", "yes", SshdShape::text,
              "Whether the forwarded display listens on the loopback address only."},
    SshdField{"allow_tcp_forwarding", "allowtcpforwarding", "yes", SshdShape::text,
              "Whether TCP may be forwarded: yes, no, local, remote; \"no\" where disable_forwarding rules it out."},
    SshdField{"allow_agent_forwarding", "allowagentforwarding", "yes", SshdShape::text,
              "Whether the agent may be forwarded; \"no\" where disable_forwarding rules it out."},
    SshdField{"allow_stream_local_forwarding", "allowstreamlocalforwarding", "yes", SshdShape::text,
              "Whether unix sockets may be forwarded; \"no\" where disable_forwarding rules it out."},
    SshdField{"disable_forwarding", "disableforwarding", "no", SshdShape::text,
              "Whether all forwarding is off, whatever other keywords say (X11 and agent: since OpenSSH 10.0)."},
    SshdField{"gateway_ports", "gatewayports", "no", SshdShape::text,
              "Whether forwarded ports listen on other addresses than loopback."},
    SshdField{"permit_tunnel", "permittunnel", "no", SshdShape::text, "Whether tun devices may be forwarded."},
    SshdField{"permit_tty", "permittty", "yes", SshdShape::text, "Whether terminals are given."},
    SshdField{"use_dns", "usedns", "no", SshdShape::text, "Whether client names are looked up and must match."},
    SshdField{"tcp_keep_alive", "tcpkeepalive", "yes", SshdShape::text, "Whether TCP keepalive is on."},
    SshdField{"compression", "compression", "yes", SshdShape::text, "Whether compression is offered after login."},
    SshdField{"port", "port", "22", SshdShape::list, "Ports, as text."},
    SshdField{"address_family", "addressfamily", "any", SshdShape::text, "any, inet or inet6."},
    SshdField{"host_key", "hostkey",
              "/etc/ssh/ssh_host_rsa_key /etc/ssh/ssh_host_ecdsa_key /etc/ssh/ssh_host_ed25519_key", SshdShape::list,
              "Files of private host keys."},
    SshdField{"authorized_keys_file", "authorizedkeysfile", ".ssh/authorized_keys .ssh/authorized_keys2",
              SshdShape::list, "Where users' keys are looked for."},
    SshdField{"authorized_keys_command", "authorizedkeyscommand", "none", SshdShape::optional,
              "Program that gives users' keys; absent when there is none."},
    SshdField{"trusted_user_ca_keys", "trustedusercakeys", "none", SshdShape::optional,
              "File with certificate authorities of users; absent when there is none."},
    SshdField{"accept_env", "acceptenv", "", SshdShape::list,
              "Environment variables accepted from clients; absent when none is."},
    SshdField{"subsystem", "subsystem", "", SshdShape::list,
              "Subsystems with their commands: \"sftp /usr/lib/openssh/sftp-server\"; absent when there is none."},
    SshdField{"force_command", "forcecommand", "none", SshdShape::optional,
              "Command that replaces what the user asks for; absent when there is none."},
    SshdField{"chroot_directory", "chrootdirectory", "none", SshdShape::optional,
              "Directory that sessions are confined to; absent when there is none."},
};

}  // namespace plimsoll::probes
