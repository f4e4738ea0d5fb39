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
complete -c jettison -n "__fish_jettison_needs_command" -f -a "check" -d 'Find what is wrong, slow, large or unsafe in Dockerfiles, and fix it'
complete -c jettison -n "__fish_jettison_needs_command" -f -a "explain" -d 'Print the page of a rule: what it finds, why that is bad, how it is fixed'
complete -c jettison -n "__fish_jettison_needs_command" -f -a "rules" -d 'List the rules of `jettison check`'
complete -c jettison -n "__fish_jettison_needs_command" -f -a "config" -d 'Show what is configured, and where'
complete -c jettison -n "__fish_jettison_needs_command" -f -a "analyze" -d 'Say what is in an image: sizes, layers, waste, packages, what to do'
complete -c jettison -n "__fish_jettison_needs_command" -f -a "explore" -d 'Look through an image, or through what differs between two, on the terminal'
complete -c jettison -n "__fish_jettison_needs_command" -f -a "diff" -d 'Say what image B is against image A: sizes, layers, config, packages, files'
complete -c jettison -n "__fish_jettison_needs_command" -f -a "why" -d 'Say why a file or package is in an image: layer, line, owner, who pulled it in, what would go with it'
complete -c jettison -n "__fish_jettison_needs_command" -f -a "history" -d 'List the steps an image was built in, newest first, in full, with the sizes of their layers'
complete -c jettison -n "__fish_jettison_needs_command" -f -a "inspect" -d 'Show an image\'s configuration, platform, digests and sizes; JSON has the fields of docker image inspect'
complete -c jettison -n "__fish_jettison_needs_command" -f -a "completions" -d 'Print a shell completion script'
complete -c jettison -n "__fish_jettison_needs_command" -f -a "man" -d 'Print the manual page'
complete -c jettison -n "__fish_jettison_needs_command" -f -a "complete-images" -d 'Print the names of the images that engines have, for completions'
complete -c jettison -n "__fish_jettison_needs_command" -f -a "debug" -d 'Show what is made of the input'
complete -c jettison -n "__fish_jettison_needs_command" -f -a "probe" -d 'The probe sidecar\'s program'
complete -c jettison -n "__fish_jettison_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c jettison -n "__fish_jettison_using_subcommand optimize" -s f -l file -d 'The Dockerfile [default: CONTEXT/Dockerfile], or a Compose or Bake file (may repeat) whose build is meant' -r -F
complete -c jettison -n "__fish_jettison_using_subcommand optimize" -l out -d 'Write the changed files and the proof into this folder instead' -r -F
complete -c jettison -n "__fish_jettison_using_subcommand optimize" -l proof -d 'Write the proof file here' -r -F
complete -c jettison -n "__fish_jettison_using_subcommand optimize" -l pr -d 'Write a pull request\'s files into this folder: jettison.patch and its text, jettison.md' -r -F
complete -c jettison -n "__fish_jettison_using_subcommand optimize" -l policy -d 'What may be done and what is wanted: bases, forbidden transforms, labels, keep-shell, non-root (TOML)' -r -F
complete -c jettison -n "__fish_jettison_using_subcommand optimize" -l format -d 'text or json, optionally to a file: json:report.json (may repeat)' -r
complete -c jettison -n "__fish_jettison_using_subcommand optimize" -l smoke -d 'A command that tests the running app for level 5; JETTISON_URL, _HOST and _PORT say where it is' -r
complete -c jettison -n "__fish_jettison_using_subcommand optimize" -l engine -d 'docker, podman or buildah [default: the first that answers]' -r
complete -c jettison -n "__fish_jettison_using_subcommand optimize" -l max-builds -d 'Build at most this many candidates' -r
complete -c jettison -n "__fish_jettison_using_subcommand optimize" -l time-limit -d 'End the search after this long: 90s, 20m, 1h' -r
complete -c jettison -n "__fish_jettison_using_subcommand optimize" -l build-time-limit -d 'End one build after this long' -r
complete -c jettison -n "__fish_jettison_using_subcommand optimize" -l ready-timeout -d 'How long the app may take until it listens' -r
complete -c jettison -n "__fish_jettison_using_subcommand optimize" -l target -d 'The stage to build; of a Compose or Bake file the service or target' -r
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
complete -c jettison -n "__fish_jettison_using_subcommand optimize" -l pin -d 'Pin every base by the digest that its tag has now'
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
complete -c jettison -n "__fish_jettison_using_subcommand check" -l image -d 'Judge the history of an image, whose Dockerfile need not be there: a name, an archive, a folder' -r
complete -c jettison -n "__fish_jettison_using_subcommand check" -l stdin-filename -d 'The name of the file that comes on stdin' -r -F
complete -c jettison -n "__fish_jettison_using_subcommand check" -s j -l jobs -d 'Files to look at in parallel [default: one a processor]' -r
complete -c jettison -n "__fish_jettison_using_subcommand check" -l select -d 'Rules to say besides the profile\'s: ids, categories, other tools\' codes (may repeat)' -r
complete -c jettison -n "__fish_jettison_using_subcommand check" -l ignore -d 'Rules not to say; wins over everything (may repeat)' -r
complete -c jettison -n "__fish_jettison_using_subcommand check" -l only -d 'Only these rules (may repeat)' -r
complete -c jettison -n "__fish_jettison_using_subcommand check" -l profile -d 'The rules and severities to start from' -r -f -a "default\t''
hadolint\t''
buildkit\t''
strict\t''
supply-chain\t''
base-image\t''
dev-container\t''"
complete -c jettison -n "__fish_jettison_using_subcommand check" -l shellcheck -d 'Judge the scripts of RUN with this ShellCheck, instead of without one' -r -F
complete -c jettison -n "__fish_jettison_using_subcommand check" -l as-of -d 'Behave like this version: rules that came later are not said' -r
complete -c jettison -n "__fish_jettison_using_subcommand check" -l context -d 'The build context, to judge what is copied and what is ignored [default: what Compose and Bake files say]' -r -F
complete -c jettison -n "__fish_jettison_using_subcommand check" -l target -d 'The stage that is built (may repeat)' -r
complete -c jettison -n "__fish_jettison_using_subcommand check" -l build-arg -d 'A build argument: NAME=value, or NAME to take it from the environment (may repeat)' -r
complete -c jettison -n "__fish_jettison_using_subcommand check" -l platform -d 'The platform that is built for (may repeat)' -r
complete -c jettison -n "__fish_jettison_using_subcommand check" -l fail-on -d 'Exit with 1 if anything is found that is at least so bad [default: warning]' -r -f -a "error\t''
warning\t''
info\t''
never\t''"
complete -c jettison -n "__fish_jettison_using_subcommand check" -l format -d 'text, concise, gnu, tty (hadolint\'s), json, jsonl, sarif, github, gitlab, sonarqube, codacy, checkstyle, junit or markdown, optionally to a file: sarif:out.sarif (may repeat)' -r
complete -c jettison -n "__fish_jettison_using_subcommand check" -l baseline -d 'Known findings, which are not reported' -r -F
complete -c jettison -n "__fish_jettison_using_subcommand check" -l config -d 'The configuration file, instead of those that are found' -r -F
complete -c jettison -n "__fish_jettison_using_subcommand check" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c jettison -n "__fish_jettison_using_subcommand check" -l fix -d 'Apply the fixes that keep the meaning; with - the fixed file goes to stdout'
complete -c jettison -n "__fish_jettison_using_subcommand check" -l unsafe-fixes -d 'Apply fixes that may change the meaning too'
complete -c jettison -n "__fish_jettison_using_subcommand check" -l pin -d 'Ask the registries for the digests that tags have now, and add them (with --fix, --diff)'
complete -c jettison -n "__fish_jettison_using_subcommand check" -l diff -d 'Show what the fixes would change; alone it writes nothing'
complete -c jettison -n "__fish_jettison_using_subcommand check" -l strict -d 'Guesses count for the exit code too'
complete -c jettison -n "__fish_jettison_using_subcommand check" -l exit-zero -d 'Exit with 0 whatever is found'
complete -c jettison -n "__fish_jettison_using_subcommand check" -l statistics -d 'How often each rule found something, instead of what'
complete -c jettison -n "__fish_jettison_using_subcommand check" -l write-baseline -d 'Write all findings to the baseline, and exit with 0'
complete -c jettison -n "__fish_jettison_using_subcommand check" -l no-config -d 'No configuration but the command line'
complete -c jettison -n "__fish_jettison_using_subcommand check" -s q -l quiet -d 'Say only the result'
complete -c jettison -n "__fish_jettison_using_subcommand check" -s v -l verbose -d 'Say more: every build line, all causes of an error'
complete -c jettison -n "__fish_jettison_using_subcommand check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c jettison -n "__fish_jettison_using_subcommand explain" -l format -d 'text, json or markdown, optionally to a file (may repeat)' -r
complete -c jettison -n "__fish_jettison_using_subcommand explain" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c jettison -n "__fish_jettison_using_subcommand explain" -s q -l quiet -d 'Say only the result'
complete -c jettison -n "__fish_jettison_using_subcommand explain" -s v -l verbose -d 'Say more: every build line, all causes of an error'
complete -c jettison -n "__fish_jettison_using_subcommand explain" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c jettison -n "__fish_jettison_using_subcommand rules" -l format -d 'text, json or markdown, optionally to a file (may repeat)' -r
complete -c jettison -n "__fish_jettison_using_subcommand rules" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c jettison -n "__fish_jettison_using_subcommand rules" -s q -l quiet -d 'Say only the result'
complete -c jettison -n "__fish_jettison_using_subcommand rules" -s v -l verbose -d 'Say more: every build line, all causes of an error'
complete -c jettison -n "__fish_jettison_using_subcommand rules" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c jettison -n "__fish_jettison_using_subcommand config; and not __fish_seen_subcommand_from show schema help" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c jettison -n "__fish_jettison_using_subcommand config; and not __fish_seen_subcommand_from show schema help" -s q -l quiet -d 'Say only the result'
complete -c jettison -n "__fish_jettison_using_subcommand config; and not __fish_seen_subcommand_from show schema help" -s v -l verbose -d 'Say more: every build line, all causes of an error'
complete -c jettison -n "__fish_jettison_using_subcommand config; and not __fish_seen_subcommand_from show schema help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c jettison -n "__fish_jettison_using_subcommand config; and not __fish_seen_subcommand_from show schema help" -f -a "show" -d 'Print every setting that holds for a file, and where it was said'
complete -c jettison -n "__fish_jettison_using_subcommand config; and not __fish_seen_subcommand_from show schema help" -f -a "schema" -d 'Print the JSON Schema of jettison.toml'
complete -c jettison -n "__fish_jettison_using_subcommand config; and not __fish_seen_subcommand_from show schema help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c jettison -n "__fish_jettison_using_subcommand config; and __fish_seen_subcommand_from show" -l config -d 'The configuration file, instead of those that are found' -r -F
complete -c jettison -n "__fish_jettison_using_subcommand config; and __fish_seen_subcommand_from show" -l format -d 'text or json, optionally to a file (may repeat)' -r
complete -c jettison -n "__fish_jettison_using_subcommand config; and __fish_seen_subcommand_from show" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c jettison -n "__fish_jettison_using_subcommand config; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Say only the result'
complete -c jettison -n "__fish_jettison_using_subcommand config; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Say more: every build line, all causes of an error'
complete -c jettison -n "__fish_jettison_using_subcommand config; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c jettison -n "__fish_jettison_using_subcommand config; and __fish_seen_subcommand_from schema" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c jettison -n "__fish_jettison_using_subcommand config; and __fish_seen_subcommand_from schema" -s q -l quiet -d 'Say only the result'
complete -c jettison -n "__fish_jettison_using_subcommand config; and __fish_seen_subcommand_from schema" -s v -l verbose -d 'Say more: every build line, all causes of an error'
complete -c jettison -n "__fish_jettison_using_subcommand config; and __fish_seen_subcommand_from schema" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c jettison -n "__fish_jettison_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "show" -d 'Print every setting that holds for a file, and where it was said'
complete -c jettison -n "__fish_jettison_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "schema" -d 'Print the JSON Schema of jettison.toml'
complete -c jettison -n "__fish_jettison_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c jettison -n "__fish_jettison_using_subcommand analyze" -l platform -d 'Of an image for several platforms, the one for this [default: this machine\'s]' -r
complete -c jettison -n "__fish_jettison_using_subcommand analyze" -l ref -d 'Of an archive with several images, the one of this tag or digest' -r
complete -c jettison -n "__fish_jettison_using_subcommand analyze" -l max-layer-size -d 'Stop at a layer that is larger than this when it is unpacked [default: 256GiB]' -r
complete -c jettison -n "__fish_jettison_using_subcommand analyze" -l registry-mirror -d 'Look for images of a registry at a mirror first: a host, with or without the beginning of a path; of docker.io unless another registry is named. podman\'s registries.conf counts, too' -r
complete -c jettison -n "__fish_jettison_using_subcommand analyze" -l insecure-registry -d 'Ask this registry without TLS if it has none; this machine always may be' -r
complete -c jettison -n "__fish_jettison_using_subcommand analyze" -s j -l jobs -d 'Layers read at the same time [default: one for each processor, of registries at least 4]' -r
complete -c jettison -n "__fish_jettison_using_subcommand analyze" -l dockerfile -d 'The Dockerfile that it was built from, to name lines [default: ./Dockerfile, if the image\'s history fits it]' -r -F
complete -c jettison -n "__fish_jettison_using_subcommand analyze" -l top -d 'Rows of a table' -r
complete -c jettison -n "__fish_jettison_using_subcommand analyze" -l format -d 'text, json, markdown or html, optionally to a file: html:report.html (may repeat)' -r
complete -c jettison -n "__fish_jettison_using_subcommand analyze" -l max-size -d 'Unpacked bytes at most; compressed=SIZE or apparent=SIZE for those (may repeat)' -r
complete -c jettison -n "__fish_jettison_using_subcommand analyze" -l max-wasted -d 'Wasted bytes at most: 20MB, or 5% of all file bytes' -r
complete -c jettison -n "__fish_jettison_using_subcommand analyze" -l min-efficiency -d 'Score at least: 0.95 or 95%' -r
complete -c jettison -n "__fish_jettison_using_subcommand analyze" -l layer-budget -d 'Unpacked bytes of a layer at most; N=SIZE for the one at that place, from 0 (may repeat)' -r
complete -c jettison -n "__fish_jettison_using_subcommand analyze" -l dive-ci -d 'dive\'s rules [default: .dive-ci in the current folder, if it is there]' -r -F
complete -c jettison -n "__fish_jettison_using_subcommand analyze" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c jettison -n "__fish_jettison_using_subcommand analyze" -l no-verify-digests -d 'Do not compare digests, sizes and diff IDs with what the image says of itself'
complete -c jettison -n "__fish_jettison_using_subcommand analyze" -l ci -d 'Exit with 1 if a budget is not kept [without any budget: dive\'s own, a score of 0.9 at least]'
complete -c jettison -n "__fish_jettison_using_subcommand analyze" -s q -l quiet -d 'Say only the result'
complete -c jettison -n "__fish_jettison_using_subcommand analyze" -s v -l verbose -d 'Say more: every build line, all causes of an error'
complete -c jettison -n "__fish_jettison_using_subcommand analyze" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c jettison -n "__fish_jettison_using_subcommand explore" -l platform -d 'Of an image for several platforms, the one for this [default: this machine\'s]' -r
complete -c jettison -n "__fish_jettison_using_subcommand explore" -l ref -d 'Of an archive with several images, the one of this tag or digest' -r
complete -c jettison -n "__fish_jettison_using_subcommand explore" -l max-layer-size -d 'Stop at a layer that is larger than this when it is unpacked [default: 256GiB]' -r
complete -c jettison -n "__fish_jettison_using_subcommand explore" -l registry-mirror -d 'Look for images of a registry at a mirror first: a host, with or without the beginning of a path; of docker.io unless another registry is named. podman\'s registries.conf counts, too' -r
complete -c jettison -n "__fish_jettison_using_subcommand explore" -l insecure-registry -d 'Ask this registry without TLS if it has none; this machine always may be' -r
complete -c jettison -n "__fish_jettison_using_subcommand explore" -s j -l jobs -d 'Layers read at the same time [default: one for each processor, of registries at least 4]' -r
complete -c jettison -n "__fish_jettison_using_subcommand explore" -l dockerfile -d 'The Dockerfile that it was built from, to name lines [default: ./Dockerfile, if the image\'s history fits it]' -r -F
complete -c jettison -n "__fish_jettison_using_subcommand explore" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c jettison -n "__fish_jettison_using_subcommand explore" -l no-verify-digests -d 'Do not compare digests, sizes and diff IDs with what the image says of itself'
complete -c jettison -n "__fish_jettison_using_subcommand explore" -s q -l quiet -d 'Say only the result'
complete -c jettison -n "__fish_jettison_using_subcommand explore" -s v -l verbose -d 'Say more: every build line, all causes of an error'
complete -c jettison -n "__fish_jettison_using_subcommand explore" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c jettison -n "__fish_jettison_using_subcommand diff" -l platform -d 'Of an image for several platforms, the one for this [default: this machine\'s]' -r
complete -c jettison -n "__fish_jettison_using_subcommand diff" -l ref -d 'Of an archive with several images, the one of this tag or digest' -r
complete -c jettison -n "__fish_jettison_using_subcommand diff" -l max-layer-size -d 'Stop at a layer that is larger than this when it is unpacked [default: 256GiB]' -r
complete -c jettison -n "__fish_jettison_using_subcommand diff" -l registry-mirror -d 'Look for images of a registry at a mirror first: a host, with or without the beginning of a path; of docker.io unless another registry is named. podman\'s registries.conf counts, too' -r
complete -c jettison -n "__fish_jettison_using_subcommand diff" -l insecure-registry -d 'Ask this registry without TLS if it has none; this machine always may be' -r
complete -c jettison -n "__fish_jettison_using_subcommand diff" -s j -l jobs -d 'Layers read at the same time [default: one for each processor, of registries at least 4]' -r
complete -c jettison -n "__fish_jettison_using_subcommand diff" -l fail-on -d 'Exit with 1 if B is larger, or by more than 10MB or 5%; if config, packages, files, layers differ; if any does (may repeat)' -r
complete -c jettison -n "__fish_jettison_using_subcommand diff" -l top -d 'Rows of a table' -r
complete -c jettison -n "__fish_jettison_using_subcommand diff" -l format -d 'text, json, markdown or html, optionally to a file: html:report.html (may repeat)' -r
complete -c jettison -n "__fish_jettison_using_subcommand diff" -l context -d 'The build context, where B is a Dockerfile [default: the folder that it is in]' -r -F
complete -c jettison -n "__fish_jettison_using_subcommand diff" -l target -d 'The stage to build' -r
complete -c jettison -n "__fish_jettison_using_subcommand diff" -l build-arg -d 'A build argument: NAME=value, or NAME to take it from the environment' -r
complete -c jettison -n "__fish_jettison_using_subcommand diff" -l engine -d 'docker, podman or buildah [default: the first that answers]' -r
complete -c jettison -n "__fish_jettison_using_subcommand diff" -l build-time-limit -d 'End the build after this long' -r
complete -c jettison -n "__fish_jettison_using_subcommand diff" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c jettison -n "__fish_jettison_using_subcommand diff" -l no-verify-digests -d 'Do not compare digests, sizes and diff IDs with what the image says of itself'
complete -c jettison -n "__fish_jettison_using_subcommand diff" -l files -d 'Show only the files, all of them'
complete -c jettison -n "__fish_jettison_using_subcommand diff" -l packages -d 'Show only the packages, all of them'
complete -c jettison -n "__fish_jettison_using_subcommand diff" -s q -l quiet -d 'Say only the result'
complete -c jettison -n "__fish_jettison_using_subcommand diff" -s v -l verbose -d 'Say more: every build line, all causes of an error'
complete -c jettison -n "__fish_jettison_using_subcommand diff" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c jettison -n "__fish_jettison_using_subcommand why" -l platform -d 'Of an image for several platforms, the one for this [default: this machine\'s]' -r
complete -c jettison -n "__fish_jettison_using_subcommand why" -l ref -d 'Of an archive with several images, the one of this tag or digest' -r
complete -c jettison -n "__fish_jettison_using_subcommand why" -l max-layer-size -d 'Stop at a layer that is larger than this when it is unpacked [default: 256GiB]' -r
complete -c jettison -n "__fish_jettison_using_subcommand why" -l registry-mirror -d 'Look for images of a registry at a mirror first: a host, with or without the beginning of a path; of docker.io unless another registry is named. podman\'s registries.conf counts, too' -r
complete -c jettison -n "__fish_jettison_using_subcommand why" -l insecure-registry -d 'Ask this registry without TLS if it has none; this machine always may be' -r
complete -c jettison -n "__fish_jettison_using_subcommand why" -s j -l jobs -d 'Layers read at the same time [default: one for each processor, of registries at least 4]' -r
complete -c jettison -n "__fish_jettison_using_subcommand why" -l dockerfile -d 'The Dockerfile that it was built from, to name lines [default: ./Dockerfile, if the image\'s history fits it]' -r -F
complete -c jettison -n "__fish_jettison_using_subcommand why" -l format -d 'text or json, optionally to a file (may repeat)' -r
complete -c jettison -n "__fish_jettison_using_subcommand why" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c jettison -n "__fish_jettison_using_subcommand why" -l no-verify-digests -d 'Do not compare digests, sizes and diff IDs with what the image says of itself'
complete -c jettison -n "__fish_jettison_using_subcommand why" -s q -l quiet -d 'Say only the result'
complete -c jettison -n "__fish_jettison_using_subcommand why" -s v -l verbose -d 'Say more: every build line, all causes of an error'
complete -c jettison -n "__fish_jettison_using_subcommand why" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c jettison -n "__fish_jettison_using_subcommand history" -l platform -d 'Of an image for several platforms, the one for this [default: this machine\'s]' -r
complete -c jettison -n "__fish_jettison_using_subcommand history" -l ref -d 'Of an archive with several images, the one of this tag or digest' -r
complete -c jettison -n "__fish_jettison_using_subcommand history" -l max-layer-size -d 'Stop at a layer that is larger than this when it is unpacked [default: 256GiB]' -r
complete -c jettison -n "__fish_jettison_using_subcommand history" -l registry-mirror -d 'Look for images of a registry at a mirror first: a host, with or without the beginning of a path; of docker.io unless another registry is named. podman\'s registries.conf counts, too' -r
complete -c jettison -n "__fish_jettison_using_subcommand history" -l insecure-registry -d 'Ask this registry without TLS if it has none; this machine always may be' -r
complete -c jettison -n "__fish_jettison_using_subcommand history" -s j -l jobs -d 'Layers read at the same time [default: one for each processor, of registries at least 4]' -r
complete -c jettison -n "__fish_jettison_using_subcommand history" -l dockerfile -d 'The Dockerfile that it was built from, to name lines [default: ./Dockerfile, if the image\'s history fits it]' -r -F
complete -c jettison -n "__fish_jettison_using_subcommand history" -l format -d 'text or json, optionally to a file (may repeat)' -r
complete -c jettison -n "__fish_jettison_using_subcommand history" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c jettison -n "__fish_jettison_using_subcommand history" -l no-verify-digests -d 'Do not compare digests, sizes and diff IDs with what the image says of itself'
complete -c jettison -n "__fish_jettison_using_subcommand history" -s q -l quiet -d 'Say only the result'
complete -c jettison -n "__fish_jettison_using_subcommand history" -s v -l verbose -d 'Say more: every build line, all causes of an error'
complete -c jettison -n "__fish_jettison_using_subcommand history" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c jettison -n "__fish_jettison_using_subcommand inspect" -l platform -d 'Of an image for several platforms, the one for this [default: this machine\'s]' -r
complete -c jettison -n "__fish_jettison_using_subcommand inspect" -l ref -d 'Of an archive with several images, the one of this tag or digest' -r
complete -c jettison -n "__fish_jettison_using_subcommand inspect" -l max-layer-size -d 'Stop at a layer that is larger than this when it is unpacked [default: 256GiB]' -r
complete -c jettison -n "__fish_jettison_using_subcommand inspect" -l registry-mirror -d 'Look for images of a registry at a mirror first: a host, with or without the beginning of a path; of docker.io unless another registry is named. podman\'s registries.conf counts, too' -r
complete -c jettison -n "__fish_jettison_using_subcommand inspect" -l insecure-registry -d 'Ask this registry without TLS if it has none; this machine always may be' -r
complete -c jettison -n "__fish_jettison_using_subcommand inspect" -s j -l jobs -d 'Layers read at the same time [default: one for each processor, of registries at least 4]' -r
complete -c jettison -n "__fish_jettison_using_subcommand inspect" -l format -d 'text or json, optionally to a file (may repeat)' -r
complete -c jettison -n "__fish_jettison_using_subcommand inspect" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c jettison -n "__fish_jettison_using_subcommand inspect" -l no-verify-digests -d 'Do not compare digests, sizes and diff IDs with what the image says of itself'
complete -c jettison -n "__fish_jettison_using_subcommand inspect" -s q -l quiet -d 'Say only the result'
complete -c jettison -n "__fish_jettison_using_subcommand inspect" -s v -l verbose -d 'Say more: every build line, all causes of an error'
complete -c jettison -n "__fish_jettison_using_subcommand inspect" -s h -l help -d 'Print help (see more with \'--help\')'
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
complete -c jettison -n "__fish_jettison_using_subcommand complete-images" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c jettison -n "__fish_jettison_using_subcommand complete-images" -s q -l quiet -d 'Say only the result'
complete -c jettison -n "__fish_jettison_using_subcommand complete-images" -s v -l verbose -d 'Say more: every build line, all causes of an error'
complete -c jettison -n "__fish_jettison_using_subcommand complete-images" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c jettison -n "__fish_jettison_using_subcommand debug; and not __fish_seen_subcommand_from parse help" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c jettison -n "__fish_jettison_using_subcommand debug; and not __fish_seen_subcommand_from parse help" -s q -l quiet -d 'Say only the result'
complete -c jettison -n "__fish_jettison_using_subcommand debug; and not __fish_seen_subcommand_from parse help" -s v -l verbose -d 'Say more: every build line, all causes of an error'
complete -c jettison -n "__fish_jettison_using_subcommand debug; and not __fish_seen_subcommand_from parse help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c jettison -n "__fish_jettison_using_subcommand debug; and not __fish_seen_subcommand_from parse help" -f -a "parse" -d 'Print the syntax tree of Dockerfiles; exit 1 if BuildKit would refuse one'
complete -c jettison -n "__fish_jettison_using_subcommand debug; and not __fish_seen_subcommand_from parse help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c jettison -n "__fish_jettison_using_subcommand debug; and __fish_seen_subcommand_from parse" -l format -d 'How to print the tree' -r -f -a "tree\t'One part a line, with its bytes'
json\t'One document for all files'"
complete -c jettison -n "__fish_jettison_using_subcommand debug; and __fish_seen_subcommand_from parse" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c jettison -n "__fish_jettison_using_subcommand debug; and __fish_seen_subcommand_from parse" -l roundtrip -d 'Print the files as the tree has them: the same bytes'
complete -c jettison -n "__fish_jettison_using_subcommand debug; and __fish_seen_subcommand_from parse" -s q -l quiet -d 'Say only the result'
complete -c jettison -n "__fish_jettison_using_subcommand debug; and __fish_seen_subcommand_from parse" -s v -l verbose -d 'Say more: every build line, all causes of an error'
complete -c jettison -n "__fish_jettison_using_subcommand debug; and __fish_seen_subcommand_from parse" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c jettison -n "__fish_jettison_using_subcommand debug; and __fish_seen_subcommand_from help" -f -a "parse" -d 'Print the syntax tree of Dockerfiles; exit 1 if BuildKit would refuse one'
complete -c jettison -n "__fish_jettison_using_subcommand debug; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c jettison -n "__fish_jettison_using_subcommand probe" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c jettison -n "__fish_jettison_using_subcommand probe" -s q -l quiet -d 'Say only the result'
complete -c jettison -n "__fish_jettison_using_subcommand probe" -s v -l verbose -d 'Say more: every build line, all causes of an error'
complete -c jettison -n "__fish_jettison_using_subcommand probe" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c jettison -n "__fish_jettison_using_subcommand help; and not __fish_seen_subcommand_from optimize verify check explain rules config analyze explore diff why history inspect completions man complete-images debug probe help" -f -a "optimize" -d 'Rewrite a Dockerfile, build and run both sides, keep what is proven'
complete -c jettison -n "__fish_jettison_using_subcommand help; and not __fish_seen_subcommand_from optimize verify check explain rules config analyze explore diff why history inspect completions man complete-images debug probe help" -f -a "verify" -d 'Rebuild both sides from a proof file and check every claim again'
complete -c jettison -n "__fish_jettison_using_subcommand help; and not __fish_seen_subcommand_from optimize verify check explain rules config analyze explore diff why history inspect completions man complete-images debug probe help" -f -a "check" -d 'Find what is wrong, slow, large or unsafe in Dockerfiles, and fix it'
complete -c jettison -n "__fish_jettison_using_subcommand help; and not __fish_seen_subcommand_from optimize verify check explain rules config analyze explore diff why history inspect completions man complete-images debug probe help" -f -a "explain" -d 'Print the page of a rule: what it finds, why that is bad, how it is fixed'
complete -c jettison -n "__fish_jettison_using_subcommand help; and not __fish_seen_subcommand_from optimize verify check explain rules config analyze explore diff why history inspect completions man complete-images debug probe help" -f -a "rules" -d 'List the rules of `jettison check`'
complete -c jettison -n "__fish_jettison_using_subcommand help; and not __fish_seen_subcommand_from optimize verify check explain rules config analyze explore diff why history inspect completions man complete-images debug probe help" -f -a "config" -d 'Show what is configured, and where'
complete -c jettison -n "__fish_jettison_using_subcommand help; and not __fish_seen_subcommand_from optimize verify check explain rules config analyze explore diff why history inspect completions man complete-images debug probe help" -f -a "analyze" -d 'Say what is in an image: sizes, layers, waste, packages, what to do'
complete -c jettison -n "__fish_jettison_using_subcommand help; and not __fish_seen_subcommand_from optimize verify check explain rules config analyze explore diff why history inspect completions man complete-images debug probe help" -f -a "explore" -d 'Look through an image, or through what differs between two, on the terminal'
complete -c jettison -n "__fish_jettison_using_subcommand help; and not __fish_seen_subcommand_from optimize verify check explain rules config analyze explore diff why history inspect completions man complete-images debug probe help" -f -a "diff" -d 'Say what image B is against image A: sizes, layers, config, packages, files'
complete -c jettison -n "__fish_jettison_using_subcommand help; and not __fish_seen_subcommand_from optimize verify check explain rules config analyze explore diff why history inspect completions man complete-images debug probe help" -f -a "why" -d 'Say why a file or package is in an image: layer, line, owner, who pulled it in, what would go with it'
complete -c jettison -n "__fish_jettison_using_subcommand help; and not __fish_seen_subcommand_from optimize verify check explain rules config analyze explore diff why history inspect completions man complete-images debug probe help" -f -a "history" -d 'List the steps an image was built in, newest first, in full, with the sizes of their layers'
complete -c jettison -n "__fish_jettison_using_subcommand help; and not __fish_seen_subcommand_from optimize verify check explain rules config analyze explore diff why history inspect completions man complete-images debug probe help" -f -a "inspect" -d 'Show an image\'s configuration, platform, digests and sizes; JSON has the fields of docker image inspect'
complete -c jettison -n "__fish_jettison_using_subcommand help; and not __fish_seen_subcommand_from optimize verify check explain rules config analyze explore diff why history inspect completions man complete-images debug probe help" -f -a "completions" -d 'Print a shell completion script'
complete -c jettison -n "__fish_jettison_using_subcommand help; and not __fish_seen_subcommand_from optimize verify check explain rules config analyze explore diff why history inspect completions man complete-images debug probe help" -f -a "man" -d 'Print the manual page'
complete -c jettison -n "__fish_jettison_using_subcommand help; and not __fish_seen_subcommand_from optimize verify check explain rules config analyze explore diff why history inspect completions man complete-images debug probe help" -f -a "complete-images" -d 'Print the names of the images that engines have, for completions'
complete -c jettison -n "__fish_jettison_using_subcommand help; and not __fish_seen_subcommand_from optimize verify check explain rules config analyze explore diff why history inspect completions man complete-images debug probe help" -f -a "debug" -d 'Show what is made of the input'
complete -c jettison -n "__fish_jettison_using_subcommand help; and not __fish_seen_subcommand_from optimize verify check explain rules config analyze explore diff why history inspect completions man complete-images debug probe help" -f -a "probe" -d 'The probe sidecar\'s program'
complete -c jettison -n "__fish_jettison_using_subcommand help; and not __fish_seen_subcommand_from optimize verify check explain rules config analyze explore diff why history inspect completions man complete-images debug probe help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c jettison -n "__fish_jettison_using_subcommand help; and __fish_seen_subcommand_from config" -f -a "show" -d 'Print every setting that holds for a file, and where it was said'
complete -c jettison -n "__fish_jettison_using_subcommand help; and __fish_seen_subcommand_from config" -f -a "schema" -d 'Print the JSON Schema of jettison.toml'
complete -c jettison -n "__fish_jettison_using_subcommand help; and __fish_seen_subcommand_from debug" -f -a "parse" -d 'Print the syntax tree of Dockerfiles; exit 1 if BuildKit would refuse one'
complete -c jettison -n "__fish_jettison_using_subcommand analyze" -a "(jettison complete-images 2>/dev/null)" -d image
complete -c jettison -n "__fish_jettison_using_subcommand diff" -a "(jettison complete-images 2>/dev/null)" -d image
complete -c jettison -n "__fish_jettison_using_subcommand explore" -a "(jettison complete-images 2>/dev/null)" -d image
complete -c jettison -n "__fish_jettison_using_subcommand history" -a "(jettison complete-images 2>/dev/null)" -d image
complete -c jettison -n "__fish_jettison_using_subcommand inspect" -a "(jettison complete-images 2>/dev/null)" -d image
complete -c jettison -n "__fish_jettison_using_subcommand why" -a "(jettison complete-images 2>/dev/null)" -d image
