"""Rules files in many spellings and orders, for audit_rules_test: what they say is worked out by augenrules, auditctl and
the kernel, not here. `-> PATH` is a symbolic link. No variant may contain what cannot be undone: see `harmless` there."""

TIME = "-S adjtimex,settimeofday"
PEOPLE = "-F auid>=1000 -F auid!=unset"
VARIANTS = {
    "nothing": {},
    "no rule, comments only": {"10.rules": "# one\n\n   # two\n\t# three\n"},
    "the usual head": {"10.rules": "-D\n-b 8192\n-f 1\n--backlog_wait_time 60000\n"},
    # Watches, and the same said with -a.
    "watches": {"10.rules": "-w /etc/passwd -p wa -k users\n-w /etc/sudoers.d -p wa -k sudo\n-w /etc/sudoers.d/ -p rwxa\n"},
    "a watch without -p": {"10.rules": "-w /etc/passwd\n-w /etc/group -k group\n"},
    "options of a watch in other orders": {"10.rules": "-w /etc/passwd -k users -p wa\n-w /etc/group -p aw -k users\n"},
    "-p before -w": {"10.rules": "-c\n-p wa -w /etc/passwd -k users\n-w /etc/group -p wa\n"},
    "-a with path": {"10.rules": "-a always,exit -F path=/etc/passwd -F perm=wa -k users\n"},
    "-a with path and arch": {"10.rules": "-a always,exit -F arch=b64 -F path=/etc/passwd -F perm=wa -F key=users\n"
                                          "-a always,exit -F arch=b32 -F path=/etc/passwd -F perm=wa -F key=users\n"},
    "-a with dir": {"10.rules": "-a always,exit -F dir=/etc/sudoers.d -F perm=wa\n-a exit,always -F dir=/etc/pam.d/ -F perm=x\n"},
    "a watch and its twin in -a form": {"10.rules": "-w /etc/passwd -p wa -k users\n",
                                        "20.rules": "-a always,exit -F path=/etc/passwd -F perm=wa -k users\n"
                                                    "-w /etc/group -p wa\n"},
    "a watch of what is not there": {"10.rules": "-w /etc/gone -p wa\n-w /etc/passwd -p wa\n"},
    "a watch below what is not there": {"10.rules": "-w /gone/too -p wa\n-w /etc/passwd -p wa\n"},
    "a watch below what is not there, with -c": {"10.rules": "-c\n-w /gone/too -p wa\n-w /etc/passwd -p wa\n"},
    "dir= of what is not there": {"10.rules": "-i\n-a always,exit -F dir=/gone -F perm=wa\n-w /etc/passwd -p wa\n"},
    "dir= of a file": {"10.rules": "-c\n-a always,exit -F dir=/etc/passwd -F perm=wa\n-w /etc/group -p wa\n"},
    "path= of a directory": {"10.rules": "-c\n-a always,exit -F path=/etc/pam.d -F perm=wa\n-w /etc/group -p wa\n"},
    "relative paths": {"10.rules": "-c\n-w etc/passwd -p wa\n-a always,exit -F path=etc/group -F perm=wa\n-w /etc/hosts -p wa\n"},
    "wildcards are names": {"10.rules": "-c\n-w /etc/*.conf -p wa\n-w /etc/passwd -p wa\n"},
    "double slashes and dots": {"10.rules": "-c\n-w /etc//passwd -p wa\n-w /etc/../etc/group -p wa\n-w /etc/./hosts -p wa\n"},
    "a blank in a name": {"10.rules": "-c\n-w /etc/two\\ words -p wa\n-w \"/etc/group\" -p wa\n-w /etc/passwd -p wa\n"},
    "the root directory": {"10.rules": "-c\n-w / -p wa\n-a always,exit -F dir=/ -F perm=wa\n-w /etc/passwd -p wa\n"},
    "letters of access": {"10.rules": "-c\n-w /etc/passwd -p WA\n-w /etc/group -p\n-w /etc/hosts -p wz\n-w /etc/fstab -p wawaw\n"
                                      "-a always,exit -F path=/etc/shells -F perm=rwxa\n-a always,exit -F path=/etc/issue -F perm=\n"},
    # System calls.
    "calls": {"10.rules": f"-a always,exit -F arch=b64 {TIME} -k time\n-a always,exit -F arch=b32 {TIME},stime -k time\n"},
    "several -S": {"10.rules": "-a always,exit -F arch=b64 -S adjtimex -S settimeofday -S clock_settime -k time\n"},
    "one rule split in two": {"10.rules": "-a always,exit -F arch=b64 -S adjtimex -k time\n",
                              "20.rules": "-a always,exit -F arch=b64 -S settimeofday -k time\n"},
    "a rule and half of it": {"10.rules": f"-a always,exit -F arch=b64 {TIME}\n-a always,exit -F arch=b64 -S adjtimex\n"},
    "exit,always": {"10.rules": f"-a exit,always -F arch=b64 {TIME} -F key=time\n"},
    "fields in other orders": {"10.rules": "-a always,exit -F arch=b64 -F auid>=1000 -S unlink,rename -F auid!=unset -k delete\n"
                                           "-a always,exit -F auid!=-1 -F auid>=1000 -F arch=b64 -S unlinkat -k delete\n"},
    "arch behind the calls": {"10.rules": f"-c\n-a always,exit {TIME} -F arch=b64\n-a always,exit -F arch=b64 -S umount2\n"},
    "no arch": {"10.rules": "-a always,exit -S umount2 -k mounts\n-a always,exit -S 165 -k mounts\n"},
    "every way to say unset": {"10.rules": "".join(
        f"-a always,exit -F arch=b64 -S {call} -F auid!={word}\n" for call, word in
        (("chmod", "unset"), ("fchmod", "-1"), ("chown", "4294967295"), ("fchown", "0xffffffff")))},
    "numbers and names of users": {"10.rules": "-c\n-a always,exit -F arch=b64 -S chmod -F euid=root -F gid=daemon\n"
                                               "-a always,exit -F arch=b64 -S fchmod -F uid=nobody-there\n"
                                               "-a always,exit -F arch=b64 -S chown -F uid>=0x3e8 -F egid!=010\n"},
    "exit codes": {"10.rules": f"-a always,exit -F arch=b64 -S open,openat -F exit=-EACCES {PEOPLE}\n"
                               f"-a always,exit -F arch=b64 -S open,openat -F exit=-1 {PEOPLE}\n"
                               f"-a always,exit -F arch=b64 -S truncate -F success=0\n"},
    "comparisons of ids": {"10.rules": "-a always,exit -F arch=b64 -C euid!=uid -F auid!=unset -S execve -k user_emulation\n"
                                       "-a always,exit -F arch=b32 -S execve -C uid!=euid\n"
                                       "-a always,exit -F arch=b64 -S chmod -C auid=obj_uid\n"},
    "arguments of calls": {"10.rules": "-a always,exit -F arch=b64 -S personality -F a0!=0xffffffff\n"
                                       "-a always,exit -F arch=b64 -S setns -F a1&0x20000000\n"
                                       "-a always,exit -F arch=b64 -S unshare -F a0&=0x10000000\n"},
    "calls of no such name": {"10.rules": "-c\n-a always,exit -F arch=b64 -S no_such_call\n-a always,exit -F arch=b64 -S stime\n"
                                          "-a always,exit -F arch=b32 -S stime\n"},
    "all calls": {"10.rules": "-c\n-a always,exit -F arch=b64 -S all -F exe=/usr/bin/passwd\n-a always,exit -F exe=/usr/bin/chage\n"
                              "-a always,exit -S all,chmod -F exe=/usr/bin/chfn\n"},
    "privileged programs": {"10.rules": f"-a always,exit -F path=/usr/bin/su -F perm=x {PEOPLE} -k privileged\n"
                                        f"-a always,exit -F arch=b64 -F path=/usr/bin/mount -F perm=x {PEOPLE} -k privileged\n"
                                        f"-a always,exit -S all -F path=/usr/bin/umount -F perm=x {PEOPLE} -F key=privileged\n"},
    "conditions written twice": {"10.rules": "-c\n-a always,exit -F arch=b64 -S chmod -F auid>=1000 -F auid>=1000\n"},
    "types of files": {"10.rules": "-c\n-a always,exit -F arch=b64 -S chmod -F filetype=dir\n"
                                   "-a always,exit -F arch=b64 -S chown -F obj_uid=0 -F obj_gid=0 -F devmajor=8 -F inode=2\n"},
    # Other lists.
    "never": {"10.rules": "-a never,exit -F arch=b64 -S adjtimex -F auid=unset\n-a always,exit -F arch=b64 -S adjtimex\n"
                          "-a exit,never -F path=/etc/passwd -F perm=r -F auid>=1000\n"},
    "the other lists": {"10.rules": "-c\n-a never,task\n-a always,user -F uid=0\n-a never,exclude -F msgtype=CWD\n"
                                    "-a exclude,always -F msgtype=1327\n-a never,filesystem -F fstype=tracefs\n"
                                    "-a always,entry -S chmod\n-a possible,exit -S chmod\n"},
    "fields on lists that have none": {"10.rules": "-c\n-a never,task -S chmod\n-a always,exclude -F path=/etc/passwd\n"
                                                   "-a always,user -F perm=wa\n-a never,exclude -F auid>=1000\n"},
    "-A stands first": {"10.rules": "-w /etc/passwd -p wa\n-A never,exit -F path=/etc/passwd -F perm=wa -F auid=unset\n"},
    # Deletions.
    "-d takes one away": {"10.rules": f"-a always,exit -F arch=b64 {TIME} -k time\n-w /etc/passwd -p wa\n",
                          "20.rules": f"-d always,exit -F arch=b64 {TIME} -k time\n"},
    "-d of what is not there": {"10.rules": "-c\n-d always,exit -F arch=b64 -S chmod\n-w /etc/passwd -p wa\n"},
    "-d with another order": {"10.rules": "-c\n-a always,exit -F arch=b64 -S chmod -F auid>=1000 -F uid=0\n"
                                          "-d always,exit -F arch=b64 -S chmod -F uid=0 -F auid>=1000\n"},
    "-d with another key": {"10.rules": "-c\n-a always,exit -F arch=b64 -S chmod -k one\n-d always,exit -F arch=b64 -S chmod -k two\n"
                                        "-a always,exit -F arch=b64 -S chown -k one\n-d always,exit -F arch=b64 -S chown\n"},
    "-W takes a watch away": {"10.rules": "-w /etc/passwd -p wa -k users\n-w /etc/group -p wa\n-W /etc/passwd -p wa -k users\n"},
    "-W without its key": {"10.rules": "-c\n-w /etc/passwd -p wa -k users\n-W /etc/passwd -p wa\n-w /etc/group\n-W /etc/group\n"},
    "-D in the middle": {"10.rules": "-w /etc/passwd -p wa\n-D\n-w /etc/group -p wa\n", "20.rules": "-D\n-w /etc/hosts -p wa\n"},
    "-D with a key": {"10.rules": "-w /etc/passwd -p wa -k users\n-w /etc/group -p wa -k groups\n",
                      "20.rules": "-D -k users\n"},
    "the same rule twice": {"10.rules": "-w /etc/passwd -p wa\n-w /etc/passwd -p wa\n-w /etc/group -p wa\n"},
    "the same rule twice, with -c": {"10.rules": "-c\n-w /etc/passwd -p wa\n-w /etc/passwd -p wa\n-w /etc/group -p wa\n"},
    "the same rule twice, with -i": {"10.rules": "-w /etc/passwd -p wa\n",
                                     "20.rules": "-i\n-w /etc/passwd -p wa -k other\n-w /etc/passwd -p wa\n-w /etc/group -p wa\n"},
    "twice but for the key": {"10.rules": "-w /etc/passwd -p wa -k one\n-w /etc/passwd -p wa -k two\n-w /etc/passwd -p wa\n"},
    # Control lines.
    "-e in several files": {"10.rules": "-e 2\n-w /etc/passwd -p wa\n", "20.rules": "-e 1\n-w /etc/group -p wa\n"},
    "-e 2 last": {"10.rules": "-e 1\n-w /etc/passwd -p wa\n", "99-finalize.rules": "-e 2\n"},
    "-e 2 behind blanks": {"10.rules": "  -e 2\n-w /etc/passwd -p wa\n"},
    "-e 0": {"10.rules": "-e 0\n-w /etc/passwd -p wa\n"},
    "-e out of range": {"10.rules": "-e 3\n-w /etc/passwd -p wa\n", "05.rules": "-e 1\n"},
    "-f and -b in several files": {"10.rules": "-f 0\n-b 100\n", "20.rules": "-f 1\n-b 8192\n-w /etc/passwd -p wa\n"},
    "-b with a word": {"10.rules": "-b many\n-w /etc/passwd -p wa\n"},
    "-c last": {"10.rules": "-w /etc/passwd -p wa\n-w /etc/passwd -p wa\n-w /etc/group -p wa\n", "20.rules": "-c\n"},
    "-i and -c": {"10.rules": "-i\n-c\n-w /etc/passwd -p wa\nbroken\n-w /etc/group -p wa\n"},
    # Broken lines.
    "a broken line": {"10.rules": "-w /etc/passwd -p wa\nbroken\n-w /etc/group -p wa\n"},
    "a broken line, with -c": {"10.rules": "-c\n-w /etc/passwd -p wa\nbroken\n-w /etc/group -p wa\n"},
    "an unknown option": {"10.rules": "-c\n-w /etc/passwd -p wa -z\n-w /etc/group --no-such-thing\n-w /etc/hosts -p wa\n"},
    "words too many": {"10.rules": "-c\n-w /etc/passwd -p wa extra\n-a always,exit -F arch=b64 -S chmod extra\n-w /etc/hosts -p wa\n"},
    "values missing": {"10.rules": "-c\n-w\n-a\n-a always,exit -F\n-a always,exit -F arch=b64 -S\n-a always,exit -k\n-w /etc/hosts -p wa\n"},
    "unknown fields": {"10.rules": "-c\n-a always,exit -F arch=b64 -S chmod -F nothing=1\n-a always,exit -F arch=b99 -S chmod\n"
                                   "-a always,exit -F arch=b64 -S chmod -F auid\n-a always,exit -F arch=b64 -S chmod -F auid=>1000\n"},
    "a rule without anything": {"10.rules": "-c\n-a always,exit\n-a always,exit -k all\n-a exit -S chmod\n-a always -S chmod\n"},
    "fields before the list": {"10.rules": "-c\n-F arch=b64 -S chmod -a always,exit\n-S chmod -a always,exit -F arch=b64\n"
                                           "-k first -a always,exit -F arch=b64 -S chown\n"},
    "comments behind rules": {"10.rules": "-c\n-w /etc/passwd -p wa # users\n-w /etc/group -p wa #\n-w /etc/hosts -p wa\n"},
    "comments behind blanks": {"10.rules": "  # -w /etc/passwd -p wa\n\t# x\n  -w /etc/group -p wa\n\t-w\t/etc/hosts\t-p\twa\n"},
    "carriage returns": {"10.rules": "-w /etc/passwd -p wa\r\n-w /etc/group -p wa -k x\r\n"},
    "carriage returns and control lines": {"10.rules": "-D\r\n-b 8192\r\n-c\r\n-w /etc/passwd -p wa -k x\r\n-e 1\r\n"},
    "no end of line at the end": {"10.rules": "-w /etc/passwd -p wa\n-w /etc/group -p wa", "20.rules": "-w /etc/hosts -p wa"},
    "joined lines are not": {"10.rules": "-c\n-w /etc/passwd \\\n-p wa\n-w /etc/group -p wa\n"},
    "long keys": {"10.rules": f"-c\n-w /etc/passwd -p wa -k {'k' * 31}\n-w /etc/group -p wa -k {'k' * 32}\n"
                              f"-w /etc/hosts -p wa -k {'k' * 300}\n-w /etc/shells -p wa -k one -k two\n"},
    "options stuck to values": {"10.rules": "-w/etc/passwd -pwa -kusers\n-aalways,exit -Farch=b64 -Schmod -kperm\n"},
    # Files.
    "order of files": {"20.rules": "-a always,exit -F arch=b64 -S chmod\n", "10.rules": "-a never,exit -F arch=b64 -S chmod -F uid=0\n",
                       "9.rules": "-w /etc/passwd -p wa\n", "100.rules": "-d always,exit -F arch=b64 -S chmod\n"},
    "names with numbers": {"a1.rules": "-w /etc/passwd -p wa\n", "a02.rules": "-w /etc/group -p wa\n",
                           "a10.rules": "-W /etc/passwd -p wa\n", "B.rules": "-w /etc/hosts -p wa\n"},
    "other names are not read": {"10.conf": "-w /etc/passwd -p wa\n", ".hidden.rules": "-w /etc/group -p wa\n",
                                 "10.rules.bak": "-w /etc/hosts -p wa\n", "10.rules~": "-w /etc/fstab -p wa\n",
                                 "20.RULES": "-w /etc/shells -p wa\n", "rules": "-w /etc/issue -p wa\n", "x.rules": "-w /etc/motd\n"},
    "a link to rules": {"10.rules": "-> /etc/audit/more", "20.rules": "-> ../other", "/etc/audit/more": "-w /etc/passwd -p wa\n",
                        "/etc/audit/other": "-w /etc/group -p wa\n"},
    "a link to nowhere": {"10.rules": "-> /etc/gone", "20.rules": "-w /etc/passwd -p wa\n"},
    "a link to /dev/null": {"10.rules": "-> /dev/null", "20.rules": "-w /etc/passwd -p wa\n"},
    "a directory among the files": {"10.rules/x": "-w /etc/group -p wa\n", "20.rules": "-w /etc/passwd -p wa\n"},
}
