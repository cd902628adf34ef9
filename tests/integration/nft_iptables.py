"""Files of iptables-save for nft_test: name → Rules. 127.0.0.0/8 stands for ::1 in the file of IPv6."""
from nft_variants import Rules


def saved(*rules, policies="DROP ACCEPT ACCEPT", chains=()):
    lines = ["*filter"]
    lines += [f":{name} {policy} [0:0]" for name, policy in zip(("INPUT", "FORWARD", "OUTPUT"), policies.split())]
    lines += [f":{name} - [0:0]" for name in chains]
    return "\n".join([*lines, *rules, "COMMIT", ""])


SAVED = {
    "policies": Rules(saved(policies="DROP DROP DROP")),
    "policies that accept": Rules(saved(policies="ACCEPT ACCEPT ACCEPT")),
    "loopback": Rules(saved("-A INPUT -i lo -j ACCEPT")),
    "all but loopback": Rules(saved("-A INPUT ! -i lo -j DROP", policies="ACCEPT ACCEPT ACCEPT"), matched=("input",)),
    "spoofed": Rules(saved("-A INPUT -i lo -j ACCEPT", "-A INPUT -s 127.0.0.0/8 -j DROP",
                           policies="ACCEPT DROP ACCEPT")),
    "the rules of a benchmark": Rules(saved(
        "-A INPUT -i lo -j ACCEPT", "-A OUTPUT -o lo -j ACCEPT", "-A INPUT -s 127.0.0.0/8 -j DROP",
        "-A OUTPUT -p tcp -m state --state NEW,ESTABLISHED -j ACCEPT",
        "-A INPUT -p tcp -m state --state ESTABLISHED -j ACCEPT",
        "-A INPUT -p tcp -m tcp --dport 22 -m state --state NEW -j ACCEPT", policies="DROP DROP DROP")),
    "ports": Rules(saved("-A INPUT -p tcp -m tcp --dport 8000:8100 -j REJECT", "-A INPUT -i lo -j ACCEPT")),
    "ports, negated": Rules(saved("-A INPUT -i lo -p tcp -m tcp ! --dport 25 -j ACCEPT")),
    "several ports": Rules(saved("-A INPUT -p tcp -m multiport --dports 23,2000:2100 -j DROP",
                                 "-A INPUT -i lo -j ACCEPT")),
    "source ports": Rules(saved("-A INPUT -i lo -p tcp -m tcp --sport 1024:65535 -j ACCEPT")),
    "UDP alone": Rules(saved("-A INPUT -p udp -m udp --dport 53 -j DROP", "-A INPUT -i lo -j ACCEPT")),
    "states": Rules(saved("-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
                          "-A INPUT -m conntrack --ctstate INVALID -j DROP", "-A INPUT -i lo -j ACCEPT")),
    "new": Rules(saved("-A INPUT -m conntrack --ctstate NEW -j ACCEPT"), matched=("input",)),
    "openings": Rules(saved("-A INPUT -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j DROP",
                            "-A INPUT -i lo -j ACCEPT")),
    "openings, in short": Rules(saved("-A INPUT -i lo -p tcp -m tcp --syn -j ACCEPT")),
    "a chain of one's own": Rules(saved("-A INPUT -j own", "-A own -i lo -j ACCEPT",
                                        "-A own -p tcp -m tcp --dport 99 -j RETURN",
                                        "-A INPUT -p tcp -j DROP", policies="ACCEPT ACCEPT ACCEPT", chains=("own",))),
    "goto": Rules(saved("-A INPUT -g own", "-A INPUT -j ACCEPT", "-A own -i lo -j ACCEPT", chains=("own",))),
    "log": Rules(saved('-A INPUT -i lo -m comment --comment "own -j DROP" -j ACCEPT',
                       '-A INPUT -j LOG --log-prefix "in -j ACCEPT: "')),
    "a last rule for all": Rules(saved("-A INPUT -i lo -j ACCEPT", "-A INPUT -j REJECT",
                                       policies="ACCEPT ACCEPT ACCEPT")),
    "inserted": Rules(saved("-A INPUT -i lo -p tcp -m tcp --dport 77 -j DROP", "-I INPUT -i lo -j ACCEPT")),
    "wildcards": Rules(saved("-A INPUT -i eth+ -s 127.0.0.0/8 -j DROP", policies="ACCEPT ACCEPT ACCEPT")),
}
