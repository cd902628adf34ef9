#compdef plimsoll
# Completion of plimsoll for zsh, made by `plimsoll completion zsh`.

_plimsoll_report() {
  if [[ $PREFIX == *=* ]]; then
    compset -P '*='
    _files
  else
    compadd -S '' -- json html
  fi
}

_plimsoll() {
  local -a commands
  commands=(
    'audit:judge this host, or an image under --root'
    'list:show profiles, checks and report formats'
    'explain:tell all about a check, a recommendation, a profile or a code'
    'validate:look for mistakes in checks and profiles of your own'
    'probes:show what checks can ask about'
    'version:print the version'
    'help:print this text, or the help of a subcommand'
  )
  if ((CURRENT == 2)); then
    _describe -t commands subcommand commands
    return
  fi
  local command=$words[2]
  shift words
  ((CURRENT--))
  case $command in
    audit)
      _arguments \
        '*--profile[Judge by this profile]:ID:{compadd -- ${(f)"$(plimsoll list profiles --ids 2>/dev/null)"}}' \
        '*-p[Judge by this profile]:ID:{compadd -- ${(f)"$(plimsoll list profiles --ids 2>/dev/null)"}}' \
        '--level[Leave out recommendations above this level]:N: ' \
        '-l[Leave out recommendations above this level]:N: ' \
        '--role[The role of the host in profiles that know several, such as server or workstation]:NAME: ' \
        '*--check[Run only this check]:ID:{compadd -- ${(f)"$(plimsoll list checks --ids 2>/dev/null)"}}' \
        '*-c[Run only this check]:ID:{compadd -- ${(f)"$(plimsoll list checks --ids 2>/dev/null)"}}' \
        '*--section[Only recommendations whose number is one of these or stands below it\: 5.1 takes in 5.1.20]:NUM\[,NUM\]...: ' \
        '*-s[Only recommendations whose number is one of these or stands below it\: 5.1 takes in 5.1.20]:NUM\[,NUM\]...: ' \
        '--severity[Only checks of this severity or above\: info, low, medium, high or critical]:LEVEL:(info low medium high critical)' \
        '*--set[Give a parameter another value\: of every check that has it, or of one as check-id.name=value]:NAME=VALUE: ' \
        '--root[Audit the system under this directory\: a mounted image, a container'\''s root, a host mounted into a pod]:DIR:_files -/' \
        '*--catalog[Add the checks and profiles under this directory]:DIR:_files -/' \
        '*--report[Write a report; `-` as PATH is standard output, and the summary then goes to standard error]:FORMAT\[=PATH\]:_plimsoll_report' \
        '*-r[Write a report; `-` as PATH is standard output, and the summary then goes to standard error]:FORMAT\[=PATH\]:_plimsoll_report' \
        '--ocsf-version[Version of OCSF that the ocsf report follows\: 1.8.0 or 1.6.0]:VERSION:(1.8.0 1.6.0)' \
        '--all[Show every verdict with its evidence in the summary, passes too, however long it gets]' \
        '-a[Show every verdict with its evidence in the summary, passes too, however long it gets]' \
        '--quiet[Print nothing but errors; the exit status tells the rest]' \
        '-q[Print nothing but errors; the exit status tells the rest]' \
        '--no-color[No colour in the summary]' \
        '--fail-on[Exit with status 1 only for findings of this severity or above, or never for `never`]:SEVERITY:(info low medium high critical never)' \
        '--timeout[Longest time that one probe may take]:SECONDS: ' \
        '--jobs[How many probes to run at a time]:N: ' \
        '-j[How many probes to run at a time]:N: ' \
        '--help[Print help and exit]' \
        '-h[Print help and exit]'
      ;;
    list)
      _arguments \
        '*--profile[Judge by this profile]:ID:{compadd -- ${(f)"$(plimsoll list profiles --ids 2>/dev/null)"}}' \
        '*-p[Judge by this profile]:ID:{compadd -- ${(f)"$(plimsoll list profiles --ids 2>/dev/null)"}}' \
        '--role[The role of the host in profiles that know several, such as server or workstation]:NAME: ' \
        '*--catalog[Add the checks and profiles under this directory]:DIR:_files -/' \
        '--ids[Print bare ids, one a line]' \
        '--help[Print help and exit]' \
        '-h[Print help and exit]' \
        '*:\[profiles|checks|formats\]:(profiles checks formats)'
      ;;
    explain)
      _arguments \
        '*--catalog[Add the checks and profiles under this directory]:DIR:_files -/' \
        '--help[Print help and exit]' \
        '-h[Print help and exit]' \
        '*:ID:{compadd -- ${(f)"$(plimsoll list --ids 2>/dev/null)"}}'
      ;;
    validate)
      _arguments \
        '--help[Print help and exit]' \
        '-h[Print help and exit]' \
        '*:\[DIR\]...:_files -/'
      ;;
    probes)
      _arguments \
        '--markdown[Print the tables of arguments and fields in Markdown, as docs/writing-probes.md holds them]' \
        '--help[Print help and exit]' \
        '-h[Print help and exit]' \
        '*:\[NAME\]:(file sysctl)'
      ;;
    version)
      _arguments \
        '--help[Print help and exit]' \
        '-h[Print help and exit]'
      ;;
    help)
      _arguments \
        '--help[Print help and exit]' \
        '-h[Print help and exit]' \
        '*:\[SUBCOMMAND\]:(audit list explain validate probes version help)'
      ;;
    completion)
      _arguments \
        '--help[Print help and exit]' \
        '-h[Print help and exit]' \
        '*:bash|zsh|fish:(bash zsh fish)'
      ;;
    man)
      _arguments \
        '--help[Print help and exit]' \
        '-h[Print help and exit]'
      ;;
  esac
}

_plimsoll "$@"
