//! What the shell does not read, or reads otherwise than it was meant.

super::codes! { Correctness:
    SC1001, Info, "a backslash that does nothing",
        "Before an ordinary letter it is lost.",
        "RUN echo \\w > /x", "RUN echo '\\w' > /x";
    SC1003, Info, "a backslash before a single quote, which does not escape it",
        "Between single quotes a backslash is itself, and the quote ends them.",
        "RUN echo 'a\\' > /x", "RUN echo \"a\\\\\" > /x";
    SC1007, Warning, "a blank behind the equals sign of an assignment",
        "The variable is empty, and what follows is a command.",
        "RUN name= value make", "RUN name=value make";
    SC1010, Warning, "a keyword where an argument stands",
        "A semicolon or a line end is missing before it.",
        "RUN for i in a b; do echo \"$i\" done; done", "RUN for i in a b; do echo \"$i\"; done";
    SC1012, Warning, "`\\t`, which is a plain t here",
        "printf, or `$'\\t'` in bash, makes a tab.",
        "RUN cut -d \\t -f 1 /a", "RUN cut -d \"$(printf '\\t')\" -f 1 /a";
    SC1037, Error, "`$10`, which is `$1` and a zero",
        "Braces are needed from the tenth argument on.",
        "RUN set -- a b c d e f g h i j && touch \"$10\"", "RUN set -- a b c d e f g h i j && touch \"${10}\"";
    SC1045, Error, "`&;`, which ends a command twice",
        "`&` ends it already.",
        "RUN sleep 1 &; make", "RUN sleep 1 & make";
    SC1072, Error, "a script that the shell cannot read",
        "The build ends here: something is not closed, or stands where it cannot.",
        "RUN if [ -f /a ]; then make", "RUN if [ -f /a ]; then make; fi";
    SC1075, Error, "`else if`, which opens a condition of its own",
        "It needs a `fi` of its own. `elif` goes on with the same one.",
        "RUN if [ -f /a ]; then make; else if [ -f /b ]; then make b; fi; fi",
        "RUN if [ -f /a ]; then make; elif [ -f /b ]; then make b; fi";
    SC1083, Warning, "a brace that stands for itself",
        "A dollar sign or quotes are missing, or a semicolon before it.",
        "RUN mkdir /srv/{app", "RUN mkdir '/srv/{app'";
    SC1087, Error, "an index behind a variable without braces",
        "`$name[0]` is the value and the text `[0]`.",
        "SHELL [\"/bin/bash\", \"-c\"]\nRUN n=(a b) && echo \"$n[0]\"", "SHELL [\"/bin/bash\", \"-c\"]\nRUN n=(a b) && echo \"${n[0]}\"";
    SC1110, Warning, "a typographic quote",
        "It is a character like others, and quotes nothing.",
        "RUN echo “a b” > /x", "RUN echo \"a b\" > /x";
    SC2100, Warning, "arithmetic in an assignment, which is a text",
        "`$((…))` computes.",
        "RUN n=4 && m=n-1 && echo \"$m\"", "RUN n=4 && m=$((n-1)) && echo \"$m\"";
    SC2102, Info, "a set of characters that names one twice",
        "A range stands for one character, not for a number.",
        "RUN rm /opt/v[10-15]", "RUN rm /opt/v1[0-5]";
    SC2105, Error, "`break` or `continue` outside of a loop",
        "It does nothing, or ends the script.",
        "RUN make || break", "RUN make || exit 1";
    SC2168, Error, "`local` outside of a function",
        "The shell ends with an error.",
        "SHELL [\"/bin/bash\", \"-c\"]\nRUN local a=b && touch \"$a\"", "SHELL [\"/bin/bash\", \"-c\"]\nRUN a=b && touch \"$a\"";
    SC2215, Warning, "an option where a command should stand",
        "A backslash at the end of the line above is missing, or a comment stands between.",
        "RUN <<EOF\napt-get install\n-y curl\nEOF", "RUN <<EOF\napt-get install \\\n-y curl\nEOF";
    SC2242, Error, "an exit status that is no number from 0 to 255",
        "The shell ends with an error of its own.",
        "RUN make || exit -1", "RUN make || exit 1";
    SC2291, Info, "several blanks in echo, which become one",
        "Quotes keep them.",
        "RUN echo a    b > /x", "RUN echo 'a    b' > /x";
    SC2317, Info, "a command that is never reached",
        "Everything before it ends the script.",
        "RUN exit 0; make", "RUN make; exit 0";
}
