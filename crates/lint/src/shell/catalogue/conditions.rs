//! Conditions: tests, brackets, case, and what they are taken for.

super::codes! { Correctness:
    SC2050, Warning, "a comparison of two fixed words",
        "It always ends the same: a dollar sign is missing.",
        "RUN if [ arch = amd64 ]; then make; fi", "RUN arch=$(uname -m) && if [ \"$arch\" = amd64 ]; then make; fi";
    SC2053, Warning, "the right side of `==` without quotes in `[[ ]]`, which is a pattern",
        "A star in the value fits everything.",
        "SHELL [\"/bin/bash\", \"-c\"]\nRUN a=$(cat /a) b=$(cat /b) && if [[ $a == $b ]]; then make; fi",
        "SHELL [\"/bin/bash\", \"-c\"]\nRUN a=$(cat /a) b=$(cat /b) && if [[ $a == \"$b\" ]]; then make; fi";
    SC2070, Error, "`-n` with an expansion without quotes, which is true when it is empty",
        "`[ -n ]` asks whether the text `-n` is empty, which it is not.",
        "RUN a=$(cat /a) && if [ -n $a ]; then make; fi", "RUN a=$(cat /a) && if [ -n \"$a\" ]; then make; fi";
    SC2071, Error, "`<` or `>` for numbers, which compares texts",
        "`9` is more than `10` as a text. `-lt` and `-gt` compare numbers.",
        "SHELL [\"/bin/bash\", \"-c\"]\nRUN n=$(nproc) && if [[ $n > 2 ]]; then make; fi",
        "SHELL [\"/bin/bash\", \"-c\"]\nRUN n=$(nproc) && if [[ $n -gt 2 ]]; then make; fi";
    SC2076, Warning, "quotes around the right side of `=~`, which is then a text",
        "Nothing in it is a regular expression.",
        "SHELL [\"/bin/bash\", \"-c\"]\nRUN a=$(cat /a) && if [[ $a =~ \"^x.*\" ]]; then make; fi",
        "SHELL [\"/bin/bash\", \"-c\"]\nRUN a=$(cat /a) && if [[ $a =~ ^x.* ]]; then make; fi";
    SC2078, Error, "a condition that is a fixed word, which is always true",
        "A dollar sign is missing, or brackets stand around a command.",
        "RUN if [ DEBUG ]; then make; fi", "RUN d=$(cat /d) && if [ \"$d\" ]; then make; fi";
    SC2143, Info, "a test of what grep prints",
        "`grep -q` answers with its status, and stops at the first line.",
        "RUN if [ -n \"$(grep x /etc/a)\" ]; then make; fi", "RUN if grep -q x /etc/a; then make; fi";
    SC2144, Error, "a test of a file with a glob, which takes one file only",
        "Where several fit, the test fails with an error.",
        "RUN if [ -f /opt/*.jar ]; then make; fi", "RUN for f in /opt/*.jar; do if [ -f \"$f\" ]; then make; fi; done";
    SC2157, Error, "a test whether a fixed word is empty",
        "It always ends the same: a dollar sign is missing.",
        "RUN if [ -n \"name\" ]; then make; fi", "RUN name=$(cat /name) && if [ -n \"$name\" ]; then make; fi";
    SC2166, Warning, "`-a` or `-o` in a test",
        "With some values it cannot be told what they mean. `[ … ] && [ … ]` is always clear.",
        "RUN if [ -f /a -a -f /b ]; then make; fi", "RUN if [ -f /a ] && [ -f /b ]; then make; fi";
    SC2181, Info, "a test of `$?` behind the command",
        "`if command; then` says it in one, and nothing can come between.",
        "RUN make; if [ $? -ne 0 ]; then cat /log; fi", "RUN if ! make; then cat /log; fi";
    SC2194, Warning, "case of a fixed word",
        "It always ends the same: a dollar sign is missing.",
        "RUN case arch in amd64) make ;; esac", "RUN arch=$(uname -m) && case \"$arch\" in amd64) make ;; esac";
    SC2198, Warning, "arguments or an array compared with a text",
        "More than one of them is an error.",
        "RUN set -- a && if [ \"$@\" = a ]; then make; fi", "RUN set -- a && if [ \"$*\" = a ]; then make; fi";
    SC2199, Error, "an array compared with a text in `[[ ]]`",
        "Its elements are joined. A loop, or `${name[*]}` where that is wanted, says so.",
        "SHELL [\"/bin/bash\", \"-c\"]\nRUN n=(a b) && if [[ \"${n[@]}\" == a ]]; then make; fi",
        "SHELL [\"/bin/bash\", \"-c\"]\nRUN n=(a b) && if [[ \"${n[*]}\" == a ]]; then make; fi";
    SC2210, Warning, "a file that is called like a number",
        "`> 1` writes to a file. `>&1` is the stream, `-gt 1` the comparison.",
        "RUN make > 1", "RUN make >&1";
    SC2211, Warning, "a glob as the name of a command",
        "The first file that fits is run, with the others as its arguments.",
        "RUN /opt/*.sh", "RUN for f in /opt/*.sh; do \"$f\"; done";
    SC2212, Info, "an empty test, which is false",
        "`false` says so.",
        "RUN if [ ]; then make; fi", "RUN if false; then make; fi";
    SC2221, Warning, "a pattern of case that takes what a later one names",
        "The later one is never reached.",
        "RUN case \"$(uname -m)\" in x*) make ;; x86) make x ;; esac",
        "RUN case \"$(uname -m)\" in x86) make x ;; x*) make ;; esac";
    SC2222, Warning, "a pattern of case that an earlier one has taken",
        "It is never reached.",
        "RUN case \"$(uname -m)\" in x*) make ;; x86) make x ;; esac",
        "RUN case \"$(uname -m)\" in x86) make x ;; x*) make ;; esac";
    SC2235, Info, "a subshell around tests, where braces would do",
        "A process for nothing.",
        "RUN if ([ -f /a ] || [ -f /b ]) && [ -f /c ]; then make; fi",
        "RUN if { [ -f /a ] || [ -f /b ]; } && [ -f /c ]; then make; fi";
    SC2252, Warning, "`a != x || a != y`, which is always true",
        "No value is both: `&&` was meant.",
        "RUN a=$(cat /a) && if [ \"$a\" != x ] || [ \"$a\" != y ]; then make; fi",
        "RUN a=$(cat /a) && if [ \"$a\" != x ] && [ \"$a\" != y ]; then make; fi";
    SC2268, Info, "`x$name` against values that look like options",
        "No shell of this century needs it where the value has quotes.",
        "RUN a=$(cat /a) && if [ \"x$a\" = x ]; then make; fi", "RUN a=$(cat /a) && if [ -z \"$a\" ]; then make; fi";
    SC2319, Warning, "`$?` behind a test, whose status it is",
        "The status of the command before the test is gone.",
        "RUN make; [ -f /a ] || exit $?", "RUN make || exit $?; [ -f /a ] || exit 1";
}
