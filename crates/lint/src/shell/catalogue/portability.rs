//! What bash has and the image's `sh` may not have: on Debian and Ubuntu that is dash, on Alpine BusyBox.

super::codes! { Correctness:
    SC3001, Warning, "process substitution in sh",
        "dash and BusyBox do not know it. `SHELL [\"/bin/bash\", \"-c\"]` asks for bash.",
        "RUN diff <(cat /a) <(cat /b)", "SHELL [\"/bin/bash\", \"-c\"]\nRUN diff <(cat /a) <(cat /b)";
    SC3003, Warning, "`$'…'` in sh",
        "dash takes it for a dollar sign and a text. printf makes the same characters everywhere.",
        "RUN printf '%s' $'\\n' > /x", "RUN printf '\\n' > /x";
    SC3005, Warning, "`for ((…))` in sh",
        "dash and BusyBox do not know it.",
        "RUN for ((i=0; i<3; i++)); do touch \"/$i\"; done", "RUN for i in 0 1 2; do touch \"/$i\"; done";
    SC3006, Warning, "`((…))` in sh",
        "dash and BusyBox do not know it. `[ … -gt … ]` and `$((…))` are everywhere.",
        "RUN n=3 && if ((n > 2)); then make; fi", "RUN n=3 && if [ \"$n\" -gt 2 ]; then make; fi";
    SC3009, Warning, "brace expansion in sh",
        "dash makes one name with braces in it.",
        "RUN mkdir -p /srv/{bin,lib}", "RUN mkdir -p /srv/bin /srv/lib";
    SC3010, Warning, "`[[ ]]` in sh",
        "dash does not know it; in a condition that looks like false.",
        "RUN if [[ -f /a ]]; then make; fi", "RUN if [ -f /a ]; then make; fi";
    SC3011, Warning, "a here-string in sh",
        "dash does not know it. A pipe does the same.",
        "RUN a=$(cat /a) && grep x <<< \"$a\"", "RUN a=$(cat /a) && echo \"$a\" | grep x";
    SC3014, Warning, "`==` in a test of sh",
        "dash ends with `unexpected operator`. One equals sign is the same everywhere.",
        "RUN a=$(cat /a) && if [ \"$a\" == x ]; then make; fi", "RUN a=$(cat /a) && if [ \"$a\" = x ]; then make; fi";
    SC3015, Warning, "`=~` in sh",
        "dash does not know it. grep and case do the same everywhere.",
        "RUN a=$(cat /a) && if [[ $a =~ ^x ]]; then make; fi", "RUN a=$(cat /a) && case \"$a\" in x*) make ;; esac";
    SC3018, Warning, "`++` or `--` in sh",
        "POSIX does not have them. `n=$((n + 1))` is everywhere.",
        "RUN n=1 && echo \"$((n++))\"", "RUN n=1 && echo \"$((n + 1))\"";
    SC3020, Warning, "`&>` in sh",
        "dash reads `&` and `>`: the command runs in the background, and nobody waits for it.",
        "RUN make &> /dev/null", "RUN make > /dev/null 2>&1";
    SC3024, Warning, "`+=` in sh",
        "dash looks for a command of that name.",
        "RUN a=x && a+=y && echo \"$a\"", "RUN a=x && a=${a}y && echo \"$a\"";
    SC3030, Warning, "an array in sh",
        "dash and BusyBox have none: a syntax error.",
        "RUN a=(x y) && echo \"${a[1]}\"", "RUN set -- x y && echo \"$2\"";
    SC3037, Warning, "an option of echo in sh",
        "dash prints `-e` as it stands. printf does the same everywhere.",
        "RUN echo -e 'a\\tb' > /x", "RUN printf 'a\\tb\\n' > /x";
    SC3040, Warning, "`set -o pipefail` in sh",
        "dash before 0.5.12 ends with an error. `SHELL [\"/bin/bash\", \"-o\", \"pipefail\", \"-c\"]` asks for bash.",
        "RUN set -o pipefail && cat /a | grep x", "SHELL [\"/bin/bash\", \"-c\"]\nRUN set -o pipefail && cat /a | grep x";
    SC3044, Warning, "`declare` in sh",
        "dash and BusyBox do not know it.",
        "RUN declare -x A=b && make", "RUN export A=b && make";
    SC3045, Warning, "an option of a built-in command that sh does not have",
        "dash ends with `Illegal option`.",
        "RUN read -r -t 5 a < /a && echo \"$a\"", "RUN read -r a < /a && echo \"$a\"";
    SC3046, Warning, "`source` in sh",
        "dash does not know it: `source: not found`. A dot does the same everywhere.",
        "RUN source /opt/env && make", "RUN . /opt/env && make";
    SC3047, Warning, "a trap on ERR in sh",
        "dash does not know it.",
        "RUN trap 'cat /log' ERR && make", "RUN make || { cat /log; exit 1; }";
    SC3053, Warning, "`${!name}` in sh",
        "dash ends with `Bad substitution`.",
        "RUN a=PATH && echo \"${!a}\"", "SHELL [\"/bin/bash\", \"-c\"]\nRUN a=PATH && echo \"${!a}\"";
    SC3054, Warning, "an element of an array in sh",
        "dash ends with `Bad substitution`.",
        "RUN a=(x y) && echo \"${a[1]}\"", "RUN set -- x y && echo \"$2\"";
    SC3057, Warning, "a part of a value by position in sh",
        "dash ends with `Bad substitution`. cut does the same everywhere.",
        "RUN a=$(cat /a) && echo \"${a:0:3}\"", "RUN cut -c 1-3 /a";
    SC3059, Warning, "a change of case in an expansion of sh",
        "dash ends with `Bad substitution`. tr does the same everywhere.",
        "RUN a=$(cat /a) && echo \"${a^^}\"", "RUN tr '[:lower:]' '[:upper:]' < /a";
    SC3060, Warning, "a replacement in an expansion of sh",
        "dash ends with `Bad substitution`. sed does the same everywhere.",
        "RUN a=$(cat /a) && echo \"${a//x/y}\"", "RUN sed s/x/y/g /a";
}
