//! How frameworks write a route: the text in front of the quoted path, per language. One row per spelling.

/// What a quoted text after the marker means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A route for GET.
    Get,
    /// A route for the methods that are named behind it; for GET if none are.
    Any,
    /// In front of the routes of something else: of the same file, or of any.
    Prefix,
    /// `GET /x` in one text.
    MethodAndPath,
}

/// A spelling.
#[derive(Clone, Copy, Debug)]
pub struct Pattern {
    /// Text right before the quote (blanks between are fine). Compared as is.
    pub marker: &'static str,
    /// See [`Kind`].
    pub kind: Kind,
    /// The path may come without its leading slash.
    pub relative: bool,
}

const fn get(marker: &'static str) -> Pattern {
    Pattern { marker, kind: Kind::Get, relative: false }
}
const fn any(marker: &'static str) -> Pattern {
    Pattern { marker, kind: Kind::Any, relative: false }
}
const fn prefix(marker: &'static str) -> Pattern {
    Pattern { marker, kind: Kind::Prefix, relative: false }
}
const fn relative(pattern: Pattern) -> Pattern {
    Pattern { relative: true, ..pattern }
}

/// Flask, FastAPI, Starlette, Django, aiohttp, Tornado, Bottle, http.server.
const PYTHON: &[Pattern] = &[
    get(".get("),
    any(".route("),
    any(".api_route("),
    get("add_get("),
    any("add_route("),
    any(".add_url_rule("),
    any("Route("),
    relative(any(" path(")),
    relative(any("re_path(r")),
    relative(any(" url(r")),
    get("(r"),
    get(".path =="),
    prefix("url_prefix="),
    prefix("prefix="),
];

/// Express, Koa, Fastify, Hono, Nest, node:http.
const JAVASCRIPT: &[Pattern] = &[
    get(".get("),
    any(".route("),
    any(".all("),
    any("url:"),
    get(".url ==="),
    get(".url =="),
    get("pathname ==="),
    get("pathname =="),
    get("case"),
    relative(get("@Get(")),
    relative(prefix("@Controller(")),
    prefix(".use("),
    prefix("prefix:"),
    prefix(".basePath("),
];

/// net/http, gorilla, chi, gin, echo, fiber.
const GO: &[Pattern] = &[
    any(".HandleFunc("),
    any(".Handle("),
    get(".GET("),
    get(".Get("),
    get(".Path =="),
    get("case"),
    any(".Route("),
    prefix(".Group("),
    prefix(".Mount("),
    prefix(".PathPrefix("),
];

/// axum, actix, rocket, warp, hyper, tiny_http.
const RUST: &[Pattern] = &[
    any(".route("),
    get("#[get("),
    get("web::resource("),
    relative(any("warp::path(")),
    get("GET,"),
    get("Get,"),
    get("(GET)"),
    prefix(".nest("),
    prefix("web::scope("),
    prefix(".mount("),
];

/// Spring, JAX-RS, Javalin, Spark, Ktor, the JDK's server.
const JAVA: &[Pattern] = &[
    relative(get("@GetMapping(")),
    relative(get("@GetMapping({")),
    relative(any("@RequestMapping(")),
    relative(any("@Path(")),
    relative(prefix("@RequestMapping(")),
    relative(prefix("@Path(")),
    relative(get("@Get(")),
    relative(prefix("@Controller(")),
    get("createContext("),
    get(".get("),
    get(" get("),
    get(".equals("),
    get("case"),
    prefix(" route("),
];

/// Rails, Sinatra, Grape, Hanami.
const RUBY: &[Pattern] =
    &[relative(get(" get")), get("\nget"), relative(any(" match")), prefix("scope"), relative(prefix("namespace"))];

/// Slim, Laravel, Symfony, Lumen.
const PHP: &[Pattern] = &[
    get("->get("),
    relative(get("::get(")),
    any("->any("),
    relative(any("::any(")),
    any("#[Route("),
    any("@Route("),
    get("case"),
    prefix("->group("),
    relative(prefix("::prefix(")),
];

/// ASP.NET.
const DOTNET: &[Pattern] =
    &[get(".MapGet("), relative(get("[HttpGet(")), relative(prefix("[Route(")), prefix(".MapGroup(")];

/// Phoenix.
const ELIXIR: &[Pattern] = &[get(" get"), prefix("scope")];

/// `"GET /x"` works in every language: Go 1.22's mux, dispatch tables, comparisons.
pub const METHOD_AND_PATH: Pattern = Pattern { marker: "GET /", kind: Kind::MethodAndPath, relative: false };

const LANGUAGES: &[(&[&str], &[Pattern])] = &[
    (&["py"], PYTHON),
    (&["js", "mjs", "cjs", "ts", "mts", "cts", "jsx", "tsx"], JAVASCRIPT),
    (&["go"], GO),
    (&["rs"], RUST),
    (&["java", "kt", "kts", "scala", "groovy"], JAVA),
    (&["rb", "ru"], RUBY),
    (&["php"], PHP),
    (&["cs", "fs"], DOTNET),
    (&["ex", "exs"], ELIXIR),
    (&["conf", "nginx", "template", "c", "cc", "cpp", "swift", "dart", "cr", "nim", "lua", "pl"], &[]),
];

/// The spellings of a file by its extension.
pub fn of(extension: &str) -> &'static [Pattern] {
    LANGUAGES.iter().find(|(names, _)| names.contains(&extension)).map_or(&[], |(_, patterns)| *patterns)
}

/// Whether routes are looked for in files of this (lower-case) name.
pub fn is_known(name: &str) -> bool {
    let extension = name.rsplit_once('.').map(|(_, extension)| extension).unwrap_or_default();
    LANGUAGES.iter().any(|(names, _)| names.contains(&extension))
}
