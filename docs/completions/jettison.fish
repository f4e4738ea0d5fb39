# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_jettison_global_optspecs
    string join \n q/quiet v/verbose color= h/help V/version
end

function __fish_jettison_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_jettison_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_jettison_using_subcommand
    set -l cmd (__fish_jettison_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c jettison -n "__fish_jettison_needs_command" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c jettison -n "__fish_jettison_needs_command" -s q -l quiet -d 'Say only the result'
complete -c jettison -n "__fish_jettison_needs_command" -s v -l verbose -d 'Say more: every build line, all causes of an error'
complete -c jettison -n "__fish_jettison_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c jettison -n "__fish_jettison_needs_command" -s V -l version -d 'Print version'
complete -c jettison -n "__fish_jettison_needs_command" -f -a "optimize" -d 'Rewrite a Dockerfile, build and run both sides, keep what is proven'
complete -c jettison -n "__fish_jettison_needs_command" -f -a "verify" -d 'Rebuild both sides from a proof file and check every claim again'
complete -c jettison -n "__fish_jettison_needs_command" -f -a "completions" -d 'Print a shell completion script'
complete -c jettison -n "__fish_jettison_needs_command" -f -a "man" -d 'Print the manual page'
complete -c jettison -n "__fish_jettison_needs_command" -f -a "probe" -d 'The probe sidecar\'s program'
complete -c jettison -n "__fish_jettison_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c jettison -n "__fish_jettison_using_subcommand optimize" -s f -l file -d 'The Dockerfile [default: CONTEXT/Dockerfile]' -r -F
complete -c jettison -n "__fish_jettison_using_subcommand optimize" -l out -d 'Write the changed files and the proof into this folder instead' -r -F
complete -c jettison -n "__fish_jettison_using_subcommand optimize" -l proof -d 'Write the proof file here' -r -F
complete -c jettison -n "__fish_jettison_using_subcommand optimize" -l format -d 'text or json, optionally to a file: json:report.json (may repeat)' -r
complete -c jettison -n "__fish_jettison_using_subcommand optimize" -l smoke -d 'A command that tests the running app for level 5; JETTISON_URL, _HOST and _PORT say where it is' -r
complete -c jettison -n "__fish_jettison_using_subcommand optimize" -l engine -d 'docker, podman or buildah [default: the first that answers]' -r
complete -c jettison -n "__fish_jettison_using_subcommand optimize" -l max-builds -d 'Build at most this many candidates' -r
complete -c jettison -n "__fish_jettison_using_subcommand optimize" -l time-limit -d 'End the search after this long: 90s, 20m, 1h' -r
complete -c jettison -n "__fish_jettison_using_subcommand optimize" -l build-time-limit -d 'End one build after this long' -r
complete -c jettison -n "__fish_jettison_using_subcommand optimize" -l ready-timeout -d 'How long the app may take until it listens' -r
complete -c jettison -n "__fish_jettison_using_subcommand optimize" -l target -d 'The stage to build' -r
complete -c jettison -n "__fish_jettison_using_subcommand optimize" -l build-arg -d 'A build argument: NAME=value, or NAME to take it from the environment' -r
complete -c jettison -n "__fish_jettison_using_subcommand optimize" -l build-context -d 'A named build context' -r
complete -c jettison -n "__fish_jettison_using_subcommand optimize" -l secret -d 'A build secret' -r
complete -c jettison -n "__fish_jettison_using_subcommand optimize" -l ssh -d 'An SSH agent socket or key' -r
complete -c jettison -n "__fish_jettison_using_subcommand optimize" -l platform -d 'The platform to build for' -r
complete -c jettison -n "__fish_jettison_using_subcommand optimize" -l builder -d 'A buildx instance' -r
complete -c jettison -n "__fish_jettison_using_subcommand optimize" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c jettison -n "__fish_jettison_using_subcommand optimize" -l write -d 'Change the files, atomically, and lay the proof beside the Dockerfile'
complete -c jettison -n "__fish_jettison_using_subcommand optimize" -l undo -d 'Restore what the last --write replaced'
complete -c jettison -n "__fish_jettison_using_subcommand optimize" -l diff -d 'Print only the diff'
complete -c jettison -n "__fish_jettison_using_subcommand optimize" -l no-verify -d 'Build and run nothing: a plan with modelled numbers'
complete -c jettison -n "__fish_jettison_using_subcommand optimize" -l unverified -d 'Let --write write what was proven at a lower level than the changes need'
complete -c jettison -n "__fish_jettison_using_subcommand optimize" -s q -l quiet -d 'Say only the result'
complete -c jettison -n "__fish_jettison_using_subcommand optimize" -s v -l verbose -d 'Say more: every build line, all causes of an error'
complete -c jettison -n "__fish_jettison_using_subcommand optimize" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c jettison -n "__fish_jettison_using_subcommand verify" -l proof -d 'The proof file [default: jettison.proof.json beside the Dockerfile, in CONTEXT]' -r -F
complete -c jettison -n "__fish_jettison_using_subcommand verify" -l smoke -d 'The smoke command [default: the one recorded]' -r
complete -c jettison -n "__fish_jettison_using_subcommand verify" -l engine -d 'docker, podman or buildah [default: the first that answers]' -r
complete -c jettison -n "__fish_jettison_using_subcommand verify" -l build-arg -d 'A build argument whose value the proof does not hold' -r
complete -c jettison -n "__fish_jettison_using_subcommand verify" -l secret -d 'A build secret' -r
complete -c jettison -n "__fish_jettison_using_subcommand verify" -l ssh -d 'An SSH agent socket or key' -r
complete -c jettison -n "__fish_jettison_using_subcommand verify" -l build-context -d 'A named build context' -r
complete -c jettison -n "__fish_jettison_using_subcommand verify" -l format -d 'text or json, optionally to a file (may repeat)' -r
complete -c jettison -n "__fish_jettison_using_subcommand verify" -l build-time-limit -d 'End one build after this long' -r
complete -c jettison -n "__fish_jettison_using_subcommand verify" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c jettison -n "__fish_jettison_using_subcommand verify" -s q -l quiet -d 'Say only the result'
complete -c jettison -n "__fish_jettison_using_subcommand verify" -s v -l verbose -d 'Say more: every build line, all causes of an error'
complete -c jettison -n "__fish_jettison_using_subcommand verify" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c jettison -n "__fish_jettison_using_subcommand completions" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c jettison -n "__fish_jettison_using_subcommand completions" -s q -l quiet -d 'Say only the result'
complete -c jettison -n "__fish_jettison_using_subcommand completions" -s v -l verbose -d 'Say more: every build line, all causes of an error'
complete -c jettison -n "__fish_jettison_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c jettison -n "__fish_jettison_using_subcommand man" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c jettison -n "__fish_jettison_using_subcommand man" -s q -l quiet -d 'Say only the result'
complete -c jettison -n "__fish_jettison_using_subcommand man" -s v -l verbose -d 'Say more: every build line, all causes of an error'
complete -c jettison -n "__fish_jettison_using_subcommand man" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c jettison -n "__fish_jettison_using_subcommand probe" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c jettison -n "__fish_jettison_using_subcommand probe" -s q -l quiet -d 'Say only the result'
complete -c jettison -n "__fish_jettison_using_subcommand probe" -s v -l verbose -d 'Say more: every build line, all causes of an error'
complete -c jettison -n "__fish_jettison_using_subcommand probe" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c jettison -n "__fish_jettison_using_subcommand help; and not __fish_seen_subcommand_from optimize verify completions man probe help" -f -a "optimize" -d 'Rewrite a Dockerfile, build and run both sides, keep what is proven'
complete -c jettison -n "__fish_jettison_using_subcommand help; and not __fish_seen_subcommand_from optimize verify completions man probe help" -f -a "verify" -d 'Rebuild both sides from a proof file and check every claim again'
complete -c jettison -n "__fish_jettison_using_subcommand help; and not __fish_seen_subcommand_from optimize verify completions man probe help" -f -a "completions" -d 'Print a shell completion script'
complete -c jettison -n "__fish_jettison_using_subcommand help; and not __fish_seen_subcommand_from optimize verify completions man probe help" -f -a "man" -d 'Print the manual page'
complete -c jettison -n "__fish_jettison_using_subcommand help; and not __fish_seen_subcommand_from optimize verify completions man probe help" -f -a "probe" -d 'The probe sidecar\'s program'
complete -c jettison -n "__fish_jettison_using_subcommand help; and not __fish_seen_subcommand_from optimize verify completions man probe help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
