"""Rule sets for nft_test: name → Rules. Of files that nft reads, the first is /etc/nftables.conf."""
import dataclasses


@dataclasses.dataclass
class Rules:
    """`more` are files beside the main one. `matched`: hooks at which a packet that is like no other fits a rule with a
    condition all the same, so that it shows nothing of `unmatched`. `open`: fields of which plimsoll may say that they
    cannot be known, or "everything". `refused`: nft does not load the file. Without `packets` none are sent."""
    text: str
    more: dict = dataclasses.field(default_factory=dict)
    matched: tuple = ()
    open: tuple = ()
    refused: bool = False
    packets: bool = True


ALL = ("input", "forward", "output")
BASE = "type filter hook {0} priority 0; policy {1};"


def chain(hook, policy, *rules):
    body = "\n".join(f"    {rule}" for rule in rules)
    return f"  chain {hook} {{\n    {BASE.format(hook, policy)}\n{body}\n  }}\n"


def table(name, *parts):
    return f"table {name} {{\n{''.join(parts)}}}\n"


def inet_input(*rules, policy="drop", before=""):
    return table("inet filter", before, chain("input", policy, *rules))


VARIANTS = {
    "nothing": Rules(""),
    "only a comment": Rules("#!/usr/sbin/nft -f\n# nothing\n"),
    "an empty table": Rules("table inet filter {\n}\n"),
    "a table without braces": Rules("table inet filter\ntable ip other\n"),
    "policies": Rules(table("inet filter", chain("input", "drop"), chain("forward", "drop"), chain("output", "drop"))),
    "policies that accept": Rules(table("inet filter", chain("input", "accept"), chain("forward", "accept"))),
    "no policy is accept": Rules("table inet f { chain input { type filter hook input priority filter; }; }\n"),
    "IPv4 alone": Rules(table("ip filter", chain("input", "drop", "iif lo accept"))),
    "IPv6 alone": Rules(table("ip6 filter", chain("input", "drop", 'iifname "lo" accept'))),
    "a table of no family": Rules("table t { chain c { type filter hook input priority 0; policy drop; }; }\n"),
    "loopback by iif": Rules(inet_input("iif lo accept")),
    "loopback by iifname": Rules(inet_input('iifname "lo" accept')),
    "loopback by meta": Rules(inet_input("meta iif lo accept", 'meta iifname != "lo" drop'), matched=("input",)),
    "all but loopback": Rules(inet_input("iif != lo drop", policy="accept"), matched=("input",)),
    "spoofed is dropped first": Rules(inet_input("iif lo accept", "ip saddr 127.0.0.0/8 drop", "ip6 saddr ::1 drop",
                                                 policy="accept")),
    "spoofed, negated": Rules(inet_input("iif != lo ip saddr 127.0.0.0/8 counter drop", policy="accept")),
    "spoofed in part": Rules(inet_input("iif lo accept", "ip saddr 127.0.0.0/24 drop", policy="accept")),
    "spoofed over one interface": Rules(inet_input('iifname "eth0" ip saddr 127.0.0.0/8 drop', policy="accept")),
    "spoofed over a wildcard": Rules(inet_input('iifname "eth*" ip saddr 127.0.0.0/8 drop', "iif lo accept",
                                                policy="accept")),
    "spoofed but a port": Rules(inet_input("iif lo accept", "tcp dport 8443 accept", "ip saddr 127.0.0.0/8 drop",
                                           "ip6 saddr ::1 drop", policy="accept")),
    "spoofed by address range": Rules(inet_input("iif lo accept", "ip saddr 127.0.0.0-127.255.255.255 drop",
                                                 policy="accept")),
    "spoofed by mask": Rules(inet_input("iif lo accept", "ip saddr & 255.0.0.0 == 127.0.0.0 drop", policy="accept"),
                             open=("spoofed_loopback_dropped",)),
    "loopback by destination": Rules(inet_input("ip daddr 127.0.0.0/8 accept", "ip6 daddr ::1 accept")),
    "loopback by both addresses": Rules(inet_input("ip saddr 127.0.0.1 ip daddr 127.0.0.1 accept",
                                                   "ip6 saddr ::1/128 ip6 daddr ::1/128 accept")),
    "loopback but one port": Rules(inet_input("tcp dport 8080 drop", "iif lo accept")),
    "loopback but a range of ports": Rules(inet_input("tcp dport 8000-8100 reject", "iif lo accept")),
    "loopback and a port comparison": Rules(inet_input("iif lo tcp dport < 1024 drop", "iif lo accept")),
    "all ports in two ranges": Rules(inet_input("iif lo tcp dport 0-1023 accept", "iif lo tcp dport >= 1024 accept")),
    "all ports but one": Rules(inet_input("iif lo tcp dport 0-1023 accept", "iif lo tcp dport > 1024 accept")),
    "an anonymous set": Rules(inet_input("tcp dport { 22, 80, 443, 8000-8100 } accept", "iif lo accept")),
    "an anonymous set, negated": Rules(inet_input("iif lo tcp dport != { 22, 80 } accept",
                                                  "tcp dport { 22, 80 } accept")),
    "a named set": Rules(inet_input("tcp dport @closed drop", "iif lo accept",
                                    before="  set closed { type inet_service; elements = { 23, 2323 } }\n")),
    "a set of intervals": Rules(inet_input(
        "ip saddr @bogus drop", policy="accept",
        before="  set bogus { type ipv4_addr; flags interval;\n    elements = { 127.0.0.0/8, 10.0.0.0/8,\n"
               "      192.0.2.128-192.0.2.255 } }\n")),
    "a set of interfaces": Rules(inet_input("iifname @inner accept",
                                            before='  set inner { type ifname; elements = { "lo", "eth1" } }\n')),
    "a set that is filled later": Rules(inet_input(
        "tcp dport @closed drop", "iif lo accept", before="  set closed { type inet_service; elements = { 23 } }\n")
        + "add element inet filter closed { 2323, 25 }\n"),
    "a set that is filled before": Rules(
        "add table inet filter\nadd set inet filter ports { type inet_service; }\n"
        "add element inet filter ports { 7000 }\n" + inet_input("tcp dport @ports drop", "iif lo accept")),
    "an empty set": Rules(inet_input("tcp dport @none drop", "iif lo accept",
                                     before="  set none { type inet_service; }\n"),
                          open=("loopback_accepted", "spoofed_loopback_dropped")),
    "an element that is deleted": Rules(inet_input(
        "tcp dport @closed drop", "iif lo accept", before="  set closed { type inet_service; elements = { 23, 24 } }\n")
        + "delete element inet filter closed { 23 }\n", open=("everything",)),
    "a set that rules fill": Rules(inet_input(
        "iif lo accept", "tcp dport 22 add @seen { ip saddr } accept",
        before="  set seen { type ipv4_addr; flags dynamic, timeout; timeout 1m; }\n"),
        open=("spoofed_loopback_dropped",)),  # no element is added to a set that is full
    "verdict map": Rules(inet_input("tcp dport vmap { 22 : accept, 23 : drop, 8000-8100 : drop }",
                                    'iifname vmap { "lo" : accept, "eth0" : drop }')),
    "verdict map of states": Rules(inet_input("ct state vmap { established : accept, invalid : drop }",
                                              "iif lo accept")),
    "verdict map with jumps": Rules(table(
        "inet filter", "  chain own { tcp dport 9999 drop\n accept\n }\n  chain far { ip saddr 127.0.0.0/8 drop; }\n",
        chain("input", "accept", 'iifname vmap { "lo" : jump own, "eth0" : goto far }'))),
    "a named verdict map": Rules(inet_input(
        "tcp dport vmap @ports", "iif lo accept",
        before="  map ports { type inet_service : verdict; elements = { 22 : accept, 9998 : drop } }\n")),
    "a set that alone closes ports, filled later": Rules(inet_input(
        "tcp dport @closed drop", policy="accept", before="  set closed { type inet_service; }\n")
        + "add element inet filter closed { 2323 }\n"),
    "an open set that is filled later": Rules(inet_input(
        "iif lo tcp dport @open accept",
        before="  set open { type inet_service; flags interval; elements = { 0-99 } }\n")
        + "add element inet filter open { 100-65535 }\n"),
    "a verdict map that is filled later": Rules(inet_input(
        "tcp dport vmap @ports", "iif lo accept",
        before="  map ports { type inet_service : verdict; elements = { 22 : accept } }\n")
        + "add element inet filter ports { 9997 : drop }\n"),
    "jump and return": Rules(table(
        "inet filter", "  chain trusted {\n    iif != lo return\n    tcp dport 7777 return\n    accept\n  }\n",
        chain("input", "drop", "jump trusted", "tcp dport 7777 accept")), matched=("input",)),
    "goto ends the chain": Rules(table(
        "inet filter", "  chain rest { iif lo accept; }\n",
        chain("input", "drop", "goto rest", "accept"))),
    "jump goes on": Rules(table("inet filter", "  chain rest { iif lo accept; }\n",
                                chain("input", "drop", "jump rest", "accept"))),
    "nested jumps": Rules(table(
        "inet filter", "  chain c { tcp dport 5555 drop; }\n  chain b { jump c; }\n  chain a { jump b\n accept\n }\n",
        chain("input", "drop", "iif lo jump a"), chain("output", "accept", "oif lo jump c"))),
    "a last rule for all": Rules(inet_input("iif lo accept", "counter drop", policy="accept")),
    "a last rule that rejects": Rules(inet_input("iif lo accept", "reject with icmpx admin-prohibited",
                                                 policy="accept")),
    "a last rule that accepts": Rules(inet_input("tcp dport 23 drop", "accept")),
    "a rule for all of one protocol": Rules(inet_input("iif lo accept", "meta nfproto ipv6 accept",
                                                       "meta nfproto ipv4 drop", policy="accept"), matched=("input",)),
    "states": Rules(inet_input("ct state established,related accept", "ct state invalid drop", "iif lo accept")),
    "new is accepted": Rules(inet_input("ct state new accept"), matched=("input",)),
    "new is dropped": Rules(inet_input("ct state { new, untracked } drop", policy="accept"), matched=("input",)),
    "states that are not": Rules(inet_input("ct state != established drop", policy="accept"), matched=("input",)),
    "protocols": Rules(inet_input("meta l4proto tcp drop", policy="accept")),
    "protocols in a set": Rules(inet_input("meta l4proto { icmp, ipv6-icmp, udp } accept", "iif lo accept")),
    "a protocol of IPv4": Rules(inet_input("ip protocol tcp drop", "ip6 nexthdr tcp drop", policy="accept")),
    "UDP ports leave TCP alone": Rules(inet_input("iif lo accept", "udp dport { 53, 123 } accept",
                                                  "udp dport 0-65535 drop", policy="accept")),
    "ports of either protocol": Rules(inet_input("iif lo meta l4proto { tcp, udp } th dport 9000 drop",
                                                 "iif lo accept")),
    "source ports": Rules(inet_input("iif lo tcp sport 1024-65535 accept")),
    "source ports below": Rules(inet_input("iif lo tcp sport < 1024 accept")),
    "icmp": Rules(inet_input("icmp type echo-request accept",
                             "icmpv6 type { nd-neighbor-solicit, echo-request } accept",
                             "iif lo accept")),
    "flags of TCP": Rules(inet_input("tcp flags & (fin|syn|rst|ack) == syn drop", "iif lo accept")),
    "flags of TCP, in short": Rules(inet_input("tcp flags syn / fin,syn,rst,ack drop", "iif lo accept"),
                                    open=("loopback_accepted",)),
    "flags that no opening has": Rules(inet_input("tcp flags & (fin|syn) == (fin|syn) drop", "iif lo accept"),
                                       open=("loopback_accepted",)),
    "a limit": Rules(inet_input("iif lo limit rate 100/second accept"), packets=False, open=("loopback_accepted",)),
    "a limit before drop": Rules(inet_input('iif lo accept', 'limit rate 5/minute burst 5 packets log prefix "in: "',
                                            "counter drop", policy="accept")),
    "log and counter": Rules(inet_input('iif lo counter accept comment "own"',
                                        'log prefix "drop { x }: " level info flags all counter drop')),
    "marks": Rules(inet_input("meta mark 7 drop", "iif lo accept"), open=("loopback_accepted",
                                                                         "spoofed_loopback_dropped")),
    "users": Rules(table("inet filter", chain("output", "drop", "oif lo accept", "meta skuid 12345 accept"))),
    "concatenations": Rules(inet_input("ip saddr . tcp dport { 127.0.0.1 . 23, 192.0.2.7 . 24 } drop", "iif lo accept"),
                            open=("loopback_accepted", "spoofed_loopback_dropped")),
    "fib": Rules(inet_input("fib daddr type != local drop", "iif lo accept"), open=("loopback_accepted",
                                                                                 "spoofed_loopback_dropped")),
    "fib, local": Rules(inet_input("fib daddr type local tcp dport 4444 drop", "iif lo accept"),
                        open=("loopback_accepted", "spoofed_loopback_dropped")),
    "output": Rules(table("inet filter", chain("output", "drop", "oif lo accept",
                                               "oifname eth1 tcp dport 443 accept"))),
    "output, loopback forgotten": Rules(table("inet filter", chain("output", "drop", "oifname eth1 accept")),
                                        matched=("output",)),
    "output by address": Rules(table("inet filter", chain("output", "accept",
                                                          "ip daddr 127.0.0.0/8 tcp dport 25 reject",
                                                          "ip6 daddr ::1 tcp dport 25 reject with tcp reset"))),
    "forward": Rules(table("inet filter", chain("forward", "drop", "iifname eth0 oifname eth1 tcp dport 80 accept"))),
    "forward, matched": Rules(table("inet filter", chain("forward", "drop", "oifname eth1 accept")), matched=ALL[1:2]),
    "forward, everything": Rules(table("inet filter", chain("forward", "drop", "counter accept"))),
    "prerouting": Rules(table("inet raw", "  chain pre { type filter hook prerouting priority raw; policy accept;\n"
                                          "    iif != lo ip saddr 127.0.0.0/8 drop\n  }\n")),
    "prerouting and input": Rules(table("inet raw", "  chain pre {\n    type filter hook prerouting priority -300;\n"
                                                    "    tcp dport 6666 drop\n  }\n") + inet_input("iif lo accept")),
    "two chains at one hook": Rules(table("inet a", chain("input", "accept", "iif lo accept"))
                                    + table("ip b", chain("input", "drop", "tcp dport 22 accept"))),
    "two tables that agree": Rules(table("ip a", chain("input", "drop", "iif lo accept"))
                                   + table("ip6 a", chain("input", "drop", "iif lo accept"))),
    "nat beside": Rules(table("ip nat", "  chain post { type nat hook postrouting priority srcnat; policy accept;\n"
                                        '    oifname "eth1" masquerade\n  }\n') + inet_input("iif lo accept")),
    "a mangling chain of output": Rules(table("inet m", "  chain o { type route hook output priority mangle;"
                                                        " policy accept; }\n") + inet_input("iif lo accept")),
    "dormant": Rules("table inet sleeping { flags dormant;\n" + chain("input", "drop") + "}\n"),
    "variables": Rules("define own = lo\ndefine tcp_in = { 22, 443 }\ndefine net = 127.0.0.0/8\n"
                       + inet_input("iif $own accept", "ip saddr $net drop", "tcp dport $tcp_in accept",
                                    policy="accept")),
    "variables of variables": Rules("define a = { 22, 23 }\ndefine b = { $a, 8080 }\n"
                                    + inet_input("tcp dport $b drop", "iif lo accept")),
    "a variable in a table": Rules("table inet filter {\n  define own = lo\n"
                                   + chain("input", "drop", "iif $own accept") + "}\n"),
    "a variable that is defined again": Rules("define p = 23\nredefine p = 24\n"
                                              + inet_input("tcp dport $p drop", "iif lo accept")),
    "a variable that is not there": Rules(inet_input("iif $own accept"), refused=True),
    "includes": Rules('include "/etc/nft/own.nft"\n' + inet_input('include "/etc/nft/rules.inc"'),
                      {"/etc/nft/own.nft": "define own = lo\n", "/etc/nft/rules.inc": "iif $own accept\n"}),
    "an include by pattern": Rules('include "/etc/nftables.d/*.nft"\n',
                                   {"/etc/nftables.d/20-b.nft": "add rule inet filter input iif lo accept\n",
                                    "/etc/nftables.d/10-a.nft": inet_input(policy="drop"),
                                    "/etc/nftables.d/other": "flush ruleset\n",
                                    "/etc/nftables.d/.hidden.nft": "flush ruleset\n"}),
    "an include by pattern of nothing": Rules('include "/etc/nothing.d/*.nft"\n' + inet_input("iif lo accept")),
    "an include below /etc": Rules('include "nft/below.nft"\n', {"/etc/nft/below.nft": inet_input("iif lo accept")}),
    "an include that is not there": Rules('include "/etc/nft/gone.nft"\n' + inet_input("iif lo accept"), refused=True),
    "includes in includes": Rules('include "/etc/nft/one.nft"\n',
                                  {"/etc/nft/one.nft": 'include "/etc/nft/two.nft"\n'
                                                       'add rule inet filter input iif lo accept\n',
                                   "/etc/nft/two.nft": inet_input()}),
    "flush first": Rules("flush ruleset\n" + inet_input("iif lo accept")),
    "flush last": Rules(inet_input("iif lo accept") + "flush ruleset\n"),
    "a table that is flushed": Rules(inet_input("tcp dport 22 accept") + "flush table inet filter\n"
                                     + "add rule inet filter input iif lo accept\n"),
    "a chain that is flushed": Rules(inet_input("accept") + "flush chain inet filter input\n"),
    "a chain whose name begins like a flushed one": Rules(
        table("inet filter", "  chain in { tcp dport 22 drop; }\n  chain inner { iif lo accept; }\n",
              chain("input", "drop", "jump in", "jump inner")) + "flush chain inet filter in\n"),
    "a table that is made again": Rules(
        inet_input("tcp dport @s drop", "iif lo accept", before="  set s { type inet_service; elements = { 23 }; }\n")
        + "delete table inet filter\n"
        + inet_input("tcp dport @s drop", "iif lo accept",
                     before="  set s { type inet_service; elements = { 99 }; }\n")),
    "a table that is deleted": Rules(inet_input() + table("ip other", chain("input", "accept"))
                                     + "delete table inet filter\n"),
    "a chain that is deleted": Rules(table("inet filter", chain("input", "drop"), "  chain spare { }\n")
                                     + "delete chain inet filter spare\n"),
    "a base chain that is deleted": Rules(table("inet filter", chain("input", "drop"),
                                                chain("output", "drop", "oif lo accept"))
                                          + "delete chain inet filter input\n"),
    "commands": Rules("add table inet filter\n"
                      "add chain inet filter input { type filter hook input priority 0; policy drop; }\n"
                      "add rule inet filter input tcp dport 22 accept\n"
                      "insert rule inet filter input tcp dport 22 drop\nadd rule inet filter input iif lo accept\n"),
    "commands of no family": Rules("add table filter\nadd chain filter in { type filter hook input priority 0; }\n"
                                   "add rule filter in tcp dport 22 drop\n"),
    "commands on one line": Rules("table inet f; chain inet f i { type filter hook input priority 0; policy drop; }; "
                                  "add rule inet f i iif lo accept; rule inet f i tcp dport 22 accept\n"),
    "create": Rules("create table inet f\ncreate chain inet f i { type filter hook input priority 0; policy drop; }\n"),
    "a policy that is set again": Rules(inet_input("iif lo accept", policy="accept")
                                        + "chain inet filter input { policy drop; }\n"),
    "a table in two blocks": Rules(inet_input("tcp dport 23 drop")
                                   + table("inet filter", "  chain input { iif lo accept\n }\n")),
    "a set in two blocks": Rules(
        inet_input("tcp dport @closed drop", "iif lo accept",
                   before="  set closed { type inet_service; elements = { 23 } }\n")
        + table("inet filter", "  set closed { type inet_service; elements = { 24 } }\n")),
    "chains before they are made": Rules("table inet f {\n"
                                         "  chain input { type filter hook input priority 0; policy drop; jump x; }\n"
                                         "  chain x { iif lo accept; }\n}\n"),
    "comments": Rules("# a\n" + inet_input("iif lo accept # not accept", "# iif eth0 accept",
                                           'tcp dport 22 drop comment "# { } ; accept"')),
    "lines that go on": Rules("table inet filter {\n  chain input {\n    type filter hook input priority 0; \\\n"
                              "    policy drop;\n    tcp dport { 22,\n      23,\n      # 24,\n      25,\n    } drop\n"
                              "    iif \\\n      lo accept\n  }\n}\n"),
    "everything on one line": Rules("table inet f { chain i { type filter hook input priority 0; policy drop; "
                                    "iif lo accept; tcp dport 22 accept; }; }\n"),
    "names with a dash": Rules('table inet my-filter { chain in-put { type filter hook input priority 0; policy drop;'
                               ' iifname "lo" accept; }; }\n'),
    "priorities": Rules("table inet f {\n  chain i { type filter hook input priority filter + 10; policy drop;\n"
                        "    iif lo accept; }\n"
                        "  chain o { type filter hook output priority -150; policy accept; }; }\n"),
    "no newline at the end": Rules("table inet f { chain i { type filter hook input priority 0; policy drop; }; }"),
    "tabs": Rules("table\tinet\tf\t{\n\tchain\ti\t{\n\t\ttype\tfilter\thook\tinput\tpriority\t0;\tpolicy\tdrop;\n"
                  "\t\tiif\tlo\taccept\n\t}\n}\n"),
    "services by name": Rules(inet_input("tcp dport ssh drop", "tcp dport { http, https } accept", "iif lo accept")),
    "a brace that is not closed": Rules("table inet f { chain i { type filter hook input priority 0; policy drop; }\n",
                                        refused=True),
    "a rule without an end": Rules("table inet f { chain i { type filter hook input priority 0; policy drop; "
                                   "iif lo accept }; }\n", refused=True),
    "a policy without an end": Rules("table inet f { chain i { type filter hook input priority 0; policy drop }; }\n",
                                     refused=True),
    "a policy on the line of the type": Rules(
        "table inet f { chain i { type filter hook input priority 0 policy drop; }; }\n", refused=True),
    "a chain without an end": Rules(
        "table inet f { chain i { type filter hook input priority 0; policy drop; } }\n", refused=True),
    "a set without an end": Rules(inet_input(before="  set s { type inet_service; elements = { 22 } } ; set t { "
                                                    "type inet_service }\n"), refused=True),
    "a table without an end": Rules("table inet f { } table ip g { }\n", refused=True),
    "an include without an end": Rules('include "/etc/nothing.d/*.nft" table inet f { }\n', refused=True),
    "a rule that goes on behind its verdict": Rules(inet_input("tcp dport 22 accept tcp dport 23 drop"), refused=True),
    "a word that is not known": Rules("tabel inet f { }\n", refused=True, open=("everything",)),
    "netdev beside": Rules('table netdev n { chain i { type filter hook ingress device "eth0" priority 0;'
                           " policy accept;"
                           " tcp dport 22 drop; }; }\n" + inet_input("iif lo accept")),
    "bridge and arp beside": Rules("table arp a { chain i { type filter hook input priority 0; policy accept; }; }\n"
                                   + inet_input("iif lo accept")),
    "counters and quotas": Rules("table inet filter { counter c { }\n  quota q { over 100 mbytes }\n"
                                 + chain("input", "drop", "iif lo counter name c accept") + "}\n"),
    "a connection helper": Rules('table inet filter { ct helper ftp { type "ftp" protocol tcp; }\n'
                                 + chain("input", "drop", "iif lo accept") + "}\n", packets=False),
    "set with comments and timeouts": Rules(inet_input(
        "tcp dport @s drop", "iif lo accept",
        before='  set s { type inet_service; comment "closed ones"; elements = { 23 comment "telnet", 24 } }\n')),
    "typeof": Rules(inet_input("tcp dport @s drop", "iif lo accept",
                               before="  set s { typeof tcp dport; elements = { 23, 24 } }\n")),
    "a map of values": Rules(inet_input("meta mark set tcp dport map { 22 : 1, 23 : 2 }", "iif lo accept")),
    "the usual workstation": Rules("""flush ruleset

table inet filter {
	chain input {
		type filter hook input priority filter; policy drop;

		ct state invalid drop comment "early drop of invalid packets"
		ct state {established, related} accept
		iif lo accept comment "accept loopback"
		iif != lo ip daddr 127.0.0.1/8 counter drop
		iif != lo ip6 daddr ::1/128 counter drop
		ip protocol icmp counter accept
		meta l4proto ipv6-icmp counter accept
		tcp dport 22 counter accept
		counter
	}
	chain forward {
		type filter hook forward priority filter; policy drop;
		counter
	}
	chain output {
		type filter hook output priority filter; policy accept;
		counter
	}
}
"""),
    "the rules of a benchmark": Rules(table(
        "inet filter",
        chain("input", "drop", 'iif "lo" accept', "ip saddr 127.0.0.0/8 counter packets 0 bytes 0 drop",
              "ip6 saddr ::1 counter packets 0 bytes 0 drop", "ip protocol tcp ct state established accept",
              "ip protocol udp ct state established accept", "tcp dport ssh accept",
              "icmpv6 type { destination-unreachable, packet-too-big, time-exceeded, nd-router-solicit } accept"),
        chain("forward", "drop"),
        chain("output", "drop", "oif lo accept", "ip protocol tcp ct state established,related,new accept",
              "ip protocol udp ct state established,related,new accept"))),
    "a hundred ports": Rules(inet_input("iif lo accept", "tcp dport { " +
                                        ", ".join(str(3 * i + 1000) for i in range(100))
                                        + " } accept")),
}
