# The command of the container in which the runtime of a zip function runs, where that is not the runner's own: AWS's
# base image as it is. $1 is the folder that it shares with the runner, which has made three named pipes there:
#   start     is read once: the function's environment and the command. No secret of it is ever on the disk.
#   lifeline  ends when the runner wants the runtime to end, or has ended itself.
#   exited    takes the runtime's exit status.
# Names begin with overtime_, so that none of them is one of the function's variables.
overtime_control=$1
trap 'exit 0' TERM
until [ -r "$overtime_control/start" ]; do
  sleep 0.1
done
# From here on the runner says how long a handler may go on after a SIGTERM, which it gets too.
trap : TERM
trap 'exit 0' USR1
# Open before anything runs: once the runner has let go, opening it would wait for ever.
exec 3<"$overtime_control/lifeline"
. "$overtime_control/start"
{
  read -r _ <&3
  kill -USR1 $$
} &
"$@" 3<&- &
overtime_runtime=$!
# A signal ends a wait, not the runtime.
while :; do
  wait "$overtime_runtime"
  overtime_status=$?
  kill -0 "$overtime_runtime" 2>/dev/null || break
done
echo "$overtime_status" >"$overtime_control/exited"
# Were this container to end now, ECS would stop the task before the runner has reported.
wait
