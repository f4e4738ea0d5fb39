//! What packages and lists weigh, so that a finding can say what it costs. Debian 12's own numbers (`Installed-Size` of a package and
//! all that it needs), npm's as of 2026: models of other releases, not measurements.

use super::Sheet;

/// A Debian package: name, then kilobytes over a slim base and over one with compilers; each with what it needs, then what it only
/// recommends.
type Row = (&'static str, u64, u64, u64, u64);

/// From the package lists of Debian 12, amd64.
#[rustfmt::skip]
const DEBIAN: &[Row] = &[
    ("apache2", 110029, 4745, 7614, 64), ("autoconf", 50260, 2007, 0, 0), ("automake", 52231, 36, 0, 0),
    ("bison", 3786, 0, 3116, 0), ("build-essential", 315382, 77253, 20, 0), ("ca-certificates", 8745, 0, 0, 0),
    ("cargo", 660085, 538304, 413092, 400014), ("chromium", 720875, 422816, 661980, 283446),
    ("clang", 401576, 536511, 244284, 395826), ("cmake", 93401, 259033, 40998, 0), ("cron", 317, 19276, 261, 7260),
    ("curl", 11705, 3691, 0, 0), ("default-jdk", 579629, 70006, 520766, 56264), ("default-jre", 499893, 62633, 441030, 48891),
    ("default-libmysqlclient-dev", 44488, 56971, 0, 0), ("dirmngr", 3977, 21560, 0, 0), ("dnsutils", 52473, 273, 5701, 0),
    ("emacs", 484981, 131337, 334064, 93722), ("emacs-nox", 298373, 157730, 157359, 78144),
    ("ffmpeg", 470093, 153407, 414455, 116701), ("file", 8441, 0, 0, 0), ("flex", 1911, 262500, 1241, 255),
    ("fontconfig", 7183, 0, 5569, 0), ("g++", 260895, 56971, 0, 0), ("gcc", 176018, 86227, 0, 0),
    ("gdb", 96132, 31424, 25029, 11011), ("gettext", 44819, 15396, 6470, 0), ("gfortran", 248126, 56971, 42852, 0),
    ("ghostscript", 80841, 9918, 69555, 9645), ("git", 106249, 14680, 0, 0), ("gnupg", 19074, 6463, 0, 0),
    ("gnupg2", 19528, 6463, 454, 0), ("golang", 454068, 318142, 454068, 0), ("graphviz", 74264, 54397, 67096, 1550),
    ("htop", 1030, 45, 618, 0), ("imagemagick", 94097, 116047, 48316, 92715), ("iproute2", 13659, 433, 4181, 160),
    ("jq", 1143, 0, 1143, 0), ("libboost-all-dev", 850254, 74271, 450711, 8867), ("libcurl4-openssl-dev", 12997, 3691, 0, 0),
    ("libgl1", 210995, 0, 171048, 0), ("libglib2.0-0", 4131, 52847, 0, 0), ("libjpeg-dev", 31136, 56294, 0, 0),
    ("libopencv-dev", 1049648, 221638, 959984, 198871), ("libpq-dev", 22483, 649, 0, 0),
    ("libreoffice", 644184, 1738239, 546534, 1632687), ("libssl-dev", 18248, 0, 0, 0), ("libtool", 215062, 110466, 0, 0),
    ("libxext6", 3864, 0, 3662, 0), ("libxml2-dev", 119078, 56971, 0, 0), ("libxslt1-dev", 122106, 56971, 0, 0),
    ("locales", 20191, 0, 20191, 0), ("lsof", 8722, 273, 482, 0), ("ltrace", 1366, 0, 330, 0), ("make", 1592, 0, 0, 0),
    ("man-db", 7406, 0, 7277, 0), ("mariadb-client", 132770, 2572, 77713, 2491), ("mc", 20661, 110850, 10135, 86),
    ("mercurial", 48606, 13413, 0, 0), ("meson", 41174, 383899, 7461, 0), ("nano", 3216, 45, 2804, 0),
    ("neovim", 27088, 42055, 27088, 6122), ("net-tools", 978, 0, 978, 0), ("nginx", 15328, 433, 5850, 160),
    ("nmap", 34846, 1519, 28451, 1105), ("nodejs", 96705, 17880, 53490, 15177), ("npm", 230346, 991983, 145554, 545005),
    ("octave", 598214, 552540, 483957, 531870), ("openjdk-17-jdk", 579599, 70006, 520736, 56264),
    ("openjdk-17-jdk-headless", 301082, 55334, 282296, 2214), ("openjdk-17-jre", 499875, 62633, 441012, 48891),
    ("openjdk-17-jre-headless", 223889, 55334, 205103, 2214), ("openssh-client", 14574, 4070, 0, 0),
    ("openssh-server", 20243, 29750, 2276, 28109), ("openssl", 8357, 0, 0, 0), ("php-cli", 69919, 0, 16656, 0),
    ("postgresql-client", 66664, 649, 8761, 0), ("procps", 2735, 954, 0, 0), ("python-is-python3", 32726, 3021, 16, 0),
    ("python3", 32710, 3021, 0, 0), ("python3-dev", 92198, 59338, 36286, 33), ("python3-pip", 46811, 418825, 10395, 36339),
    ("python3-setuptools", 37299, 3021, 3586, 0), ("python3-venv", 39513, 318, 3097, 0),
    ("r-base", 165254, 1029354, 106700, 582046), ("redis-server", 13018, 0, 6931, 0), ("rsync", 7224, 0, 1182, 0),
    ("ruby", 37400, 13529, 27708, 13104), ("ruby-full", 60688, 13529, 48791, 13104),
    ("rustc", 642161, 556228, 398390, 414716), ("screen", 1047, 0, 1047, 0),
    ("software-properties-common", 155831, 22864, 61599, 8339), ("strace", 3035, 0, 3035, 0),
    ("subversion", 20679, 557, 0, 0), ("sudo", 6054, 0, 6054, 0), ("supervisor", 35469, 3021, 2759, 0),
    ("tcpdump", 8210, 1519, 2168, 1105), ("telnet", 7901, 273, 311, 0), ("tesseract-ocr", 98430, 18501, 42335, 0),
    ("texlive", 269954, 829547, 178825, 743901), ("tmux", 1458, 0, 1156, 0), ("vim", 40761, 135, 40761, 135),
    ("vim-nox", 156966, 14598, 81324, 13239), ("vim-tiny", 1934, 135, 1934, 135), ("wget", 3617, 9084, 0, 0),
    ("wkhtmltopdf", 376282, 199571, 318997, 184610), ("xvfb", 230987, 8381, 189840, 8381), ("xz-utils", 1226, 0, 0, 0),
    ("zlib1g-dev", 30566, 56971, 0, 0),
];

/// Packages that bring a compiler: what is installed beside them costs what it costs beside compilers.
const COMPILERS: [&str; 8] = ["build-essential", "g++", "gcc", "clang", "gfortran", "cmake", "golang", "rustc"];
/// Official images that hold compilers and the headers of half a distribution, unless their tag says otherwise.
const FULL: [&str; 10] =
    ["python", "node", "ruby", "perl", "golang", "rust", "gcc", "buildpack-deps", "erlang", "elixir"];

/// Bytes of apt's package lists: by release, compressed as the official images keep them.
pub(crate) fn apt_lists(sheet: &Sheet<'_>, stage: usize) -> u64 {
    const RELEASES: [(&[&str], u64); 9] = [
        (&["noble", "24.04"], 50_000_000),
        (&["jammy", "22.04"], 45_000_000),
        (&["focal", "20.04"], 40_000_000),
        (&["bionic", "18.04"], 36_000_000),
        (&["trixie", "13"], 21_700_000),
        (&["bookworm", "12"], 19_900_000),
        (&["bullseye", "11"], 18_000_000),
        (&["buster", "10"], 17_500_000),
        (&["sid", "testing", "unstable"], 23_000_000),
    ];
    let (name, tag) = sheet.image(stage).unwrap_or_default();
    let os = ["debian", "ubuntu"].contains(&name);
    let words = || {
        tag.split(['-', '_']).map(|word| if os { word } else { word.trim_start_matches(|c: char| c.is_ascii_digit()) })
    };
    let is = |known: &str| words().any(|word| word == known || os && word.split('.').next() == Some(known));
    let row = RELEASES.iter().find(|(names, _)| names.iter().any(|known| is(known)));
    let usual = if sheet.distro(stage) == super::Distro::Ubuntu { 47_000_000 } else { 20_000_000 };
    row.map_or(usual, |(_, bytes)| *bytes)
}

/// Bytes of Debian packages with what they need, and of what they recommend besides; none if nothing is known of any of them.
/// `among`: everything that the same command installs.
pub(crate) fn debian_packages(sheet: &Sheet<'_>, stage: usize, wanted: &[&str], among: &[&str]) -> Option<(u64, u64)> {
    if !matches!(sheet.distro(stage), super::Distro::Debian | super::Distro::Ubuntu) {
        return None;
    }
    let full = is_full(sheet, stage);
    // The largest that brings a compiler counts in full, and everything else as beside it.
    let rows = |names: &[&str]| -> Vec<&Row> { DEBIAN.iter().filter(|row| names.contains(&row.0)).collect() };
    let compiler =
        rows(among).into_iter().filter(|row| COMPILERS.contains(&row.0)).max_by_key(|row| row.1).map(|row| row.0);
    let known = rows(wanted);
    let weigh = |row: &&Row| match compiler {
        _ if full => (row.3, row.4),
        Some(name) if name != row.0 => (row.3, row.4),
        _ => (row.1, row.2),
    };
    let sum = known.iter().map(weigh).fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    (!known.is_empty()).then_some((sum.0 * 1000, sum.1 * 1000))
}

/// Whether a stage stands on an image with compilers in it.
pub(crate) fn is_full(sheet: &Sheet<'_>, stage: usize) -> bool {
    let Some((name, tag)) = sheet.image(stage).filter(|_| sheet.is_official(stage)) else { return false };
    let small = tag.split('-').any(|word| word == "slim" || word.starts_with("alpine"));
    FULL.contains(&name) && !small
}

/// npm packages far above the average: name or its beginning, kilobytes unpacked, as an archive, and of the document that lists its
/// versions.
const NPM: [(&str, u64, u64, u64); 26] = [
    ("@angular/", 3_000, 600, 2_000),
    ("@aws-sdk/client-", 1_500, 200, 2_000),
    ("@babel/core", 900, 170, 600),
    ("@esbuild/", 9_500, 4_130, 900),
    ("@mui/material", 5_000, 1_000, 1_500),
    ("@next/swc-", 120_000, 38_000, 1_500),
    ("@prisma/engines", 50_000, 20_000, 1_500),
    ("@rollup/rollup-", 2_600, 1_000, 300),
    ("@swc/core-", 35_000, 12_000, 1_000),
    ("@tensorflow/", 20_000, 4_000, 400),
    ("@types/node", 2_200, 420, 10_500),
    ("core-js", 1_300, 250, 600),
    ("date-fns", 22_000, 3_000, 500),
    ("electron", 250_000, 100_000, 1_000),
    ("esbuild", 150, 40, 900),
    ("eslint", 3_000, 560, 3_340),
    ("lodash", 1_400, 320, 200),
    ("next", 110_000, 25_000, 9_000),
    ("prettier", 8_500, 1_900, 700),
    ("react-dom", 4_500, 1_000, 1_700),
    ("rxjs", 4_500, 900, 500),
    ("sass", 5_500, 900, 500),
    ("three", 30_000, 6_000, 500),
    ("typescript", 21_400, 4_100, 9_420),
    ("webpack", 5_300, 900, 1_700),
    ("zod", 680, 160, 4_040),
];
/// All others, on average.
const NPM_AVERAGE: (u64, u64, u64) = (60, 18, 35);

/// What package-lock.json says of a folder of packages, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Npm {
    /// npm's cache after the install.
    pub cache: u64,
    /// What only development needs, unpacked.
    pub development: u64,
}

/// Reads package-lock.json (versions 2 and 3), a line an entry as npm writes it; none if it is not there.
pub(crate) fn npm(sheet: &Sheet<'_>) -> Option<Npm> {
    let text = sheet.world.read("package-lock.json", 8 << 20)?;
    Some(npm_of(&String::from_utf8_lossy(&text)))
}

fn npm_of(text: &str) -> Npm {
    let mut sum = Npm::default();
    let mut entry: Option<(&str, bool, bool, bool)> = None;
    for line in text.lines().map(str::trim) {
        if let Some(name) = line
            .strip_prefix('"')
            .and_then(|line| line.strip_suffix("\": {"))
            .filter(|name| name.contains("node_modules/"))
        {
            add(&mut sum, entry.take());
            entry = Some((name.rsplit("node_modules/").next().unwrap_or(name), false, false, false));
        } else if let Some((_, dev, other, resolved)) = &mut entry {
            *dev |= line.starts_with("\"dev\": true");
            *resolved |= line.starts_with("\"resolved\"");
            // Those of other platforms are not installed.
            *other |= line.starts_with("\"os\"") || line.starts_with("\"cpu\"");
        }
    }
    add(&mut sum, entry);
    sum
}

fn add(sum: &mut Npm, entry: Option<(&str, bool, bool, bool)>) {
    let Some((name, dev, platform, resolved)) = entry else { return };
    if platform && !name.contains("linux-x64") && !name.contains("linux64") {
        return;
    }
    let row = NPM.iter().find(|(known, ..)| name == *known || name.starts_with(known) && known.ends_with(['/', '-']));
    let (unpacked, archive, document) = row.map_or(NPM_AVERAGE, |row| (row.1, row.2, row.3));
    sum.cache += 1000 * (archive + if resolved { 0 } else { document });
    sum.development += if dev { 1000 * unpacked } else { 0 };
}

#[cfg(test)]
mod tests {
    use super::{Npm, npm_of};

    #[test]
    fn a_lock_file_says_what_an_install_leaves() {
        let text = "{\n \"packages\": {\n  \"node_modules/a\": {\n  \"version\": \"1\",\n  \"resolved\": \"x\",\n },\n\
                    \"node_modules/typescript\": {\n  \"dev\": true,\n  \"resolved\": \"x\"\n },\n\
                    \"node_modules/@esbuild/aix-ppc64\": {\n  \"cpu\": [\n \"ppc64\"\n ] },\n } }\n";
        assert_eq!(npm_of(text), Npm { cache: 4_118_000, development: 21_400_000 });
        assert_eq!(npm_of("not json"), Npm::default());
    }
}
