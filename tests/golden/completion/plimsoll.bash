# Completion of plimsoll for bash, made by `plimsoll completion bash`.
_plimsoll() {
  local current="${COMP_WORDS[COMP_CWORD]}" previous="${COMP_WORDS[COMP_CWORD - 1]}" command="${COMP_WORDS[1]}"
  COMPREPLY=()
  if ((COMP_CWORD == 1)); then
    COMPREPLY=($(compgen -W "audit list explain validate probes version help --help --version" -- "$current"))
    return
  fi
  [[ $current == '=' ]] && current=''
  [[ $previous == '=' ]] && previous="${COMP_WORDS[COMP_CWORD - 2]}"
  case "$previous" in
    --profile | -p)
      COMPREPLY=($(compgen -W "$(plimsoll list profiles --ids 2>/dev/null)" -- "$current"))
      return
      ;;
    --level | -l)
      COMPREPLY=()
      return
      ;;
    --role)
      COMPREPLY=()
      return
      ;;
    --check | -c)
      COMPREPLY=($(compgen -W "$(plimsoll list checks --ids 2>/dev/null)" -- "$current"))
      return
      ;;
    --section | -s)
      COMPREPLY=()
      return
      ;;
    --severity)
      COMPREPLY=($(compgen -W "info low medium high critical" -- "$current"))
      return
      ;;
    --set)
      COMPREPLY=()
      return
      ;;
    --root)
      COMPREPLY=($(compgen -d -- "$current"))
      return
      ;;
    --catalog)
      COMPREPLY=($(compgen -d -- "$current"))
      return
      ;;
    --report | -r)
      COMPREPLY=($(compgen -W "json html" -- "$current")); compopt -o nospace 2>/dev/null
      return
      ;;
    --ocsf-version)
      COMPREPLY=($(compgen -W "1.8.0 1.6.0" -- "$current"))
      return
      ;;
    --fail-on)
      COMPREPLY=($(compgen -W "info low medium high critical never" -- "$current"))
      return
      ;;
    --timeout)
      COMPREPLY=()
      return
      ;;
    --jobs | -j)
      COMPREPLY=()
      return
      ;;
    json)
      COMPREPLY=($(compgen -f -- "$current"))
      return
      ;;
    html)
      COMPREPLY=($(compgen -f -- "$current"))
      return
      ;;
  esac
  case "$command" in
    audit)
      if [[ $current == -* ]]; then
        COMPREPLY=($(compgen -W "--profile --level --role --check --section --severity --set --root --catalog --report --ocsf-version --all --quiet --no-color --fail-on --timeout --jobs --help" -- "$current"))
      fi
      ;;
    list)
      if [[ $current == -* ]]; then
        COMPREPLY=($(compgen -W "--profile --role --catalog --ids --help" -- "$current"))
      else
        COMPREPLY=($(compgen -W "profiles checks formats" -- "$current"))
      fi
      ;;
    explain)
      if [[ $current == -* ]]; then
        COMPREPLY=($(compgen -W "--catalog --help" -- "$current"))
      else
        COMPREPLY=($(compgen -W "$(plimsoll list --ids 2>/dev/null)" -- "$current"))
      fi
      ;;
    validate)
      if [[ $current == -* ]]; then
        COMPREPLY=($(compgen -W "--help" -- "$current"))
      else
        COMPREPLY=($(compgen -d -- "$current"))
      fi
      ;;
    probes)
      if [[ $current == -* ]]; then
        COMPREPLY=($(compgen -W "--markdown --help" -- "$current"))
      else
        COMPREPLY=($(compgen -W "file sysctl" -- "$current"))
      fi
      ;;
    version)
      if [[ $current == -* ]]; then
        COMPREPLY=($(compgen -W "--help" -- "$current"))
      fi
      ;;
    help)
      if [[ $current == -* ]]; then
        COMPREPLY=($(compgen -W "--help" -- "$current"))
      else
        COMPREPLY=($(compgen -W "audit list explain validate probes version help" -- "$current"))
      fi
      ;;
    completion)
      if [[ $current == -* ]]; then
        COMPREPLY=($(compgen -W "--help" -- "$current"))
      else
        COMPREPLY=($(compgen -W "bash zsh fish" -- "$current"))
      fi
      ;;
    man)
      if [[ $current == -* ]]; then
        COMPREPLY=($(compgen -W "--help" -- "$current"))
      fi
      ;;
  esac
}
complete -F _plimsoll plimsoll
