//! Commands and pipelines: what is called, with which arguments, and whether its failure is noticed.

super::codes! { Correctness:
    SC2001, Info, "sed for what an expansion does",
        "A process more. `${name//a/b}` is bash's own.",
        "SHELL [\"/bin/bash\", \"-c\"]\nRUN v=$(cat /v) && w=$(echo \"$v\" | sed 's/-/./g') && touch \"$w\"",
        "SHELL [\"/bin/bash\", \"-c\"]\nRUN v=$(cat /v) && w=${v//-/.} && touch \"$w\"";
    SC2003, Info, "expr for arithmetic",
        "`$((…))` is the shell's own, and stars and brackets in it need no backslash.",
        "RUN n=$(nproc) && make -j \"$(expr \"$n\" + 1)\"", "RUN n=$(nproc) && make -j \"$((n + 1))\"";
    SC2004, Info, "a dollar sign in arithmetic, which needs none",
        "`$((n + 1))` reads the variable; with the sign its text is put in first.",
        "RUN n=$(nproc) && make -j \"$(($n + 1))\"", "RUN n=$(nproc) && make -j \"$((n + 1))\"";
    SC2005, Info, "echo of what a command prints anyway",
        "A subshell for nothing, and blanks are lost on the way.",
        "RUN echo \"$(uname -m)\" > /arch", "RUN uname -m > /arch";
    SC2009, Info, "ps and grep where pgrep would do",
        "grep finds itself in the list.",
        "RUN ps ax | grep nginx > /running", "RUN pgrep -a nginx > /running";
    SC2010, Warning, "ls and grep where a glob would do",
        "Names with line ends come apart, and ls writes some characters as question marks.",
        "RUN ls /opt | grep jar > /jars", "RUN find /opt -maxdepth 1 -name '*jar*' > /jars";
    SC2011, Warning, "ls and xargs where a glob or find would do",
        "Names with blanks or quotes come apart.",
        "RUN ls /opt/*.deb | xargs -n1 dpkg -i", "RUN for file in /opt/*.deb; do dpkg -i \"$file\"; done";
    SC2012, Info, "the output of ls taken apart",
        "ls is for eyes: names with line ends come apart. find prints what programs can read.",
        "RUN ls -t /opt | head -n1 > /newest", "RUN find /opt -printf '%T@ %p\\n' | sort -n | tail -n1 > /newest";
    SC2013, Info, "a for loop over the words of a file",
        "It goes word by word, not line by line, and expands stars. `while read -r line` goes by lines.",
        "RUN for line in $(cat /list); do apk add \"$line\"; done",
        "RUN while read -r line; do apk add \"$line\"; done < /list";
    SC2015, Info, "`a && b || c`, which is not if a then b else c",
        "c also runs when a went well and b failed.",
        "RUN test -f /etc/x && rm /etc/x || touch /etc/y", "RUN if test -f /etc/x; then rm /etc/x; else touch /etc/y; fi";
    SC2018, Info, "`a-z` in tr, which leaves out letters with accents",
        "`[:lower:]` is all of them.",
        "RUN tr a-z A-Z < /name > /NAME", "RUN tr '[:lower:]' '[:upper:]' < /name > /NAME";
    SC2019, Info, "`A-Z` in tr, which leaves out letters with accents",
        "`[:upper:]` is all of them.",
        "RUN tr a-z A-Z < /name > /NAME", "RUN tr '[:lower:]' '[:upper:]' < /name > /NAME";
    SC2021, Info, "brackets in a set of tr, which stand for themselves",
        "tr takes sets without brackets; these would be replaced as well.",
        "RUN tr '[a-z]' '[A-Z]' < /name > /NAME", "RUN tr '[:lower:]' '[:upper:]' < /name > /NAME";
    SC2024, Warning, "sudo, whose redirection is not sudo's",
        "The shell opens the file, as the user that it runs as, before sudo starts.",
        "RUN sudo echo hello > /etc/motd", "RUN echo hello | sudo tee /etc/motd";
    SC2028, Info, "a backslash sequence in echo, which may or may not expand it",
        "dash writes a line end for `\\\\n`, bash writes a backslash and an n. printf does the same everywhere.",
        "RUN echo \"a\\nb\" > /list", "RUN printf 'a\\nb\\n' > /list";
    SC2038, Warning, "find and xargs without a safe separator",
        "Names with blanks or quotes come apart. `-print0 | xargs -0` or `-exec … +` keep them whole.",
        "RUN find /usr -name '*.pyc' | xargs rm", "RUN find /usr -name '*.pyc' -exec rm {} +";
    SC2043, Warning, "a loop that runs once",
        "Its list is one fixed word: something else was meant.",
        "RUN for file in list; do rm \"/opt/$file\"; done", "RUN for file in a b; do rm \"/opt/$file\"; done";
    SC2044, Warning, "a for loop over what find prints",
        "Names with blanks come apart, and stars in them are expanded.",
        "RUN for file in $(find /opt -name '*.sh'); do chmod +x \"$file\"; done",
        "RUN find /opt -name '*.sh' -exec chmod +x {} +";
    SC2045, Error, "a for loop over what ls prints",
        "Names with blanks come apart. A glob keeps them whole.",
        "RUN for file in $(ls /opt/*.sh); do chmod +x \"$file\"; done",
        "RUN for file in /opt/*.sh; do chmod +x \"$file\"; done";
    SC2059, Info, "a variable in the format of printf",
        "A percent sign in its value is a directive.",
        "RUN name=$(cat /name) && printf \"hello $name\\n\" > /etc/motd",
        "RUN name=$(cat /name) && printf 'hello %s\\n' \"$name\" > /etc/motd";
    SC2060, Warning, "a set of tr without quotes, which is a glob",
        "Where a file of one letter lies in the folder, its name takes the place of the set.",
        "RUN tr -d [:space:] < /a > /b", "RUN tr -d '[:space:]' < /a > /b";
    SC2061, Warning, "a pattern of find without quotes",
        "Where a file of the working folder fits, the shell puts its name in the place of the pattern.",
        "RUN find / -name *.pyc -delete", "RUN find / -name '*.pyc' -delete";
    SC2062, Warning, "a pattern of grep without quotes",
        "Where a file of the working folder fits, the shell puts its name in the place of the pattern.",
        "RUN grep -q foo.*bar /etc/x", "RUN grep -q 'foo.*bar' /etc/x";
    SC2063, Warning, "a glob where grep takes a regular expression",
        "A star at the beginning stands for itself or for nothing.",
        "RUN grep -q '*foo' /etc/x", "RUN grep -q 'foo$' /etc/x";
    SC2064, Warning, "a trap whose variables are expanded when it is set",
        "The values that hold when it runs are not used.",
        "RUN t=$(mktemp) && trap \"rm $t\" EXIT && make > \"$t\"", "RUN t=$(mktemp) && trap 'rm \"$t\"' EXIT && make > \"$t\"";
    SC2069, Warning, "`2>&1` before the file that both should go to",
        "Redirections hold from left to right: errors go where the output went before.",
        "RUN make 2>&1 > /dev/null", "RUN make > /dev/null 2>&1";
    SC2094, Info, "a file that is read and written by one pipeline",
        "It is emptied before it is read.",
        "RUN grep -v x /etc/a > /etc/a", "RUN grep -v x /etc/a > /etc/b && mv /etc/b /etc/a";
    SC2115, Warning, "rm of a folder below a variable that may be empty",
        "Without a value it is a folder of the root. `${name:?}` fails instead.",
        "RUN dir=$(cat /dir) && rm -rf \"$dir/lib\"", "RUN dir=$(cat /dir) && rm -rf \"${dir:?}/lib\"";
    SC2117, Info, "su, behind which the script goes on as before",
        "su starts a shell and waits for its end. `su -c` runs a command as another user; USER sets one for what follows.",
        "RUN su app && make", "RUN su app -c make";
    SC2126, Info, "grep and wc where `grep -c` would do",
        "A process more.",
        "RUN grep processor /proc/cpuinfo | wc -l > /cores", "RUN grep -c processor /proc/cpuinfo > /cores";
    SC2129, Info, "several redirections to one file, one after the other",
        "`{ …; } >> file` opens it once.",
        "RUN echo a >> /x; echo b >> /x; echo c >> /x", "RUN { echo a; echo b; echo c; } >> /x";
    SC2146, Warning, "an action of find that holds for the last of several tests",
        "`-o` binds less than what stands side by side. Brackets group the tests.",
        "RUN find / -name a -o -name b -exec rm {} +", "RUN find / \\( -name a -o -name b \\) -exec rm {} +";
    SC2156, Warning, "a name that find puts into the script of a shell",
        "A quote or a dollar sign in a name is read by the shell. `sh -c '… \"$1\"' _ {}` hands it over whole.",
        "RUN find / -name '*.a' -exec sh -c 'strip {}' \\;", "RUN find / -name '*.a' -exec sh -c 'strip \"$1\"' _ {} \\;";
    SC2162, Info, "read without -r, which eats backslashes",
        "`\\\\n` becomes n, and a backslash at the end of a line joins it with the next.",
        "RUN while read line; do apk add \"$line\"; done < /list", "RUN while read -r line; do apk add \"$line\"; done < /list";
    SC2164, Warning, "cd whose failure is not noticed",
        "What follows runs in another folder, where it may delete or overwrite.",
        "RUN cd /opt/app; rm -r build", "RUN cd /opt/app && rm -r build";
    SC2186, Info, "tempfile, which is no more",
        "mktemp has taken its place.",
        "RUN t=$(tempfile) && make > \"$t\"", "RUN t=$(mktemp) && make > \"$t\"";
    SC2196, Info, "egrep, which is no more",
        "`grep -E` is the same and will stay.",
        "RUN egrep -q 'a|b' /etc/x", "RUN grep -E -q 'a|b' /etc/x";
    SC2197, Info, "fgrep, which is no more",
        "`grep -F` is the same and will stay.",
        "RUN fgrep -q a.b /etc/x", "RUN grep -F -q a.b /etc/x";
    SC2261, Error, "two redirections of one stream",
        "The last one wins; the others only empty their files.",
        "RUN make > /a > /b", "RUN make > /a 2> /b";
    SC2267, Info, "`xargs -i`, which is no more",
        "`xargs -I {}` is the same and will stay.",
        "RUN find /opt -name '*.jar' -print0 | xargs -0 -i cp {} /srv",
        "RUN find /opt -name '*.jar' -print0 | xargs -0 -I {} cp {} /srv";
    SC2294, Warning, "eval of an array, whose elements come apart",
        "eval joins its arguments with blanks and reads them anew.",
        "SHELL [\"/bin/bash\", \"-c\"]\nRUN c=(echo \"a b\") && eval \"${c[@]}\"",
        "SHELL [\"/bin/bash\", \"-c\"]\nRUN c=(echo \"a b\") && \"${c[@]}\"";
    SC2308, Info, "`expr substr`, which not every expr has",
        "cut, or an expansion, does the same everywhere.",
        "RUN touch \"$(expr substr abc 1 2)\"", "RUN touch \"$(echo abc | cut -c 1-2)\"";
}
