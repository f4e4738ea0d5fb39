//! Words and what becomes of them: quotes, expansions, substitutions, variables.

super::codes! { Correctness:
    SC2006, Info, "backticks where `$(…)` would do",
        "Backticks cannot be nested, and a backslash inside of them means something else than outside.",
        "RUN touch `uname -m`.txt", "RUN touch \"$(uname -m).txt\"";
    SC2016, Info, "an expansion between single quotes, where nothing is expanded",
        "The program gets the dollar sign and the name, not the value. Where that is wanted, as in what is appended to a profile, say so in a comment that allows it.",
        "RUN echo 'user is $USER' > /etc/motd", "RUN echo \"user is $USER\" > /etc/motd";
    SC2026, Info, "a word that ends the quotes around it",
        "Quotes inside of quotes close them: the text between is outside, and what was meant to be quoted is not.",
        "RUN echo 'it's' done'", "RUN echo \"it's done\"";
    SC2027, Warning, "quotes around an expansion that take it out of the quotes around it",
        "`\"a\"$b\"c\"` is three words' worth of quoting: the expansion in the middle stands outside of the quotes.",
        "RUN echo \"version \"$VERSION\" is built\"", "RUN echo \"version $VERSION is built\"";
    SC2034, Warning, "a variable that nothing reads",
        "It is a leftover, a misspelling, or meant for a program that will not see it without `export`.",
        "RUN verison=1.2 && make", "RUN version=1.2 && make VERSION=\"$version\"";
    SC2035, Info, "a glob at the beginning of an argument",
        "A file whose name begins with a dash becomes an option. `./*` cannot.",
        "RUN rm *.deb", "RUN rm ./*.deb";
    SC2046, Warning, "a command substitution without quotes",
        "What it prints is split at blanks, and stars in it are expanded. Where splitting is wanted, say so in a comment that allows it.",
        "RUN rm -r $(find / -name cache)", "RUN find / -name cache -exec rm -r {} +";
    SC2048, Warning, "`$*` without quotes",
        "Arguments with blanks come apart. `\"$@\"` keeps them whole.",
        "RUN set -- a \"b c\" && for name in $*; do touch \"$name\"; done",
        "RUN set -- a \"b c\" && for name in \"$@\"; do touch \"$name\"; done";
    SC2068, Error, "`$@` or an array without quotes",
        "Elements with blanks come apart. `\"$@\"` keeps them whole.",
        "RUN set -- a \"b c\" && touch $@", "RUN set -- a \"b c\" && touch \"$@\"";
    SC2086, Info, "an expansion without quotes",
        "The value is split at blanks, and stars in it are expanded. Quotes keep it one word.",
        "RUN name=$(cat /name) && mkdir /srv/$name", "RUN name=$(cat /name) && mkdir \"/srv/$name\"";
    SC2088, Warning, "a tilde between quotes, which is not the home folder",
        "It is expanded outside of quotes only. `$HOME` is everywhere.",
        "RUN touch \"~/.profile\"", "RUN touch \"$HOME/.profile\"";
    SC2089, Warning, "quotes in a value that will not be read as quotes",
        "Quotes inside of a variable are characters like others: they do not hold words together. An array or a function does.",
        "RUN flags='-n \"a b\"' && echo $flags", "RUN set -- -n \"a b\" && echo \"$@\"";
    SC2090, Warning, "a use of a variable that holds quotes",
        "Quotes inside of a variable are characters like others: they do not hold words together.",
        "RUN flags='-n \"a b\"' && echo $flags", "RUN set -- -n \"a b\" && echo \"$@\"";
    SC2091, Warning, "`$(…)` around a command, whose output is run",
        "What it prints is taken for the name of a command.",
        "RUN if $(grep -q x /etc/a); then make; fi", "RUN if grep -q x /etc/a; then make; fi";
    SC2097, Warning, "an assignment that only the command behind it sees",
        "The shell expands the arguments before it sets the variable.",
        "RUN name=x touch \"/srv/$name\"", "RUN name=x && touch \"/srv/$name\"";
    SC2098, Warning, "an expansion that does not see the assignment before the command",
        "The shell expands the arguments before it sets the variable.",
        "RUN name=x touch \"/srv/$name\"", "RUN name=x && touch \"/srv/$name\"";
    SC2116, Info, "`$(echo …)`, which is what stands behind echo",
        "A subshell for nothing.",
        "RUN touch \"$(echo \"$HOME/x\")\"", "RUN touch \"$HOME/x\"";
    SC2125, Warning, "a glob in an assignment, which is not expanded there",
        "The variable holds the star; it is expanded later, if it is used without quotes, into what is there then.",
        "RUN files=/opt/*.jar && cp $files /srv", "RUN cp /opt/*.jar /srv";
    SC2128, Warning, "an array without an index, which is its first element",
        "The other elements are lost. `\"${name[@]}\"` is all of them.",
        "SHELL [\"/bin/bash\", \"-c\"]\nRUN names=(a b) && touch \"$names\"",
        "SHELL [\"/bin/bash\", \"-c\"]\nRUN names=(a b) && touch \"${names[@]}\"";
    SC2140, Warning, "quotes that look as if they stood inside of others",
        "`\"a \"b\" c\"` quotes `a ` and ` c`: the middle stands outside, and its quotes are gone.",
        "RUN echo \"opts=\"-Xmx1g\" \" > /etc/opts", "RUN echo \"opts=\\\"-Xmx1g\\\" \" > /etc/opts";
    SC2145, Error, "`$@` inside of a longer word",
        "The word is cut into as many as there are arguments. `$*` joins them.",
        "RUN set -- a b && echo \"args: $@\"", "RUN set -- a b && echo \"args: $*\"";
    SC2154, Warning, "a variable that nothing sets",
        "It is a misspelling, or it comes from somewhere that neither the script nor an ARG or ENV of the file shows. It is empty then.",
        "RUN mkdir \"/srv/$appdir\"", "ENV appdir=app\nRUN mkdir \"/srv/$appdir\"";
    SC2155, Warning, "a declaration that hides whether its value could be had",
        "The status of `export name=$(command)` is that of export, which is always good: a failing command goes unseen, `set -e` or not.",
        "RUN export ARCH=$(uname -m) && make", "RUN ARCH=$(uname -m) && export ARCH && make";
    SC2163, Warning, "`export $name`, which exports what the value names",
        "The variable itself is not exported.",
        "RUN name=PATH && export \"$name\"", "RUN name=PATH && export name";
    SC2206, Warning, "an array made of an expansion without quotes",
        "The value is split at blanks, and stars in it are expanded.",
        "SHELL [\"/bin/bash\", \"-c\"]\nRUN list=\"$(cat /list)\" && names=($list) && touch \"${names[@]}\"",
        "SHELL [\"/bin/bash\", \"-c\"]\nRUN mapfile -t names < /list && touch \"${names[@]}\"";
    SC2207, Warning, "an array made of what a command prints",
        "What it prints is split at blanks, and stars in it are expanded. `mapfile -t` reads a line an element.",
        "SHELL [\"/bin/bash\", \"-c\"]\nRUN names=($(cat /list)) && touch \"${names[@]}\"",
        "SHELL [\"/bin/bash\", \"-c\"]\nRUN mapfile -t names < /list && touch \"${names[@]}\"";
    SC2223, Info, "a default that is assigned and then expanded without quotes",
        "The value is split and its stars are expanded for nothing, which takes time where it names many files.",
        "RUN : ${CONF:=/etc/*.conf}", "RUN : \"${CONF:=/etc/*.conf}\"";
    SC2231, Info, "an expansion without quotes in the glob of a for loop",
        "The value is split at blanks before the glob is expanded.",
        "RUN dir=\"$(cat /dir)\" && for file in $dir/*.txt; do rm \"$file\"; done",
        "RUN dir=\"$(cat /dir)\" && for file in \"$dir\"/*.txt; do rm \"$file\"; done";
    SC2254, Warning, "an expansion without quotes as a pattern of case",
        "Its value is a pattern: a star in it fits everything.",
        "RUN want=$(cat /want) && case \"$(uname -m)\" in $want) make ;; esac",
        "RUN want=$(cat /want) && case \"$(uname -m)\" in \"$want\") make ;; esac";
    SC2295, Info, "an expansion without quotes in the pattern of another one",
        "Its value is a pattern: a star or a bracket in it fits more than itself.",
        "RUN dir=$(cat /dir) && echo \"${PWD#$dir/}\"", "RUN dir=$(cat /dir) && echo \"${PWD#\"$dir\"/}\"";
}
