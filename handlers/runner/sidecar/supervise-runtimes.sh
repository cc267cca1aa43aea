# The command of the container in which the runtimes of a zip function run, where that is not the runner's own: AWS's
# base image as it is. $1 is the folder that it shares with the runner, which has made two named pipes there:
#   orders   brings one order a line, of a verb, a runtime's number and the address of its Runtime API:
#              start NUMBER ADDRESS WORDS   in the folder, if the program is there, env with the rest: see start-text.ts.
#              TERM or KILL NUMBER ADDRESS  to it and what descends from it.
#              end NUMBER ADDRESS           kills it with all that it started.
#            It ends when the runner does, and then so does everything here. No secret of an order is ever on the disk.
#   reports  takes "ready", and of each runtime "NUMBER" and its exit status, "absent" or "not-executable"; last "gone".
# An extension is such a runtime too: it shares the address of its function's.
# Nothing but a shell and coreutils is needed, nor Bash's own words: the images have no more for sure. What they have:
# https://github.com/amazonlinux/amazon-linux-2023/issues/585
# Names begin with overtime_, so that none of them is one of the container's variables.
overtime_control=$1
trap 'exit 0' TERM
until [ -p "$overtime_control/orders" ]; do
  sleep 0.1
done
# From here on the runner says how long a handler may go on after a SIGTERM, which it gets too.
trap '' TERM PIPE
exec 3<"$overtime_control/orders" 4>"$overtime_control/reports" 5>&2
overtime_newline='
'
# Of each runtime NUMBER/ADDRESS/KEEPER, a process of this shell's that waits for it and outlives it.
overtime_living=
# Who inherits those that lose their parent: the init that ECS puts before this shell, where it is there.
overtime_adopter=none

# A file of /proc without its zeros and ends of lines.
overtime_read() {
  overtime_text=
  while IFS= read -r overtime_line || [ -n "$overtime_line" ]; do
    overtime_text=$overtime_text$overtime_line
  done <"$1"
} 2>/dev/null

overtime_keep() {
  (
    trap - TERM PIPE INT QUIT
    eval "set -- $overtime_words"
    cd "$1"
    if [ ! -e "$2" ]; then
      echo "$overtime_number absent" >&4
    elif [ ! -x "$2" ]; then
      echo "$overtime_number not-executable" >&4
    else
      shift 2
      exec env -- "$@" 2>&5 3<&- 4>&- 5>&-
    fi
  )
  echo "$overtime_number $?" >&4
}

# Finds the processes of a runtime: with "tree" those too that carry its address in their environment, as a child that
# has lost its parent does; and while all that runs has the same address, every orphan.
overtime_find() {
  overtime_scope=$1
  overtime_keeper=
  overtime_alone=$overtime_scope
  for overtime_one in $overtime_living; do
    case $overtime_one in
      "$overtime_number/"*) overtime_keeper=${overtime_one##*/} ;;
    esac
    case $overtime_one in
      *"/$overtime_address/"*) ;;
      *) overtime_alone= ;;
    esac
  done
  overtime_table=
  overtime_found=' '
  for overtime_folder in /proc/[0-9]*; do
    overtime_pid=${overtime_folder#/proc/}
    overtime_read "$overtime_folder/stat"
    # After the name, which may hold anything: state and parent.
    set -- ${overtime_text##*) }
    case $overtime_pid/${1:-Z} in
      "$$"/* | "$overtime_keeper"/* | */[ZX]) continue ;;
    esac
    overtime_table="$overtime_table $overtime_pid/$2"
    if [ "$2" = "$overtime_keeper" ] || { [ -n "$overtime_alone" ] && [ "$2" = "$overtime_adopter" ]; }; then
      overtime_found="$overtime_found$overtime_pid "
    elif [ -n "$overtime_scope" ]; then
      overtime_read "$overtime_folder/environ"
      case $overtime_text in
        *"AWS_LAMBDA_RUNTIME_API=$overtime_address" | *"AWS_LAMBDA_RUNTIME_API=$overtime_address"[!0-9]*)
          overtime_found="$overtime_found$overtime_pid "
          ;;
      esac
    fi
  done
  overtime_before=
  while [ "$overtime_found" != "$overtime_before" ]; do
    overtime_before=$overtime_found
    for overtime_one in $overtime_table; do
      case $overtime_found in
        *" ${overtime_one%/*} "*) continue ;;
        *" ${overtime_one#*/} "*) overtime_found="$overtime_found${overtime_one%/*} " ;;
      esac
    done
  done
}

# Looks until nothing was found twice: a process that is being killed may start another, and one whose parent ended
# while the processes were being read has no parent among them.
overtime_end() {
  overtime_empty=0
  for overtime_sweep in 1 2 3 4 5 6 7 8 9 10; do
    overtime_find tree
    if [ "$overtime_found" != ' ' ]; then
      overtime_empty=0
      kill -s KILL $overtime_found 2>/dev/null
    elif [ "$overtime_empty" = 1 ]; then
      # It has nothing left to wait for; so it is not left as a zombie.
      wait "$overtime_keeper"
      break
    else
      overtime_empty=1
    fi
  done
  overtime_left=
  for overtime_one in $overtime_living; do
    case $overtime_one in
      "$overtime_number/"*) ;;
      *) overtime_left="$overtime_left $overtime_one" ;;
    esac
  done
  overtime_living=$overtime_left
}

overtime_read /proc/1/cmdline
overtime_first=$overtime_text
overtime_read /proc/$$/cmdline
case $PPID/$overtime_first in
  1/?*"$overtime_text") overtime_adopter=1 ;;
esac
echo ready >&4
while read -r overtime_verb overtime_number overtime_address overtime_words <&3; do
  case $overtime_verb in
    start)
      # What Bash says of a runtime that is killed is not the function's.
      overtime_keep 2>/dev/null &
      overtime_living="$overtime_living $overtime_number/$overtime_address/$!"
      ;;
    end)
      overtime_end
      echo "$overtime_number gone" >&4
      ;;
    *)
      overtime_find ''
      kill -s "$overtime_verb" $overtime_found 2>/dev/null
      ;;
  esac
done
for overtime_one in $overtime_living; do
  overtime_number=${overtime_one%%/*}
  overtime_address=${overtime_one#*/}
  overtime_address=${overtime_address%/*}
  overtime_end
done
